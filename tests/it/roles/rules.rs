//! What must hold before somebody becomes an administrator, however the role is given (R74, R75,
//! R87, R88, R94, A19, A20).

use super::{PATH, assign, future_administrator, members, reachable, reference, roles_of};
use roster_tests::{Answer, Client, TestApp, on_both, person, upn};
use serde_json::{Value, json};

on_both! {
    an_administrator_needs_an_alternate_address,
    every_grant_needs_an_alternate_address_outside_the_organisation,
    a_grant_warns_of_an_older_mobile_number_without_country_code,
    a_mobile_number_given_to_an_administrator_has_its_country_code,
    the_service_role_comes_after_and_goes_before_its_companions,
    every_grant_and_removal_keeps_the_service_role_in_company,
    many_global_administrators_are_worth_a_warning,
    every_grant_warns_of_many_global_administrators,
    every_grant_of_billing_names_the_seller,
    a_billing_administrator_stays_when_a_seller_takes_over,
    the_view_of_billing_administrators_is_hidden_where_a_seller_does_the_billing,
    who_may_not_delegate_creates_nobody_with_a_role,
}

/// A way to give a role to somebody who exists, or who is created with it.
#[derive(Clone, Copy, Debug)]
enum Way {
    Creation,
    Assignment,
    Membership,
    Bulk,
}

const WAYS: [Way; 4] = [Way::Creation, Way::Assignment, Way::Membership, Way::Bulk];

impl Way {
    /// Gives a role to a new person with these properties; returns the answer and, of several
    /// users, the one outcome as if it were the answer.
    async fn give(self, app: &TestApp, client: &Client, person: &Value, role: &str) -> Answer {
        if let Self::Creation = self {
            let mut body = person.clone();
            body["roles"] = json!([role]);
            return client.post("/v1.0/users", &body).await;
        }
        let id = app.create(person).await.id();
        match self {
            Self::Creation | Self::Assignment => assign(client, &id, role).await,
            Self::Membership => {
                client.post(&format!("{}/$ref", members(role)), &reference(app, &id)).await
            }
            Self::Bulk => {
                let body = json!({"userIds": [id], "role": role});
                let mut answer = client.post(&format!("{PATH}/bulk"), &body).await.is(200);
                answer.json = answer.items()[0].clone();
                answer
            }
        }
    }

    /// Asserts that the role was refused with this code, and for these properties.
    fn refused(self, answer: &Answer, status: u16, code: &str, targets: &[&str]) {
        let expected = if let Self::Bulk = self { 200 } else { status };
        assert_eq!((answer.status, answer.code()), (expected, code), "{self:?}: {answer}");
        assert_eq!(answer.targets(), targets, "{self:?}: {answer}");
    }

    /// Asserts that the role was given.
    fn given(self, answer: &Answer) {
        let expected = match self {
            Self::Creation | Self::Assignment => 201,
            Self::Membership if answer.warnings().is_empty() => 204,
            Self::Membership | Self::Bulk => 200,
        };
        assert_eq!(answer.status, expected, "{self:?}: {answer}");
        if let Self::Bulk = self {
            assert_eq!(answer["succeeded"], true, "{answer}");
        }
    }
}

/// A person whose name was not used before.
fn somebody(at: &mut u32) -> Value {
    *at += 1;
    reachable(&format!("Somebody {at}"))
}

async fn every_grant_needs_an_alternate_address_outside_the_organisation(app: TestApp) {
    let global = app.as_global().await;
    app.add_domain("contoso.example", true).await;
    app.add_domain("unproved.example", false).await;
    let mut at = 0;
    for way in WAYS {
        for (address, accepted) in [
            (Value::Null, false),
            (json!("jan@contoso.example"), false),
            (json!("jan@CONTOSO.example"), false),
            // What is below a verified domain is verified too (R101).
            (json!("jan@mail.contoso.example"), false),
            (json!("jan@notcontoso.example"), true),
            (json!("jan@unproved.example"), true),
            (json!("jan@elsewhere.example"), true),
        ] {
            let mut body = somebody(&mut at);
            body["alternateEmail"] = address;
            let answer = way.give(&app, &global, &body, "billing").await;
            if accepted {
                way.given(&answer);
            } else {
                way.refused(&answer, 400, "Request_BadRequest", &["alternateEmail"]);
            }
        }
    }
    let nobody = global.get(&format!("/v1.0/users/{}", upn("Somebody 1"))).await;
    nobody.refuses(404, "Request_ResourceNotFound");
}

async fn a_grant_warns_of_an_older_mobile_number_without_country_code(app: TestApp) {
    let global = app.as_global().await;
    let mut at = 0;
    for way in [Way::Assignment, Way::Membership, Way::Bulk] {
        for (number, warned) in
            [(Value::Null, false), (json!("+31 6 12345678"), false), (json!("06 12345678"), true)]
        {
            let mut body = somebody(&mut at);
            body["mobilePhone"] = number;
            let answer = way.give(&app, &global, &body, "billing").await;
            way.given(&answer);
            let found = answer.warnings().contains(&"MobilePhoneWithoutCountryCode");
            assert_eq!(found, warned, "{way:?}: {answer}");
        }
    }
}

async fn a_mobile_number_given_to_an_administrator_has_its_country_code(app: TestApp) {
    let global = app.as_global().await;
    let mut at = 0;
    let numbers = [
        ("06 12345678", false),
        ("0031612345678", false),
        ("+31 6 1", false),
        ("+31 6 12345678", true),
        ("+1 (425) 555-0100", true),
    ];
    for (number, accepted) in numbers {
        let mut body = somebody(&mut at);
        body["mobilePhone"] = json!(number);
        let answer = Way::Creation.give(&app, &global, &body, "billing").await;
        if accepted {
            Way::Creation.given(&answer);
            assert!(answer.warnings().is_empty(), "{answer}");
        } else {
            Way::Creation.refused(&answer, 400, "Request_BadRequest", &["mobilePhone"]);
            assert!(answer.message().contains("+31 6 12345678"), "the remedy: {answer}");
            let name = upn(&format!("Somebody {at}"));
            global.get(&format!("/v1.0/users/{name}")).await.is(404);
        }
    }
    // Everything that is wrong with the grant is told at once.
    let mut body = somebody(&mut at);
    body["alternateEmail"] = Value::Null;
    body["mobilePhone"] = json!("06 12345678");
    let answer = Way::Creation.give(&app, &global, &body, "billing").await;
    let both = ["alternateEmail", "mobilePhone"];
    Way::Creation.refused(&answer, 400, "Request_BadRequest", &both);
    // The same of a number that an administrator gets later, also by their own hand.
    let (id, session) = app.holder("Holder", &["global"]).await;
    let path = format!("/v1.0/users/{id}");
    for (number, accepted) in numbers {
        let body = json!({"mobilePhone": number, "city": "Delft"});
        for answer in [global.patch(&path, &body).await, session.patch("/v1.0/me", &body).await] {
            if accepted {
                answer.is(204);
            } else {
                let refused = answer.refuses(400, "Request_BadRequest");
                assert_eq!(refused.targets(), ["mobilePhone"], "{number}");
            }
        }
    }
    global.patch(&path, &json!({"mobilePhone": null})).await.is(204);
    // A number from before the role stays as it is until somebody changes it.
    let mut body = somebody(&mut at);
    body["mobilePhone"] = json!("06 12345678");
    let older = app.create(&body).await.id();
    app.assign(&older, "billing").await;
    let same = json!({"mobilePhone": "06 12345678", "city": "Delft"});
    global.patch(&format!("/v1.0/users/{older}"), &same).await.is(204);
}

async fn every_grant_and_removal_keeps_the_service_role_in_company(app: TestApp) {
    let global = app.as_global().await;
    let mut at = 0;
    for way in WAYS {
        let answer = way.give(&app, &global, &somebody(&mut at), "service").await;
        way.refused(&answer, 409, "ServiceRolePrerequisite", &[]);
        for companion in ["exchange", "sharepoint", "skype"] {
            way.given(&way.give(&app, &global, &somebody(&mut at), companion).await);
        }
    }
    let mut together = somebody(&mut at);
    together["roles"] = json!(["service", "sharepoint"]);
    let id = global.post("/v1.0/users", &together).await.is(201).id();
    let one = |role| format!("{}/{id}/$ref", members(role));
    global.delete(&one("sharepoint")).await.refuses(409, "ServiceRolePrerequisite");
    app.revoke(&id, "sharepoint").await.refuses(409, "ServiceRolePrerequisite");
    assert_eq!(roles_of(&app, &id).await, ["service", "sharepoint"]);
    // Yes and No replace all roles in the same call.
    let yes = json!({"userIds": [id], "role": "sharepoint"});
    let done = global.post(&format!("{PATH}/bulk"), &yes).await.is(200);
    assert_eq!(done.items()[0]["succeeded"], true, "{done}");
    assert_eq!(roles_of(&app, &id).await, ["sharepoint"]);
}

async fn every_grant_warns_of_many_global_administrators(app: TestApp) {
    let global = app.as_global().await;
    let mut at = 0;
    for way in [Way::Assignment, Way::Membership, Way::Creation, Way::Bulk] {
        let answer = way.give(&app, &global, &somebody(&mut at), "global").await;
        way.given(&answer);
        // Besides the first administrator and the caller: the third and fourth are as advised.
        let warned = answer.warnings().contains(&"ManyGlobalAdministrators");
        assert_eq!(warned, at > 2, "{way:?}: {answer}");
    }
    // One who is blocked does not count until they are let in again.
    let (id, _) = app.holder("Blocked", &["global"]).await;
    let set = async |enabled: bool| {
        let body = json!({"accountEnabled": enabled});
        global.patch(&format!("/v1.0/users/{id}"), &body).await.is(200)
    };
    assert_eq!(set(false).await.warnings(), ["SignInBlocked"]);
    assert_eq!(set(true).await.warnings(), ["ManyGlobalAdministrators"]);
}

async fn every_grant_of_billing_names_the_seller(app: TestApp) {
    let global = app.as_global().await;
    app.bought_from(Some("Fourth Coffee, 020 555 0100")).await;
    let mut at = 0;
    for way in WAYS {
        let answer = way.give(&app, &global, &somebody(&mut at), "billing").await;
        way.refused(&answer, 409, "BillingRoleUnavailable", &[]);
        assert!(answer.message().contains("Fourth Coffee, 020 555 0100"), "{way:?}: {answer}");
        way.given(&way.give(&app, &global, &somebody(&mut at), "exchange").await);
    }
    app.bought_from(None).await;
    let answer = assign(&global, &future_administrator(&app).await, "billing").await;
    assert!(answer.refuses(409, "BillingRoleUnavailable").message().contains("Buy one directly"));
}

async fn a_billing_administrator_stays_when_a_seller_takes_over(app: TestApp) {
    let global = app.as_global().await;
    let (id, _) = app.holder("Holder", &["billing"]).await;
    app.bought_from(Some("Fourth Coffee")).await;
    let bulk = format!("{PATH}/bulk");
    let done = global.post(&bulk, &json!({"userIds": [id], "role": "billing"})).await.is(200);
    assert_eq!(done.items()[0]["succeeded"], true, "nothing new is given: {done}");
    app.assign(&id, "user").await;
    app.revoke(&id, "billing").await.is(204);
    assign(&global, &id, "billing").await.refuses(409, "BillingRoleUnavailable");
}

async fn the_view_of_billing_administrators_is_hidden_where_a_seller_does_the_billing(
    app: TestApp,
) {
    let global = app.as_global().await;
    let (id, _) = app.holder("Holder", &["billing"]).await;
    let path = "/v1.0/userViews/billingAdministrators";
    let views = global.get("/v1.0/userViews").await.is(200).column("id");
    assert!(views.contains(&"billingAdministrators".to_owned()), "{views:?}");
    global.get(path).await.is(200);
    assert_eq!(global.get(&format!("{path}/users")).await.is(200).column("id"), [id]);
    for seller in [Some("Fourth Coffee"), None] {
        app.bought_from(seller).await;
        let left = global.get("/v1.0/userViews").await.is(200).column("id");
        assert_eq!(left.len(), views.len() - 1, "{left:?}");
        assert!(!left.contains(&"billingAdministrators".to_owned()), "{left:?}");
        global.get(path).await.refuses(404, "Request_ResourceNotFound");
        let users = global.get(&format!("{path}/users")).await;
        users.refuses(404, "Request_ResourceNotFound");
        global.get("/v1.0/userViews/globalAdministrators/users").await.is(200);
    }
}

async fn who_may_not_delegate_creates_nobody_with_a_role(app: TestApp) {
    let user = app.as_role("user").await;
    for (at, role) in roster_tests::ROLES.iter().enumerate() {
        let mut body = reachable(&format!("Minion {at}"));
        body["roles"] = json!([role.0]);
        let refused = user.post("/v1.0/users", &body).await;
        let refused = refused.refuses(403, "Authorization_RequestDenied");
        let told = &refused["error"]["innerError"]["authorization"];
        assert_eq!(told["permission"], "delegate_admin_roles", "{refused}");
        assert_eq!(told["grantingRoles"], json!(["global"]), "{refused}");
        let name = upn(&format!("Minion {at}"));
        user.get(&format!("/v1.0/users/{name}")).await.refuses(404, "Request_ResourceNotFound");
    }
    let mut none = reachable("Plain");
    none["roles"] = json!([]);
    user.post("/v1.0/users", &none).await.is(201);
}

async fn an_administrator_needs_an_alternate_address(app: TestApp) {
    let client = app.client().await;
    let id = app.person("Jan Jansen").await;
    let refused = assign(&client, &id, "exchange").await.refuses(400, "Request_BadRequest");
    assert_eq!(refused.targets(), ["alternateEmail"]);
    let path = format!("/v1.0/users/{id}");
    client.patch(&path, &json!({"alternateEmail": "jan@elsewhere.example"})).await.is(204);
    assign(&client, &id, "exchange").await.is(201);
    let refused = client.patch(&path, &json!({"alternateEmail": null})).await;
    assert_eq!(refused.refuses(400, "Request_BadRequest").targets(), ["alternateEmail"]);
}

async fn the_service_role_comes_after_and_goes_before_its_companions(app: TestApp) {
    let client = app.client().await;
    let id = future_administrator(&app).await;
    assign(&client, &id, "service").await.refuses(409, "ServiceRolePrerequisite");
    assign(&client, &id, "billing").await.is(201);
    assign(&client, &id, "service").await.is(409);
    assign(&client, &id, "skype").await.is(201);
    assign(&client, &id, "service").await.is(201);
    app.revoke(&id, "skype").await.refuses(409, "ServiceRolePrerequisite");
    assign(&client, &id, "exchange").await.is(201);
    app.revoke(&id, "skype").await.is(204);
    app.revoke(&id, "exchange").await.is(409);
    app.revoke(&id, "service").await.is(204);
    app.revoke(&id, "exchange").await.is(204);
}

async fn many_global_administrators_are_worth_a_warning(app: TestApp) {
    for number in 0..4 {
        let mut body = person(&format!("Global {number}"));
        body["alternateEmail"] = json!("global@elsewhere.example");
        body["roles"] = json!(["global"]);
        let made = app.create(&body).await;
        let warned = made.warnings().contains(&"ManyGlobalAdministrators");
        assert_eq!(warned, number == 3, "{made}");
    }
}
