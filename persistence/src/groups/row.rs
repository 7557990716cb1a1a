//! The row of a group.

use crate::schema::groups;
use crate::types::{At, Json, Key};
use diesel::prelude::*;
use roster_domain::groups::Group;
use roster_domain::id::TenantId;
use roster_domain::query::tokens::index_tokens;
use roster_domain::text::fold;
use serde_json::{Map, Value, json};

/// Everything but the number of members, which follows the links.
#[derive(AsChangeset, Insertable)]
#[diesel(table_name = groups, treat_none_as_null = true, treat_none_as_default_value = false)]
pub(super) struct GroupRow {
    tenant_id: Key,
    id: Key,
    version: i64,
    created_at: At,
    deleted_at: Option<At>,
    mail_enabled: bool,
    security_enabled: bool,
    visible: bool,
    members_hidden: bool,
    display_name_key: String,
    mail_key: Option<String>,
    mail_nickname_key: Option<String>,
    facets: Json<Value>,
    doc: Json<Group>,
}

impl GroupRow {
    pub(super) fn new(tenant: TenantId, group: &Group) -> Self {
        let key = |text: &Option<String>| text.as_deref().map(fold);
        Self {
            tenant_id: tenant.into(),
            id: group.id.into(),
            version: group.version,
            created_at: group.created.into(),
            deleted_at: group.deleted.map(At),
            mail_enabled: group.mail_enabled,
            security_enabled: group.security_enabled,
            visible: !group.hide_from_address_lists,
            members_hidden: group.hides_members(),
            display_name_key: fold(&group.display_name),
            mail_key: key(&group.mail),
            mail_nickname_key: key(&group.mail_nickname),
            facets: Json(facets(group)),
            doc: Json(group.clone()),
        }
    }
}

/// Properties that queries may name but that have no column of their own.
fn facets(group: &Group) -> Value {
    let mut facets = Map::new();
    let texts = [
        ("description", group.description.as_deref().map(fold)),
        ("classification", group.classification.as_deref().map(fold)),
        ("preferredLanguage", group.preferred_language.as_deref().map(fold)),
        // One of a few fixed words, compared as it is.
        ("visibility", group.visibility.clone()),
    ];
    for (name, text) in texts {
        if let Some(text) = text {
            facets.insert(name.to_owned(), json!(text));
        }
    }
    if group.unified {
        facets.insert("groupTypes".to_owned(), json!(["unified"]));
    }
    let proxies: Vec<_> = group.proxy_addresses.iter().map(|proxy| fold(proxy)).collect();
    facets.insert("proxyAddresses".to_owned(), json!(proxies));
    facets.insert("hideFromAddressLists".to_owned(), json!(group.hide_from_address_lists));
    facets.insert("allowExternalSenders".to_owned(), json!(group.allow_external_senders));
    facets.insert("displayNameWords".to_owned(), json!(index_tokens(&group.display_name)));
    if let Some(description) = &group.description {
        facets.insert("descriptionWords".to_owned(), json!(index_tokens(description)));
    }
    Value::Object(facets)
}
