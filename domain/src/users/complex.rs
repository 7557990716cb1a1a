//! The complex values of a user. A PATCH changes the members that it names, as OData merges them.

use crate::properties::{FieldValue, Member};
use crate::value::Value;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Members of [`OrgData`].
pub(super) const ORG_DATA_MEMBERS: &[Member] =
    &[Member::text("division", 64), Member::text("costCenter", 64)];

/// Where a person stands in the organisation's own records.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct OrgData {
    /// Division.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub division: Option<String>,
    /// Cost centre.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cost_center: Option<String>,
}

impl OrgData {
    /// Whether nothing is set.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl FieldValue for OrgData {
    fn value(&self) -> Value<'_> {
        if self.is_empty() {
            return Value::Null;
        }
        Value::Object(vec![
            ("division".into(), Value::optional(self.division.as_deref())),
            ("costCenter".into(), Value::optional(self.cost_center.as_deref())),
        ])
    }

    fn assign(&mut self, value: Value<'static>) {
        let Value::Object(members) = value else { return *self = Self::default() };
        for (name, value) in members {
            match name.as_ref() {
                "division" => self.division.assign(value),
                "costCenter" => self.cost_center.assign(value),
                _ => {}
            }
        }
    }
}

/// Members of [`ExtensionAttributes`].
pub(super) const EXTENSION_MEMBERS: &[Member] = &[
    Member::text("extensionAttribute1", 1024),
    Member::text("extensionAttribute2", 1024),
    Member::text("extensionAttribute3", 1024),
    Member::text("extensionAttribute4", 1024),
    Member::text("extensionAttribute5", 1024),
    Member::text("extensionAttribute6", 1024),
    Member::text("extensionAttribute7", 1024),
    Member::text("extensionAttribute8", 1024),
    Member::text("extensionAttribute9", 1024),
    Member::text("extensionAttribute10", 1024),
    Member::text("extensionAttribute11", 1024),
    Member::text("extensionAttribute12", 1024),
    Member::text("extensionAttribute13", 1024),
    Member::text("extensionAttribute14", 1024),
    Member::text("extensionAttribute15", 1024),
];

/// Texts for the organisation's own use, by the number of the attribute.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExtensionAttributes(BTreeMap<u8, String>);

impl ExtensionAttributes {
    /// Whether nothing is set.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The attribute of this number.
    pub fn get(&self, number: u8) -> Value<'_> {
        Value::optional(self.0.get(&number).map(String::as_str))
    }

    /// Those that are set, by number.
    pub fn iter(&self) -> impl Iterator<Item = (u8, &str)> {
        self.0.iter().map(|(number, text)| (*number, text.as_str()))
    }
}

impl FieldValue for ExtensionAttributes {
    /// All of them, so that a client finds each by its name.
    fn value(&self) -> Value<'_> {
        let members = (1..).zip(EXTENSION_MEMBERS);
        Value::Object(members.map(|(n, member)| (member.name.into(), self.get(n))).collect())
    }

    fn assign(&mut self, value: Value<'static>) {
        let Value::Object(members) = value else { return self.0.clear() };
        for (name, value) in members {
            let known = (1..).zip(EXTENSION_MEMBERS).find(|(_, member)| member.name == name);
            let Some((number, _)) = known else { continue };
            match value.as_text().filter(|text| !text.trim().is_empty()) {
                Some(text) => self.0.insert(number, text.to_owned()),
                None => self.0.remove(&number),
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(members: &[(&'static str, Option<&'static str>)]) -> Value<'static> {
        let members = members.iter().map(|(name, text)| ((*name).into(), Value::optional(*text)));
        Value::Object(members.collect())
    }

    #[test]
    fn members_that_a_body_does_not_name_stay() {
        let mut data = OrgData::default();
        data.assign(body(&[("division", Some("Retail")), ("costCenter", Some("4711"))]));
        data.assign(body(&[("costCenter", None)]));
        assert_eq!(data.division.as_deref(), Some("Retail"));
        assert_eq!(data.cost_center, None);
        data.assign(Value::Null);
        assert_eq!(data.value(), Value::Null);
    }

    #[test]
    fn extension_attributes_are_found_by_their_number() {
        let mut attributes = ExtensionAttributes::default();
        attributes.assign(body(&[("extensionAttribute15", Some("last")), ("@odata.type", None)]));
        attributes.assign(body(&[("extensionAttribute1", Some("first"))]));
        assert_eq!(attributes.iter().collect::<Vec<_>>(), [(1, "first"), (15, "last")]);
        let value = attributes.value();
        assert_eq!(value.as_object().map(<[_]>::len), Some(15));
        assert_eq!(value.member("extensionAttribute15"), Some(&Value::text("last")));
        attributes.assign(body(&[("extensionAttribute1", Some(" "))]));
        assert_eq!(attributes.get(1), Value::Null);
    }
}
