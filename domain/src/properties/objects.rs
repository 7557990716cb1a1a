//! Collections of complex values: checked against their members, read into plain structs.

use super::{FieldValue, Member, check_type};
use crate::value::Value;

/// A complex value inside a collection.
pub trait Complex: Sized {
    /// As a value.
    fn value(&self) -> Value<'_>;
    /// From a checked value; none when nothing in it is set.
    fn read(value: &Value<'static>) -> Option<Self>;
}

impl<T: Complex> FieldValue for Vec<T> {
    fn value(&self) -> Value<'_> {
        Value::List(self.iter().map(Complex::value).collect())
    }
    fn assign(&mut self, value: Value<'static>) {
        *self = value.as_list().unwrap_or_default().iter().filter_map(T::read).collect();
    }
}

/// The text of a member; blank text counts as none.
pub fn text_member(object: &Value<'static>, name: &str) -> Option<String> {
    let text = object.member(name).and_then(Value::as_text)?;
    (!text.trim().is_empty()).then(|| text.to_owned())
}

/// Checks the items of a collection. Members that are not named are absent; annotations
/// (`@odata.type`) are ignored as everywhere in a body.
pub(super) fn check_items(members: &[Member], items: &[Value<'static>]) -> Result<(), String> {
    items.iter().try_for_each(|item| match item {
        Value::Object(_) => check_members(members, item).map_err(|wrong| format!("item: {wrong}")),
        _ => Err("must be a collection of objects.".to_owned()),
    })
}

/// Checks the members of a complex value.
pub(super) fn check_members(members: &[Member], value: &Value<'static>) -> Result<(), String> {
    let sent = value.as_object().unwrap_or_default();
    sent.iter().filter(|(name, _)| !name.contains('@')).try_for_each(|(name, value)| {
        let member = members.iter().find(|member| member.name == name).ok_or_else(|| {
            let names: Vec<_> = members.iter().map(|member| member.name).collect();
            format!("has an unknown member; these are known: {}.", names.join(", "))
        })?;
        if value.is_null() {
            return Ok(());
        }
        check_type(member.ty, value).map_err(|wrong| format!("'{}' {wrong}", member.name))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::properties::Type;

    const MEMBERS: &[Member] = &[
        Member { name: "number", ty: Type::Text { max: 5 } },
        Member { name: "type", ty: Type::Word(&["home", "mobile"]) },
    ];

    fn item(members: &[(&'static str, Value<'static>)]) -> Value<'static> {
        Value::Object(members.iter().map(|(name, value)| ((*name).into(), value.clone())).collect())
    }

    #[test]
    fn items_have_known_members_of_their_types() {
        let good = item(&[
            ("@odata.type", Value::text("#microsoft.graph.phone")),
            ("number", Value::text("12345")),
            ("type", Value::Null),
        ]);
        assert_eq!(check_items(MEMBERS, &[good, item(&[])]), Ok(()));
        let wrong = [
            Value::Null,
            Value::text("1"),
            item(&[("number", Value::text("123456"))]),
            item(&[("number", Value::Int(1))]),
            item(&[("type", Value::text("fax"))]),
            item(&[("Number", Value::text("1"))]),
        ];
        for item in wrong {
            assert!(check_items(MEMBERS, std::slice::from_ref(&item)).is_err(), "{item:?}");
        }
    }
}
