//! Creating users (R51–R56, R60–R61, R92–R94, R103–R105, A31).

use roster_tests::{INITIAL_DOMAIN, PASSWORD, TestApp, on_both, person, upn};
use serde_json::{Value, json};

on_both! {
    a_new_user_has_the_documented_defaults,
    a_generated_password_is_shown_once_and_must_be_changed,
    a_given_password_is_never_repeated,
    a_user_of_a_custom_domain_gets_a_routing_address_at_the_initial_domain,
    the_initial_domain_first_and_the_custom_domain_second_is_allowed,
    the_custom_domain_first_and_the_initial_domain_second_is_refused,
    names_stand_in_verified_domains_of_the_organisation,
    every_offending_property_is_named_and_nothing_is_left_behind,
    required_properties_are_named_together,
    an_administrator_needs_an_alternate_address_outside_the_organisation,
    roles_at_creation_need_the_right_to_delegate_them,
    the_service_role_needs_a_companion_at_creation,
    both_spellings_of_the_alternate_address_work_and_must_agree,
    a_name_or_address_in_use_is_refused_in_any_case,
    user_names_have_only_the_documented_characters,
    weak_passwords_are_refused,
    a_password_must_not_carry_the_name_of_the_organisation,
    members_of_a_password_profile_are_unknown_or_of_a_wrong_type,
    aliases_are_held_and_bounded,
    addresses_that_contradict_each_other_are_refused,
    what_the_database_knows_is_told_beside_what_the_body_shows,
    a_member_is_sent_once_in_whatever_case,
    what_the_python_sdk_sends_is_understood,
}

const CUSTOM: &str = "contoso.example";

async fn count(app: &TestApp) -> String {
    app.client().await.get("/v1.0/users/$count").await.is(200).text
}

async fn details(app: &TestApp, id: &str) -> Value {
    let all = "accountEnabled,mailNickname,mail,proxyAddresses,userType,usageLocation,otherMails,\
               alternateEmail,userPrincipalName,officeLocation";
    app.client().await.get(&format!("/v1.0/users/{id}?$select={all}")).await.is(200).json
}

async fn a_new_user_has_the_documented_defaults(app: TestApp) {
    let global = app.as_global().await;
    let made = global.post("/v1.0/users", &person("Jan Jansen")).await.is(201);
    assert!(made.header("location").ends_with(&format!("/v1.0/users/{}", made.id())));
    assert_eq!(made.header("etag"), "\"v1\"");
    assert_eq!(made["@odata.etag"], "\"v1\"");
    assert!(made.text_of("@odata.context").ends_with("/v1.0/$metadata#users/$entity"));
    assert_eq!(made["businessPhones"], json!([]), "collections are empty, never null");
    assert_eq!(made["jobTitle"], Value::Null, "what is not set is present as null");
    assert!(made.json.get("accountEnabled").is_none(), "outside the default properties");
    let read = global.get(made.header("location")).await.is(200);
    assert_eq!(read["userPrincipalName"], upn("Jan Jansen"));
    let user = details(&app, &made.id()).await;
    assert_eq!(user["accountEnabled"], true);
    assert_eq!(user["userType"], "Member");
    assert_eq!(user["mailNickname"], "janjansen");
    assert_eq!(user["mail"], upn("Jan Jansen"));
    assert_eq!(user["proxyAddresses"], json!([format!("SMTP:{}", upn("Jan Jansen"))]));
}

async fn a_generated_password_is_shown_once_and_must_be_changed(app: TestApp) {
    let made = app.create(&person("Jan Jansen")).await;
    let password = made["passwordProfile"]["password"].as_str().expect("a password").to_owned();
    assert!(password.len() >= 16, "{password}");
    assert_eq!(made["passwordProfile"]["forceChangePasswordNextSignIn"], true);
    let read = app.client().await.get(&format!("/v1.0/users/{}", made.id())).await.is(200);
    assert!(!read.text.contains(&password) && !read.text.contains("passwordProfile"), "{read}");
    let refused = app.password_grant(&upn("Jan Jansen"), &password).await.is(400);
    assert_eq!(refused["error"], "invalid_grant");
    assert!(refused.text_of("error_description").starts_with("password change required"));
}

async fn a_given_password_is_never_repeated(app: TestApp) {
    let mut body = person("Jan Jansen");
    body["passwordProfile"] = json!({"password": PASSWORD, "forceChangePasswordNextSignIn": false});
    let made = app.create(&body).await;
    assert!(!made.text.contains(PASSWORD), "{made}");
    let token = app.sign_in(&upn("Jan Jansen")).await;
    app.bearer(&token).get("/v1.0/me").await.is(200);
}

async fn a_user_of_a_custom_domain_gets_a_routing_address_at_the_initial_domain(app: TestApp) {
    app.add_domain(CUSTOM, true).await;
    let name = format!("geoff@{CUSTOM}");
    let made = app.create(&json!({"displayName": "Geoff", "userPrincipalName": name})).await;
    let user = details(&app, &made.id()).await;
    let routing = format!("smtp:geoff@{INITIAL_DOMAIN}");
    assert_eq!(user["proxyAddresses"], json!([format!("SMTP:{name}"), routing]));
    let path = format!("/v1.0/users/{}", made.id());
    let renamed = json!({"userPrincipalName": format!("jeff@{CUSTOM}")});
    app.client().await.patch(&path, &renamed).await.is(204);
    let proxies = details(&app, &made.id()).await["proxyAddresses"].clone();
    assert!(proxies.to_string().contains(&routing), "it does not follow a rename: {proxies}");
}

async fn the_initial_domain_first_and_the_custom_domain_second_is_allowed(app: TestApp) {
    app.add_domain(CUSTOM, true).await;
    let first = format!("geoff@{INITIAL_DOMAIN}");
    app.create(&json!({"displayName": "Geoff", "userPrincipalName": first})).await;
    let second = format!("geoff@{CUSTOM}");
    let made = app.create(&json!({"displayName": "Geoff 2", "userPrincipalName": second})).await;
    let proxies = details(&app, &made.id()).await["proxyAddresses"].clone();
    let routing = proxies[1].as_str().expect("a routing address").to_owned();
    let digits = routing
        .strip_prefix("smtp:geoff")
        .and_then(|rest| rest.strip_suffix(&format!("@{INITIAL_DOMAIN}")))
        .expect("the alias with four digits");
    assert!(digits.len() == 4 && digits.bytes().all(|b| b.is_ascii_digit()), "{routing}");
}

async fn the_custom_domain_first_and_the_initial_domain_second_is_refused(app: TestApp) {
    app.add_domain(CUSTOM, true).await;
    let first = format!("geoff@{CUSTOM}");
    app.create(&json!({"displayName": "Geoff", "userPrincipalName": first})).await;
    let second =
        json!({"displayName": "G", "userPrincipalName": format!("geoff@{INITIAL_DOMAIN}")});
    let refused = app.client().await.post("/v1.0/users", &second).await;
    let refused = refused.refuses(400, "Request_BadRequest");
    assert!(refused.targets().contains(&"userPrincipalName"), "{refused}");
    assert!(refused.text.contains("ReservedByInitialDomain"), "{refused}");
}

async fn names_stand_in_verified_domains_of_the_organisation(app: TestApp) {
    app.add_domain("pending.example", false).await;
    app.other_tenant().await;
    for domain in ["pending.example", "unknown.example", roster_tests::OTHER_DOMAIN] {
        let body = json!({"displayName": "J", "userPrincipalName": format!("jan@{domain}")});
        let refused = app.client().await.post("/v1.0/users", &body).await;
        let refused = refused.refuses(400, "Request_BadRequest");
        assert!(refused.targets().contains(&"userPrincipalName"), "{refused}");
        assert!(refused.text.contains("DomainNotVerified"), "{refused}");
    }
}

async fn every_offending_property_is_named_and_nothing_is_left_behind(app: TestApp) {
    let client = app.client().await;
    let before = count(&app).await;
    let body = json!({
        "displayName": " ",
        "userPrincipalName": "no name",
        "usageLocation": "XX",
        "mailNickname": "two words",
        "businessPhones": ["1", "2"],
        "accountEnabled": "yes",
        "userType": "Robot",
        "employeeHireDate": "tomorrow",
        "jobTitle": "x".repeat(65),
        "otherMails": ["not an address"],
        "passwordPolicies": "Everything",
        "shoeSize": 43,
        "roles": ["king"],
        "passwordProfile": {"password": "short"},
    });
    let refused = client.post("/v1.0/users", &body).await.refuses(400, "Request_BadRequest");
    let named = [
        "accountEnabled",
        "businessPhones",
        "displayName",
        "employeeHireDate",
        "jobTitle",
        "mailNickname",
        "otherMails",
        "passwordPolicies",
        "passwordProfile/password",
        "roles",
        "shoeSize",
        "usageLocation",
        "userPrincipalName",
        "userType",
    ];
    assert_eq!(refused.targets(), named, "{refused}");
    assert!(!refused.text.contains("short"), "a password is never repeated: {refused}");
    assert_eq!(count(&app).await, before);
}

async fn required_properties_are_named_together(app: TestApp) {
    let client = app.client().await;
    let refused = client.post("/v1.0/users", &json!({})).await.refuses(400, "Request_BadRequest");
    assert_eq!(refused.targets(), ["displayName", "userPrincipalName"]);
}

async fn an_administrator_needs_an_alternate_address_outside_the_organisation(app: TestApp) {
    let client = app.client().await;
    let before = count(&app).await;
    let mut body = person("Jan Jansen");
    body["roles"] = json!(["exchange"]);
    let inside = format!("someone@{INITIAL_DOMAIN}");
    for alternate in [Value::Null, json!(inside)] {
        body["alternateEmail"] = alternate;
        let refused = client.post("/v1.0/users", &body).await.refuses(400, "Request_BadRequest");
        assert_eq!(refused.targets(), ["alternateEmail"], "{refused}");
    }
    assert_eq!(count(&app).await, before);
    body["alternateEmail"] = json!("jan@elsewhere.example");
    let id = app.create(&body).await.id();
    app.assignment(&id, "exchange").await;
}

async fn roles_at_creation_need_the_right_to_delegate_them(app: TestApp) {
    let before = count(&app).await;
    let user_administrator = app.as_role("user").await;
    let created = count(&app).await;
    assert_ne!(before, created, "the user administrator was made");
    let mut body = person("Jan Jansen");
    body["alternateEmail"] = json!("jan@elsewhere.example");
    body["roles"] = json!(["billing"]);
    let refused = user_administrator.post("/v1.0/users", &body).await;
    let refused = refused.refuses(403, "Authorization_RequestDenied");
    let explanation = &refused["error"]["innerError"]["authorization"];
    assert_eq!(explanation["permission"], "delegate_admin_roles");
    assert_eq!(explanation["matrixRow"], 12);
    assert_eq!(explanation["grantingRoles"], json!(["global"]));
    assert_eq!(count(&app).await, created, "nothing was created");
    body["roles"] = json!([]);
    user_administrator.post("/v1.0/users", &body).await.is(201);
}

async fn the_service_role_needs_a_companion_at_creation(app: TestApp) {
    let client = app.client().await;
    let mut body = person("Jan Jansen");
    body["alternateEmail"] = json!("jan@elsewhere.example");
    body["roles"] = json!(["service"]);
    client.post("/v1.0/users", &body).await.refuses(409, "ServiceRolePrerequisite");
    client.get(&format!("/v1.0/users/{}", upn("Jan Jansen"))).await.is(404);
    body["roles"] = json!(["service", "sharepoint"]);
    client.post("/v1.0/users", &body).await.is(201);
}

async fn both_spellings_of_the_alternate_address_work_and_must_agree(app: TestApp) {
    let client = app.client().await;
    let mut body = person("Jan Jansen");
    body["otherMails"] = json!(["jan@one.example", "jan@two.example"]);
    let id = app.create(&body).await.id();
    assert_eq!(details(&app, &id).await["alternateEmail"], "jan@one.example");
    let path = format!("/v1.0/users/{id}");
    client.patch(&path, &json!({"alternateEmail": "jan@three.example"})).await.is(204);
    let others = details(&app, &id).await["otherMails"].clone();
    assert_eq!(others, json!(["jan@three.example", "jan@two.example"]));
    let both = json!({"alternateEmail": "a@one.example", "otherMails": ["b@one.example"]});
    let refused = client.patch(&path, &both).await.refuses(400, "Request_BadRequest");
    assert_eq!(refused.targets(), ["alternateEmail"]);
}

async fn a_name_or_address_in_use_is_refused_in_any_case(app: TestApp) {
    let client = app.client().await;
    let mut first = person("Jan Jansen");
    first["proxyAddresses"] = json!([format!("smtp:j.jansen@{INITIAL_DOMAIN}")]);
    app.create(&first).await;
    for taken in ["JANJANSEN", "janjansen", "J.Jansen"] {
        let name = format!("{taken}@{}", INITIAL_DOMAIN.to_uppercase());
        let body = json!({"displayName": "Other", "userPrincipalName": name});
        let refused = client.post("/v1.0/users", &body).await.refuses(400, "Request_BadRequest");
        assert!(refused.targets().contains(&"userPrincipalName"), "{refused}");
        assert!(refused.text.contains("ObjectConflict"), "{refused}");
    }
}

async fn user_names_have_only_the_documented_characters(app: TestApp) {
    let client = app.client().await;
    let long = "x".repeat(65);
    for local in ["jan jansen", "jan.", "", "jan\"", "ján", "jan,jansen", "a@b", &long] {
        let name = format!("{local}@{INITIAL_DOMAIN}");
        let body = json!({"displayName": "J", "userPrincipalName": name});
        let refused = client.post("/v1.0/users", &body).await.refuses(400, "Request_BadRequest");
        assert!(refused.targets().contains(&"userPrincipalName"), "{local}: {refused}");
    }
    for local in ["o'neill", "j.j-j_j", "a!#^~b", &long[..64]] {
        let name = format!("{local}@{INITIAL_DOMAIN}");
        client
            .post("/v1.0/users", &json!({"displayName": "J", "userPrincipalName": name}))
            .await
            .is(201);
        client
            .get(&format!("/v1.0/users/{}", name.replace('#', "%23").replace('^', "%5E")))
            .await
            .is(200);
    }
}

async fn weak_passwords_are_refused(app: TestApp) {
    let client = app.client().await;
    let long = "aB3-".repeat(65);
    for password in ["Ab1!xyz", "alllowercaseletters", "Welkom01!", "wachtwoord-é-A1", &long] {
        let mut body = person("Jan Jansen");
        body["passwordProfile"] = json!({"password": password});
        let refused = client.post("/v1.0/users", &body).await.refuses(400, "Request_BadRequest");
        assert_eq!(refused.targets(), ["passwordProfile/password"], "{password}: {refused}");
        assert!(!refused.text.contains(password), "a password is never repeated: {refused}");
    }
}

async fn a_password_must_not_carry_the_name_of_the_organisation(app: TestApp) {
    let mut body = person("Jan Jansen");
    body["passwordProfile"] = json!({"password": "Contoso1!x"});
    let refused = app.client().await.post("/v1.0/users", &body).await;
    assert_eq!(refused.refuses(400, "Request_BadRequest").targets(), ["passwordProfile/password"]);
}

async fn addresses_that_contradict_each_other_are_refused(app: TestApp) {
    let client = app.client().await;
    let at = |name: &str| format!("{name}@{INITIAL_DOMAIN}");
    let (small, capital) = (format!("smtp:{}", at("a")), format!("SMTP:{}", at("a")));
    for (given, target) in [
        (json!({"mail": null, "proxyAddresses": [small]}), "proxyAddresses"),
        (json!({"mail": at("b"), "proxyAddresses": [capital]}), "proxyAddresses"),
        (json!({"proxyAddresses": [capital, format!("SMTP:{}", at("b"))]}), "proxyAddresses"),
        (json!({"alternateEmail": "a@b.example", "otherMails": []}), "alternateEmail"),
        (json!({"alternateEmail": null, "otherMails": ["a@b.example"]}), "alternateEmail"),
    ] {
        let mut body = person("Jan Jansen");
        body.as_object_mut().unwrap().extend(given.as_object().unwrap().clone());
        let refused = client.post("/v1.0/users", &body).await.refuses(400, "Request_BadRequest");
        assert_eq!(refused.targets(), [target], "{given}: {refused}");
    }
    let mut body = person("Jan Jansen");
    body["mail"] = json!(null);
    let id = app.create(&body).await.id();
    let path = format!("/v1.0/users/{id}");
    let refused = client.patch(&path, &json!({"proxyAddresses": [small]})).await;
    assert_eq!(refused.refuses(400, "Request_BadRequest").targets(), ["proxyAddresses"]);
    client.patch(&path, &json!({"proxyAddresses": [capital]})).await.is(204);
    // Clients send back what they read: only what differs is a wish.
    let read = details(&app, &id).await;
    assert_eq!(read["mail"], at("a"));
    let both = json!({"mail": at("c"), "proxyAddresses": read["proxyAddresses"]});
    client.patch(&path, &both).await.is(204);
    let read = details(&app, &id).await;
    assert_eq!(
        (&read["mail"], &read["proxyAddresses"][0]),
        (&json!(at("c")), &json!(format!("SMTP:{}", at("c"))))
    );
}

async fn what_the_database_knows_is_told_beside_what_the_body_shows(app: TestApp) {
    let client = app.client().await;
    let body = json!({
        "displayName": "Jan", "userPrincipalName": "jan@unknown.example", "id": "x",
        "roles": ["exchange"], "alternateEmail": "jan@home.example",
        "otherMails": ["jan@home.example", "two words@x.example", "fine@x.example", "x"],
    });
    let refused = client.post("/v1.0/users", &body).await.refuses(400, "Request_BadRequest");
    assert_eq!(refused.targets(), ["id", "otherMails", "userPrincipalName"], "{refused}");
    let message = refused.json["error"]["details"].to_string();
    assert!(message.contains("'otherMails' item 2 ") && message.contains("; item 4 "), "{message}");
}

async fn a_member_is_sent_once_in_whatever_case(app: TestApp) {
    let client = app.client().await;
    let twice = [
        ("displayName", json!("Jan"), "DisplayName", json!("Piet")),
        ("mail", json!("jan@contoso.onroster.example"), "MAIL", json!(null)),
        ("passwordProfile", json!({"password": "Kale-Umbrella-91"}), "PasswordProfile", json!({})),
    ];
    for (name, value, again, other) in twice {
        let mut body = person("Jan Jansen");
        body[name] = value;
        body[again] = other;
        let refused = client.post("/v1.0/users", &body).await.refuses(400, "Request_BadRequest");
        assert_eq!(refused["error"]["details"][0]["code"], "DuplicateProperty", "{refused}");
    }
}

async fn members_of_a_password_profile_are_unknown_or_of_a_wrong_type(app: TestApp) {
    let client = app.client().await;
    for (name, value, code, words) in [
        ("forceChangePasswordNextSignIn", json!("no"), "InvalidValue", "must be true or false."),
        ("password", json!(12345678), "InvalidValue", "must be a string."),
        ("forceChangePasswordNextSignInWithMfa", json!(true), "InvalidValue", "is not served."),
        ("foo", json!(1), "UnknownProperty", "is not a property of a password profile."),
    ] {
        let mut body = person("Jan Jansen");
        body["passwordProfile"][name] = value;
        let refused = client.post("/v1.0/users", &body).await.refuses(400, "Request_BadRequest");
        assert_eq!(refused.targets(), [format!("passwordProfile/{name}")], "{refused}");
        assert_eq!(refused["error"]["details"][0]["code"], code, "{refused}");
        assert!(refused.message().ends_with(words), "{refused}");
    }
}

async fn aliases_are_held_and_bounded(app: TestApp) {
    let client = app.client().await;
    let aliases = |count: usize| -> Vec<String> {
        (0..count).map(|number| format!("smtp:alias{number}@{INITIAL_DOMAIN}")).collect()
    };
    let mut body = person("Jan Jansen");
    body["proxyAddresses"] = json!(aliases(401));
    let refused = client.post("/v1.0/users", &body).await.refuses(400, "Request_BadRequest");
    assert_eq!(refused.targets(), ["proxyAddresses"]);
    body["proxyAddresses"] = json!(aliases(3));
    let id = app.create(&body).await.id();
    let proxies = details(&app, &id).await["proxyAddresses"].clone();
    assert_eq!(proxies[0], format!("SMTP:{}", upn("Jan Jansen")));
    assert_eq!(proxies.as_array().map(Vec::len), Some(4));
    body["userPrincipalName"] = json!(upn("Somebody Else"));
    let refused = client.post("/v1.0/users", &body).await.refuses(400, "Request_BadRequest");
    assert_eq!(refused.targets(), ["proxyAddresses"]);
    body["proxyAddresses"] = json!(["smtp:jan@unknown.example"]);
    let refused = client.post("/v1.0/users", &body).await.refuses(400, "Request_BadRequest");
    assert_eq!(refused.targets(), ["proxyAddresses"]);
}

async fn what_the_python_sdk_sends_is_understood(app: TestApp) {
    let client = app.client().await;
    let mut body = person("Jan Jansen");
    body["@odata.type"] = json!("#microsoft.graph.user");
    body["officeLocation"] = json!("14");
    let id = app.create(&body).await.id();
    let path = format!("/v1.0//users/{id}");
    let cleared = json!({"@odata.type": "#microsoft.graph.user", "office_location": null});
    client.patch(&path, &cleared).await.is(204);
    assert_eq!(details(&app, &id).await["officeLocation"], Value::Null);
    let refused = client.patch(&path, &json!({"office_location": "15"})).await;
    assert_eq!(refused.refuses(400, "Request_BadRequest").targets(), ["office_location"]);
}
