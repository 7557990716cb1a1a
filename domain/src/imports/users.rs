//! Rows of users (R10 to R14, R31).

use super::fields::{fields, mail_address};
use super::layout::Layout;
use super::outcome::{RowCode, RowOutcome};
use super::reader::Row;
use crate::addresses::syntax::{self, IMPORT_LIMITS, UserNameLimits};

/// A user as a file describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserRow {
    /// Line of the file, from 1.
    pub line: u64,
    /// User principal name, as written.
    pub user_name: String,
    /// The user name as it is compared: two rows with one key are one user twice.
    pub key: String,
    /// Given name.
    pub first_name: Option<String>,
    /// Surname.
    pub last_name: Option<String>,
    /// Display name.
    pub display_name: String,
    /// Job title.
    pub job_title: Option<String>,
    /// Department.
    pub department: Option<String>,
    /// Room or extension.
    pub office_number: Option<String>,
    /// Business telephone.
    pub office_phone: Option<String>,
    /// Mobile telephone.
    pub mobile_phone: Option<String>,
    /// Fax.
    pub fax: Option<String>,
    /// Mail address outside the organisation.
    pub alternate_email: Option<String>,
    /// Street and number.
    pub street_address: Option<String>,
    /// City.
    pub city: Option<String>,
    /// State or province.
    pub state: Option<String>,
    /// Postal code.
    pub postal_code: Option<String>,
    /// Country or region, as written.
    pub country: Option<String>,
}

/// Reads a row of a file of users.
///
/// # Errors
/// Everything that is wrong with the row.
pub fn user_row(layout: Layout, row: &Row) -> Result<UserRow, Vec<RowOutcome>> {
    let mut fields = fields(layout, row);
    // Fields are taken in the order of the columns.
    let user_name = fields.required(RowCode::MissingUserName, user_name);
    let user = UserRow {
        line: row.line,
        key: syntax::key(&user_name),
        user_name,
        first_name: fields.optional(),
        last_name: fields.optional(),
        display_name: fields.required(RowCode::MissingDisplayName, |_| Ok(())),
        job_title: fields.optional(),
        department: fields.optional(),
        office_number: fields.optional(),
        office_phone: fields.phone(),
        mobile_phone: fields.phone(),
        fax: fields.phone(),
        alternate_email: match layout {
            Layout::Users16 => fields.checked(mail_address),
            Layout::Users15 | Layout::Contacts22 => None,
        },
        street_address: fields.optional(),
        city: fields.optional(),
        state: fields.optional(),
        postal_code: fields.optional(),
        country: fields.optional(),
    };
    fields.finish(user)
}

/// The rule of user names. One that is only too long is told apart from one that is none.
fn user_name(text: &str) -> Result<(), (RowCode, String)> {
    const ANY: usize = usize::MAX;
    const ANY_LENGTH: UserNameLimits = UserNameLimits { total: ANY, local: ANY, domain: ANY };
    syntax::user_principal_name(text, &IMPORT_LIMITS).map(drop).map_err(|wrong| {
        let code = match syntax::user_principal_name(text, &ANY_LENGTH) {
            Ok(_) => RowCode::ValueTooLong,
            Err(_) => RowCode::BadAddressSyntax,
        };
        (code, wrong)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(layout: Layout, values: &[(&str, &str)]) -> Row {
        let mut cells = Vec::new();
        for column in layout.columns() {
            let value = values.iter().find(|(heading, _)| *heading == column.heading);
            cells.push(value.map_or(String::new(), |(_, value)| (*value).to_owned()));
        }
        Row { line: 7, record: 6, cells }
    }

    fn codes(values: &[(&str, &str)]) -> Vec<(Option<&'static str>, RowCode)> {
        let outcomes = user_row(Layout::Users16, &row(Layout::Users16, values)).unwrap_err();
        outcomes.into_iter().map(|outcome| (outcome.column, outcome.code)).collect()
    }

    #[test]
    fn user_name_and_display_name_are_all_a_row_needs() {
        let values = [("User Name", "Luuk@Contoso.com"), ("Display Name", "Luuk")];
        for layout in [Layout::Users15, Layout::Users16] {
            let user = user_row(layout, &row(layout, &values)).unwrap();
            assert_eq!((user.line, user.user_name.as_str()), (7, "Luuk@Contoso.com"));
            assert_eq!(
                (user.key.as_str(), user.display_name.as_str()),
                ("luuk@contoso.com", "Luuk")
            );
            assert_eq!((user.first_name, user.country), (None, None));
        }
    }

    #[test]
    fn every_column_finds_its_place_in_both_layouts() {
        for layout in [Layout::Users15, Layout::Users16] {
            let values: Vec<(&str, String)> = layout
                .columns()
                .enumerate()
                .map(|(at, column)| match column.heading {
                    "User Name" | "Alternate email address" => {
                        (column.heading, format!("u{at}@contoso.com"))
                    }
                    heading => (heading, format!("{heading} {at}")),
                })
                .collect();
            let values: Vec<(&str, &str)> = values.iter().map(|(h, v)| (*h, v.as_str())).collect();
            let user = user_row(layout, &row(layout, &values)).unwrap();
            let is =
                |value: &Option<String>, start: &str| value.as_deref().unwrap().starts_with(start);
            assert!(is(&user.first_name, "First Name") && is(&user.last_name, "Last Name"));
            assert!(is(&user.job_title, "Job Title") && is(&user.department, "Department"));
            assert!(is(&user.office_number, "Office Number"));
            assert!(is(&user.office_phone, "Office Phone"));
            assert!(is(&user.mobile_phone, "Mobile Phone") && is(&user.fax, "Fax"));
            assert!(is(&user.street_address, "Address") && is(&user.city, "City"));
            assert!(is(&user.state, "State") && is(&user.postal_code, "ZIP"));
            assert!(is(&user.country, "Country"));
            assert_eq!(user.alternate_email.is_some(), layout == Layout::Users16);
        }
    }

    #[test]
    fn all_problems_of_a_row_are_told_at_once() {
        let long = "x".repeat(65);
        assert_eq!(
            codes(&[
                ("User Name", "luuk"),
                ("Job Title", &long),
                ("Fax", "none"),
                ("Alternate email address", "luuk@"),
                ("City", "A\u{7}B"),
            ]),
            [
                (Some("User Name"), RowCode::BadAddressSyntax),
                (Some("Display Name"), RowCode::MissingDisplayName),
                (Some("Job Title"), RowCode::ValueTooLong),
                (Some("Fax"), RowCode::InvalidValue),
                (Some("Alternate email address"), RowCode::BadAddressSyntax),
                (Some("City"), RowCode::InvalidValue),
            ]
        );
    }

    #[test]
    fn a_user_name_that_is_only_too_long_is_told_apart() {
        let cases = [
            ("", RowCode::MissingUserName),
            ("luuk@contoso", RowCode::BadAddressSyntax),
            (&format!("{}@contoso.com", "a".repeat(51)), RowCode::ValueTooLong),
            (&format!("a@{}.nl", "b".repeat(46)), RowCode::ValueTooLong),
            (&format!("{}@contoso.com", "a".repeat(80)), RowCode::ValueTooLong),
        ];
        for (name, code) in cases {
            let found = codes(&[("User Name", name), ("Display Name", "Luuk")]);
            assert_eq!(found, [(Some("User Name"), code)], "{name}");
        }
    }

    #[test]
    fn lengths_are_counted_in_characters() {
        let name = "é".repeat(64);
        let mut values =
            [("User Name", "l@contoso.com"), ("Display Name", "L"), ("First Name", &name)];
        assert!(user_row(Layout::Users16, &row(Layout::Users16, &values)).is_ok());
        let name = "é".repeat(65);
        values[2].1 = &name;
        assert_eq!(codes(&values), [(Some("First Name"), RowCode::ValueTooLong)]);
    }
}
