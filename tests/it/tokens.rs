//! The token endpoint, its metadata and the tokens themselves (S1–S5, S10–S23, S29, S31).

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use futures_util::StreamExt as _;
use futures_util::future::join;
use futures_util::stream::FuturesUnordered;
use roster_tests::{Answer, PASSWORD, TestApp, on_both, person, template_id, upn};
use serde_json::{Value, json};

on_both! {
    a_token_response_has_the_documented_members_and_is_not_stored,
    claims_are_those_of_the_documentation,
    every_wrong_request_gets_the_error_of_the_standard,
    only_post_reaches_the_token_endpoint,
    metadata_agrees_with_what_works,
    keys_are_published_without_their_private_members,
    forged_and_foreign_tokens_are_refused,
    a_token_travels_in_one_authorization_header_only,
    a_client_has_no_me_and_no_password,
    a_password_is_changed_with_the_current_one,
    a_new_password_obeys_the_policy,
    a_generated_password_that_stays_is_hashed_like_a_chosen_one,
    wrong_passwords_lock_for_a_while_on_every_path,
    trying_many_passwords_at_once_does_not_get_around_the_lock,
    nobody_learns_which_accounts_exist,
}

fn part(token: &str, number: usize) -> Value {
    let part = token.split('.').nth(number).expect("a part");
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).expect("base64url")).expect("JSON")
}

async fn ask(app: &TestApp, form: &[(&str, &str)]) -> Answer {
    app.anonymous().form("/oauth2/token", form).await
}

/// Parameters of a request for a token.
type Form<'a> = &'a [(&'a str, &'a str)];

fn client_form(app: &TestApp) -> [(&'static str, &str); 3] {
    [
        ("grant_type", "client_credentials"),
        ("client_id", &app.credentials.0),
        ("client_secret", &app.credentials.1),
    ]
}

async fn a_token_response_has_the_documented_members_and_is_not_stored(app: TestApp) {
    let (id, _) = app.holder("Jan", &[]).await;
    let path = format!("/v1.0/users/{id}");
    let name = app.client().await.get(&path).await.text_of("userPrincipalName");
    let basic = STANDARD.encode(format!("{}:{}", app.credentials.0, app.credentials.1));
    let with_basic = app.anonymous().with("authorization", &format!("Basic {basic}"));
    for answer in [
        ask(&app, &client_form(&app)).await,
        app.password_grant(&name, PASSWORD).await,
        with_basic.form("/oauth2/token", &[("grant_type", "client_credentials")]).await,
    ] {
        let answer = answer.is(200);
        let mut members: Vec<&String> = answer.json.as_object().unwrap().keys().collect();
        members.sort();
        assert_eq!(members, ["access_token", "expires_in", "token_type"]);
        assert_eq!(
            (&answer["token_type"], &answer["expires_in"]),
            (&json!("Bearer"), &json!(3600))
        );
        assert!(answer.header("cache-control").contains("no-store"), "{answer}");
        assert!(answer.header("content-type").starts_with("application/json"));
    }
}

async fn claims_are_those_of_the_documentation(app: TestApp) {
    let (id, session) = app.holder("Jan", &["user", "billing"]).await;
    let token = session.token.clone().unwrap();
    assert_eq!(part(&token, 0)["typ"], "at+jwt");
    assert_eq!(part(&token, 0)["alg"], "RS256");
    let claims = part(&token, 1);
    assert_eq!(claims["iss"], json!(app.url));
    assert_eq!(claims["aud"], json!(app.url));
    assert_eq!(claims["oid"], json!(id));
    let mut roles: Vec<&str> =
        claims["wids"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    roles.sort_unstable();
    let mut expected = [template_id("user"), template_id("billing")];
    expected.sort_unstable();
    assert_eq!(roles, expected);
    let lifetime = claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap();
    assert_eq!(lifetime, 3600);
    for member in ["tid", "upn", "scp", "jti", "sub", "client_id"] {
        assert!(claims[member].is_string(), "{member}: {claims}");
    }
    let token = app.client().await.token.unwrap();
    let claims = part(&token, 1);
    assert_eq!(claims["appid"], json!(app.credentials.0));
    assert!(claims.get("oid").is_none() && claims.get("scp").is_none(), "{claims}");
}

async fn every_wrong_request_gets_the_error_of_the_standard(app: TestApp) {
    let (id, secret) = (app.credentials.0.as_str(), app.credentials.1.as_str());
    let client = ("grant_type", "client_credentials");
    let (with_id, with_secret) = (("client_id", id), ("client_secret", secret));
    let cases: [(Form<'_>, u16, &str); 13] = [
        (&[], 400, "invalid_request"),
        (&[("grant_type", ""), with_id, with_secret], 400, "invalid_request"),
        (&[client, client, with_id, with_secret], 400, "invalid_request"),
        (&[client, with_id, with_id, with_secret], 400, "invalid_request"),
        (&[("grant_type", "magic"), with_id, with_secret], 400, "unsupported_grant_type"),
        (&[("grant_type", "refresh_token"), with_id], 400, "unsupported_grant_type"),
        (&[client], 401, "invalid_client"),
        (&[client, with_id], 401, "invalid_client"),
        (&[client, with_id, ("client_secret", "wrong")], 401, "invalid_client"),
        (&[client, ("client_id", "nobody"), with_secret], 401, "invalid_client"),
        (&[("grant_type", "password")], 400, "invalid_request"),
        (&[("grant_type", "password"), ("username", "x")], 400, "invalid_grant"),
        (&[("grant_type", "password"), ("username", "x"), ("password", "y")], 400, "invalid_grant"),
    ];
    for (form, status, error) in cases {
        let answer = ask(&app, form).await;
        assert_eq!((answer.status, &answer["error"]), (status, &json!(error)), "{form:?} {answer}");
        let members = answer.json.as_object().unwrap();
        assert!(members.keys().all(|name| name.starts_with("error")), "{answer}");
        assert!(answer.header("cache-control").contains("no-store"), "{answer}");
    }
    for form in [[client, with_id, with_id], [client, ("é\"", "x"), ("é\"", "y")]] {
        let answer = ask(&app, &form).await;
        let name = if form[1] == with_id { "client_id" } else { "??" };
        let expected = format!("'{name}' was sent more than once.");
        assert_eq!(answer["error_description"], json!(expected), "{answer}");
    }
    ask(&app, &[client, with_id, with_secret, ("unknown", "x"), ("scope", "x")]).await.is(200);
    wrong_authentication(&app).await;
}

async fn wrong_authentication(app: &TestApp) {
    let basic =
        |id: &str, secret: &str| format!("Basic {}", STANDARD.encode(format!("{id}:{secret}")));
    let form = [("grant_type", "client_credentials")];
    let wrong = app.anonymous().with("authorization", &basic(&app.credentials.0, "wrong"));
    let answer = wrong.form("/oauth2/token", &form).await.is(401);
    assert!(answer.header("www-authenticate").starts_with("Basic"), "{answer}");
    let right = basic(&app.credentials.0, &app.credentials.1);
    let twice = app.anonymous().with("authorization", &right);
    let answer = twice.form("/oauth2/token", &client_form(app)).await;
    assert!([400, 401].contains(&answer.status), "two methods in one request: {answer}");
    let answer = app.anonymous().post("/oauth2/token", &json!({"grant_type": "x"})).await;
    assert!([400, 415].contains(&answer.status), "{answer}");
    let in_address = "/oauth2/token?grant_type=client_credentials";
    let answer = app.anonymous().form(in_address, &client_form(app)).await.is(400);
    assert_eq!(answer["error"], "invalid_request");
}

async fn only_post_reaches_the_token_endpoint(app: TestApp) {
    for method in ["GET", "PUT", "PATCH", "DELETE"] {
        let anonymous = app.anonymous();
        let answer = anonymous.send(anonymous.request(method, "/oauth2/token")).await.is(405);
        assert_eq!(answer.header("allow"), "POST");
    }
}

async fn metadata_agrees_with_what_works(app: TestApp) {
    let anonymous = app.anonymous();
    let path = "/.well-known/oauth-authorization-server";
    let metadata = anonymous.get(path).await.is(200);
    let same = anonymous.get("/.well-known/openid-configuration").await.is(200);
    assert_eq!(metadata.json, same.json);
    assert_eq!(metadata["issuer"], json!(app.url));
    assert_eq!(metadata["grant_types_supported"], json!(["client_credentials", "password"]));
    let endpoint = metadata.text_of("token_endpoint");
    anonymous.form(&endpoint, &client_form(&app)).await.is(200);
    anonymous.get(&metadata.text_of("jwks_uri")).await.is(200);
    let off = TestApp::spawn_with(app.database, |config| config.password_grant = None).await;
    let off = off.expect("the database is there");
    let metadata = off.anonymous().get(path).await.is(200);
    assert_eq!(metadata["grant_types_supported"], json!(["client_credentials"]));
    let refused = off.password_grant(&off.administrator.0, &off.administrator.1).await.is(400);
    assert_eq!(refused["error"], "unsupported_grant_type");
}

async fn keys_are_published_without_their_private_members(app: TestApp) {
    let keys = app.anonymous().get("/.well-known/jwks.json").await.is(200);
    let keys = keys["keys"].as_array().expect("keys");
    assert!(!keys.is_empty());
    let signed_with = part(&app.client().await.token.unwrap(), 0)["kid"].clone();
    assert!(keys.iter().any(|key| key["kid"] == signed_with));
    for key in keys {
        assert_eq!(
            (&key["alg"], &key["use"], &key["kty"]),
            (&json!("RS256"), &json!("sig"), &json!("RSA"))
        );
        assert_eq!(URL_SAFE_NO_PAD.decode(key["n"].as_str().unwrap()).unwrap().len(), 384);
        for private in ["d", "p", "q", "dp", "dq", "qi", "oth", "k"] {
            assert!(key.get(private).is_none(), "{private}");
        }
    }
}

fn encode(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

/// The token with members of one of its parts replaced, under the old signature.
fn altered(token: &str, number: usize, changes: &Value) -> String {
    let mut parts: Vec<String> = token.split('.').map(str::to_owned).collect();
    let mut value = part(token, number);
    for (name, change) in changes.as_object().unwrap() {
        value[name] = change.clone();
    }
    parts[number] = encode(&value);
    parts.join(".")
}

async fn forged_and_foreign_tokens_are_refused(app: TestApp) {
    let token = app.as_member().await.token.unwrap();
    let (header, rest) = token.split_once('.').unwrap();
    let (claims, signature) = rest.split_once('.').unwrap();
    let none = encode(&json!({"alg": "none", "typ": "at+jwt"}));
    let other = TestApp::spawn(app.database).await.expect("the database is there");
    let far = json!({"exp": 99_999_999_999_i64});
    let forged = vec![
        String::new(),
        "x".to_owned(),
        "a.b.c".to_owned(),
        format!("{none}.{claims}."),
        format!("{none}.{claims}.{signature}"),
        format!("{header}.{claims}."),
        format!("{header}.{claims}"),
        format!("{token}.{claims}"),
        format!("{token}A"),
        format!("{header}.{claims}.{}", &signature[..signature.len() - 4]),
        altered(&token, 1, &json!({"wids": [template_id("global")]})),
        altered(&token, 1, &far),
        altered(&token, 0, &json!({"alg": "HS256"})),
        altered(&token, 0, &json!({"kid": "../../keys"})),
        altered(&token, 0, &json!({"jku": format!("{}/keys", app.url)})),
        altered(&token, 0, &json!({"typ": "JWT"})),
        format!("{header}.{claims}.{}", "A".repeat(20_000)),
        other.client().await.token.unwrap(),
    ];
    for forged in forged {
        let client = app.anonymous().with("authorization", &format!("Bearer {forged}"));
        for answer in
            [client.get("/v1.0/users").await, client.post("/v1.0/users", &person("Ghost")).await]
        {
            let answer = answer.refuses(401, "InvalidAuthenticationToken");
            let challenge = answer.header("www-authenticate");
            assert!(challenge.starts_with("Bearer"), "{forged}: {challenge}");
        }
    }
    app.client().await.get(&format!("/v1.0/users/{}", upn("Ghost"))).await.is(404);
}

async fn a_token_travels_in_one_authorization_header_only(app: TestApp) {
    let token = app.as_member().await.token.unwrap();
    let anonymous = app.anonymous();
    let bare = anonymous.get("/v1.0/me").await.refuses(401, "InvalidAuthenticationToken");
    assert_eq!(bare.header("www-authenticate"), "Bearer");
    anonymous.get(&format!("/v1.0/me?access_token={token}")).await.is(401);
    anonymous.with("authorization", &format!("bEaReR {token}")).get("/v1.0/me").await.is(200);
    anonymous.with("authorization", &format!("Basic {token}")).get("/v1.0/me").await.is(401);
    anonymous.with("authorization", &token).get("/v1.0/me").await.is(401);
    let value = format!("Bearer {token}");
    let twice = anonymous.with("authorization", &value).with("authorization", &value);
    twice.get("/v1.0/me").await.is(401);
    for header in ["x-http-method-override", "x-original-url", "x-user-id", "x-tenant-id"] {
        anonymous.with(header, "DELETE").get("/v1.0/me").await.is(401);
    }
}

async fn a_client_has_no_me_and_no_password(app: TestApp) {
    let client = app.client().await;
    client.get("/v1.0/me").await.is(400).enveloped();
    let body = json!({"userPrincipalName": "x", "currentPassword": "y", "newPassword": "z"});
    let refused = client.post("/v1.0/password/change", &body).await.is(400).enveloped();
    assert!(refused.message().contains("client"), "{refused}");
}

async fn change(app: &TestApp, name: &str, current: &str, new: &str) -> Answer {
    let body = json!({"userPrincipalName": name, "currentPassword": current, "newPassword": new});
    app.anonymous().post("/v1.0/password/change", &body).await
}

async fn a_password_is_changed_with_the_current_one(app: TestApp) {
    let (name, one_time) = app.administrator.clone();
    let wrong = app.password_grant(&name, "wrong").await.is(400);
    assert!(!wrong.text.contains("change required"), "only after the right password: {wrong}");
    let required = app.password_grant(&name, &one_time).await.is(400);
    assert_eq!(required["error"], "invalid_grant");
    assert!(required.text_of("error_description").starts_with("password change required"));
    let refused = change(&app, &name, "wrong", PASSWORD).await;
    assert_eq!(refused.refuses(400, "Request_BadRequest").targets(), ["currentPassword"]);
    change(&app, &name, &one_time, PASSWORD).await.is(204);
    let session = app.bearer(&app.sign_in(&name).await);
    session.get("/v1.0/me").await.is(200);
    app.password_grant(&name, &one_time).await.is(400);
    change(&app, &name, PASSWORD, "Zeven-Kikkers.Dansen8").await.is(204);
    session.get("/v1.0/me").await.refuses(401, "InvalidAuthenticationToken");
}

async fn a_new_password_obeys_the_policy(app: TestApp) {
    let (name, one_time) = app.administrator.clone();
    for new in ["short1!", "onlylowercase", "Welkom01!", one_time.as_str()] {
        let refused = change(&app, &name, &one_time, new).await;
        let refused = refused.refuses(400, "Request_BadRequest");
        assert_eq!(refused.targets(), ["newPassword"], "{refused}");
    }
    let body = json!({"userPrincipalName": 5});
    let refused = app.anonymous().post("/v1.0/password/change", &body).await.is(400);
    assert_eq!(refused.targets(), ["currentPassword", "newPassword", "userPrincipalName"]);
    let body = json!({
        "userPrincipalName": name, "currentPassword": ["x"], "newPassword": null, "password": "x",
    });
    let refused = app.anonymous().post("/v1.0/password/change", &body).await.is(400);
    let code = |target: &str| {
        let details = refused["error"]["details"].as_array().unwrap();
        let detail = details.iter().find(|detail| detail["target"] == target);
        detail.unwrap_or_else(|| panic!("{target}: {refused}"))["code"].as_str().unwrap()
    };
    assert_eq!(code("currentPassword"), "InvalidValue");
    assert_eq!(code("newPassword"), "MissingProperty");
    assert_eq!(code("password"), "UnknownProperty");
    app.anonymous().post("/v1.0/password/change", &json!([])).await.is(400).enveloped();
}

/// What is stored shows in the time that a sign-in takes only, so this looks at what follows: the
/// password stays right through the change of its hash, and wrong ones stay wrong.
async fn a_generated_password_that_stays_is_hashed_like_a_chosen_one(app: TestApp) {
    let mut body = person("Jan");
    body["passwordProfile"] = json!({"forceChangePasswordNextSignIn": false});
    let made = app.create(&body).await;
    let password = made["passwordProfile"]["password"].as_str().unwrap();
    let first = app.password_grant(&upn("Jan"), password).await.is(200);
    let session = app.bearer(&first.text_of("access_token"));
    for _ in 0..2 {
        app.password_grant(&upn("Jan"), password).await.is(200);
        app.password_grant(&upn("Jan"), "wrong").await.is(400);
    }
    session.get("/v1.0/me").await.is(200);
}

async fn wrong_passwords_lock_for_a_while_on_every_path(app: TestApp) {
    let (_, session) = app.holder("Jan", &[]).await;
    let name = session.get("/v1.0/me").await.text_of("userPrincipalName");
    for _ in 0..15 {
        app.password_grant(&name, "the same mistake").await.is(400);
    }
    app.password_grant(&name, PASSWORD).await.is(200);
    let wrong = app.password_grant(&name, "wrong").await.text;
    for number in 0..5 {
        app.password_grant(&name, &format!("wrong {number}")).await.is(400);
        change(&app, &name, &format!("wrong too {number}"), "x").await.is(400);
    }
    let locked = app.password_grant(&name, PASSWORD).await.is(400);
    assert_eq!(locked.text, wrong, "the same reply with the right password");
    change(&app, &name, PASSWORD, "Zeven-Kikkers.Dansen8").await.is(400);
    session.get("/v1.0/me").await.is(200);
}

async fn trying_many_passwords_at_once_does_not_get_around_the_lock(app: TestApp) {
    let (_, session) = app.holder("Jan", &[]).await;
    let name = session.get("/v1.0/me").await.text_of("userPrincipalName");
    let guesses: Vec<String> = (0..40).map(|number| format!("wrong {number}")).collect();
    let mut guessed: FuturesUnordered<_> =
        guesses.iter().map(|guess| app.password_grant(&name, guess)).collect();
    // Ten have been answered and the others are on their way when the right one comes.
    for _ in 0..10 {
        guessed.next().await.unwrap().is(400);
    }
    let (right, others) =
        join(app.password_grant(&name, PASSWORD), guessed.collect::<Vec<_>>()).await;
    for answer in others.iter().chain([&right]) {
        assert_eq!(answer.status, 400, "ten guesses lock, also for the right one: {answer}");
    }
}

async fn nobody_learns_which_accounts_exist(app: TestApp) {
    let (id, session) = app.holder("Jan", &[]).await;
    let name = session.get("/v1.0/me").await.text_of("userPrincipalName");
    app.client()
        .await
        .patch(&format!("/v1.0/users/{id}"), &json!({"accountEnabled": false}))
        .await
        .is(200);
    let (_, other) = app.holder("Piet", &[]).await;
    let known = other.get("/v1.0/me").await.text_of("userPrincipalName");
    let long = "x".repeat(10_000);
    let mut answers = Vec::new();
    for (name, password) in [
        (known.as_str(), "wrong"),
        (known.as_str(), ""),
        (known.as_str(), long.as_str()),
        (name.as_str(), PASSWORD),
        (name.as_str(), "wrong"),
        ("nobody@contoso.onroster.example", "wrong"),
        ("nobody@nowhere.example", "wrong"),
        ("nobody", "wrong"),
        ("\u{0}", "wrong"),
    ] {
        let answer = app.password_grant(name, password).await;
        if !name.contains('\0') {
            answers.push((answer.status, answer.text));
        }
    }
    answers.dedup();
    assert_eq!(answers.len(), 1, "{answers:?}");
}
