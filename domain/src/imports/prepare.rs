//! Rows made ready for their transaction: everything that needs no database.

use super::contacts::ContactRow;
use super::job::Options;
use super::layout::{Layout, heading_of_contact_property, heading_of_user_property};
use super::outcome::{RowCode, RowOutcome};
use super::ports::{NewPassword, Vault};
use super::reader::{Checkpoint, Row};
use super::survey::Survey;
use super::users::UserRow;
use crate::error::{Error, Result, Violation};
use crate::users::NewUser;
use crate::value::Value;
use std::borrow::Cow;

/// Rows that go into the directory in one transaction.
#[derive(Clone, Debug)]
pub struct Batch {
    /// Where they begin.
    pub from: Checkpoint,
    /// Where the next ones begin.
    pub to: Checkpoint,
    /// The rows.
    pub rows: Vec<Prepared>,
    /// Whether the file ends here.
    pub last: bool,
}

/// A row ready for its transaction.
#[derive(Clone, Debug)]
pub struct Prepared {
    /// Line of the file, from 1.
    pub(super) line: u64,
    /// The user name or address as written; empty when the row is not readable.
    pub(super) name: String,
    /// What to make of the row, or what is wrong with it.
    pub(super) prospect: Result<Prospect, Vec<RowOutcome>>,
}

/// What a row is to become.
#[derive(Clone, Debug)]
pub(super) enum Prospect {
    /// A user.
    User(Box<Account>),
    /// A contact.
    Contact(Box<ContactRow>),
}

/// A user to be made of a row.
#[derive(Clone, Debug)]
pub(super) struct Account {
    /// The user name as it is compared.
    pub(super) key: String,
    pub(super) new: NewUser,
    pub(super) password: NewPassword,
}

/// Makes a row ready.
///
/// # Errors
/// When the system has no randomness.
pub fn prepare(
    survey: &Survey,
    layout: Layout,
    options: &Options,
    row: Result<Row, RowOutcome>,
    vault: &dyn Vault,
) -> Result<Prepared> {
    let row = match row {
        Ok(row) => row,
        Err(outcome) => {
            let line = outcome.line;
            return Ok(Prepared { line, name: String::new(), prospect: Err(vec![outcome]) });
        }
    };
    let name = row.cells.first().cloned().unwrap_or_default();
    let prospect = if layout == Layout::Contacts22 {
        survey.contact(&row).map(|contact| Prospect::Contact(Box::new(contact)))
    } else {
        match survey.user(layout, &row) {
            Ok(user) => account(user, options, vault)?.map(Prospect::User),
            Err(outcomes) => Err(outcomes),
        }
    };
    Ok(Prepared { line: row.line, name, prospect })
}

fn account(
    row: UserRow,
    options: &Options,
    vault: &dyn Vault,
) -> Result<Result<Box<Account>, Vec<RowOutcome>>> {
    let line = row.line;
    let key = row.key.clone();
    let password = vault.password()?;
    let new = NewUser::read(body(row, options));
    if new.changes.violations.is_empty() {
        return Ok(Ok(Box::new(Account { key, new, password })));
    }
    let violations = new.changes.violations.iter();
    Ok(Err(violations.map(|violation| outcome(Layout::Users16, line, violation)).collect()))
}

/// The body with which a client would create the user.
fn body(row: UserRow, options: &Options) -> Value<'static> {
    let phones = row.office_phone.map(|phone| Value::List(vec![Value::Text(phone.into())]));
    let texts = [
        ("userPrincipalName", Some(row.user_name)),
        ("displayName", Some(row.display_name)),
        ("givenName", row.first_name),
        ("surname", row.last_name),
        ("jobTitle", row.job_title),
        ("department", row.department),
        ("officeLocation", row.office_number),
        ("mobilePhone", row.mobile_phone),
        ("faxNumber", row.fax),
        ("alternateEmail", row.alternate_email),
        ("streetAddress", row.street_address),
        ("city", row.city),
        ("state", row.state),
        ("postalCode", row.postal_code),
        ("country", row.country),
        ("usageLocation", options.usage_location.clone()),
    ];
    let texts =
        texts.into_iter().filter_map(|(name, text)| Some((name, Value::Text(text?.into()))));
    let members = texts
        .chain(phones.map(|phones| ("businessPhones", phones)))
        .chain([("accountEnabled", Value::Bool(options.account_enabled))]);
    Value::Object(members.map(|(name, value)| (Cow::Borrowed(name), value)).collect())
}

/// What a violation of an object's rules says about the row.
pub(super) fn outcome(layout: Layout, line: u64, violation: &Violation) -> RowOutcome {
    let code = match violation.code {
        "DomainNotVerified" => RowCode::DomainNotVerified,
        "ObjectConflict" => RowCode::AddressInUse,
        "ReservedByInitialDomain" => RowCode::ReservedByInitialDomain,
        _ => RowCode::InvalidValue,
    };
    let target = violation.target.as_str();
    let column = match layout {
        Layout::Users15 | Layout::Users16 => heading_of_user_property(target),
        Layout::Contacts22 => heading_of_contact_property(target),
    };
    let message = match column {
        Some(heading) => in_words_of_the_file(&violation.message, target, heading),
        None => violation.message.clone(),
    };
    RowOutcome { line, column, code, message }
}

/// A message about a property as one about the column it comes from: whoever has a file knows
/// headings. Only the first mention is the property; a later one may be somebody's name.
fn in_words_of_the_file(message: &str, property: &str, heading: &str) -> String {
    let named = [format!("property {property} "), format!("'{property}'")];
    let said = [format!("'{heading}' "), format!("'{heading}'")];
    let pair = named.iter().zip(&said).find(|(named, _)| message.contains(named.as_str()));
    pair.map_or_else(|| message.to_owned(), |(named, said)| message.replacen(named, said, 1))
}

/// What the refusal of an object says about the row.
pub(super) fn outcomes(layout: Layout, line: u64, refused: &Error) -> Vec<RowOutcome> {
    if refused.violations.is_empty() {
        let message = refused.message.clone().into_owned();
        return vec![RowOutcome { line, column: None, code: RowCode::InvalidValue, message }];
    }
    refused.violations.iter().map(|violation| outcome(layout, line, violation)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imports::layout::USER_COLUMNS;
    use crate::properties::Entity;
    use crate::users::User;

    #[test]
    fn every_column_of_the_file_is_the_source_of_a_property() {
        let headings: Vec<&str> = User::PROPERTIES
            .iter()
            .filter_map(|property| heading_of_user_property(property.name))
            .collect();
        for column in &USER_COLUMNS {
            assert!(headings.contains(&column.heading), "{}", column.heading);
        }
    }

    #[test]
    fn a_violation_is_told_by_the_column_and_its_code() {
        for (code, target, expected) in [
            ("DomainNotVerified", "userPrincipalName", RowCode::DomainNotVerified),
            ("ObjectConflict", "mail", RowCode::AddressInUse),
            ("ReservedByInitialDomain", "proxyAddresses", RowCode::ReservedByInitialDomain),
            ("InvalidValue", "userPrincipalName", RowCode::InvalidValue),
        ] {
            let told = outcome(Layout::Users15, 7, &Violation::coded(code, target, "why"));
            assert_eq!((told.line, told.column), (7, Some("User Name")));
            assert_eq!((told.code, told.message.as_str()), (expected, "why"));
        }
    }

    #[test]
    fn a_message_speaks_of_the_column_and_not_of_the_property() {
        let told = |target: &str, message: &str| {
            outcome(Layout::Users16, 7, &Violation::coded("ObjectConflict", target, message))
                .message
        };
        assert_eq!(
            told(
                "userPrincipalName",
                "Another object with the same value for property userPrincipalName already \
                 exists: user 1 'userPrincipalName'."
            ),
            "Another object with the same value for 'User Name' already exists: user 1 \
             'userPrincipalName'."
        );
        assert_eq!(
            told("mail", "The domain 'x.y' of 'mail' is not a verified domain."),
            "The domain 'x.y' of 'User Name' is not a verified domain."
        );
        assert_eq!(told("roles", "'roles' is odd."), "'roles' is odd.");
    }

    #[test]
    fn a_refusal_without_properties_is_about_the_row() {
        let told = outcomes(Layout::Users15, 7, &Error::invalid("No."));
        assert_eq!(told.len(), 1);
        assert_eq!((told[0].column, told[0].message.as_str()), (None, "No."));
    }
}
