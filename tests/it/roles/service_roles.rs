//! The roles in the services that go with an administrator role (seed 002, R5–R7, R91).

use roster_tests::{TestApp, on_both};
use serde_json::{Value, json};

on_both! {
    each_role_goes_with_the_documented_roles_in_the_services,
    roles_of_several_services_are_joined_with_where_they_come_from,
    a_role_in_a_service_grants_nothing_here,
    ones_own_are_always_read_and_those_of_others_with_row_5,
}

/// The table of the documentation: keys of the roles in Exchange Online, SharePoint Online, Skype
/// for Business and, for global administrators, Dynamics CRM.
const TABLE: [(&str, &[(&str, &str)]); 7] = [
    (
        "global",
        &[
            ("exchange", "exchangeOnlineAdministrator"),
            ("exchange", "companyAdministrator"),
            ("sharepoint", "sharePointOnlineAdministrator"),
            ("skype", "skypeForBusinessAdministrator"),
            ("crm", "systemAdministrator"),
        ],
    ),
    ("billing", &[]),
    (
        "password",
        &[("exchange", "helpDeskAdministrator"), ("skype", "skypeForBusinessOnlineAdministrator")],
    ),
    ("user", &[("skype", "skypeForBusinessOnlineAdministrator")]),
    ("exchange", &[("exchange", "exchangeOnlineAdministrator")]),
    ("sharepoint", &[("sharepoint", "sharePointOnlineAdministrator")]),
    ("skype", &[("skype", "skypeForBusinessOnlineAdministrator")]),
];

/// The words of the Dutch documentation.
const DUTCH: [(&str, &str); 7] = [
    ("exchangeOnlineAdministrator", "Exchange Online-beheerder"),
    ("companyAdministrator", "Bedrijfsbeheerder"),
    ("sharePointOnlineAdministrator", "SharePoint Online-beheerder"),
    ("skypeForBusinessAdministrator", "Skype voor Bedrijven-beheerder"),
    ("helpDeskAdministrator", "Helpdeskbeheerder"),
    ("skypeForBusinessOnlineAdministrator", "Skype voor Bedrijven Online-beheerder"),
    ("systemAdministrator", "Systeembeheerder"),
];

fn pairs(items: &[Value]) -> Vec<(&str, &str)> {
    items.iter().map(pair).collect()
}

fn pair(role: &Value) -> (&str, &str) {
    (role["service"].as_str().unwrap(), role["role"].as_str().unwrap())
}

async fn each_role_goes_with_the_documented_roles_in_the_services(app: TestApp) {
    let global = app.as_global().await;
    for (role, expected) in TABLE {
        let (id, _) = app.holder(&format!("Holder of {role}"), &[role]).await;
        let found = global.get(&format!("/v1.0/users/{id}/serviceRoles")).await.is(200);
        assert_eq!(pairs(found.items()), expected, "{role}: {found}");
        assert!(found.items().iter().all(|each| each["fromRoles"] == json!([role])), "{found}");
        let dutch = global.with("Accept-Language", "nl");
        let dutch = dutch.get(&format!("/v1.0/users/{id}/serviceRoles")).await.is(200);
        assert_eq!(pairs(dutch.items()), expected, "{role}: {dutch}");
        for each in dutch.items() {
            let words = DUTCH.iter().find(|(key, _)| each["role"] == *key).unwrap().1;
            assert_eq!(each["roleDisplayName"], words, "{role}: {dutch}");
        }
    }
    let plain = app.person("Plain").await;
    let none = global.get(&format!("/v1.0/users/{plain}/serviceRoles")).await.is(200);
    assert!(none.items().is_empty(), "{none}");
    let unknown = global.get("/v1.0/users/nobody@contoso.com/serviceRoles").await;
    unknown.refuses(404, "Request_ResourceNotFound");
}

async fn roles_of_several_services_are_joined_with_where_they_come_from(app: TestApp) {
    let (id, _) = app.holder("Holder", &["user", "skype", "service"]).await;
    let path = format!("/v1.0/users/{id}/serviceRoles");
    let dutch = app.as_global().await.with("Accept-Language", "nl").get(&path).await.is(200);
    assert_eq!(pairs(dutch.items()), [("skype", "skypeForBusinessOnlineAdministrator")]);
    let only = &dutch.items()[0];
    assert_eq!(only["fromRoles"], json!(["user", "skype"]));
    assert_eq!(only["roleDisplayName"], "Skype voor Bedrijven Online-beheerder");
    assert_eq!(only["serviceDisplayName"], "Skype voor Bedrijven");
}

async fn a_role_in_a_service_grants_nothing_here(app: TestApp) {
    // In Exchange Online the one is help desk, in Skype for Business both are administrators.
    for role in ["password", "user"] {
        let (_, session) = app.holder(&format!("Holder of {role}"), &[role]).await;
        assert!(!session.get("/v1.0/me/serviceRoles").await.is(200).items().is_empty());
        let contact = json!({"displayName": "Ann", "mail": "ann@elsewhere.example"});
        session.post("/v1.0/contacts", &contact).await.is(403);
        // The service role does not stand beside a role in a service (A19).
        let id = session.get("/v1.0/me").await.id();
        let refused = super::assign(&app.as_global().await, &id, "service").await;
        refused.refuses(409, "ServiceRolePrerequisite");
        session.get("/v1.0/reports/administratorContacts").await.is(403);
    }
}

async fn ones_own_are_always_read_and_those_of_others_with_row_5(app: TestApp) {
    let (other, _) = app.holder("Holder", &["exchange"]).await;
    for (name, client) in app.everyone().await {
        let own = client.get("/v1.0/me").await.is(200).id();
        let path = format!("/v1.0/users/{own}/serviceRoles");
        let shown = client.get(&path).await.is(200);
        assert_eq!(client.get("/v1.0/me/serviceRoles").await.is(200)["value"], shown["value"]);
        let found = client.get(&format!("/v1.0/users/{other}/serviceRoles")).await;
        let views = super::ROW_5.contains(&name) || name == "service";
        assert_eq!(found.status, if views { 200 } else { 403 }, "{name}: {found}");
        if !views {
            let told = &found["error"]["innerError"]["authorization"];
            assert_eq!(told["permission"], "view_users_and_roles", "{found}");
        }
    }
}
