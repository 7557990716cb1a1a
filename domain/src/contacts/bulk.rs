//! Contacts as rows of the bulk file (R36–R40).

use super::{Contact, ContactField, NewContact, OfficeAddress, Update};
use crate::authz::{Grant, rights};
use crate::error::Result;
use crate::imports::ContactRow;
use crate::managers;
use crate::objects::{DirectoryObject, Expanded};
use crate::paging::{Cursor, Page};
use crate::ports::ReadTx;
use crate::query::Query;
use crate::value::Value;
use std::borrow::Cow;

/// A page of contacts with the names of their managers, for a file.
///
/// # Errors
/// When the database fails.
pub fn export(
    tx: &mut dyn ReadTx,
    grant: &Grant<rights::ReadDirectory>,
    query: &Query<ContactField>,
    after: Option<&Cursor>,
) -> Result<(Page<Contact>, Vec<Option<String>>)> {
    let scope = grant.scope();
    let page = tx.contacts(&scope, query, after)?;
    let found = managers::of_page(tx, &scope, page.items.iter().map(|contact| contact.manager))?;
    let managers = found.into_iter().map(|manager| match manager {
        Expanded::One(Some(object)) => Some(name_in_file(object)),
        Expanded::One(None) | Expanded::Many(_) => None,
    });
    Ok((page, managers.collect()))
}

/// What a file calls a manager: the unique name of a contact, the sign-in name of a user.
fn name_in_file(manager: DirectoryObject) -> String {
    match manager {
        DirectoryObject::User(user) => user.user_principal_name,
        DirectoryObject::Contact(contact) => contact.name,
        // Neither groups nor roles are managers.
        DirectoryObject::Group(_) | DirectoryObject::Role(_) => manager.display_name().to_owned(),
    }
}

/// A body of the texts that are there.
fn body<const N: usize>(texts: [(&'static str, &Option<String>); N]) -> Vec<Member> {
    let set = texts.into_iter().filter_map(|(name, text)| Some((name, text.clone()?)));
    set.map(|(name, text)| (name.into(), Value::Text(text.into()))).collect()
}

/// A member of a body.
type Member = (Cow<'static, str>, Value<'static>);

impl NewContact {
    /// The contact of the first four values of a row; its display name is its name (R38).
    pub(crate) fn of_row(row: &ContactRow) -> Self {
        let text = |name: &'static str, text: &str| {
            (Cow::Borrowed(name), Value::Text(text.to_owned().into()))
        };
        let mut members = body([("givenName", &row.first_name), ("surname", &row.last_name)]);
        members.push(text("mail", &row.address));
        members.push(text("name", &row.name));
        members.push(text("displayName", &row.name));
        Self::read(Value::Object(members))
    }
}

impl Update {
    /// What the other values of a row set, the manager excepted; what is absent stays (R38, R39).
    pub(crate) fn of_row(row: &ContactRow) -> Self {
        let mut members = body([
            ("companyName", &row.company),
            ("jobTitle", &row.title),
            ("department", &row.department),
            ("initials", &row.initials),
            ("personalNotes", &row.notes),
        ]);
        let office = body([
            ("street", &row.street_address),
            ("city", &row.city),
            ("state", &row.state),
            ("postalCode", &row.postal_code),
            ("countryOrRegion", &row.country),
            ("officeLocation", &row.office),
        ]);
        if !office.is_empty() {
            members.push(("addresses".into(), Value::List(vec![Value::Object(office)])));
        }
        let numbers = [
            ("business", &row.phone),
            ("mobile", &row.mobile_phone),
            ("businessFax", &row.fax),
            ("home", &row.home_phone),
            ("other", &row.other_telephone),
            ("pager", &row.pager),
        ];
        let numbers = numbers.into_iter().filter_map(|(kind, number)| {
            let number = Value::Text(number.clone()?.into());
            let phone = vec![("number".into(), number), ("type".into(), Value::text(kind))];
            Some(Value::Object(phone))
        });
        let phones: Vec<_> = numbers.collect();
        if !phones.is_empty() {
            members.push(("phones".into(), Value::List(phones)));
        }
        Self::read(Value::Object(members))
    }
}

impl Contact {
    /// The values of the contact's row, in the order of the columns.
    pub fn cells<'a>(&'a self, manager: Option<&'a str>) -> [&'a str; 22] {
        let text = |text: &'a Option<String>| text.as_deref().unwrap_or_default();
        let office = self.addresses.first();
        let place = |part: fn(&OfficeAddress) -> &Option<String>| {
            office.and_then(|office| part(office).as_deref()).unwrap_or_default()
        };
        [
            &self.mail,
            &self.name,
            text(&self.given_name),
            text(&self.surname),
            place(|office| &office.street),
            place(|office| &office.city),
            place(|office| &office.state),
            place(|office| &office.postal_code),
            self.number("business"),
            self.number("mobile"),
            self.number("pager"),
            self.number("home"),
            text(&self.company_name),
            text(&self.job_title),
            self.number("other"),
            text(&self.department),
            place(|office| &office.country_or_region),
            self.number("businessFax"),
            text(&self.initials),
            text(&self.personal_notes),
            place(|office| &office.office_location),
            manager.unwrap_or_default(),
        ]
    }

    /// The number of a type; empty when there is none.
    fn number(&self, kind: &str) -> &str {
        let phone = self.phones.iter().find(|phone| phone.r#type == kind);
        phone.map_or("", |phone| &phone.number)
    }
}
