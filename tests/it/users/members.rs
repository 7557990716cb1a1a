//! What a member without a role reads of others (S36, S39).

use roster_tests::{TestApp, on_both, person};
use serde_json::{Value, json};

on_both! {
    a_member_reads_the_public_properties_only,
    naming_a_restricted_property_is_refused_with_an_explanation,
    a_hidden_person_does_not_exist_for_members,
    hidden_people_see_themselves,
    a_member_changes_nothing,
}

/// What members may read of others.
const PUBLIC: &str = "id,userPrincipalName,displayName,givenName,surname,jobTitle,department,\
                      companyName,officeLocation,streetAddress,city,state,postalCode,country,\
                      faxNumber,mobilePhone,businessPhones,mail";

/// What they may not.
const RESTRICTED: [&str; 13] = [
    "accountEnabled",
    "alternateEmail",
    "createdDateTime",
    "employeeHireDate",
    "employeeId",
    "lastPasswordChangeDateTime",
    "mailNickname",
    "otherMails",
    "passwordPolicies",
    "proxyAddresses",
    "showInAddressList",
    "usageLocation",
    "userType",
];

async fn a_member_reads_the_public_properties_only(app: TestApp) {
    let member = app.as_member().await;
    let mut body = person("Jan Jansen");
    body["alternateEmail"] = json!("secret@elsewhere.example");
    body["preferredLanguage"] = json!("nl-NL");
    let path = format!("/v1.0/users/{}", app.create(&body).await.id());
    for answer in [
        member.get(&path).await.is(200).json,
        member.get("/v1.0/users?$filter=displayName%20eq%20'Jan%20Jansen'").await.json["value"][0]
            .clone(),
    ] {
        assert_eq!(answer["displayName"], "Jan Jansen");
        for restricted in RESTRICTED.iter().chain(&["preferredLanguage"]) {
            assert!(answer.get(*restricted).is_none(), "{restricted}: {answer}");
        }
        assert!(!answer.to_string().contains("elsewhere"), "{answer}");
    }
    let selected = member.get(&format!("{path}?$select={PUBLIC}")).await.is(200);
    assert_eq!(selected.json.as_object().unwrap().len(), PUBLIC.split(',').count() + 2);
    app.as_role("billing").await.get(&format!("{path}?$select=usageLocation")).await.is(200);
}

async fn naming_a_restricted_property_is_refused_with_an_explanation(app: TestApp) {
    let member = app.as_member().await;
    for property in RESTRICTED {
        for (option, value) in [
            ("$select", property.to_owned()),
            ("$filter", format!("{property} eq null")),
            ("$filter", format!("not (displayName eq 'x' or {property} ne null)")),
            ("$orderby", format!("displayName,{property} desc")),
            ("$search", format!("\"{property}:x\"")),
        ] {
            let refused = member.query("/v1.0/users", &[(option, &value)]).await;
            let refused = refused.refuses(403, "Authorization_RequestDenied");
            let explanation = &refused["error"]["innerError"]["authorization"];
            assert_eq!(explanation["permission"], "view_organization_and_users", "{refused}");
            assert_eq!(explanation["matrixRow"], 1, "{refused}");
        }
    }
    member.get("/v1.0/users/$count?$filter=usageLocation%20eq%20'NL'").await.is(403);
    member.get("/v1.0/me?$select=usageLocation").await.is(403);
}

async fn hidden(app: &TestApp) -> (String, roster_tests::Client) {
    let (id, session) = app.holder("Hidden Person", &[]).await;
    let hide = json!({"showInAddressList": false});
    app.client().await.patch(&format!("/v1.0/users/{id}"), &hide).await.is(204);
    (id, session)
}

async fn a_hidden_person_does_not_exist_for_members(app: TestApp) {
    let member = app.as_member().await;
    let (id, _) = hidden(&app).await;
    let hidden = member.get(&format!("/v1.0/users/{id}")).await;
    let unknown = "01900000-0000-7000-8000-000000000000";
    let nobody = member.get(&format!("/v1.0/users/{unknown}")).await;
    let told = hidden.refuses(404, "Request_ResourceNotFound").message().replace(&id, unknown);
    assert_eq!(told, nobody.is(404).message());
    let listed = member.all("/v1.0/users").await;
    assert!(listed.iter().all(|user| user["id"] != json!(id)));
    let filter = [("$filter", "displayName eq 'Hidden Person'")];
    assert_eq!(member.query("/v1.0/users/$count", &filter).await.text, "0");
    let search = [("$search", "\"displayName:hidden\"")];
    assert_eq!(member.query("/v1.0/users", &search).await.items().len(), 0);
    app.as_role("skype").await.get(&format!("/v1.0/users/{id}")).await.is(200);
}

async fn hidden_people_see_themselves(app: TestApp) {
    let (id, session) = hidden(&app).await;
    assert_eq!(session.get("/v1.0/me").await.is(200).id(), id);
    session.get(&format!("/v1.0/users/{id}")).await.is(200);
    let listed = session.all("/v1.0/users").await;
    assert!(listed.iter().any(|user| user["id"] == json!(id)), "also in lists");
}

async fn a_member_changes_nothing(app: TestApp) {
    let (id, session) = app.holder("Jan", &[]).await;
    let path = format!("/v1.0/users/{id}");
    let before = app.client().await.get(&path).await.text;
    let bodies: [Value; 3] = [
        json!({"jobTitle": "King"}),
        json!({"roles": ["global"]}),
        json!({"passwordProfile": {"forceChangePasswordNextSignIn": false}}),
    ];
    for body in &bodies {
        session.patch(&path, body).await.refuses(403, "Authorization_RequestDenied");
    }
    session.delete(&path).await.is(403);
    session.post("/v1.0/users", &person("Other")).await.is(403);
    assert_eq!(app.client().await.get(&path).await.text, before);
}
