//! No secret that was sent, drawn or answered is in the log, however much is logged (S39).

use roster_tests::{
    Client, Database, PASSWORD, Place, Process, Ran, block_on, free_port, record, skip,
};
use serde_json::json;
use std::fs::{self, File};

#[test]
fn no_secret_is_in_the_log_on_sqlite() {
    tells_nothing(Database::Sqlite);
}

#[test]
fn no_secret_is_in_the_log_on_postgresql() {
    tells_nothing(Database::Postgresql);
}

fn tells_nothing(database: Database) {
    let Some(place) = Place::new(database) else { return skip(database) };
    record(Ran::On(database));
    block_on(async {
        let path = place.folder().join("log");
        let log = File::create(&path).unwrap();
        let process = Process::start_logged(&place, free_port(), "trace", log).await;
        let secrets = secrets(&process).await;
        process.kill();
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains("roster::request"), "requests are logged");
        assert!(secrets.len() > 9, "{secrets:?}");
        for secret in &secrets {
            let place = text.find(secret.as_str()).map(|at| &text[at.saturating_sub(300)..at]);
            assert!(place.is_none(), "{secret} is in the log after: {place:?}");
        }
    });
}

/// Goes everywhere that a secret goes; answers all of them.
async fn secrets(process: &Process) -> Vec<String> {
    let (client, anonymous) = (process.client().await, process.anonymous());
    let mut secrets: Vec<String> =
        [PASSWORD, "a-secret-of-the-tests", "canary-wrong-password", "$argon2", "PRIVATE KEY"]
            .map(str::to_owned)
            .to_vec();
    secrets.push(client.token.clone().unwrap());
    let admin = client.get("/v1.0/users").await.is(200).items()[0].clone();
    let name = admin["userPrincipalName"].as_str().unwrap();
    let domain = name.split_once('@').unwrap().1;
    let body =
        |name: &str| json!({"displayName": name, "userPrincipalName": format!("{name}@{domain}")});
    let drawn = client.post("/v1.0/users", &body("jan")).await.is(201);
    secrets.push(drawn["passwordProfile"]["password"].as_str().unwrap().to_owned());
    let mut chosen = body("eva");
    chosen["passwordProfile"] =
        json!({"password": PASSWORD, "forceChangePasswordNextSignIn": false});
    let eva = client.post("/v1.0/users", &chosen).await.is(201);
    let sign_in = async |name: &str, password: &str| {
        let name = format!("{name}@{domain}");
        let form = [("grant_type", "password"), ("username", &*name), ("password", password)];
        anonymous.form("/oauth2/token", &form).await
    };
    sign_in("eva", "canary-wrong-password").await.is(400);
    let token = sign_in("eva", PASSWORD).await.is(200).text_of("access_token");
    anonymous.bearing(&token).get("/v1.0/me").await.is(200);
    secrets.push(token);
    secrets.extend(changed(&client, &anonymous, &eva.id(), &format!("eva@{domain}")).await);
    secrets.push(invited(&client, &anonymous).await);
    secrets.extend(imported(&client, domain).await);
    misplaced(&anonymous).await;
    secrets
}

/// Passwords that are changed and reset.
async fn changed(client: &Client, anonymous: &Client, id: &str, name: &str) -> Vec<String> {
    let [new, weak, given] =
        ["Canary-Kikkers.Dansen8", "canaryweak", "Canary-Olifanten.Lezen9"].map(str::to_owned);
    let change = async |current: &str, new: &str| {
        let body =
            json!({"userPrincipalName": name, "currentPassword": current, "newPassword": new});
        anonymous.post("/v1.0/password/change", &body).await
    };
    change(PASSWORD, &weak).await.is(400);
    change(PASSWORD, &new).await.is(204);
    let user = format!("/v1.0/users/{id}");
    client.patch(&user, &json!({"passwordProfile": {"password": given}})).await.is(204);
    client.patch(&user, &json!({"passwordProfile": {"password": weak}})).await.is(400);
    vec![new, weak, given]
}

/// The token of an invitation.
async fn invited(client: &Client, anonymous: &Client) -> String {
    let body = json!({
        "invitedUserEmailAddress": "ann@elsewhere.example",
        "inviteRedirectUrl": "https://app.example/",
    });
    let url = client.post("/v1.0/invitations", &body).await.is(201).text_of("inviteRedeemUrl");
    let token = url.split_once("invitationToken=").unwrap().1.to_owned();
    let body = json!({"invitationToken": token});
    anonymous.post("/v1.0/invitations/redeem", &body).await.is(200);
    token
}

/// The one-time passwords of an import.
async fn imported(client: &Client, domain: &str) -> Vec<String> {
    let columns = "User Name,First Name,Last Name,Display Name,Job Title,Department,\
                   Office Number,Office Phone,Mobile Phone,Fax,Address,City,State or Province,\
                   ZIP or Postal Code,Country or Region";
    let upload = client.request("POST", "/v1.0/imports").header("content-type", "text/csv");
    let file = format!("{columns}\nrow@{domain},,,Row,,,,,,,,,,,\n");
    let job = client.send(upload.body(file)).await.is(202).id();
    super::kept::ended(client, &job).await;
    let result = client.get(&format!("/v1.0/imports/{job}/result")).await.is(200).text;
    let row = result.lines().nth(1).unwrap();
    vec![row.rsplit(',').next().unwrap().to_owned()]
}

/// Secrets where they do not belong.
async fn misplaced(anonymous: &Client) {
    let secret = "canary-wrong-password";
    anonymous.get(&format!("/v1.0/users?access_token={secret}")).await.is(401);
    anonymous.get(&format!("/v1.0/{secret}")).await.is(404);
    anonymous.bearing(secret).get("/v1.0/me").await.is(401);
    anonymous.with("client-secret", secret).get("/v1.0/me").await.is(401);
    let body = json!({"userPrincipalName": secret, "password": secret});
    anonymous.post("/v1.0/password/change", &body).await.is(400);
    anonymous.form("/oauth2/token", &[("grant_type", secret)]).await.is(400);
}
