//! The row of a contact.

use crate::schema::contacts;
use crate::types::{At, Json, Key};
use diesel::prelude::*;
use roster_domain::contacts::{Contact, OfficeAddress};
use roster_domain::id::TenantId;
use roster_domain::query::tokens::index_tokens;
use roster_domain::text::fold;
use serde_json::{Map, Value, json};

#[derive(AsChangeset, Insertable)]
#[diesel(table_name = contacts, treat_none_as_null = true, treat_none_as_default_value = false)]
pub(super) struct ContactRow {
    tenant_id: Key,
    id: Key,
    version: i64,
    created_at: At,
    visible: bool,
    manager_id: Option<Key>,
    display_name_key: String,
    name_key: String,
    mail_key: String,
    mail_nickname_key: String,
    given_name_key: Option<String>,
    surname_key: Option<String>,
    company_name_key: Option<String>,
    department_key: Option<String>,
    job_title_key: Option<String>,
    facets: Json<Value>,
    doc: Json<Contact>,
}

impl ContactRow {
    pub(super) fn new(tenant: TenantId, contact: &Contact) -> Self {
        let key = |text: &Option<String>| text.as_deref().map(fold);
        Self {
            tenant_id: tenant.into(),
            id: contact.id.into(),
            version: contact.version,
            created_at: contact.created.into(),
            visible: contact.is_visible(),
            manager_id: contact.manager.map(Key),
            display_name_key: fold(&contact.display_name),
            name_key: fold(&contact.name),
            mail_key: fold(&contact.mail),
            mail_nickname_key: fold(&contact.mail_nickname),
            given_name_key: key(&contact.given_name),
            surname_key: key(&contact.surname),
            company_name_key: key(&contact.company_name),
            department_key: key(&contact.department),
            job_title_key: key(&contact.job_title),
            facets: Json(facets(contact)),
            doc: Json(contact.clone()),
        }
    }
}

/// Properties that queries may name but that have no column of their own.
fn facets(contact: &Contact) -> Value {
    let phones = contact.phones.iter().map(|phone| {
        // The type is one of a few words and compared as it is.
        json!({ "number": fold(&phone.number), "type": phone.r#type })
    });
    let mut facets = json!({
        "displayNameWords": index_tokens(&contact.display_name),
        "hiddenFromAddressListsEnabled": contact.hidden_from_address_lists,
        "proxyAddresses": [fold(&contact.proxy_address())],
        "addresses": contact.addresses.iter().map(address).collect::<Vec<_>>(),
        "phones": phones.collect::<Vec<_>>(),
    });
    if let (Some(initials), Some(facets)) = (&contact.initials, facets.as_object_mut()) {
        facets.insert("initials".to_owned(), json!(fold(initials)));
    }
    facets
}

fn address(address: &OfficeAddress) -> Value {
    let members = [
        ("street", &address.street),
        ("city", &address.city),
        ("state", &address.state),
        ("postalCode", &address.postal_code),
        ("countryOrRegion", &address.country_or_region),
        ("officeLocation", &address.office_location),
    ];
    let set = members.into_iter().filter_map(|(name, text)| Some((name, text.as_deref()?)));
    Value::Object(
        set.map(|(name, text)| (name.to_owned(), json!(fold(text)))).collect::<Map<_, _>>(),
    )
}
