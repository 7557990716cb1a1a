//! The properties of entries (R139).

use super::Entry;
use crate::properties::{Entity, Property, Type};
use crate::value::Value;
use crate::{fields, get};

fields!(
    /// A property of an entry.
    EntryField:
    Id,
    DisplayName,
    UserPurpose,
    Mail,
    GivenName,
    Surname,
    JobTitle,
    Department,
    CompanyName,
    OfficeLocation,
    BusinessPhones,
    MobilePhone,
    FaxNumber,
    StreetAddress,
    City,
    State,
    PostalCode,
    Country,
);

const fn text(max: usize) -> Type {
    Type::Text { max }
}

const fn row(
    name: &'static str,
    field: EntryField,
    ty: Type,
    get: for<'a> fn(&'a Entry) -> Value<'a>,
    description: &'static str,
) -> Property<Entry> {
    Property::new(name, field, ty, get, description).by_default().for_members()
}

use EntryField as F;

impl Entity for Entry {
    type Field = EntryField;
    const NAME: &'static str = "addressBookEntry";
    const PROPERTIES: &'static [Property<Self>] = &[
        row(
            "id",
            F::Id,
            Type::Id,
            |entry| Value::Text(entry.id.to_string().into()),
            "Id of the user, contact or group.",
        )
        .required(),
        row("displayName", F::DisplayName, text(256), get!(display_name), "Name shown.").required(),
        row(
            "userPurpose",
            F::UserPurpose,
            text(16),
            get!(purpose),
            "Of users: whether it is a person (`user`), `shared`, a `room` or `equipment`.",
        ),
        row("mail", F::Mail, text(254), get!(mail), "Primary address.").required(),
        row("givenName", F::GivenName, text(64), get!(given_name), "Given name."),
        row("surname", F::Surname, text(64), get!(surname), "Family name."),
        row("jobTitle", F::JobTitle, text(64), get!(job_title), "Job title."),
        row("department", F::Department, text(64), get!(department), "Department."),
        row("companyName", F::CompanyName, text(64), get!(company_name), "Company."),
        row("officeLocation", F::OfficeLocation, text(128), get!(office_location), "Office."),
        row(
            "businessPhones",
            F::BusinessPhones,
            Type::Texts { items: 1, max: 64 },
            get!(business_phones),
            "Business phone; at most one.",
        ),
        row("mobilePhone", F::MobilePhone, text(64), get!(mobile_phone), "Mobile phone."),
        row("faxNumber", F::FaxNumber, text(64), get!(fax_number), "Fax number."),
        row(
            "streetAddress",
            F::StreetAddress,
            text(1023),
            get!(street_address),
            "Street and number.",
        ),
        row("city", F::City, text(128), get!(city), "City."),
        row("state", F::State, text(128), get!(state), "State or province."),
        row("postalCode", F::PostalCode, text(40), get!(postal_code), "Postal code."),
        row("country", F::Country, text(128), get!(country), "Country or region."),
    ];

    fn id(&self) -> uuid::Uuid {
        self.id
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_has_exactly_one_row() {
        for field in EntryField::ALL {
            let rows = Entry::PROPERTIES.iter().filter(|row| row.field == *field).count();
            assert_eq!(rows, 1, "{field:?}");
        }
    }
}
