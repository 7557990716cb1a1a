//! Bodies that say what they are.

use roster_tests::{TestApp, on_both, outsider, person};
use serde_json::{Value, json};

on_both! { a_body_of_another_type_than_its_path_is_refused }

/// Makes a body from a name.
type Body = fn(&str) -> Value;

async fn a_body_of_another_type_than_its_path_is_refused(app: TestApp) {
    let client = app.client().await;
    let made: [(&str, &str, Body); 3] = [
        ("/v1.0/users", "user", person),
        ("/v1.0/contacts", "orgContact", outsider),
        ("/v1.0/groups", "group", |name| {
            json!({
                "displayName": name, "mailNickname": name, "mailEnabled": false,
                "securityEnabled": true
            })
        }),
    ];
    for (path, own, body) in made {
        let mut wrong: Vec<Value> = ["user", "orgContact", "group", "directoryObject"]
            .iter()
            .filter(|kind| **kind != own)
            .map(|kind| json!(format!("#microsoft.graph.{kind}")))
            .collect();
        wrong.extend([json!(null), json!(7), json!(""), json!(own), json!("#x.graph.user")]);
        for name in wrong {
            let mut body = body("wrong");
            body["@odata.type"] = name;
            let refused = client.post(path, &body).await.refuses(400, "Request_BadRequest");
            assert_eq!(refused.targets(), ["@odata.type"], "{refused}");
            assert!(refused.message().contains(&format!("#microsoft.graph.{own}")), "{refused}");
        }
        for (number, name) in ["#microsoft.graph.", "microsoft.graph."].iter().enumerate() {
            let mut body = body(&format!("right{own}{number}"));
            body["@odata.type"] = json!(format!("{name}{own}"));
            let id = client.post(path, &body).await.is(201).id();
            let change = json!({"@odata.type": "#microsoft.graph.device", "displayName": "x"});
            let refused = client.patch(&format!("{path}/{id}"), &change).await.is(400);
            assert_eq!(refused.targets(), ["@odata.type"], "{refused}");
        }
    }
}
