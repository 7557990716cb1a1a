//! Which groups an object is in, and objects by their ids.

use super::support::{KINDS, add, addresses, group, group_with, ids, sorted};
use roster_tests::{TestApp, on_both};
use serde_json::{Value, json};

on_both! {
    member_of_is_direct_and_transitive_member_of_all_the_way_up,
    groups_and_contacts_are_in_groups_too,
    transitive_members_are_each_there_once,
    only_the_groups_asked_about_are_checked_at_most_twenty,
    all_groups_or_those_with_rights_are_told,
    owned_objects_are_the_groups_a_person_owns,
    get_by_ids_answers_every_kind_in_the_order_asked,
    directory_objects_are_read_and_deleted_by_the_rules_of_their_kind,
}

/// Jan in Inner in Middle in Outer, all of a kind.
async fn chain(app: &TestApp, kind: &str) -> [String; 4] {
    let client = app.client().await;
    let jan = app.person(&format!("Jan {kind}")).await;
    let [inner, middle, outer] = ["Inner", "Middle", "Outer"].map(|name| format!("{name} {kind}"));
    let with = json!({"members@odata.bind": addresses(&[&jan])});
    let inner = group_with(app, kind, &inner, with).await;
    let (middle, outer) = (group(app, kind, &middle).await, group(app, kind, &outer).await);
    add(&client, &middle, "members", &inner).await.is(204);
    add(&client, &outer, "members", &middle).await.is(204);
    [jan, inner, middle, outer]
}

async fn member_of_is_direct_and_transitive_member_of_all_the_way_up(app: TestApp) {
    let client = app.client().await;
    for kind in ["security", "distribution", "mail-enabled security"] {
        let [jan, inner, middle, outer] = chain(&app, kind).await;
        let of = |what: &str| format!("users/{jan}/{what}");
        assert_eq!(ids(&client, &of("memberOf")).await, [inner.as_str()]);
        let all = sorted([&inner, &middle, &outer]);
        assert_eq!(ids(&client, &of("transitiveMemberOf?$top=1")).await, all);
        assert_eq!(ids(&client, &of("transitiveMemberOf/graph.group")).await, all);
        let count = client.get(&format!("/v1.0/{}/$count", of("transitiveMemberOf"))).await;
        assert_eq!(count.is(200).text, "3");
        let page = client.get(&format!("/v1.0/{}", of("memberOf"))).await.is(200);
        assert_eq!(page.items()[0]["@odata.type"], "#microsoft.graph.group");
        let refs = client.get(&format!("/v1.0/{}/$ref", of("memberOf"))).await.is(200);
        assert!(refs.column("@odata.id")[0].ends_with(&inner), "{refs}");
        let named = [("$filter", format!("displayName eq 'Outer {kind}'"))];
        let named = named.each_ref().map(|(name, value)| (*name, value.as_str()));
        let found = client.query(&format!("/v1.0/{}", of("transitiveMemberOf")), &named).await;
        assert_eq!(found.is(200).column("id"), [outer.as_str()]);
    }
}

async fn groups_and_contacts_are_in_groups_too(app: TestApp) {
    let client = app.client().await;
    let [_, inner, middle, outer] = chain(&app, "distribution").await;
    assert_eq!(ids(&client, &format!("groups/{inner}/memberOf")).await, [middle.as_str()]);
    let above = ids(&client, &format!("groups/{inner}/transitiveMemberOf")).await;
    assert_eq!(above, sorted([&middle, &outer]));
    let pilar = app.contact("pilar").await;
    add(&client, &inner, "members", &pilar).await.is(204);
    assert_eq!(ids(&client, &format!("contacts/{pilar}/memberOf")).await, [inner.as_str()]);
    let above = ids(&client, &format!("contacts/{pilar}/transitiveMemberOf")).await;
    assert_eq!(above, sorted([&inner, &middle, &outer]));
    client.delete(&format!("/v1.0/contacts/{pilar}")).await.is(204);
    let left = client.get(&format!("/v1.0/groups/{inner}/members/graph.orgContact/$count")).await;
    assert_eq!(left.is(200).text, "0");
    let (me, session) = app.holder("Me", &[]).await;
    add(&client, &inner, "members", &me).await.is(204);
    assert_eq!(ids(&session, "me/memberOf").await, [inner.as_str()]);
    assert_eq!(ids(&session, "me/transitiveMemberOf").await.len(), 3);
}

async fn transitive_members_are_each_there_once(app: TestApp) {
    let client = app.client().await;
    let [jan, inner, middle, outer] = chain(&app, "security").await;
    add(&client, &outer, "members", &jan).await.is(204);
    add(&client, &outer, "members", &inner).await.is(204);
    let path = format!("groups/{outer}/transitiveMembers");
    assert_eq!(ids(&client, &format!("{path}?$top=1")).await, sorted([&jan, &inner, &middle]));
    assert_eq!(ids(&client, &format!("{path}/graph.user")).await, [jan.as_str()]);
    let count = client.get(&format!("/v1.0/{path}/graph.group/$count")).await.is(200);
    assert_eq!(count.text, "2");
    let direct = client.get(&format!("/v1.0/groups/{outer}/members/$count")).await.is(200);
    assert_eq!(direct.text, "3");
}

async fn only_the_groups_asked_about_are_checked_at_most_twenty(app: TestApp) {
    let client = app.client().await;
    let [jan, inner, middle, outer] = chain(&app, "security").await;
    let other = group(&app, "security", "Other").await;
    for base in [format!("users/{jan}"), format!("directoryObjects/{jan}")] {
        for (question, name) in [("checkMemberGroups", "groupIds"), ("checkMemberObjects", "ids")] {
            let path = format!("/v1.0/{base}/{question}");
            let asked = json!({name: [outer, other, inner]});
            let answer = client.post(&path, &asked).await.is(200);
            let mut found: Vec<&str> = answer.items().iter().filter_map(Value::as_str).collect();
            found.sort_unstable();
            assert_eq!(found, sorted([&inner, &outer]), "{path}");
            let many: Vec<&String> = std::iter::repeat_n(&middle, 21).collect();
            let refused = client.post(&path, &json!({name: many})).await.is(400);
            assert_eq!(refused.code(), "Request_BadRequest");
            let wrong = client.post(&path, &json!({name: ["x"]})).await.is(400);
            assert_eq!(wrong.targets(), [name]);
        }
    }
    let none = json!({"groupIds": []});
    let path = format!("/v1.0/users/{jan}/checkMemberGroups");
    assert!(client.post(&path, &none).await.is(200).items().is_empty());
    let unknown = "/v1.0/users/01900000-0000-7000-8000-000000000000/checkMemberGroups";
    client.post(unknown, &none).await.is(404);
}

async fn all_groups_or_those_with_rights_are_told(app: TestApp) {
    let client = app.client().await;
    let jan = app.person("Jan").await;
    let mut all = Vec::new();
    for (kind, _, _, security) in KINDS {
        let with = json!({"members@odata.bind": addresses(&[&jan])});
        all.push((group_with(&app, kind, kind, with).await, security));
    }
    let path = format!("/v1.0/users/{jan}/getMemberGroups");
    for only in [false, true] {
        let answer = client.post(&path, &json!({"securityEnabledOnly": only})).await.is(200);
        let mut found: Vec<&str> = answer.items().iter().filter_map(Value::as_str).collect();
        found.sort_unstable();
        let mut expected: Vec<&str> = all
            .iter()
            .filter(|(_, security)| *security || !only)
            .map(|(id, _)| id.as_str())
            .collect();
        expected.sort_unstable();
        assert_eq!(found, expected, "securityEnabledOnly {only}");
    }
}

async fn owned_objects_are_the_groups_a_person_owns(app: TestApp) {
    let client = app.client().await;
    let (jan, session) = app.holder("Jan", &[]).await;
    let with = json!({"owners@odata.bind": addresses(&[&jan])});
    let id = group_with(&app, "distribution", "His", with).await;
    group(&app, "distribution", "Not his").await;
    assert_eq!(ids(&client, &format!("users/{jan}/ownedObjects")).await, [id.as_str()]);
    assert_eq!(ids(&session, "me/ownedObjects").await, [id.as_str()]);
}

async fn get_by_ids_answers_every_kind_in_the_order_asked(app: TestApp) {
    let client = app.client().await;
    let (jan, pilar) = (app.person("Jan").await, app.contact("pilar").await);
    let id = group(&app, "security", "Rights").await;
    let theirs = app.other_tenant().await.get("/v1.0/me").await.is(200).id();
    let unknown = "01900000-0000-7000-8000-000000000000";
    let path = "/v1.0/directoryObjects/getByIds";
    let asked = json!({"ids": [id, unknown, pilar, theirs, jan]});
    let answer = client.post(path, &asked).await.is(200);
    assert_eq!(answer.column("id"), [id.as_str(), &pilar, &jan]);
    let types = ["#microsoft.graph.group", "#microsoft.graph.orgContact", "#microsoft.graph.user"];
    assert_eq!(answer.column("@odata.type"), types);
    let users = json!({"ids": [id, jan], "types": ["user"]});
    assert_eq!(client.post(path, &users).await.is(200).column("id"), [jan.as_str()]);
    client.delete(&format!("/v1.0/groups/{id}")).await.is(204);
    assert!(client.post(path, &json!({"ids": [id]})).await.is(200).items().is_empty());
    client.post(path, &json!({"ids": [1]})).await.is(400);
}

async fn directory_objects_are_read_and_deleted_by_the_rules_of_their_kind(app: TestApp) {
    let exchange = app.as_role("exchange").await;
    let rights = group(&app, "security", "Rights").await;
    let list = group(&app, "distribution", "List").await;
    let path = |id: &str| format!("/v1.0/directoryObjects/{id}");
    let read = exchange.get(&path(&rights)).await.is(200);
    assert_eq!(read["@odata.type"], "#microsoft.graph.group");
    exchange.delete(&path(&rights)).await.refuses(403, "Authorization_RequestDenied");
    exchange.delete(&path(&list)).await.is(204);
    let client = app.client().await;
    client.delete(&path(&rights)).await.is(204);
    client.get(&path(&rights)).await.is(404);
    client.get(&format!("/v1.0/directory/deletedItems/{rights}")).await.is(200);
    client.get(&format!("/v1.0/directory/deletedItems/{list}")).await.is(404);
}
