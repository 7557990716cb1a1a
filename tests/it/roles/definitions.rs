//! Role definitions: each role tells in English and Dutch what it is and what it may do.

use super::rows;
use roster_tests::{ROLES, TestApp, on_both, template_id};
use serde_json::{Value, json};
use std::collections::BTreeSet;

on_both! {
    the_eight_roles_are_described_in_both_languages,
    a_definition_lists_the_permissions_of_its_column_with_their_measures,
    definitions_are_selected_filtered_ordered_and_paged,
    a_definition_is_read_by_its_template_id,
    built_in_roles_cannot_be_written,
    a_description_names_what_the_documentation_says_of_the_role,
}

const PATH: &str = "/v1.0/roleManagement/directory/roleDefinitions";

const NAMES: [(&str, &str, &str); 8] = [
    ("billing", "Billing Administrator", "Factureringsbeheerder"),
    ("global", "Global Administrator", "Hoofdbeheerder"),
    ("password", "Password Administrator", "Wachtwoordbeheerder"),
    ("service", "Service Administrator", "Servicebeheerder"),
    ("user", "User Management Administrator", "Beheerder gebruikerstoegang"),
    ("exchange", "Exchange Administrator", "Exchange-beheerder"),
    ("sharepoint", "SharePoint Administrator", "SharePoint-beheerder"),
    ("skype", "Skype for Business Administrator", "Skype voor Bedrijven-beheerder"),
];

async fn the_eight_roles_are_described_in_both_languages(app: TestApp) {
    let member = app.as_member().await;
    let english = member.get(PATH).await.is(200);
    let dutch = member.with("Accept-Language", "nl-NL, en;q=0.5").get(PATH).await.is(200);
    assert_eq!((english.items().len(), dutch.items().len()), (8, 8));
    for (role, in_english, in_dutch) in NAMES {
        let of = |answer: &roster_tests::Answer| -> Value {
            let found = answer.items().iter().find(|item| item["id"] == template_id(role));
            found.unwrap_or_else(|| panic!("no {role}: {answer}")).clone()
        };
        let (english, dutch) = (of(&english), of(&dutch));
        assert_eq!(
            (&english["displayName"], &dutch["displayName"]),
            (&json!(in_english), &json!(in_dutch))
        );
        assert_ne!(english["description"], dutch["description"], "{role}");
        for each in [english, dutch] {
            assert!(each["description"].as_str().is_some_and(|text| text.len() > 20), "{each}");
            assert_eq!(each["templateId"], template_id(role));
            assert_eq!((&each["isBuiltIn"], &each["isEnabled"]), (&json!(true), &json!(true)));
            assert_eq!(each["resourceScopes"], json!(["/"]));
        }
    }
}

async fn a_definition_lists_the_permissions_of_its_column_with_their_measures(app: TestApp) {
    let member = app.as_member().await;
    for (at, (role, id)) in ROLES.iter().enumerate() {
        let found = member.get(&format!("{PATH}/{id}")).await.is(200);
        let actions = found["rolePermissions"][0]["allowedResourceActions"].as_array().unwrap();
        let told: BTreeSet<String> =
            actions.iter().map(|action| action.as_str().unwrap().to_owned()).collect();
        let mut expected: BTreeSet<String> = rows()
            .filter(|(_, _, cells)| cells[at] != "no")
            .map(|(key, _, cells)| format!("roster.directory/{key}/{}", cells[at]))
            .collect();
        if ["global", "exchange"].contains(role) {
            // Beside the matrix: contacts (A3) and groups with mail (A1).
            expected.insert("roster.directory/manage_contacts/yes".to_owned());
            expected.insert("roster.directory/manage_recipients/yes".to_owned());
        }
        assert_eq!(told, expected, "{role}");
    }
}

/// What the documentation says first of a role, in words that stand in our description.
const TASKS: [(&str, [&str; 4], [&str; 4]); 4] = [
    (
        "billing",
        ["products", "subscriptions", "tickets", "service status"],
        ["producten", "abonnementen", "tickets", "servicestatus"],
    ),
    (
        "password",
        ["passwords", "service requests", "service status", "no administrator role"],
        ["wachtwoorden", "serviceaanvragen", "servicestatus", "zonder beheerdersrol"],
    ),
    (
        "user",
        ["passwords", "service requests", "service status", "people, groups"],
        ["wachtwoorden", "serviceaanvragen", "servicestatus", "mensen, groepen"],
    ),
    (
        "service",
        ["tickets", "service status", "messages", "together"],
        ["tickets", "servicestatus", "berichten", "hoort bij"],
    ),
];

async fn a_description_names_what_the_documentation_says_of_the_role(app: TestApp) {
    let member = app.as_member().await;
    for (role, english, dutch) in TASKS {
        let path = format!("{PATH}/{}", template_id(role));
        for (language, words) in [("en", english), ("nl", dutch)] {
            let found = member.with("Accept-Language", language).get(&path).await.is(200);
            let text = found.text_of("description");
            for word in words {
                assert!(text.contains(word), "{role}: {text} lacks {word}");
            }
        }
    }
}

async fn definitions_are_selected_filtered_ordered_and_paged(app: TestApp) {
    let member = app.as_member().await;
    let one = [("$filter", "displayName eq 'billing administrator'"), ("$select", "displayName")];
    let found = member.query(PATH, &one).await.is(200);
    assert_eq!(found.column("displayName"), ["Billing Administrator"]);
    assert_eq!(found.items()[0]["description"], Value::Null, "not selected: {found}");
    let ordered = member.query(PATH, &[("$orderby", "displayName desc")]).await.is(200);
    let mut names: Vec<String> = NAMES.iter().map(|(_, name, _)| (*name).to_owned()).collect();
    names.sort_by_key(|name| std::cmp::Reverse(name.to_lowercase()));
    assert_eq!(ordered.column("displayName"), names);
    let paged = member.all(&format!("{PATH}?$top=3&$orderby=displayName%20desc")).await;
    let paged: Vec<&Value> = paged.iter().map(|each| &each["displayName"]).collect();
    assert_eq!(json!(paged), json!(names));
    let counted = member.query(PATH, &[("$count", "true"), ("$top", "1")]).await.is(200);
    assert_eq!(counted["@odata.count"], 8);
    member.query(PATH, &[("$filter", "shoeSize eq 43")]).await.refuses(400, "Request_BadRequest");
    member.query(PATH, &[("$top", "0")]).await.is(400).enveloped();
}

async fn a_definition_is_read_by_its_template_id(app: TestApp) {
    let member = app.as_member().await;
    let path = format!("{PATH}/{}", template_id("user"));
    let dutch = member.with("Accept-Language", "nl").get(&path).await.is(200);
    assert_eq!(dutch["displayName"], "Beheerder gebruikerstoegang");
    let nobody = "00000000-0000-0000-0000-000000000000";
    member.get(&format!("{PATH}/{nobody}")).await.refuses(404, "Request_ResourceNotFound");
    member.get(&format!("{PATH}/king")).await.refuses(404, "Request_ResourceNotFound");
    app.anonymous().get(PATH).await.refuses(401, "InvalidAuthenticationToken");
}

async fn built_in_roles_cannot_be_written(app: TestApp) {
    let global = app.as_global().await;
    let body = json!({"displayName": "King", "rolePermissions": [], "isEnabled": true});
    let path = format!("{PATH}/{}", template_id("billing"));
    for answer in [
        global.post(PATH, &body).await,
        global.patch(&path, &body).await,
        global.delete(&path).await,
    ] {
        assert_eq!(answer.status, 405, "{answer}");
        assert_eq!(answer.header("allow"), "GET, HEAD", "{answer}");
        answer.enveloped();
    }
    assert_eq!(global.get(&path).await.is(200)["displayName"], "Billing Administrator");
}
