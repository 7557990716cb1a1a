//! The row of a user.

use crate::schema::users;
use crate::types::{At, Json, Key};
use diesel::prelude::*;
use roster_domain::id::TenantId;
use roster_domain::query::tokens::index_tokens;
use roster_domain::text::fold;
use roster_domain::users::User;
use serde_json::{Map, Value, json};

#[derive(AsChangeset, Insertable)]
#[diesel(table_name = users, treat_none_as_null = true, treat_none_as_default_value = false)]
pub(crate) struct UserRow {
    tenant_id: Key,
    id: Key,
    version: i64,
    created_at: At,
    deleted_at: Option<At>,
    account_enabled: bool,
    user_type: String,
    visible: bool,
    manager_id: Option<Key>,
    upn_key: String,
    display_name_key: String,
    given_name_key: Option<String>,
    surname_key: Option<String>,
    job_title_key: Option<String>,
    department_key: Option<String>,
    company_name_key: Option<String>,
    office_location_key: Option<String>,
    street_address_key: Option<String>,
    city_key: Option<String>,
    state_key: Option<String>,
    postal_code_key: Option<String>,
    country_key: Option<String>,
    usage_location_key: Option<String>,
    employee_id_key: Option<String>,
    mobile_phone_key: Option<String>,
    mail_key: Option<String>,
    mail_nickname_key: Option<String>,
    facets: Json<Value>,
    doc: Json<User>,
}

impl UserRow {
    pub(super) fn new(tenant: TenantId, user: &User) -> Self {
        let key = |text: &Option<String>| text.as_deref().map(fold);
        Self {
            tenant_id: tenant.into(),
            id: user.id.into(),
            version: user.version,
            created_at: user.created.into(),
            deleted_at: user.deleted.map(At),
            account_enabled: user.account_enabled,
            user_type: user.user_type.clone(),
            visible: user.is_visible(),
            manager_id: user.manager.map(Key),
            upn_key: fold(&user.user_principal_name),
            display_name_key: fold(&user.display_name),
            given_name_key: key(&user.given_name),
            surname_key: key(&user.surname),
            job_title_key: key(&user.job_title),
            department_key: key(&user.department),
            company_name_key: key(&user.company_name),
            office_location_key: key(&user.office_location),
            street_address_key: key(&user.street_address),
            city_key: key(&user.city),
            state_key: key(&user.state),
            postal_code_key: key(&user.postal_code),
            country_key: key(&user.country),
            usage_location_key: key(&user.usage_location),
            employee_id_key: key(&user.employee_id),
            mobile_phone_key: key(&user.mobile_phone),
            mail_key: key(&user.mail),
            mail_nickname_key: key(&user.mail_nickname),
            facets: Json(facets(user)),
            doc: Json(user.clone()),
        }
    }
}

/// Properties that queries may name but that have no column of their own.
fn facets(user: &User) -> Value {
    let mut facets = Map::new();
    let texts = [
        ("preferredLanguage", &user.preferred_language),
        ("employeeType", &user.employee_type),
        ("faxNumber", &user.fax_number),
        ("passwordPolicies", &user.password_policies),
        ("creationType", &user.creation_type),
        ("externalUserState", &user.external_user_state),
        ("division", &user.employee_org_data.division),
        ("costCenter", &user.employee_org_data.cost_center),
        ("onPremisesImmutableId", &user.immutable_id),
    ];
    for (name, text) in texts {
        if let Some(text) = text {
            facets.insert(name.to_owned(), json!(fold(text)));
        }
    }
    for (number, text) in user.extension_attributes.iter() {
        facets.insert(format!("extensionAttribute{number}"), json!(fold(text)));
    }
    let lists = [
        ("businessPhones", &user.business_phones),
        ("otherMails", &user.other_mails),
        ("proxyAddresses", &user.proxy_addresses),
    ];
    for (name, list) in lists {
        if !list.is_empty() {
            facets.insert(name.to_owned(), list.iter().map(|text| fold(text)).collect());
        }
    }
    let times = [
        ("employeeHireDate", user.employee_hire_date),
        ("employeeLeaveDateTime", user.employee_leave_date_time),
    ];
    for (name, time) in times {
        if let Some(time) = time {
            facets.insert(name.to_owned(), json!(time.micros()));
        }
    }
    // One of a few fixed words, compared as it is.
    facets.insert("userPurpose".to_owned(), json!(user.purpose()));
    let words = index_tokens(&user.display_name);
    facets.insert("displayNameWords".to_owned(), json!(words));
    if let Some(show) = user.show_in_address_list {
        facets.insert("showInAddressList".to_owned(), json!(show));
    }
    Value::Object(facets)
}
