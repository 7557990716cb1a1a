//! Whether mail to a group would arrive, and at whom (R122–R125, R129, R130).

use super::support::{add, group, group_with, ids, owned, remove, sorted};
use roster_tests::{Answer, Client, TestApp, on_both};
use serde_json::json;

on_both! {
    who_has_no_address_gets_no_mail,
    a_group_with_mail_keeps_its_alias,
    a_new_group_takes_mail_from_inside_only,
    a_contact_on_the_list_of_senders_stays_outside,
    the_list_of_accepted_senders_shuts_everybody_else_out,
    the_list_of_rejected_senders_wins,
    a_group_on_a_list_stands_for_its_members,
    a_moderated_group_names_who_approves,
    exempt_senders_need_no_approval,
    each_recipient_gets_one_copy,
    a_question_about_delivery_names_a_sender_and_a_group_with_mail,
    a_list_does_not_tell_who_is_in_a_group_with_hidden_members,
}

/// What would become of a message from an address.
async fn check(client: &Client, group: &str, sender: &str) -> Answer {
    client.post(&format!("/v1.0/groups/{group}/checkDelivery"), &json!({"sender": sender})).await
}

/// Status codes of the bounces; none when the message is taken.
fn bounces(answer: &Answer) -> Vec<&str> {
    let reasons = answer["reasons"].as_array().unwrap();
    let codes: Vec<&str> = reasons.iter().map(|reason| reason["code"].as_str().unwrap()).collect();
    assert_eq!(answer["accepted"], codes.is_empty(), "{answer}");
    codes
}

const JAN: &str = "jan@contoso.onroster.example";
const EVA: &str = "eva@contoso.onroster.example";

async fn a_new_group_takes_mail_from_inside_only(app: TestApp) {
    let client = app.client().await;
    app.person("Jan").await;
    let guest = json!({
        "invitedUserEmailAddress": "guest@outside.example",
        "inviteRedirectUrl": "https://directory.example/welcome"
    });
    client.post("/v1.0/invitations", &guest).await.is(201);
    app.contact("pilar").await;
    for kind in ["distribution", "mail-enabled security", "Microsoft 365"] {
        let id = group(&app, kind, kind).await;
        assert!(bounces(&check(&client, &id, JAN).await.is(200)).is_empty());
        let outside =
            ["stranger@outside.example", "pilar@outside.example", "guest@outside.example"];
        for sender in outside {
            let answer = check(&client, &id, sender).await.is(200);
            assert_eq!(bounces(&answer), ["5.7.133"], "{sender}");
            assert_eq!(answer["reasons"][0]["rule"], "R122");
            let remedy = answer["reasons"][0]["message"].as_str().unwrap();
            assert!(remedy.contains("allowExternalSenders"), "{remedy}");
        }
        let open = json!({"allowExternalSenders": true});
        client.patch(&format!("/v1.0/groups/{id}"), &open).await.is(204);
        for sender in outside {
            assert!(bounces(&check(&client, &id, sender).await.is(200)).is_empty(), "{sender}");
        }
    }
}

async fn a_contact_on_the_list_of_senders_stays_outside(app: TestApp) {
    let client = app.client().await;
    let pilar = app.contact("pilar").await;
    let id = group(&app, "distribution", "Bakers").await;
    add(&client, &id, "acceptedSenders", &pilar).await.is(204);
    let answer = check(&client, &id, "pilar@outside.example").await.is(200);
    assert_eq!(bounces(&answer), ["5.7.133"]);
    let open = json!({"allowExternalSenders": true});
    client.patch(&format!("/v1.0/groups/{id}"), &open).await.is(204);
    assert!(bounces(&check(&client, &id, "PILAR@outside.example").await.is(200)).is_empty());
    let answer = check(&client, &id, "stranger@outside.example").await.is(200);
    assert_eq!(bounces(&answer), ["5.7.124"]);
}

async fn the_list_of_accepted_senders_shuts_everybody_else_out(app: TestApp) {
    let client = app.client().await;
    let (jan, eva) = (app.person("Jan").await, app.person("Eva").await);
    let id = group(&app, "distribution", "Bakers").await;
    add(&client, &id, "acceptedSenders", &jan).await.is(204);
    assert!(bounces(&check(&client, &id, JAN).await.is(200)).is_empty());
    assert_eq!(bounces(&check(&client, &id, EVA).await.is(200)), ["5.7.124"]);
    let both = check(&client, &id, "stranger@outside.example").await.is(200);
    assert_eq!(bounces(&both), ["5.7.133", "5.7.124"], "every reason at once");
    // A deleted sender still shuts the others out until it is gone for good.
    client.delete(&format!("/v1.0/users/{jan}")).await.is(204);
    assert_eq!(bounces(&check(&client, &id, EVA).await.is(200)), ["5.7.124"]);
    add(&client, &id, "acceptedSenders", &eva).await.is(204);
    assert!(bounces(&check(&client, &id, EVA).await.is(200)).is_empty());
}

async fn the_list_of_rejected_senders_wins(app: TestApp) {
    let client = app.client().await;
    let jan = app.person("Jan").await;
    let id = group(&app, "distribution", "Bakers").await;
    add(&client, &id, "acceptedSenders", &jan).await.is(204);
    add(&client, &id, "rejectedSenders", &jan).await.is(204);
    let answer = check(&client, &id, JAN).await.is(200);
    assert_eq!(bounces(&answer), ["5.7.1"]);
    remove(&client, &id, "rejectedSenders", &jan).await.is(204);
    assert!(bounces(&check(&client, &id, JAN).await.is(200)).is_empty());
}

async fn a_group_on_a_list_stands_for_its_members(app: TestApp) {
    let client = app.client().await;
    let (jan, _) = (app.person("Jan").await, app.person("Eva").await);
    let inner = group(&app, "distribution", "Inner").await;
    let outer = group(&app, "distribution", "Outer").await;
    add(&client, &inner, "members", &jan).await.is(204);
    add(&client, &outer, "members", &inner).await.is(204);
    let id = group(&app, "distribution", "Bakers").await;
    add(&client, &id, "acceptedSenders", &outer).await.is(204);
    assert!(bounces(&check(&client, &id, JAN).await.is(200)).is_empty());
    assert_eq!(bounces(&check(&client, &id, EVA).await.is(200)), ["5.7.124"]);
    // The group itself writes, too.
    let own = check(&client, &id, "outer@contoso.onroster.example").await.is(200);
    assert!(bounces(&own).is_empty());
    add(&client, &id, "rejectedSenders", &inner).await.is(204);
    assert_eq!(bounces(&check(&client, &id, JAN).await.is(200)), ["5.7.1"]);
}

async fn a_moderated_group_names_who_approves(app: TestApp) {
    let client = app.client().await;
    let (jan, eva) = (app.person("Jan").await, app.person("Eva").await);
    let (owner, _, id) = owned(&app, "distribution", "Bakers").await;
    let path = format!("/v1.0/groups/{id}");
    let plain = check(&client, &id, JAN).await.is(200);
    assert_eq!((&plain["moderated"], &plain["approvers"]), (&json!(false), &json!([])));
    client.patch(&path, &json!({"moderationEnabled": true})).await.is(204);
    let approver = |answer: &Answer| answer["approvers"][0]["id"].as_str().unwrap().to_owned();
    let by_owner = check(&client, &id, JAN).await.is(200);
    assert_eq!((&by_owner["moderated"], approver(&by_owner)), (&json!(true), owner.clone()));
    assert!(bounces(&by_owner).is_empty(), "it waits, it does not bounce");
    add(&client, &id, "moderators", &eva).await.is(204);
    assert_eq!(approver(&check(&client, &id, JAN).await.is(200)), eva);
    let owner = client.get(&format!("/v1.0/users/{owner}")).await.is(200).text_of("mail");
    for privileged in [EVA, &owner] {
        let passes = check(&client, &id, privileged).await.is(200);
        assert_eq!(passes["moderated"], false, "{privileged}");
    }
    // Who owns the group through another group is an owner like any other.
    let owners = group(&app, "mail-enabled security", "Owners").await;
    add(&client, &owners, "members", &jan).await.is(204);
    add(&client, &id, "owners", &owners).await.is(204);
    assert_eq!(check(&client, &id, JAN).await.is(200)["moderated"], false);
}

async fn exempt_senders_need_no_approval(app: TestApp) {
    let client = app.client().await;
    let (jan, eva) = (app.person("Jan").await, app.person("Eva").await);
    let (_, owner, id) = owned(&app, "distribution", "Bakers").await;
    let moderate = json!({"moderationEnabled": true});
    client.patch(&format!("/v1.0/groups/{id}"), &moderate).await.is(204);
    assert_eq!(check(&client, &id, JAN).await.is(200)["moderated"], true);
    let exempt = group(&app, "distribution", "Exempt").await;
    add(&client, &exempt, "members", &jan).await.is(204);
    // Naming a group means all its members; owners set it as they set the other lists.
    add(&owner, &id, "exemptSenders", &exempt).await.is(204);
    assert_eq!(check(&client, &id, JAN).await.is(200)["moderated"], false);
    assert_eq!(check(&client, &id, EVA).await.is(200)["moderated"], true);
    add(&owner, &id, "exemptSenders", &eva).await.is(204);
    assert_eq!(check(&client, &id, EVA).await.is(200)["moderated"], false);
    assert_eq!(ids(&owner, &format!("groups/{id}/exemptSenders")).await, sorted([&exempt, &eva]));
    remove(&owner, &id, "exemptSenders", &eva).await.is(204);
    assert_eq!(check(&client, &id, EVA).await.is(200)["moderated"], true);
}

async fn each_recipient_gets_one_copy(app: TestApp) {
    let client = app.client().await;
    let (jan, eva) = (app.person("Jan").await, app.person("Eva").await);
    let pilar = app.contact("pilar").await;
    let (a, b, all) = (
        group(&app, "distribution", "A").await,
        group(&app, "mail-enabled security", "B").await,
        group(&app, "distribution", "All").await,
    );
    for (of, member) in
        [(&a, &jan), (&a, &pilar), (&b, &jan), (&b, &eva), (&a, &b), (&all, &a), (&all, &b)]
    {
        add(&client, of, "members", member).await.is(204);
    }
    add(&client, &all, "members", &jan).await.is(204);
    let answer = check(&client, &all, JAN).await.is(200);
    assert_eq!(answer["recipients@odata.count"], 3);
    let mut named: Vec<_> = answer["recipients"].as_array().unwrap().iter().collect();
    named.sort_by_key(|recipient| recipient["id"].as_str().unwrap().to_owned());
    let named: Vec<_> = named.iter().map(|recipient| recipient["id"].as_str().unwrap()).collect();
    assert_eq!(named, sorted([&jan, &eva, &pilar]));
    let listed = ids(&client, &format!("groups/{all}/recipients?$top=2")).await;
    assert_eq!(listed, sorted([&jan, &eva, &pilar]));
    let casts = format!("/v1.0/groups/{all}/recipients/graph.orgContact/$count");
    assert_eq!(client.get(&casts).await.is(200).text, "1");
    client.delete(&format!("/v1.0/users/{eva}")).await.is(204);
    assert_eq!(check(&client, &all, JAN).await.is(200)["recipients@odata.count"], 2);
    assert!(answer["recipients@odata.nextLink"].is_null(), "{answer}");
}

async fn a_question_about_delivery_names_a_sender_and_a_group_with_mail(app: TestApp) {
    let client = app.client().await;
    let id = group(&app, "distribution", "Bakers").await;
    let path = format!("/v1.0/groups/{id}/checkDelivery");
    for wrong in [json!({}), json!({"sender": 1}), json!({"sender": "nobody"})] {
        assert_eq!(client.post(&path, &wrong).await.is(400).targets(), ["sender"], "{wrong}");
    }
    let more = json!({"sender": "nobody", "from": "x", "size": 1});
    let refused = client.post(&path, &more).await.is(400);
    assert_eq!(refused.targets(), ["from", "sender", "size"], "{refused}");
    client.post(&path, &json!([JAN])).await.is(400);
    let rights = group(&app, "security", "Rights").await;
    check(&client, &rights, JAN).await.refuses(400, "Request_BadRequest");
    check(&client, "01900000-0000-7000-8000-000000000000", JAN).await.is(404);
}

async fn a_list_does_not_tell_who_is_in_a_group_with_hidden_members(app: TestApp) {
    let (client, member) = (app.client().await, app.as_member().await);
    let me = member.get("/v1.0/me?$select=id,mail").await.is(200);
    let (jan, hidden) = (app.person("Jan").await, json!({"visibility": "HiddenMembership"}));
    let secret = group_with(&app, "Microsoft 365", "Secret", hidden).await;
    add(&client, &secret, "members", &jan).await.is(204);
    let id = group(&app, "distribution", "Bakers").await;
    add(&client, &id, "rejectedSenders", &secret).await.is(204);
    assert_eq!(bounces(&check(&client, &id, JAN).await.is(200)), ["5.7.1"]);
    let told = check(&member, &id, JAN).await.is(200);
    assert!(bounces(&told).is_empty(), "a member learns nothing of others: {told}");
    // Of themselves everybody may know it.
    add(&client, &secret, "members", &me.id()).await.is(204);
    let own = check(&member, &id, &me.text_of("mail")).await.is(200);
    assert_eq!(bounces(&own), ["5.7.1"]);
    // Who owns a group cannot put a group on its lists to find out who is in it.
    let (_, owner, mine) = owned(&app, "distribution", "Mine").await;
    for place in ["members", "acceptedSenders", "rejectedSenders"] {
        let refused = add(&owner, &mine, place, &secret).await;
        assert!(refused.status == 403 || place == "members" && refused.status == 400, "{refused}");
    }
}

async fn who_has_no_address_gets_no_mail(app: TestApp) {
    let client = app.client().await;
    let (jan, eva) = (app.person("Jan Present").await, app.person("Eva Gone").await);
    let with = json!({"members@odata.bind": super::support::addresses(&[&jan, &eva])});
    let id = group_with(&app, "distribution", "Bakers", with).await;
    client.patch(&format!("/v1.0/users/{eva}"), &json!({"mail": null})).await.is(204);
    assert_eq!(ids(&client, &format!("groups/{id}/recipients")).await, [jan]);
}

async fn a_group_with_mail_keeps_its_alias(app: TestApp) {
    let client = app.client().await;
    let id = group_with(&app, "distribution", "Bakers", json!({})).await;
    let path = format!("/v1.0/groups/{id}");
    for body in [json!({"mailNickname": null}), json!({"mail": null, "mailNickname": null})] {
        let refused = client.patch(&path, &body).await.refuses(400, "Request_BadRequest");
        assert_eq!(refused.targets(), ["mailNickname"], "{body}");
    }
}
