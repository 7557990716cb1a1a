//! Directory roles among memberships: to whoever may view roles, and to oneself (A2, row 5).

use super::{ROW_5, reference};
use roster_tests::{Answer, Client, ROLES, TestApp, on_both, template_id};
use serde_json::{Value, json};
use std::collections::BTreeSet;

on_both! {
    every_answer_about_memberships_hides_roles_from_who_may_not_view_them,
    everybody_sees_their_own_roles_in_every_answer,
    a_role_among_memberships_has_its_type_and_properties,
    groups_and_roles_are_filtered_ordered_counted_and_paged_together,
    a_revoked_role_is_no_membership_any_more,
    roles_are_found_by_their_ids_and_nothing_is_done_to_them,
    roles_have_their_names_in_the_language_of_the_caller_wherever_they_stand,
}

/// Somebody with two roles, in one group; returns the ids of both.
async fn holder_in_a_group(app: &TestApp) -> (String, String) {
    let (id, _) = app.holder("Holder", &["exchange", "billing"]).await;
    let group = group(app, "Bakers", &id).await;
    (id, group)
}

/// A security group with one member; returns its id.
async fn group(app: &TestApp, name: &str, member: &str) -> String {
    let body = json!({
        "displayName": name, "mailEnabled": false, "securityEnabled": true,
        "mailNickname": name.to_lowercase(),
        "members@odata.bind": [format!("{}/v1.0/users/{member}", app.url)],
    });
    app.client().await.post("/v1.0/groups", &body).await.is(201).id()
}

fn ids(items: &[Value]) -> BTreeSet<String> {
    items
        .iter()
        .map(|item| match item.as_str().or(item["id"].as_str()) {
            Some(id) => id.to_owned(),
            None => {
                let address = item["@odata.id"].as_str().unwrap();
                address.rsplit('/').next().unwrap().to_owned()
            }
        })
        .collect()
}

/// What a client is told of the memberships of an object under `base`, way by way.
async fn told(client: &Client, base: &str, of: &str) -> Vec<(String, BTreeSet<String>)> {
    let mut told = Vec::new();
    for relation in ["memberOf", "transitiveMemberOf"] {
        let path = format!("{base}/{relation}");
        let listed = client.get(&path).await.is(200);
        let count = client.get(&format!("{path}/$count")).await.is(200);
        assert_eq!(count.text, listed.items().len().to_string(), "{path}/$count");
        told.push((path.clone(), ids(listed.items())));
        told.push((
            format!("{path}/$ref"),
            ids(client.get(&format!("{path}/$ref")).await.is(200).items()),
        ));
        let counted = client.query(&path, &[("$count", "true"), ("$top", "1")]).await.is(200);
        assert_eq!(counted["@odata.count"], listed.items().len(), "{path}?$count=true");
        let roles = format!("{path}/graph.directoryRole");
        let cast = client.get(&roles).await.is(200);
        let count = client.get(&format!("{roles}/$count")).await.is(200);
        assert_eq!(count.text, cast.items().len().to_string(), "{roles}/$count");
        let groups = client.get(&format!("{path}/graph.group")).await.is(200);
        let both = ids(cast.items()).union(&ids(groups.items())).cloned().collect();
        told.push((roles, both));
        for role in ["exchange", "billing"] {
            let filter = format!("id eq '{}'", template_id(role));
            let found = client.query(&path, &[("$filter", &filter)]).await.is(200);
            let visible = ids(listed.items()).contains(template_id(role));
            assert_eq!(found.items().len(), usize::from(visible), "{path}?$filter={filter}");
        }
    }
    for base in [base.to_owned(), format!("/v1.0/directoryObjects/{of}")] {
        let path = format!("{base}/getMemberObjects");
        let all = client.post(&path, &json!({"securityEnabledOnly": false})).await.is(200);
        told.push((path.clone(), ids(all.items())));
        let path = format!("{base}/checkMemberObjects");
        let groups = client.post(&format!("{base}/getMemberGroups"), &json!({})).await.is(200);
        let asked: Vec<String> =
            ROLES.iter().map(|(_, id)| (*id).to_owned()).chain(ids(groups.items())).collect();
        let found = client.post(&path, &json!({"ids": asked})).await.is(200);
        told.push((path, ids(found.items())));
    }
    let expanded = client.get(&format!("/v1.0/users/{of}?$expand=memberOf")).await.is(200);
    told.push(("$expand".to_owned(), ids(expanded["memberOf"].as_array().unwrap())));
    let filter = format!("id eq '{of}'");
    let options = [("$filter", filter.as_str()), ("$expand", "memberOf($select=id)")];
    let listed = client.query("/v1.0/users", &options).await.is(200);
    let of_one = listed.items()[0]["memberOf"].as_array().unwrap().clone();
    told.push(("$expand of a list".to_owned(), ids(&of_one)));
    told
}

async fn every_answer_about_memberships_hides_roles_from_who_may_not_view_them(app: TestApp) {
    let (id, group) = holder_in_a_group(&app).await;
    let base = format!("/v1.0/users/{id}");
    let only_the_group = BTreeSet::from([group.clone()]);
    let all = ["exchange", "billing"].map(template_id).map(str::to_owned);
    let all: BTreeSet<String> = all.into_iter().chain([group]).collect();
    for (name, client) in app.everyone().await {
        let views = ROW_5.contains(&name) || name == "service";
        let expected = if views { &all } else { &only_the_group };
        for (way, told) in told(&client, &base, &id).await {
            assert_eq!(&told, expected, "{way} as {name}");
        }
        for question in ["getMemberGroups", "getMemberObjects"] {
            let only = json!({"securityEnabledOnly": true});
            let found = client.post(&format!("{base}/{question}"), &only).await.is(200);
            assert_eq!(ids(found.items()), only_the_group, "{question} as {name}");
        }
        let asked = json!({"groupIds": [template_id("exchange"), template_id("billing")]});
        let found = client.post(&format!("{base}/checkMemberGroups"), &asked).await.is(200);
        assert!(found.items().is_empty(), "a role is no group: {found}");
    }
}

async fn everybody_sees_their_own_roles_in_every_answer(app: TestApp) {
    let (id, session) = app.holder("Own", &["billing", "password"]).await;
    let expected = BTreeSet::from(["billing", "password"].map(|role| template_id(role).to_owned()));
    for base in ["/v1.0/me".to_owned(), format!("/v1.0/users/{id}")] {
        for (way, told) in told(&session, &base, &id).await {
            assert_eq!(told, expected, "{way} below {base}");
        }
    }
    let me = session.get("/v1.0/me?$expand=memberOf").await.is(200);
    assert_eq!(ids(me["memberOf"].as_array().unwrap()), expected);
    let member = app.as_member().await;
    assert!(member.get("/v1.0/me/memberOf").await.is(200).items().is_empty());
}

async fn a_role_among_memberships_has_its_type_and_properties(app: TestApp) {
    let (id, _) = app.holder("Holder", &["exchange"]).await;
    let global = app.as_global().await;
    let path = format!("/v1.0/users/{id}/memberOf");
    let listed = global.get(&path).await.is(200);
    let role = &listed.items()[0];
    assert_eq!(role["@odata.type"], "#microsoft.graph.directoryRole");
    assert_eq!(role["id"], template_id("exchange"));
    assert_eq!(role["roleTemplateId"], template_id("exchange"));
    assert_eq!(role["displayName"], "Exchange Administrator");
    assert!(role["description"].as_str().is_some_and(|text| text.contains("mail")), "{listed}");
    let chosen = global.query(&path, &[("$select", "displayName,roleTemplateId")]).await.is(200);
    let names: Vec<&String> = chosen.items()[0].as_object().unwrap().keys().collect();
    assert_eq!(names, ["@odata.etag", "@odata.type", "displayName", "roleTemplateId"]);
    let cast = global.get(&format!("{path}/graph.directoryRole?$select=displayName")).await;
    assert_eq!(cast.is(200).column("displayName"), ["Exchange Administrator"]);
    let spelled = global.get(&format!("{path}/microsoft.graph.directoryRole")).await.is(200);
    assert_eq!(spelled.column("id"), [template_id("exchange")]);
}

async fn names(client: &Client, path: &str, options: &str) -> Vec<String> {
    let found = client.all(&format!("{path}?{options}")).await;
    found.iter().map(|each| each["displayName"].as_str().unwrap().to_owned()).collect()
}

async fn groups_and_roles_are_filtered_ordered_counted_and_paged_together(app: TestApp) {
    let (id, _) = app.holder("Holder", &["exchange", "billing", "skype"]).await;
    for name in ["Apples", "Cherries", "Elderberries", "Figs", "Walnuts"] {
        group(&app, name, &id).await;
    }
    let global = app.as_global().await;
    let ordered = [
        "Apples",
        "Billing Administrator",
        "Cherries",
        "Elderberries",
        "Exchange Administrator",
        "Figs",
        "Skype for Business Administrator",
        "Walnuts",
    ];
    for relation in ["memberOf", "transitiveMemberOf"] {
        let path = format!("/v1.0/users/{id}/{relation}");
        for top in 1..=9 {
            let up = names(&global, &path, &format!("$top={top}&$orderby=displayName")).await;
            assert_eq!(up, ordered, "{top}");
            let mut down =
                names(&global, &path, &format!("$top={top}&$orderby=displayName%20desc")).await;
            down.reverse();
            assert_eq!(down, ordered, "{top}");
            // Roles have no such date: first upwards, last downwards.
            let dated =
                names(&global, &path, &format!("$top={top}&$orderby=createdDateTime")).await;
            let is_role = |name: &String| name.ends_with("Administrator");
            assert!(dated[..3].iter().all(is_role), "{top}: {dated:?}");
            assert_eq!(&dated[3..], ["Apples", "Cherries", "Elderberries", "Figs", "Walnuts"]);
            let mut by_id = names(&global, &path, &format!("$top={top}")).await;
            by_id.sort_unstable();
            assert_eq!(by_id, ordered, "{top}");
        }
        let found = [("$filter", "startswith(displayName,'E')"), ("$count", "true")];
        let found = global.query(&path, &found).await.is(200);
        assert_eq!(found["@odata.count"], 2, "{found}");
        let search = [("$search", "\"displayName:administrator\"")];
        let searched = global.with("ConsistencyLevel", "eventual").query(&path, &search).await;
        assert_eq!(searched.is(200).items().len(), 3);
        let none = global.query(&path, &[("$filter", "mail eq 'x@y.example'")]).await.is(200);
        assert!(none.items().is_empty());
    }
}

async fn a_revoked_role_is_no_membership_any_more(app: TestApp) {
    let (id, session) = app.holder("Holder", &["exchange", "billing"]).await;
    app.revoke(&id, "exchange").await.is(204);
    let found = session.get("/v1.0/me/memberOf").await.is(200);
    assert_eq!(found.column("id"), [template_id("billing")]);
    let all = session.post("/v1.0/me/getMemberObjects", &json!({})).await.is(200);
    assert_eq!(all["value"], json!([template_id("billing")]));
}

async fn roles_are_found_by_their_ids_and_nothing_is_done_to_them(app: TestApp) {
    let member = app.as_member().await;
    let (id, person) = (template_id("skype"), app.person("Jan").await);
    let asked = json!({"ids": [person, id, uuid::Uuid::nil(), id]});
    let by_ids = "/v1.0/directoryObjects/getByIds";
    let found = member.post(by_ids, &asked).await.is(200);
    assert_eq!(found.column("id"), [person.as_str(), id, id]);
    for (types, expected) in [
        (json!(["directoryRole"]), vec![id, id]),
        (json!(["user"]), vec![person.as_str()]),
        (json!(["group"]), vec![]),
    ] {
        let mut body = asked.clone();
        body["types"] = types;
        assert_eq!(member.post(by_ids, &body).await.is(200).column("id"), expected);
    }
    let path = format!("/v1.0/directoryObjects/{id}");
    let role = member.get(&path).await.is(200);
    assert_eq!(role["@odata.type"], "#microsoft.graph.directoryRole");
    assert_eq!(role["displayName"], "Skype for Business Administrator");
    let global = app.as_global().await;
    global.delete(&path).await.refuses(404, "Request_ResourceNotFound");
    let bakers = group(&app, "Bakers", &person).await;
    let add = format!("/v1.0/groups/{bakers}/members/$ref");
    global.post(&add, &reference(&app, id)).await.refuses(404, "Request_ResourceNotFound");
    let manager = format!("/v1.0/users/{person}/manager/$ref");
    let put = global.request("PUT", &manager).json(&reference(&app, id));
    let refused: Answer = global.send(put).await;
    refused.refuses(404, "Request_ResourceNotFound");
}

async fn roles_have_their_names_in_the_language_of_the_caller_wherever_they_stand(app: TestApp) {
    let (id, _) = holder_in_a_group(&app).await;
    let global = app.as_global().await;
    let role = template_id("billing");
    let filter = format!("id eq '{id}'");
    for (accepted, language, name) in [
        ("nl", "nl", "Factureringsbeheerder"),
        ("en", "en", "Billing Administrator"),
        ("fr-BE, nl-BE;q=0.7, en;q=0.3", "nl", "Factureringsbeheerder"),
        ("fr, de;q=0.5, *;q=0.1", "en", "Billing Administrator"),
        ("nl;q=0", "en", "Billing Administrator"),
        ("nonsense;;q=x,,", "en", "Billing Administrator"),
    ] {
        let client = global.with("Accept-Language", accepted);
        let expanded = [("$filter", filter.as_str()), ("$expand", "memberOf")];
        for answer in [
            client.get(&format!("/v1.0/users/{id}/memberOf")).await,
            client.get(&format!("/v1.0/users/{id}/transitiveMemberOf")).await,
            client.get(&format!("/v1.0/users/{id}/memberOf/graph.directoryRole")).await,
            client.get(&format!("/v1.0/users/{id}?$expand=memberOf")).await,
            client.query("/v1.0/users", &expanded).await,
            client.get(&format!("/v1.0/directoryObjects/{role}")).await,
            client.post("/v1.0/directoryObjects/getByIds", &json!({"ids": [role]})).await,
            client.get("/v1.0/directoryRoles").await,
            client.get(&format!("/v1.0/directoryRoles/{role}")).await,
            client.get("/v1.0/directoryRoleTemplates").await,
            client.get("/v1.0/roleManagement/directory/roleDefinitions").await,
            client.get(&format!("/v1.0/users/{id}/serviceRoles")).await,
        ] {
            let answer = answer.is(200);
            assert!(answer.text.contains(name) || answer.text.contains("Exchange"), "{answer}");
            let other = if language == "nl" { " Administrator\"" } else { "beheerder\"" };
            assert!(!answer.text.contains(other), "{answer}");
            assert_eq!(answer.header("content-language"), language, "{answer}");
            assert!(answer.header("vary").contains("Accept-Language"), "{answer}");
        }
    }
    // They are found by the name that is answered.
    let client = global.with("Accept-Language", "nl");
    let named = [("$filter", "displayName eq 'Factureringsbeheerder'"), ("$count", "true")];
    let found = client.query(&format!("/v1.0/users/{id}/memberOf"), &named).await.is(200);
    assert_eq!(found.column("id"), [role]);
}
