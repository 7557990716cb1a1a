//! The property table of contacts. What administrators publish here every member reads (R32).

use super::Contact;
use super::complex::{ADDRESS_MEMBERS, PHONE_MEMBERS, one_address, one_of_each};
use crate::addresses::rules::{alias, mail_tip, on_text};
use crate::addresses::syntax;
use crate::authz::Scope;
use crate::error::Result;
use crate::limits::MAX_MAIL_TIP;
use crate::objects::{Expandable, Expanded};
use crate::ports::ReadTx;
use crate::properties::{Entity, FieldValue as _, Property, Type};
use crate::text::is_blank;
use crate::value::Value;
use crate::{fields, get, managers, set};
use uuid::Uuid;
use validator::ValidateUrl as _;

fields!(
    /// A property of a contact, as typed queries name it.
    ContactField:
    Id,
    DisplayName,
    Name,
    GivenName,
    Initials,
    Surname,
    CompanyName,
    Department,
    JobTitle,
    Mail,
    MailNickname,
    ProxyAddresses,
    Addresses,
    Phones,
    PersonalNotes,
    WebPage,
    MailTip,
    HiddenFromAddressListsEnabled,
    OnPremisesSyncEnabled,
    CreatedDateTime,
    ManagerId,
);

const fn text(max: usize) -> Type {
    Type::Text { max }
}

/// All properties are answered by default, to every member.
const fn row(
    name: &'static str,
    field: ContactField,
    ty: Type,
    get: for<'a> fn(&'a Contact) -> Value<'a>,
    description: &'static str,
) -> Property<Contact> {
    Property::new(name, field, ty, get, description).by_default().for_members()
}

use ContactField as F;

impl Entity for Contact {
    type Field = ContactField;
    const NAME: &'static str = "orgContact";

    const PROPERTIES: &'static [Property<Self>] = &[
        row("id", F::Id, Type::Id, |c| id_text(c.id.uuid()), "Identifier, never reused.")
            .filterable(),
        row("displayName", F::DisplayName, text(256), get!(display_name), "Name shown in lists.")
            .writable(set!(display_name))
            .rule(|value| on_text(value, trimmed))
            .required()
            .sortable(),
        row(
            "name",
            F::Name,
            text(64),
            get!(name),
            "Name in the organisation's records, unique among contacts; `displayName` by default.",
        )
        .writable(set!(name))
        .rule(|value| on_text(value, trimmed))
        .required()
        .sortable(),
        row("givenName", F::GivenName, text(64), get!(given_name), "Given name.")
            .writable(|c, value| assign(&mut c.given_name, value))
            .sortable(),
        row("initials", F::Initials, text(64), get!(initials), "Initials.")
            .writable(|c, value| assign(&mut c.initials, value))
            .filterable(),
        row("surname", F::Surname, text(64), get!(surname), "Family name.")
            .writable(|c, value| assign(&mut c.surname, value))
            .sortable(),
        row("companyName", F::CompanyName, text(64), get!(company_name), "Company.")
            .writable(|c, value| assign(&mut c.company_name, value))
            .sortable(),
        row("department", F::Department, text(64), get!(department), "Department.")
            .writable(|c, value| assign(&mut c.department, value))
            .sortable(),
        row("jobTitle", F::JobTitle, text(64), get!(job_title), "Job title.")
            .writable(|c, value| assign(&mut c.job_title, value))
            .sortable(),
        row(
            "mail",
            F::Mail,
            text(254),
            get!(mail),
            "Address to which mail for the contact goes; held by nobody else in the organisation.",
        )
        .writable(set!(mail))
        .rule(|value| on_text(value, address))
        .required()
        .sortable(),
        row(
            "mailNickname",
            F::MailNickname,
            text(64),
            get!(mail_nickname),
            "Mail alias, unique in the organisation; made of the name by default.",
        )
        .writable(set!(mail_nickname))
        .rule(alias)
        .required()
        .sortable(),
        row(
            "proxyAddresses",
            F::ProxyAddresses,
            Type::Texts { items: 1, max: 262 },
            |c| Value::List(vec![Value::Text(c.proxy_address().into())]),
            "The address at which mail arrives, behind `SMTP:`.",
        )
        .filterable(),
        row("addresses", F::Addresses, Type::Objects, get!(addresses), "Office; at most one.")
            .writable(set!(addresses))
            .rule(one_address)
            .with_members(ADDRESS_MEMBERS),
        row("phones", F::Phones, Type::Objects, get!(phones), "Numbers, one of each type.")
            .writable(set!(phones))
            .rule(one_of_each)
            .with_members(PHONE_MEMBERS),
        row("personalNotes", F::PersonalNotes, text(1024), get!(personal_notes), "Notes.")
            .writable(|c, value| assign(&mut c.personal_notes, value)),
        row("webPage", F::WebPage, text(2048), get!(web_page), "Web page, http or https.")
            .writable(set!(web_page))
            .rule(|value| on_text(value, web_page)),
        row(
            "mailTip",
            F::MailTip,
            text(MAX_MAIL_TIP),
            get!(mail_tip),
            "Plain text shown to whoever writes to the contact.",
        )
        .writable(set!(mail_tip))
        .rule(mail_tip),
        row(
            "hiddenFromAddressListsEnabled",
            F::HiddenFromAddressListsEnabled,
            Type::Bool,
            get!(hidden_from_address_lists),
            "True takes the contact out of all address lists; mail still reaches it.",
        )
        .writable(set!(hidden_from_address_lists))
        .required()
        .filterable(),
        row(
            "onPremisesSyncEnabled",
            F::OnPremisesSyncEnabled,
            Type::Bool,
            |_| Value::Null,
            "Null: the contact is kept here and not by a synchronised directory.",
        )
        .filterable(),
        row(
            "createdDateTime",
            F::CreatedDateTime,
            Type::Time,
            get!(created),
            "When the contact was made.",
        )
        .sortable(),
    ];

    const PATHS: &'static [Property<Self>] = &[row(
        "manager/id",
        F::ManagerId,
        Type::Id,
        |c| c.manager.map_or(Value::Null, id_text),
        "Identifier of the manager.",
    )
    .filterable()];

    const RELATIONS: &'static [&'static str] = managers::RELATIONS;

    fn id(&self) -> Uuid {
        self.id.uuid()
    }
}

impl Expandable for Contact {
    fn related(
        tx: &mut dyn ReadTx,
        scope: &Scope,
        relation: &'static str,
        page: &[Self],
    ) -> Result<Vec<Expanded>> {
        let page = page.iter().map(|contact| (contact.id.uuid(), contact.manager));
        managers::expand(tx, scope, relation, page)
    }
}

/// Sets a text without blanks at its ends: files have none there, and what an export wrote comes
/// back as it was.
fn assign(field: &mut Option<String>, value: Value<'static>) {
    field.assign(match value {
        Value::Text(text) => Value::Text(text.trim().to_owned().into()),
        other => other,
    });
}

fn id_text(id: Uuid) -> Value<'static> {
    Value::Text(id.to_string().into())
}

/// R42: visible, without blanks at its ends.
fn trimmed(text: &str) -> Result<(), String> {
    if !is_blank(text) && text.trim() == text {
        return Ok(());
    }
    Err("cannot be blank, or start or end with a blank.".to_owned())
}

fn address(text: &str) -> Result<(), String> {
    syntax::smtp_address(text).map(drop)
}

/// Other schemes would run in whatever shows the link.
fn web_page(text: &str) -> Result<(), String> {
    let lower = text.to_ascii_lowercase();
    let is_page = lower.starts_with("https://") || lower.starts_with("http://");
    if text.is_empty() || is_page && text.validate_url() {
        return Ok(());
    }
    Err("must be an address such as https://www.contoso.com.".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_has_exactly_one_row() {
        for field in ContactField::ALL {
            let rows = Contact::PROPERTIES.iter().chain(Contact::PATHS);
            assert_eq!(rows.filter(|row| row.field == *field).count(), 1, "{field:?}");
        }
    }

    #[test]
    fn a_web_page_is_reached_by_http() {
        for good in ["", "https://www.contoso.com", "HTTP://contoso.com/a?b=c"] {
            assert_eq!(web_page(good), Ok(()), "{good}");
        }
        for bad in ["javascript:alert(1)", "https://", "www.contoso.com", "https://a b"] {
            assert!(web_page(bad).is_err(), "{bad}");
        }
    }
}
