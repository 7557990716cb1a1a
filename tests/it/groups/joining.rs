//! Joining and leaving by oneself, and asking where owners approve (R126, R127, A17).

use super::support::{add, address, group, group_with, ids, members, owned, remove};
use roster_tests::{Answer, Client, TestApp, on_both, person};
use serde_json::{Value, json};

on_both! {
    people_join_and_leave_an_open_group_by_themselves,
    nobody_joins_a_closed_group_or_brings_others_into_an_open_one,
    a_group_that_is_closed_to_leave_keeps_its_members,
    people_ask_to_join_and_an_owner_approves,
    a_denied_request_is_gone_and_may_be_made_again,
    who_asked_withdraws_and_nobody_else_but_who_decides,
    nobody_asks_where_nobody_has_to_or_may,
    everybody_sees_their_own_request_and_owners_see_all,
    a_request_ends_when_the_person_becomes_a_member_or_leaves_the_organisation,
    requests_are_filtered_ordered_counted_and_paged,
}

async fn joinable(app: &TestApp, name: &str, join: &str) -> String {
    group_with(app, "distribution", name, json!({"memberJoinRestriction": join})).await
}

async fn people_join_and_leave_an_open_group_by_themselves(app: TestApp) {
    let (jan, session) = app.holder("Jan", &[]).await;
    let id = joinable(&app, "Open", "Open").await;
    add(&session, &id, "members", &jan).await.is(204);
    assert_eq!(ids(&session, "me/memberOf").await, [id.as_str()]);
    add(&session, &id, "members", &jan).await.refuses(400, "Request_BadRequest");
    remove(&session, &id, "members", &jan).await.is(204);
    remove(&session, &id, "members", &jan).await.is(404);
    let me = session.get("/v1.0/me").await.is(200).text_of("userPrincipalName");
    let by_name = json!({"@odata.id": format!("{}/v1.0/users/{me}", app.url)});
    session.post(&format!("/v1.0/groups/{id}/members/$ref"), &by_name).await.is(204);
    assert_eq!(members(&session, &id).await, [jan.as_str()]);
}

async fn nobody_joins_a_closed_group_or_brings_others_into_an_open_one(app: TestApp) {
    let (jan, session) = app.holder("Jan", &[]).await;
    let eva = app.person("Eva").await;
    let open = joinable(&app, "Open", "Open").await;
    for (object, place) in [(&eva, "members"), (&jan, "owners"), (&jan, "acceptedSenders")] {
        add(&session, &open, place, object).await.refuses(403, "Authorization_RequestDenied");
    }
    let bind = json!({"members@odata.bind": [address(&jan)]});
    session.patch(&format!("/v1.0/groups/{open}"), &bind).await.is(403);
    for closed in ["Closed", "ApprovalRequired"] {
        let id = joinable(&app, closed, closed).await;
        add(&session, &id, "members", &jan).await.refuses(403, "Authorization_RequestDenied");
    }
    for kind in ["security", "mail-enabled security", "Microsoft 365"] {
        let id = group(&app, kind, kind).await;
        add(&session, &id, "members", &jan).await.refuses(403, "Authorization_RequestDenied");
    }
    // Who has no mail cannot be a member, open or not.
    let mut silent = person("Silent");
    silent["mail"] = Value::Null;
    silent["passwordProfile"] =
        json!({"password": roster_tests::PASSWORD, "forceChangePasswordNextSignIn": false});
    let silent = app.create(&silent).await;
    let session = app.bearer(&app.sign_in(&silent.text_of("userPrincipalName")).await);
    add(&session, &open, "members", &silent.id()).await.refuses(400, "Request_BadRequest");
}

async fn a_group_that_is_closed_to_leave_keeps_its_members(app: TestApp) {
    let client = app.client().await;
    let (jan, session) = app.holder("Jan", &[]).await;
    let eva = app.person("Eva").await;
    let with = json!({"memberDepartRestriction": "Closed"});
    let closed = group_with(&app, "distribution", "Closed", with).await;
    let open = group(&app, "distribution", "Open").await;
    let rights = group(&app, "security", "Rights").await;
    for id in [&closed, &open, &rights] {
        add(&client, id, "members", &jan).await.is(204);
        add(&client, id, "members", &eva).await.is(204);
    }
    for id in [&closed, &rights] {
        remove(&session, id, "members", &jan).await.refuses(403, "Authorization_RequestDenied");
    }
    remove(&session, &open, "members", &jan).await.is(204);
    remove(&session, &open, "members", &eva).await.refuses(403, "Authorization_RequestDenied");
    assert_eq!(members(&client, &open).await, [eva.as_str()]);
}

/// Asks to join a group.
async fn ask(client: &Client, group: &str) -> Answer {
    let why = json!({"justification": "I bake, too."});
    client.post(&format!("/v1.0/groups/{group}/joinRequests"), &why).await
}

fn requests(group: &str) -> String {
    format!("/v1.0/groups/{group}/joinRequests")
}

/// A group whose owners approve joins: session of its owner, id.
async fn approving(app: &TestApp, name: &str) -> (Client, String) {
    let (_, owner, id) = owned(app, "distribution", name).await;
    let approval = json!({"memberJoinRestriction": "ApprovalRequired"});
    owner.patch(&format!("/v1.0/groups/{id}"), &approval).await.is(204);
    (owner, id)
}

async fn people_ask_to_join_and_an_owner_approves(app: TestApp) {
    let (owner, id) = approving(&app, "Bakers").await;
    let (jan, session) = app.holder("Jan", &[]).await;
    let asked = ask(&session, &id).await.is(201);
    assert_eq!((&asked["groupId"], &asked["requestorId"]), (&json!(id), &json!(jan)));
    assert_eq!(asked["justification"], "I bake, too.");
    let path = format!("{}/{}", requests(&id), asked.id());
    assert!(asked.header("location").ends_with(&path), "{asked}");
    let waiting = owner.query(&requests(&id), &[("$expand", "requestor")]).await.is(200);
    assert_eq!(waiting.items()[0]["requestor"]["displayName"], "Jan");
    assert_eq!(waiting.items()[0]["requestor"]["@odata.type"], "#microsoft.graph.user");
    assert!(members(&owner, &id).await.is_empty(), "asking is not joining");
    session.post(&format!("{path}/approve"), &json!({})).await.is(403);
    owner.post(&format!("{path}/approve"), &json!({})).await.is(204);
    assert_eq!(members(&owner, &id).await, [jan.as_str()]);
    owner.get(&path).await.refuses(404, "Request_ResourceNotFound");
    owner.post(&format!("{path}/approve"), &json!({})).await.is(404);
    assert_eq!(ask(&session, &id).await.is(400).targets(), ["members"]);
}

async fn a_denied_request_is_gone_and_may_be_made_again(app: TestApp) {
    let (owner, id) = approving(&app, "Bakers").await;
    let (jan, session) = app.holder("Jan", &[]).await;
    let asked = ask(&session, &id).await.is(201).id();
    let path = format!("{}/{asked}", requests(&id));
    session.post(&format!("{path}/deny"), &json!({})).await.is(403);
    owner.post(&format!("{path}/deny"), &json!({})).await.is(204);
    session.get(&path).await.is(404);
    owner.post(&format!("{path}/approve"), &json!({})).await.is(404);
    assert!(members(&owner, &id).await.is_empty());
    let again = ask(&session, &id).await.is(201).id();
    assert_ne!(again, asked);
    app.as_role("exchange")
        .await
        .post(&format!("{}/{again}/approve", requests(&id)), &json!({}))
        .await
        .is(204);
    assert_eq!(members(&owner, &id).await, [jan.as_str()]);
}

async fn who_asked_withdraws_and_nobody_else_but_who_decides(app: TestApp) {
    let (owner, id) = approving(&app, "Bakers").await;
    let (_, session) = app.holder("Jan", &[]).await;
    let path = format!("{}/{}", requests(&id), ask(&session, &id).await.is(201).id());
    let member = app.as_member().await;
    member.delete(&path).await.refuses(403, "Authorization_RequestDenied");
    app.as_role("billing").await.delete(&path).await.is(403);
    app.other_tenant().await.delete(&path).await.is(404);
    session.delete(&path).await.is(204);
    session.delete(&path).await.is(403);
    owner.delete(&path).await.is(404);
    let path = format!("{}/{}", requests(&id), ask(&session, &id).await.is(201).id());
    owner.delete(&path).await.is(204);
    assert!(members(&owner, &id).await.is_empty());
}

async fn nobody_asks_where_nobody_has_to_or_may(app: TestApp) {
    let (_, session) = app.holder("Jan", &[]).await;
    for restriction in ["Open", "Closed"] {
        let id = joinable(&app, restriction, restriction).await;
        let refused = ask(&session, &id).await.refuses(400, "Request_BadRequest");
        assert_eq!(refused.targets(), ["memberJoinRestriction"]);
        assert_eq!(refused.message().contains("members/$ref"), restriction == "Open");
    }
    let (_, id) = approving(&app, "Bakers").await;
    ask(&session, &id).await.is(201);
    let again = ask(&session, &id).await.is(400);
    assert_eq!(again["error"]["details"][0]["code"], "ObjectConflict", "{again}");
    ask(&app.client().await, &id).await.refuses(400, "Request_BadRequest");
    for (wrong, target) in [
        (json!({"justification": 1}), "justification"),
        (json!({"justification": "x".repeat(1025)}), "justification"),
        (json!({"reason": "x"}), "reason"),
    ] {
        let refused = app.as_member().await.post(&requests(&id), &wrong).await.is(400);
        assert_eq!(refused.targets(), [target]);
    }
    let secret = group_with(
        &app,
        "distribution",
        "Secret",
        json!({
            "hideFromAddressLists": true, "memberJoinRestriction": "ApprovalRequired"
        }),
    )
    .await;
    ask(&session, &secret).await.refuses(404, "Request_ResourceNotFound");
    ask(&app.other_tenant().await, &id).await.is(404);
}

async fn everybody_sees_their_own_request_and_owners_see_all(app: TestApp) {
    let (owner, id) = approving(&app, "Bakers").await;
    let (_, jan) = app.holder("Jan", &[]).await;
    let (_, eva) = app.holder("Eva", &[]).await;
    let of_jan = ask(&jan, &id).await.is(201).id();
    let of_eva = ask(&eva, &id).await.is(201).id();
    let list = format!("groups/{id}/joinRequests");
    assert_eq!(ids(&jan, &list).await, [of_jan.as_str()]);
    assert_eq!(jan.get(&format!("{}/$count", requests(&id))).await.is(200).text, "1");
    jan.get(&format!("{}/{of_jan}", requests(&id))).await.is(200);
    let foreign = jan.get(&format!("{}/{of_eva}", requests(&id))).await;
    foreign.refuses(404, "Request_ResourceNotFound");
    assert!(ids(&app.as_member().await, &list).await.is_empty());
    for sees in [&owner, &app.client().await, &app.as_role("exchange").await] {
        assert_eq!(ids(sees, &list).await, super::support::sorted([&of_jan, &of_eva]));
    }
    app.other_tenant().await.get(&requests(&id)).await.is(404);
    // A request belongs to its group.
    let (_, other) = approving(&app, "Others").await;
    owner.get(&format!("{}/{of_jan}", requests(&other))).await.is(404);
    owner.post(&format!("{}/{of_jan}/approve", requests(&other)), &json!({})).await.is(403);
}

async fn a_request_ends_when_the_person_becomes_a_member_or_leaves_the_organisation(app: TestApp) {
    let client = app.client().await;
    let (owner, id) = approving(&app, "Bakers").await;
    let (jan, session) = app.holder("Jan", &[]).await;
    ask(&session, &id).await.is(201);
    add(&owner, &id, "members", &jan).await.is(204);
    assert!(owner.get(&requests(&id)).await.is(200).items().is_empty());
    let (eva, session) = app.holder("Eva", &[]).await;
    let asked = ask(&session, &id).await.is(201).id();
    client.delete(&format!("/v1.0/users/{eva}")).await.is(204);
    assert!(owner.get(&requests(&id)).await.is(200).items().is_empty(), "she is gone");
    let approve = format!("{}/{asked}/approve", requests(&id));
    owner.post(&approve, &json!({})).await.is(404);
    let deleted = format!("/v1.0/directory/deletedItems/{eva}");
    client.post(&format!("{deleted}/restore"), &json!({})).await.is(200);
    assert_eq!(owner.get(&requests(&id)).await.is(200).column("id"), [asked.as_str()]);
    // Without mail she cannot be a member any more.
    client.patch(&format!("/v1.0/users/{eva}"), &json!({"mail": null})).await;
    assert_eq!(owner.post(&approve, &json!({})).await.is(400).targets(), ["members"]);
    client.delete(&format!("/v1.0/users/{eva}")).await.is(204);
    client.delete(&deleted).await.is(204);
    assert!(owner.get(&requests(&id)).await.is(200).items().is_empty());
}

async fn requests_are_filtered_ordered_counted_and_paged(app: TestApp) {
    let (owner, id) = approving(&app, "Bakers").await;
    let mut asked = Vec::new();
    for name in ["Jan", "Eva", "Piet"] {
        let (person, session) = app.holder(name, &[]).await;
        asked.push((person, ask(&session, &id).await.is(201).id()));
    }
    let newest = format!("{}?$orderby=createdDateTime desc&$top=1", requests(&id));
    let all = owner.all(&newest).await;
    let found: Vec<_> = all.iter().map(|request| request["id"].as_str().unwrap()).collect();
    let expected: Vec<_> = asked.iter().rev().map(|(_, id)| id.as_str()).collect();
    assert_eq!(found, expected);
    let of_eva = format!("requestorId eq {}", asked[1].0);
    let options = [("$filter", of_eva.as_str()), ("$count", "true"), ("$select", "id")];
    let page = owner.query(&requests(&id), &options).await.is(200);
    assert_eq!(
        (page["@odata.count"].as_i64(), page.column("id")),
        (Some(1), vec![asked[1].1.clone()])
    );
    owner.query(&requests(&id), &[("$filter", "justification eq 'x'")]).await.is(400);
}
