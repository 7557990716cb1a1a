//! Mail through groups in groups: each applies its own settings (R122–R125, R129, R130).

use super::support::{add, group, group_with, owned, sorted};
use roster_tests::{Answer, Client, TestApp, on_both};
use serde_json::{Value, json};

on_both! {
    a_group_in_a_group_keeps_its_own_door,
    a_second_way_around_a_refusal_delivers,
    a_moderated_group_in_a_group_asks_again_unless_bypassed,
    a_member_hears_nothing_of_groups_they_do_not_see,
    the_way_is_followed_to_any_depth,
}

const JAN: &str = "jan@contoso.onroster.example";

async fn check(client: &Client, group: &str, sender: &str) -> Answer {
    let path = format!("/v1.0/groups/{group}/checkDelivery");
    client.post(&path, &json!({"sender": sender})).await.is(200)
}

fn recipients(answer: &Answer) -> Vec<String> {
    let all = answer["recipients"].as_array().unwrap().iter();
    let mut ids: Vec<String> = all.map(|one| one["id"].as_str().unwrap().to_owned()).collect();
    assert_eq!(answer["recipients@odata.count"], ids.len());
    ids.sort();
    ids
}

/// Name, decision and codes of the groups in the group that do not simply pass the message on.
fn nested(answer: &Answer) -> Vec<(String, String, Vec<Value>)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let all = answer["nested"].as_array().unwrap().iter();
    let mut told: Vec<_> = all
        .map(|each| {
            let codes = each["reasons"].as_array().unwrap().iter().map(|r| r["code"].clone());
            (text(&each["displayName"]), text(&each["decision"]), codes.collect())
        })
        .collect();
    told.sort_by(|a, b| a.0.cmp(&b.0));
    told
}

fn refused(name: &str, code: &str) -> (String, String, Vec<Value>) {
    (name.to_owned(), "refused".to_owned(), vec![json!(code)])
}

async fn set(app: &TestApp, group: &str, body: Value) {
    app.client().await.patch(&format!("/v1.0/groups/{group}"), &body).await.is(204);
}

async fn a_group_in_a_group_keeps_its_own_door(app: TestApp) {
    let client = app.client().await;
    let (jan, eva) = (app.person("Jan").await, app.person("Eva").await);
    let pilar = app.contact("pilar").await;
    let outer = group(&app, "distribution", "Outer").await;
    let inner = group(&app, "mail-enabled security", "Inner").await;
    set(&app, &outer, json!({"allowExternalSenders": true})).await;
    for (of, member) in [(&outer, &jan), (&outer, &inner), (&inner, &eva), (&inner, &pilar)] {
        add(&client, of, "members", member).await.is(204);
    }
    let from_inside = check(&client, &outer, JAN).await;
    assert_eq!(nested(&from_inside), []);
    assert_eq!(recipients(&from_inside), sorted([&jan, &eva, &pilar]));
    let from_outside = check(&client, &outer, "stranger@outside.example").await;
    assert_eq!(from_outside["accepted"], true, "the group itself takes it");
    assert_eq!(nested(&from_outside), [refused("Inner", "5.7.133")]);
    assert_eq!(recipients(&from_outside), sorted([&jan]));
    assert_eq!(from_outside["nested"][0]["id"], inner.as_str());
    add(&client, &inner, "rejectedSenders", &jan).await.is(204);
    let rejected = check(&client, &outer, JAN).await;
    assert_eq!(nested(&rejected), [refused("Inner", "5.7.1")]);
    assert_eq!(recipients(&rejected), sorted([&jan]));
    add(&client, &inner, "acceptedSenders", &pilar).await.is(204);
    let shut_out = check(&client, &outer, "eva@contoso.onroster.example").await;
    assert_eq!(nested(&shut_out), [refused("Inner", "5.7.124")]);
}

async fn a_second_way_around_a_refusal_delivers(app: TestApp) {
    let client = app.client().await;
    let (jan, eva) = (app.person("Jan").await, app.person("Eva").await);
    let outer = group(&app, "distribution", "Outer").await;
    let shut = group(&app, "distribution", "Shut").await;
    let open = group(&app, "distribution", "Open").await;
    let both = group(&app, "distribution", "Both").await;
    add(&client, &shut, "rejectedSenders", &jan).await.is(204);
    for (of, member) in [(&outer, &shut), (&shut, &both), (&both, &eva), (&shut, &jan)] {
        add(&client, of, "members", member).await.is(204);
    }
    assert_eq!(recipients(&check(&client, &outer, JAN).await), Vec::<String>::new());
    add(&client, &outer, "members", &open).await.is(204);
    add(&client, &open, "members", &both).await.is(204);
    let answer = check(&client, &outer, JAN).await;
    assert_eq!(nested(&answer), [refused("Shut", "5.7.1")]);
    assert_eq!(recipients(&answer), sorted([&eva]));
}

async fn a_moderated_group_in_a_group_asks_again_unless_bypassed(app: TestApp) {
    let client = app.client().await;
    let (jan, eva) = (app.person("Jan").await, app.person("Eva").await);
    let [outer, middle, inner] = [
        group(&app, "distribution", "Outer").await,
        group(&app, "distribution", "Middle").await,
        group(&app, "distribution", "Inner").await,
    ];
    for (of, member) in [(&outer, &middle), (&middle, &inner), (&inner, &eva), (&middle, &jan)] {
        add(&client, of, "members", member).await.is(204);
    }
    let moderated = json!({"moderationEnabled": true});
    set(&app, &inner, moderated.clone()).await;
    let asks = [("Inner".to_owned(), "moderated".to_owned(), Vec::new())];
    let again = check(&client, &outer, JAN).await;
    assert_eq!((nested(&again).as_slice(), &again["moderated"]), (&asks[..], &json!(false)));
    assert_eq!(recipients(&again), sorted([&jan, &eva]), "they get it once it is approved");
    // Nothing was approved above, so there is nothing to pass on.
    set(&app, &outer, json!({"bypassNestedModeration": true})).await;
    assert_eq!(nested(&check(&client, &outer, JAN).await), asks);
    set(&app, &outer, moderated).await;
    let spared = check(&client, &outer, JAN).await;
    assert_eq!((nested(&spared), &spared["moderated"]), (Vec::new(), &json!(true)));
    set(&app, &outer, json!({"bypassNestedModeration": false})).await;
    assert_eq!(nested(&check(&client, &outer, JAN).await), asks);
    add(&client, &inner, "moderators", &jan).await.is(204);
    assert_eq!(nested(&check(&client, &outer, JAN).await), [], "a moderator's own mail passes");
}

async fn a_member_hears_nothing_of_groups_they_do_not_see(app: TestApp) {
    let (client, member) = (app.client().await, app.as_member().await);
    let (jan, eva) = (app.person("Jan").await, app.person("Eva").await);
    let outer = group(&app, "distribution", "Outer").await;
    let hide = json!({"hideFromAddressLists": true});
    let unlisted = group_with(&app, "distribution", "Unlisted", hide).await;
    let hidden = json!({"visibility": "HiddenMembership"});
    let secret = group_with(&app, "distribution", "Secret", hidden).await;
    let behind = group(&app, "distribution", "Behind").await;
    for (of, member) in [
        (&outer, &unlisted),
        (&outer, &secret),
        (&secret, &behind),
        (&unlisted, &jan),
        (&behind, &eva),
    ] {
        add(&client, of, "members", member).await.is(204);
    }
    for shut in [&unlisted, &behind] {
        add(&client, shut, "rejectedSenders", &jan).await.is(204);
    }
    let names = |answer: &Answer| -> Vec<String> {
        nested(answer).into_iter().map(|(name, ..)| name).collect()
    };
    let told = check(&client, &outer, JAN).await;
    assert_eq!(names(&told), ["Behind", "Unlisted"]);
    let told = check(&member, &outer, JAN).await;
    assert_eq!(names(&told), Vec::<String>::new(), "{told}");
    assert_eq!(recipients(&told), Vec::<String>::new());
    // Whoever owns the group is told no more of those in it.
    let (_, owner, mine) = owned(&app, "distribution", "Mine").await;
    add(&client, &mine, "members", &secret).await.is(204);
    assert_eq!(names(&check(&owner, &mine, JAN).await), Vec::<String>::new());
}

async fn the_way_is_followed_to_any_depth(app: TestApp) {
    let client = app.client().await;
    let (jan, eva) = (app.person("Jan").await, app.person("Eva").await);
    let mut chain = Vec::new();
    for depth in 0..40 {
        chain.push(group(&app, "distribution", &format!("Depth {depth}")).await);
    }
    for pair in chain.windows(2) {
        add(&client, &pair[0], "members", &pair[1]).await.is(204);
    }
    add(&client, &chain[39], "members", &eva).await.is(204);
    assert_eq!(recipients(&check(&client, &chain[0], JAN).await), sorted([&eva]));
    add(&client, &chain[39], "rejectedSenders", &jan).await.is(204);
    let answer = check(&client, &chain[0], JAN).await;
    assert_eq!(nested(&answer), [refused("Depth 39", "5.7.1")]);
    assert_eq!(recipients(&answer), Vec::<String>::new());
}
