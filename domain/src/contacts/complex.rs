//! The complex values of a contact: its office address and telephone numbers.

use crate::countries;
use crate::phones;
use crate::properties::{Complex, Member, Type, text_member};
use crate::value::Value;
use serde::{Deserialize, Serialize};

/// Where a contact works. Lengths are those of the bulk file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct OfficeAddress {
    /// Street and number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub street: Option<String>,
    /// City.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
    /// State or province.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// Postal code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub postal_code: Option<String>,
    /// Country or region: the English name where the text is a code or name of a country (R39).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country_or_region: Option<String>,
    /// Office.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub office_location: Option<String>,
}

/// Members of [`OfficeAddress`].
pub(super) const ADDRESS_MEMBERS: &[Member] = &[
    Member::text("street", 1023),
    Member::text("city", 128),
    Member::text("state", 128),
    Member::text("postalCode", 40),
    Member::text("countryOrRegion", 128),
    Member::text("officeLocation", 128),
];

impl Complex for OfficeAddress {
    fn value(&self) -> Value<'_> {
        let members = [
            ("street", &self.street),
            ("city", &self.city),
            ("state", &self.state),
            ("postalCode", &self.postal_code),
            ("countryOrRegion", &self.country_or_region),
            ("officeLocation", &self.office_location),
        ];
        let member = |(name, text): (&'static str, &'_ Option<String>)| (name.into(), text.clone());
        let value =
            |text: Option<String>| text.map_or(Value::Null, |text| Value::Text(text.into()));
        Value::Object(members.map(member).map(|(name, text)| (name, value(text))).into())
    }

    fn read(value: &Value<'static>) -> Option<Self> {
        let address = Self {
            street: trimmed(value, "street"),
            city: trimmed(value, "city"),
            state: trimmed(value, "state"),
            postal_code: trimmed(value, "postalCode"),
            country_or_region: trimmed(value, "countryOrRegion").map(countries::in_english),
            office_location: trimmed(value, "officeLocation"),
        };
        (address != Self::default()).then_some(address)
    }
}

/// A telephone number of a contact.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Phone {
    /// The number, as people write it.
    pub number: String,
    /// One of [`Phone::TYPES`].
    pub r#type: String,
}

/// Members of [`Phone`].
pub(super) const PHONE_MEMBERS: &[Member] = &[
    Member::text("number", phones::MAX_LENGTH),
    Member { name: "type", ty: Type::Word(Phone::TYPES) },
];

impl Phone {
    /// What a number may be for: Graph's three kinds of a contact and the others of the bulk
    /// file (R36).
    pub const TYPES: &'static [&'static str] =
        &["business", "mobile", "businessFax", "home", "other", "pager"];
}

impl Complex for Phone {
    fn value(&self) -> Value<'_> {
        Value::Object(vec![
            ("number".into(), Value::text(&self.number)),
            ("type".into(), Value::text(&self.r#type)),
        ])
    }

    fn read(value: &Value<'static>) -> Option<Self> {
        Some(Self { number: trimmed(value, "number")?, r#type: text_member(value, "type")? })
    }
}

/// The text of a member without blanks at its ends, as files have it.
fn trimmed(value: &Value<'static>, name: &str) -> Option<String> {
    text_member(value, name).map(|text| text.trim().to_owned())
}

/// At most one office address.
pub(super) fn one_address(value: &Value<'static>) -> Result<(), String> {
    match value.as_list() {
        Some([_, _, ..]) => Err("has more than one item; send one.".to_owned()),
        _ => Ok(()),
    }
}

/// One number of each type; a number that is cleared keeps its place but says nothing.
pub(super) fn one_of_each(value: &Value<'static>) -> Result<(), String> {
    let mut seen: Vec<&str> = Vec::new();
    for item in value.as_list().unwrap_or_default() {
        let text = |name| item.member(name).and_then(Value::as_text).unwrap_or_default();
        let (number, kind) = (text("number"), text("type"));
        if kind.is_empty() {
            return Err(format!(
                "has an item without 'type'; it is one of: {}.",
                Phone::TYPES.join(", ")
            ));
        }
        if seen.contains(&kind) {
            return Err(format!("has two numbers of type {kind}; send one of each."));
        }
        seen.push(kind);
        if !number.trim().is_empty() {
            phones::check(number).map_err(|wrong| format!("of type {kind} {wrong}"))?;
        }
    }
    Ok(())
}
