//! Bodies to start from. A test sends each of them as it stands.

use serde_json::{Value, json};
use utoipa::openapi::{OpenApi, RefOr};

/// Adds each example to the body of its operation.
pub(super) fn add(document: &mut OpenApi) {
    for (method, path, example) in all() {
        let Some(item) = document.paths.paths.get_mut(path) else { continue };
        let found = super::operations(item).find(|(name, _)| *name == method);
        let body = found.and_then(|(_, operation)| operation.request_body.as_mut());
        let Some(RefOr::T(body)) = body else { continue };
        for content in body.content.values_mut() {
            if let RefOr::T(content) = content {
                content.example = Some(example.clone());
            }
        }
    }
}

/// Method, path and body.
fn all() -> Vec<(&'static str, &'static str, Value)> {
    let mut all = people();
    all.extend(groups());
    all.extend(rights());
    all
}

fn people() -> Vec<(&'static str, &'static str, Value)> {
    let user = json!({
        "displayName": "Jan Smit",
        "givenName": "Jan",
        "surname": "Smit",
        "userPrincipalName": "jan.smit@contoso.onroster.example",
        "department": "Sales",
        "usageLocation": "NL",
        "businessPhones": ["+31 20 555 0100"],
    });
    let contact = json!({
        "displayName": "Ana Costa",
        "givenName": "Ana",
        "surname": "Costa",
        "companyName": "Fabrikam",
        "mail": "ana.costa@fabrikam.example",
        "phones": [{"type": "mobile", "number": "+351 912 555 010"}],
        "addresses": [{"city": "Porto", "countryOrRegion": "Portugal"}],
    });
    let invitation = json!({
        "invitedUserEmailAddress": "guest@fabrikam.example",
        "inviteRedirectUrl": "https://intranet.example/welcome",
        "invitedUserDisplayName": "Gil Guest",
    });
    vec![
        ("POST", "/v1.0/users", user),
        ("PATCH", "/v1.0/users/{id}", json!({"jobTitle": "Buyer", "mobilePhone": null})),
        ("POST", "/v1.0/contacts", contact),
        ("PATCH", "/v1.0/contacts/{id}", json!({"jobTitle": "Director"})),
        ("POST", "/v1.0/invitations", invitation),
    ]
}

fn groups() -> Vec<(&'static str, &'static str, Value)> {
    let list = json!({
        "displayName": "Sales newsletter",
        "mailNickname": "sales-newsletter",
        "mailEnabled": true,
        "securityEnabled": false,
        "groupTypes": [],
    });
    let sender = json!({"sender": "someone@elsewhere.example"});
    vec![
        ("POST", "/v1.0/groups", list),
        ("PATCH", "/v1.0/groups/{id}", json!({"allowExternalSenders": true})),
        ("POST", "/v1.0/groups/{id}/checkDelivery", sender),
    ]
}

fn rights() -> Vec<(&'static str, &'static str, Value)> {
    let view = json!({
        "displayName": "Blocked in Delft",
        "criteria": {"signInStatus": "blocked", "city": "Delft"},
    });
    vec![
        ("POST", "/v1.0/permissions/check", json!({"operation": "POST /v1.0/contacts"})),
        ("POST", "/v1.0/userViews", view),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::serve::REGISTER;
    use crate::openapi::{Installation, document};

    #[test]
    fn every_example_stands_in_the_document() {
        let document = document(&Installation::default(), REGISTER);
        let document = serde_json::to_value(document).unwrap();
        for (method, path, example) in all() {
            let content = &document["paths"][path][method.to_lowercase()]["requestBody"]["content"];
            assert_eq!(content["application/json"]["example"], example, "{method} {path}");
        }
    }
}
