//! Complex properties of users, and those that tie them to other directories and to licences.

use roster_tests::{TestApp, on_both};
use serde_json::{Value, json};

on_both! {
    complex_properties_are_written_merged_and_filtered,
    every_wrong_member_is_named,
    what_no_other_service_provides_is_empty,
    the_anchor_of_an_administrator_is_sensitive,
}

async fn complex_properties_are_written_merged_and_filtered(app: TestApp) {
    let client = app.client().await;
    let path = format!("/v1.0/users/{}", app.person("Jan Jansen").await);
    app.person("Eva Smit").await;
    let body = json!({
        "employeeOrgData": {"division": "Retail", "costCenter": "4711"},
        "onPremisesExtensionAttributes": {"extensionAttribute1": "É", "extensionAttribute15": "z"},
        "onPremisesImmutableId": "MTIz",
    });
    client.patch(&path, &body).await.is(204);
    let merged = json!({
        "employeeOrgData": {"costCenter": null},
        "onPremisesExtensionAttributes": {"extensionAttribute15": "y"},
    });
    client.patch(&path, &merged).await.is(204);
    let select = "$select=employeeOrgData,onPremisesExtensionAttributes,onPremisesImmutableId";
    let user = client.get(&format!("{path}?{select}")).await.is(200).json;
    assert_eq!(user["employeeOrgData"], json!({"division": "Retail", "costCenter": null}));
    let attributes = &user["onPremisesExtensionAttributes"];
    assert_eq!(attributes["extensionAttribute1"], "É");
    assert_eq!(attributes["extensionAttribute15"], "y");
    assert_eq!(attributes.as_object().unwrap().len(), 15);
    client.patch(&path, &user).await.is(204);

    for (filter, found) in [
        ("employeeOrgData/division eq 'retail'", &["Jan Jansen"][..]),
        ("employeeOrgData/costCenter eq '4711'", &[]),
        ("onPremisesExtensionAttributes/extensionAttribute1 eq 'é'", &["Jan Jansen"][..]),
        ("onPremisesImmutableId eq 'MTIz'", &["Jan Jansen"][..]),
        ("onPremisesSyncEnabled eq true", &[]),
        ("assignedLicenses/$count ne 0", &[]),
    ] {
        let options = [("$select", "displayName"), ("$filter", filter)];
        let page = client.query("/v1.0/users", &options).await.is(200);
        assert_eq!(page.column("displayName"), found, "{filter}");
    }
    client.patch(&path, &json!({"employeeOrgData": null})).await.is(204);
    let user = client.get(&format!("{path}?{select}")).await.is(200).json;
    assert_eq!(user["employeeOrgData"], Value::Null);
}

async fn every_wrong_member_is_named(app: TestApp) {
    let client = app.client().await;
    let path = format!("/v1.0/users/{}", app.person("Jan Jansen").await);
    let body = json!({
        "employeeOrgData": {"team": "x"},
        "onPremisesExtensionAttributes": {"extensionAttribute16": "x"},
        "assignedLicenses": [{"skuId": "62e90394-69f5-4237-9190-012177145e10"}],
    });
    let refused = client.patch(&path, &body).await.refuses(400, "Request_BadRequest");
    let named = ["employeeOrgData", "onPremisesExtensionAttributes", "assignedLicenses"];
    for target in named {
        assert!(refused.targets().contains(&target), "{}", refused.text);
    }
}

async fn what_no_other_service_provides_is_empty(app: TestApp) {
    let client = app.client().await;
    let path = format!("/v1.0/users/{}", app.person("Jan Jansen").await);
    let select = "$select=assignedLicenses,assignedPlans,imAddresses,onPremisesSyncEnabled,\
                  onPremisesLastSyncDateTime,onPremisesProvisioningErrors,securityIdentifier";
    let user = client.get(&format!("{path}?{select}")).await.is(200).json;
    for collection in
        ["assignedLicenses", "assignedPlans", "imAddresses", "onPremisesProvisioningErrors"]
    {
        assert_eq!(user[collection], json!([]), "{collection}");
    }
    assert_eq!(user["onPremisesSyncEnabled"], Value::Null);
    assert!(user["securityIdentifier"].as_str().unwrap().starts_with("S-1-12-1-"));
    client.patch(&path, &user).await.is(204);
}

async fn the_anchor_of_an_administrator_is_sensitive(app: TestApp) {
    let (admin, _) = app.holder("Ada Admin", &["exchange"]).await;
    let client = app.as_role("user").await;
    let path = format!("/v1.0/users/{admin}");
    let body = json!({"onPremisesImmutableId": "x"});
    client.patch(&path, &body).await.refuses(403, "Authorization_RequestDenied");
    let path = format!("/v1.0/users/{}", app.person("Jan Jansen").await);
    client.patch(&path, &body).await.is(204);
}
