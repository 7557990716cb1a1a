//! Owners and members by reference and by bind; who may be what; nesting (R126, R128, R129, A28).

use super::support::{
    KINDS, RECIPIENTS, add, address, addresses, body, group, group_with, ids, members, remove,
    sorted,
};
use roster_tests::{TestApp, on_both, person};
use serde_json::{Value, json};

on_both! {
    members_and_owners_come_and_go_by_reference,
    references_name_objects_in_every_spelling_that_sdks_use,
    a_body_binds_at_most_twenty_members_all_or_none,
    a_duplicate_is_400_and_what_is_unknown_404,
    each_kind_admits_the_members_of_its_rules,
    owners_are_people_or_for_mail_groups_a_mail_enabled_security_group,
    a_contact_in_a_microsoft_365_group_is_refused_with_a_hint_to_invite_a_guest,
    a_group_with_mail_needs_an_owner_and_keeps_the_last_one,
    a_distribution_group_has_at_most_ten_owners,
    a_moderated_group_has_at_most_ten_moderators,
    no_group_contains_itself_by_however_many_steps,
    a_cycle_cannot_wait_in_deleted_items,
    objects_of_another_organisation_do_not_exist,
}

async fn members_and_owners_come_and_go_by_reference(app: TestApp) {
    let client = app.client().await;
    let (jan, eva) = (app.person("Jan").await, app.person("Eva").await);
    for (kind, ..) in KINDS {
        let id = group(&app, kind, kind).await;
        for place in ["members", "owners"] {
            let before = ids(&client, &format!("groups/{id}/{place}")).await;
            add(&client, &id, place, &jan).await.is(204);
            add(&client, &id, place, &eva).await.is(204);
            let path = format!("/v1.0/groups/{id}/{place}");
            let count = client.get(&format!("{path}/$count")).await.is(200).text;
            assert_eq!(count, (before.len() + 2).to_string(), "{kind} {place}");
            let users = client.get(&format!("{path}/graph.user?$select=displayName")).await.is(200);
            assert!(users.column("displayName").contains(&"Jan".to_owned()), "{users}");
            let refs = client.get(&format!("{path}/$ref")).await.is(200);
            assert!(refs.column("@odata.id").iter().any(|link| link.ends_with(&jan)), "{refs}");
            remove(&client, &id, place, &jan).await.is(204);
            let by_option = format!("{path}/$ref?@id={}", address(&eva));
            client.delete(&by_option).await.is(204);
            assert_eq!(ids(&client, &format!("groups/{id}/{place}")).await, before);
            remove(&client, &id, place, &jan).await.refuses(404, "Request_ResourceNotFound");
        }
    }
}

async fn references_name_objects_in_every_spelling_that_sdks_use(app: TestApp) {
    let client = app.client().await;
    let jan = app.person("Jan").await;
    let id = group(&app, "security", "Bakers").await;
    let path = format!("/v1.0/groups/{id}/members/$ref");
    for spelling in [
        format!("{}/v1.0/directoryObjects/{jan}", app.url),
        format!("https://graph.microsoft.com/v1.0/users/{jan}"),
        format!("https://graph.microsoft.com/v1.0/directoryObjects('{jan}')"),
        format!("{}/v1.0/users/jan@contoso.onroster.example", app.url),
        jan.to_uppercase(),
    ] {
        client.post(&path, &json!({"@odata.id": spelling})).await.is(204);
        assert_eq!(members(&client, &id).await, [jan.as_str()], "{spelling}");
        remove(&client, &id, "members", &jan).await.is(204);
    }
    for wrong in [json!({}), json!({"@odata.id": 3}), json!({"@odata.id": ""}), json!({"id": jan})]
    {
        let refused = client.post(&path, &wrong).await.is(400);
        assert_eq!(refused.targets(), ["@odata.id"], "{wrong}");
    }
    client.delete(&path).await.is(400);
}

async fn a_body_binds_at_most_twenty_members_all_or_none(app: TestApp) {
    let client = app.client().await;
    let mut people = Vec::new();
    for number in 0..21 {
        people.push(app.person(&format!("Person {number}")).await);
    }
    let all: Vec<&str> = people.iter().map(String::as_str).collect();
    let (twenty, last) = (&all[..20], all[20]);
    let with = json!({"members@odata.bind": addresses(twenty), "owners@odata.bind": []});
    let id = group_with(&app, "Microsoft 365", "Bakers", with).await;
    assert_eq!(members(&client, &id).await.len(), 20);
    let path = format!("/v1.0/groups/{id}");
    for (name, wrong) in [
        ("members@odata.bind", addresses(&all)),
        ("owners@odata.bind", addresses(&all)),
        ("members@odata.bind", json!("one")),
        ("members@odata.bind", json!([1])),
    ] {
        let refused = client.patch(&path, &json!({name: wrong})).await.is(400);
        assert_eq!(refused.targets(), [name]);
        let mut new = body("security", "New");
        new[name] = wrong;
        assert_eq!(client.post("/v1.0/groups", &new).await.is(400).targets(), [name]);
    }
    // The last of them is in it already, so none is added and nothing else is changed.
    let other = group(&app, "security", "Others").await;
    let path = format!("/v1.0/groups/{other}");
    add(&client, &other, "members", twenty[3]).await.is(204);
    let change = json!({"description": "x", "members@odata.bind": addresses(&[last, twenty[3]])});
    client.patch(&path, &change).await.is(400);
    assert_eq!(members(&client, &other).await, [twenty[3].to_owned()]);
    assert_eq!(client.get(&path).await.is(200)["description"], Value::Null);
    let change = json!({"description": "x", "members@odata.bind": addresses(&[last])});
    client.patch(&path, &change).await.is(204);
    assert_eq!(members(&client, &other).await.len(), 2);
}

async fn a_duplicate_is_400_and_what_is_unknown_404(app: TestApp) {
    let client = app.client().await;
    let jan = app.person("Jan").await;
    let id = group(&app, "Microsoft 365", "Bakers").await;
    let unknown = "01900000-0000-7000-8000-000000000000";
    for place in ["members", "owners", "acceptedSenders", "rejectedSenders", "moderators"] {
        add(&client, &id, place, &jan).await.is(204);
        let again = add(&client, &id, place, &jan).await.refuses(400, "Request_BadRequest");
        assert_eq!(again["error"]["details"][0]["code"], "ObjectConflict", "{again}");
        assert!(again.text.contains("added object references already exist"), "{again}");
        add(&client, &id, place, unknown).await.refuses(404, "Request_ResourceNotFound");
        add(&client, unknown, place, &jan).await.refuses(404, "Request_ResourceNotFound");
        remove(&client, &id, place, unknown).await.refuses(404, "Request_ResourceNotFound");
    }
    let twice = json!({"members@odata.bind": addresses(&[&jan, &jan])});
    let other = group(&app, "security", "Others").await;
    client.patch(&format!("/v1.0/groups/{other}"), &twice).await.is(400);
    let mut new = body("security", "New");
    new["members@odata.bind"] = addresses(&[&jan, unknown]);
    client.post("/v1.0/groups", &new).await.refuses(404, "Request_ResourceNotFound");
    let named = [("$filter", "displayName eq 'New'")];
    assert!(client.query("/v1.0/groups", &named).await.is(200).items().is_empty());
}

/// One object of every sort that may be asked for as a member.
async fn candidates(app: &TestApp) -> Vec<(&'static str, String)> {
    let client = app.client().await;
    let mut silent = person("Silent");
    silent["mail"] = Value::Null;
    let guest = json!({
        "invitedUserEmailAddress": "guest@outside.example",
        "inviteRedirectUrl": "https://directory.example/welcome"
    });
    let guest = client.post("/v1.0/invitations", &guest).await.is(201);
    let guest = guest["invitedUser"]["id"].as_str().unwrap().to_owned();
    let mut all = vec![
        ("user", app.person("Somebody").await),
        ("user without mail", app.create(&silent).await.id()),
        ("guest", guest),
        ("contact", app.contact("pilar").await),
    ];
    for (kind, ..) in KINDS {
        all.push((kind, group(app, kind, &format!("Nested {kind}")).await));
    }
    all
}

async fn each_kind_admits_the_members_of_its_rules(app: TestApp) {
    let client = app.client().await;
    let all = candidates(&app).await;
    let mail = ["user", "guest", "contact", "distribution", "mail-enabled security"];
    for (kind, admitted) in [
        ("distribution", &mail[..]),
        ("mail-enabled security", &mail[..]),
        (
            "security",
            &["user", "user without mail", "guest", "contact", "mail-enabled security", "security"],
        ),
        ("Microsoft 365", &["user", "user without mail", "guest"]),
    ] {
        let id = group(&app, kind, &format!("A {kind}")).await;
        for (sort, object) in &all {
            let answer = add(&client, &id, "members", object).await;
            if admitted.contains(sort) {
                answer.is(204);
            } else {
                let refused = answer.refuses(400, "Request_BadRequest");
                assert_eq!(refused.targets(), ["members"], "{sort} in {kind}");
            }
        }
        assert_eq!(members(&client, &id).await.len(), admitted.len(), "{kind}");
    }
}

async fn owners_are_people_or_for_mail_groups_a_mail_enabled_security_group(app: TestApp) {
    let client = app.client().await;
    let all = candidates(&app).await;
    for (kind, ..) in KINDS {
        let id = group(&app, kind, &format!("A {kind}")).await;
        let admitted: &[&str] = if RECIPIENTS.contains(&kind) {
            &["user", "guest", "mail-enabled security"]
        } else {
            &["user", "user without mail", "guest"]
        };
        for (sort, object) in &all {
            let answer = add(&client, &id, "owners", object).await;
            answer.is(if admitted.contains(sort) { 204 } else { 400 });
        }
    }
}

async fn a_contact_in_a_microsoft_365_group_is_refused_with_a_hint_to_invite_a_guest(app: TestApp) {
    let client = app.client().await;
    let pilar = app.contact("pilar").await;
    let id = group(&app, "Microsoft 365", "Bakers").await;
    let refused = add(&client, &id, "members", &pilar).await.refuses(400, "Request_BadRequest");
    assert!(refused.message().contains("POST /v1.0/invitations"), "{refused}");
}

async fn a_group_with_mail_needs_an_owner_and_keeps_the_last_one(app: TestApp) {
    let client = app.client().await;
    for kind in RECIPIENTS {
        // The API client is nobody who could own it.
        let refused = client.post("/v1.0/groups", &body(kind, kind)).await.is(400);
        assert_eq!(refused.targets(), ["owners@odata.bind"]);
        let (me, session) = app.holder(&format!("Maker of {kind}"), &["exchange"]).await;
        let id = session.post("/v1.0/groups", &body(kind, kind)).await.is(201).id();
        let owners = ids(&client, &format!("groups/{id}/owners")).await;
        assert_eq!(owners, [me.as_str()], "the maker owns it");
        let refused = remove(&session, &id, "owners", &me).await.is(400);
        assert_eq!(refused.targets(), ["owners"]);
        let eva = app.person(&format!("Eva {kind}")).await;
        add(&session, &id, "owners", &eva).await.is(204);
        remove(&session, &id, "owners", &me).await.is(204);
    }
    let mine = app.as_global().await;
    let id = mine.post("/v1.0/groups", &body("Microsoft 365", "Team")).await.is(201).id();
    let me = mine.get("/v1.0/me").await.is(200).id();
    assert_eq!(ids(&client, &format!("groups/{id}/owners")).await, [me.as_str()]);
    remove(&mine, &id, "owners", &me).await.is(400);
    // Nobody has to own a security group, but who has been its only owner stays it.
    let id = mine.post("/v1.0/groups", &body("security", "Rights")).await.is(201).id();
    assert!(ids(&client, &format!("groups/{id}/owners")).await.is_empty());
}

async fn a_distribution_group_has_at_most_ten_owners(app: TestApp) {
    let client = app.client().await;
    let id = group(&app, "distribution", "Bakers").await;
    for number in 1..10 {
        let owner = app.person(&format!("Owner {number}")).await;
        add(&client, &id, "owners", &owner).await.is(204);
    }
    let eleventh = app.person("Eleventh").await;
    let refused = add(&client, &id, "owners", &eleventh).await.is(400);
    assert_eq!(refused.targets(), ["owners"]);
    assert!(refused.message().contains("at most 10 owners"), "{refused}");
    assert_eq!(ids(&client, &format!("groups/{id}/owners")).await.len(), 10);
}

async fn a_moderated_group_has_at_most_ten_moderators(app: TestApp) {
    let client = app.client().await;
    let id = group(&app, "distribution", "Bakers").await;
    for number in 0..10 {
        let moderator = app.person(&format!("Moderator {number}")).await;
        add(&client, &id, "moderators", &moderator).await.is(204);
    }
    let eleventh = app.person("Eleventh").await;
    assert_eq!(add(&client, &id, "moderators", &eleventh).await.is(400).targets(), ["moderators"]);
    let pilar = app.contact("pilar").await;
    assert_eq!(add(&client, &id, "moderators", &pilar).await.is(400).targets(), ["moderators"]);
    let rights = group(&app, "security", "Rights").await;
    for place in ["moderators", "acceptedSenders", "rejectedSenders"] {
        assert_eq!(add(&client, &rights, place, &eleventh).await.is(400).targets(), [place]);
    }
}

async fn no_group_contains_itself_by_however_many_steps(app: TestApp) {
    let client = app.client().await;
    for kind in ["security", "distribution"] {
        let mut chain = Vec::new();
        for number in 0..4 {
            chain.push(group(&app, kind, &format!("{kind} {number}")).await);
        }
        for pair in chain.windows(2) {
            add(&client, &pair[0], "members", &pair[1]).await.is(204);
        }
        for (above, below) in [(3, 0), (3, 1), (3, 2), (1, 0), (2, 2)] {
            let refused = add(&client, &chain[above], "members", &chain[below]).await.is(400);
            assert_eq!(refused["error"]["details"][0]["code"], "MembershipCycle", "{refused}");
        }
        // A diamond is no cycle.
        add(&client, &chain[0], "members", &chain[3]).await.is(204);
        let jan = app.person(&format!("Jan {kind}")).await;
        add(&client, &chain[3], "members", &jan).await.is(204);
        let within = ids(&client, &format!("groups/{}/transitiveMembers", chain[0])).await;
        assert_eq!(within, sorted([&chain[1], &chain[2], &chain[3], &jan]));
        let own = json!({"members@odata.bind": addresses(&[&chain[0]])});
        client.patch(&format!("/v1.0/groups/{}", chain[0]), &own).await.is(400);
    }
}

async fn a_cycle_cannot_wait_in_deleted_items(app: TestApp) {
    let client = app.client().await;
    let (outer, middle, inner) = (
        group(&app, "security", "Outer").await,
        group(&app, "security", "Middle").await,
        group(&app, "security", "Inner").await,
    );
    add(&client, &outer, "members", &middle).await.is(204);
    add(&client, &middle, "members", &inner).await.is(204);
    client.delete(&format!("/v1.0/groups/{middle}")).await.is(204);
    let refused = add(&client, &inner, "members", &outer).await.is(400);
    assert_eq!(refused["error"]["details"][0]["code"], "MembershipCycle", "{refused}");
    let restore = format!("/v1.0/directory/deletedItems/{middle}/restore");
    client.post(&restore, &json!({})).await.is(200);
    let within = ids(&client, &format!("groups/{outer}/transitiveMembers")).await;
    assert_eq!(within, sorted([&middle, &inner]));
}

async fn objects_of_another_organisation_do_not_exist(app: TestApp) {
    let client = app.client().await;
    let stranger = app.other_tenant().await;
    let theirs = stranger.get("/v1.0/me").await.is(200).id();
    let jan = app.person("Jan").await;
    let id = group(&app, "security", "Bakers").await;
    add(&client, &id, "members", &jan).await.is(204);
    add(&client, &id, "members", &theirs).await.is(404);
    add(&stranger, &id, "members", &theirs).await.is(404);
    remove(&stranger, &id, "members", &jan).await.is(404);
    for path in [format!("/v1.0/groups/{id}"), format!("/v1.0/groups/{id}/members")] {
        stranger.get(&path).await.refuses(404, "Request_ResourceNotFound");
    }
    stranger.delete(&format!("/v1.0/groups/{id}")).await.is(404);
    let mut body = body("security", "Elsewhere");
    body["members@odata.bind"] = addresses(&[&jan]);
    stranger.post("/v1.0/groups", &body).await.is(404);
    assert_eq!(members(&client, &id).await, [jan]);
}
