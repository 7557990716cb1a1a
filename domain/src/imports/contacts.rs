//! Rows of contacts (R36 to R40).

use super::fields::{fields, mail_address};
use super::layout::Layout;
use super::outcome::{RowCode, RowOutcome};
use super::reader::Row;
use crate::{addresses::syntax, countries};

/// A contact as a file describes it. The first four values make the contact; the rest is filled
/// in by a second step (R38).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContactRow {
    /// Line of the file, from 1.
    pub line: u64,
    /// Mail address, as written.
    pub address: String,
    /// The mail address as it is compared: two rows with one key are one contact twice.
    pub key: String,
    /// Name, which is the display name and unique.
    pub name: String,
    /// Given name. R37 wants it in files, but companies and shared mailboxes have none, and an
    /// export must be a file of the import.
    pub first_name: Option<String>,
    /// Surname; as the given name.
    pub last_name: Option<String>,
    /// Street and number.
    pub street_address: Option<String>,
    /// City.
    pub city: Option<String>,
    /// State or province.
    pub state: Option<String>,
    /// Postal code.
    pub postal_code: Option<String>,
    /// Business telephone.
    pub phone: Option<String>,
    /// Mobile telephone.
    pub mobile_phone: Option<String>,
    /// Pager.
    pub pager: Option<String>,
    /// Private telephone.
    pub home_phone: Option<String>,
    /// Company.
    pub company: Option<String>,
    /// Job title.
    pub title: Option<String>,
    /// Another telephone.
    pub other_telephone: Option<String>,
    /// Department.
    pub department: Option<String>,
    /// Country; by its English name where it is one (R39).
    pub country: Option<String>,
    /// Fax.
    pub fax: Option<String>,
    /// Initials.
    pub initials: Option<String>,
    /// Notes.
    pub notes: Option<String>,
    /// Office.
    pub office: Option<String>,
    /// Name of the manager, maybe another contact of the file (R40); none when blank (A30).
    pub manager: Option<String>,
}

/// Reads a row of a file of contacts.
///
/// # Errors
/// Everything that is wrong with the row.
pub fn contact_row(row: &Row) -> Result<ContactRow, Vec<RowOutcome>> {
    let mut fields = fields(Layout::Contacts22, row);
    // Fields are taken in the order of the columns.
    let address = fields.required(RowCode::MissingValue, mail_address);
    let contact = ContactRow {
        line: row.line,
        key: syntax::key(&address),
        address,
        name: fields.required(RowCode::MissingDisplayName, |_| Ok(())),
        first_name: fields.optional(),
        last_name: fields.optional(),
        street_address: fields.optional(),
        city: fields.optional(),
        state: fields.optional(),
        postal_code: fields.optional(),
        phone: fields.phone(),
        mobile_phone: fields.phone(),
        pager: fields.phone(),
        home_phone: fields.phone(),
        company: fields.optional(),
        title: fields.optional(),
        other_telephone: fields.phone(),
        department: fields.optional(),
        country: fields.optional().map(countries::in_english),
        fax: fields.phone(),
        initials: fields.optional(),
        notes: fields.optional(),
        office: fields.optional(),
        manager: fields.optional(),
    };
    fields.finish(contact)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(values: &[(usize, &str)]) -> Row {
        let mut cells = vec![String::new(); 22];
        for (at, value) in values {
            cells[*at] = (*value).to_owned();
        }
        Row { line: 2, record: 1, cells }
    }

    const REQUIRED: [(usize, &str); 4] =
        [(0, "Pilar@Contoso.com"), (1, "Pilar Pinilla"), (2, "Pilar"), (3, "Pinilla")];

    #[test]
    fn the_first_four_values_make_a_contact() {
        let contact = contact_row(&row(&REQUIRED)).unwrap();
        assert_eq!(contact.address, "Pilar@Contoso.com");
        assert_eq!(contact.key, "pilar@contoso.com");
        assert_eq!(
            (contact.name.as_str(), contact.last_name.as_deref()),
            ("Pilar Pinilla", Some("Pinilla"))
        );
        assert_eq!((contact.manager, contact.country), (None, None));
    }

    #[test]
    fn address_and_name_are_required_and_the_names_of_a_person_are_not() {
        let outcomes = contact_row(&row(&[])).unwrap_err();
        let codes: Vec<RowCode> = outcomes.iter().map(|outcome| outcome.code).collect();
        assert_eq!(codes, [RowCode::MissingValue, RowCode::MissingDisplayName]);
        let contact = contact_row(&row(&REQUIRED[..2])).unwrap();
        assert_eq!((contact.first_name, contact.last_name), (None, None));
    }

    #[test]
    fn a_country_is_a_code_or_a_name_and_becomes_its_english_name() {
        for text in ["NL", "nl", "Nederland", "The Netherlands"] {
            let mut values = REQUIRED.to_vec();
            values.push((16, text));
            let contact = contact_row(&row(&values)).unwrap();
            assert_eq!(contact.country.as_deref(), Some("Netherlands"), "{text}");
        }
        // Not every country is in every list: Kosovo has no code.
        let mut values = REQUIRED.to_vec();
        values.push((16, "Kosovo"));
        let contact = contact_row(&row(&values)).unwrap();
        assert_eq!(contact.country.as_deref(), Some("Kosovo"));
    }

    #[test]
    fn the_last_column_is_the_manager() {
        let mut values = REQUIRED.to_vec();
        values.extend([(8, "555 0100"), (19, "Notes"), (20, "Office"), (21, "Pilar Pinilla")]);
        let contact = contact_row(&row(&values)).unwrap();
        assert_eq!(contact.phone.as_deref(), Some("555 0100"));
        assert_eq!(contact.notes.as_deref(), Some("Notes"));
        assert_eq!(contact.office.as_deref(), Some("Office"));
        assert_eq!(contact.manager.as_deref(), Some("Pilar Pinilla"));
    }
}
