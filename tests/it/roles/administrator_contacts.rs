//! The report on administrators who cannot be reached as they should (A20, S2).

use super::reachable;
use roster_tests::{TestApp, on_both};
use serde_json::{Value, json};
use std::collections::BTreeMap;

on_both! {
    the_report_names_what_each_administrator_lacks,
    an_address_in_a_domain_that_came_later_is_reported,
    the_report_is_a_file_for_spreadsheets_too,
    the_report_is_paged_and_misses_nobody,
    only_who_manages_reports_reads_it,
}

const PATH: &str = "/v1.0/reports/administratorContacts";

/// Somebody with this mobile number who became an administrator with these roles; returns the id.
async fn administrator(app: &TestApp, name: &str, roles: &[&str], mobile: Option<&str>) -> String {
    let mut body = reachable(name);
    body["mobilePhone"] = json!(mobile);
    let id = app.create(&body).await.id();
    for role in roles {
        app.assign(&id, role).await;
    }
    id
}

async fn the_report_names_what_each_administrator_lacks(app: TestApp) {
    let well = administrator(&app, "Well", &["global"], Some("+31 6 12345678")).await;
    let local = administrator(&app, "Local", &["billing", "user"], Some("06 12345678")).await;
    let none = administrator(&app, "None", &["skype"], None).await;
    let plain = app.person("Plain").await;
    let report = app.as_global().await.get(PATH).await.is(200);
    let found: BTreeMap<&str, &Value> =
        report.items().iter().map(|each| (each["id"].as_str().unwrap(), each)).collect();
    assert!(!found.contains_key(&*well) && !found.contains_key(&*plain), "{report}");
    assert_eq!(found[&*local]["missing"], json!(["mobilePhoneCountryCode"]));
    assert_eq!(found[&*local]["roles"], json!(["billing", "user"]));
    assert_eq!(found[&*local]["displayName"], "Local");
    assert_eq!(found[&*none]["missing"], json!(["mobilePhone"]));
    // The first administrator came with the organisation and has told nothing of itself.
    let first = report.items().iter().find(|each| each["userPrincipalName"] == app.administrator.0);
    assert_eq!(first.unwrap()["missing"], json!(["alternateEmail", "mobilePhone"]));
    assert!(report.items().iter().all(|each| each["id"] != app.credentials.0.as_str()), "a client");
    app.client().await.delete(&format!("/v1.0/users/{none}")).await.is(204);
    let report = app.as_global().await.get(PATH).await.is(200);
    assert!(!report.column("id").contains(&none), "gone: {report}");
}

async fn an_address_in_a_domain_that_came_later_is_reported(app: TestApp) {
    let mut body = reachable("Early");
    body["roles"] = json!(["skype"]);
    body["mobilePhone"] = json!("+31 6 12345678");
    body["alternateEmail"] = json!("early@later.example");
    let id = app.create(&body).await.id();
    app.add_domain("later.example", true).await;
    let report = app.as_global().await.get(PATH).await.is(200);
    let found = report.items().iter().find(|each| each["id"] == id.as_str()).unwrap();
    assert_eq!(found["missing"], json!(["alternateEmailOutside"]));
}

async fn the_report_is_a_file_for_spreadsheets_too(app: TestApp) {
    let id = administrator(&app, "=Formula()", &["billing", "user"], None).await;
    let global = app.as_global().await;
    let file = global.with("Accept", "text/csv").get(PATH).await.is(200);
    assert!(file.header("content-type").starts_with("text/csv"), "{file}");
    assert!(file.header("content-disposition").contains("administrator-contacts.csv"));
    assert!(file.header("vary").contains("Accept"));
    let text = file.text.trim_start_matches('\u{feff}');
    assert!(text.starts_with("id,displayName,userPrincipalName,roles,missing"), "{file}");
    let row = text.lines().find(|line| line.contains(&id)).unwrap();
    assert!(row.contains("billing user") && row.ends_with("mobilePhone"), "{row}");
    assert!(!row.contains(",=Formula"), "a spreadsheet would run it: {row}");
    let first = global.with("Accept", "text/csv").query(PATH, &[("$top", "1")]).await.is(200);
    assert!(first.header("link").contains("rel=\"next\""), "{first}");
}

async fn the_report_is_paged_and_misses_nobody(app: TestApp) {
    let mut expected =
        vec![app.client().await.get(&format!("/v1.0/users/{}", app.administrator.0)).await.id()];
    for number in 0..5 {
        // Every second one lacks nothing and does not stand on its page.
        let mobile = (number % 2 == 0).then_some("+31612345678");
        let id = administrator(&app, &format!("Holder {number}"), &["billing"], mobile).await;
        if mobile.is_none() {
            expected.push(id);
        }
    }
    expected.sort_unstable();
    let client = app.client().await;
    for top in [1, 2, 3, 999] {
        let all = client.all(&format!("{PATH}?$top={top}")).await;
        let mut ids: Vec<&str> = all.iter().map(|each| each["id"].as_str().unwrap()).collect();
        ids.sort_unstable();
        assert_eq!(ids, expected, "{top}");
    }
    for (option, value) in [("$top", "0"), ("$top", "1000"), ("$skiptoken", "x")] {
        let refused = client.query(PATH, &[(option, value)]).await;
        assert_eq!(refused.refuses(400, "Request_BadRequest").targets(), [option]);
    }
}

async fn only_who_manages_reports_reads_it(app: TestApp) {
    for (name, client) in app.everyone().await {
        let answer = client.get(PATH).await;
        let may = ["global", "exchange", "sharepoint"].contains(&name);
        assert_eq!(answer.status, if may { 200 } else { 403 }, "{name}: {answer}");
    }
    app.anonymous().get(PATH).await.is(401).enveloped();
}
