//! Genuine tokens pass; every forgery and every deviation is refused.

use super::*;
use crate::security::key_ring::RingKey;
use crate::security::keys::SigningKey;
use crate::security::keys::tests::KEYS;
use serde_json::{Value, json};
use std::collections::HashSet;

mod forged;

const NOW: Timestamp = Timestamp::from_micros(1_800_000_000_123_456);
const SECOND: i64 = NOW.seconds();

fn authority() -> Authority {
    Authority {
        issuer: "https://id.example.org".into(),
        audience: "https://api.example.org".into(),
    }
}

fn ring() -> Arc<KeyRing> {
    Arc::new(KeyRing::new([RingKey { key: KEYS[0].clone(), signs_from: NOW }]))
}

fn verifier() -> Verifier {
    Verifier::new(authority(), ring())
}

fn user() -> Subject {
    Subject {
        tenant: TenantId::new(Uuid::from_u128(1)),
        principal: Principal::User {
            id: Uuid::from_u128(2),
            upn: "ann@example.org".into(),
            scope: "Directory.Read.All User.Read".into(),
        },
        client: "portal".into(),
        roles: vec![Uuid::from_u128(3)],
        epoch: 4,
    }
}

fn application() -> Subject {
    let id = Uuid::from_u128(5);
    Subject {
        principal: Principal::Application { id },
        client: id.to_string(),
        roles: vec![],
        ..user()
    }
}

fn token() -> String {
    issue(&authority(), &ring(), &user(), NOW).unwrap().token
}

fn part(token: &str, index: usize) -> Value {
    let text = token.split('.').nth(index).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).unwrap()).unwrap()
}

fn encode(text: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(text)
}

/// A token of any content, signed with a key of ours: what only we could make, and do not.
fn signed_by(key: &SigningKey, header: &str, claims: &str) -> String {
    let message = format!("{}.{}", encode(header), encode(claims));
    let signature = encode(key.sign(message.as_bytes()).unwrap());
    format!("{message}.{signature}")
}

fn signed(header: &Value, claims: &Value) -> String {
    signed_by(&KEYS[0], &header.to_string(), &claims.to_string())
}

/// A genuine token with members of its header and claims changed (null removes) and signed again.
fn altered(header: Value, claims: Value) -> String {
    let merge = |mut base: Value, changes: Value| {
        let members = base.as_object_mut().unwrap();
        for (name, value) in changes.as_object().unwrap().clone() {
            members.remove(&name);
            if !value.is_null() {
                members.insert(name, value);
            }
        }
        base
    };
    let token = token();
    signed(&merge(part(&token, 0), header), &merge(part(&token, 1), claims))
}

fn refusal(token: &str) -> TokenError {
    verifier().verify(token, NOW).err().unwrap_or_else(|| panic!("accepted: {token:.200}"))
}

#[test]
fn a_users_token_says_who_acts_and_verifies_to_the_same() {
    let issued = issue(&authority(), &ring(), &user(), NOW).unwrap();
    assert_eq!(
        part(&issued.token, 0),
        json!({"typ": "at+jwt", "alg": "RS256", "kid": KEYS[0].kid()})
    );
    assert_eq!(
        part(&issued.token, 1),
        json!({
            "iss": "https://id.example.org", "aud": "https://api.example.org",
            "sub": Uuid::from_u128(2), "client_id": "portal", "jti": issued.id,
            "iat": SECOND, "exp": SECOND + 3600,
            "tid": Uuid::from_u128(1), "oid": Uuid::from_u128(2), "upn": "ann@example.org",
            "scp": "Directory.Read.All User.Read", "wids": [Uuid::from_u128(3)], "epoch": 4,
        })
    );
    assert_eq!(issued.expires_at.seconds(), SECOND + 3600);
    let verified = verifier().verify(&issued.token, NOW).unwrap();
    assert_eq!((&verified.subject, &verified.id), (&user(), &issued.id));
    assert_eq!(verified.kid, KEYS[0].kid());
}

#[test]
fn an_applications_token_has_an_application_id_and_no_user_claims() {
    let issued = issue(&authority(), &ring(), &application(), NOW).unwrap();
    let claims = part(&issued.token, 1);
    assert_eq!(claims["appid"], claims["sub"]);
    for absent in ["oid", "upn", "scp", "nbf"] {
        assert!(claims.get(absent).is_none(), "{absent}");
    }
    assert_eq!(verifier().verify(&issued.token, NOW).unwrap().subject, application());
}

#[test]
fn altering_nothing_keeps_a_token_valid() {
    // Otherwise the refusals below would prove nothing.
    assert!(verifier().verify(&altered(json!({}), json!({})), NOW).is_ok());
    assert!(verifier().verify(&altered(json!({}), json!({"nbf": SECOND})), NOW).is_ok());
    assert!(verifier().verify(&altered(json!({}), json!({"new_claim": [1]})), NOW).is_ok());
}

#[test]
fn issuer_and_audience_are_compared_to_the_letter() {
    for text in ["", "https://ID.example.org", "http://id.example.org", "https://id.example.org/"] {
        assert_eq!(refusal(&altered(json!({}), json!({"iss": text}))), TokenError::Issuer);
    }
    for text in [
        "",
        "https://api.example.org/",
        "https://API.example.org",
        "https://api.example",
        "https://api.example.org.attacker.example",
    ] {
        assert_eq!(refusal(&altered(json!({}), json!({"aud": text}))), TokenError::Audience);
    }
    let audience = authority().audience;
    for aud in [json!(null), json!([]), json!([audience]), json!([audience, "other"]), json!(1)] {
        assert_eq!(refusal(&altered(json!({}), json!({"aud": aud}))), TokenError::Claims);
    }
    assert_eq!(refusal(&altered(json!({}), json!({"iss": null}))), TokenError::Claims);
}

#[test]
fn times_are_integers_and_fit_together() {
    for (claim, value) in [
        ("exp", json!(null)),
        ("exp", json!((SECOND + 60).to_string())),
        ("exp", json!(1_800_000_060.5)),
        ("exp", json!(9_223_372_036_854_775_808_u64)),
        ("exp", json!(i64::MAX)),
        ("exp", json!(-1)),
        ("exp", json!(SECOND)),
        ("exp", json!(SECOND + 3601)),
        ("iat", json!(null)),
        ("iat", json!("now")),
        ("iat", json!(i64::MIN)),
        ("iat", json!(1.5)),
        ("nbf", json!("1")),
        ("nbf", json!(SECOND + 3600)),
    ] {
        let refused = refusal(&altered(json!({}), json!({claim: value})));
        assert_eq!(refused, TokenError::Claims, "{claim} {value}");
    }
    let exponent = part(&token(), 1).to_string().replace(&format!("{}", SECOND + 3600), "1.8e9");
    assert_eq!(
        refusal(&signed_by(&KEYS[0], &part(&token(), 0).to_string(), &exponent)),
        TokenError::Claims
    );
}

#[test]
fn a_token_lives_for_an_hour_and_half_a_minute_of_leeway() {
    let (token, verifier) = (token(), verifier());
    for (seconds, expected) in [
        (-31, Some(TokenError::NotYetValid)),
        (-30, None),
        (0, None),
        (3629, None),
        (3630, Some(TokenError::Expired)),
        (400 * 86_400, Some(TokenError::Expired)),
        (-400 * 86_400, Some(TokenError::NotYetValid)),
    ] {
        // The verifier remembers the token after the second step: a hit is checked as well.
        let refused = verifier.verify(&token, NOW.plus_seconds(seconds)).err();
        assert_eq!(refused, expected, "{seconds}");
    }
    let later = altered(json!({}), json!({"nbf": SECOND + 31}));
    assert_eq!(refusal(&later), TokenError::NotYetValid);
}

#[test]
fn contradictory_or_missing_identities_are_refused() {
    let (id, other) = (Uuid::from_u128(2), Uuid::from_u128(9));
    for claims in [
        json!({"sub": null}),
        json!({"sub": other}),
        json!({"sub": 2}),
        json!({"oid": null}),
        json!({"oid": other}),
        json!({"appid": id}),
        json!({"oid": null, "appid": id}),
        json!({"upn": null}),
        json!({"scp": ["User.Read"]}),
        json!({"tid": null}),
        json!({"tid": "common"}),
        json!({"wids": "none"}),
        json!({"client_id": null}),
        json!({"jti": null}),
        json!({"epoch": null}),
    ] {
        let refused = refusal(&altered(json!({}), claims.clone()));
        assert_eq!(refused, TokenError::Claims, "{claims}");
    }
}

#[test]
fn ten_thousand_token_ids_are_all_different() {
    let id = |_| Claims::new(&authority(), &user(), NOW).unwrap().jti;
    assert_eq!((0..10_000).map(id).collect::<HashSet<String>>().len(), 10_000);
    let [one, two] = [(); 2].map(|()| issue(&authority(), &ring(), &user(), NOW).unwrap());
    assert_ne!(one.id, two.id);
    assert_ne!(one.token, two.token);
}

#[test]
fn a_second_look_at_a_token_gives_the_remembered_result() {
    let (token, verifier) = (token(), verifier());
    let first = verifier.verify(&token, NOW).unwrap();
    let second = verifier.verify(&token, NOW.plus_seconds(1)).unwrap();
    assert!(Arc::ptr_eq(&first, &second));
}

#[test]
fn a_refused_token_is_not_remembered() {
    let (bad, verifier) = (altered(json!({}), json!({"iss": "other"})), verifier());
    for _ in 0..3 {
        assert!(verifier.verify(&bad, NOW).is_err());
    }
    assert!(verifier.cache.get(&sha256(bad.as_bytes())).is_none());
}

#[test]
fn withdrawing_a_key_refuses_its_tokens_at_once_also_remembered_ones() {
    let (token, verifier) = (token(), verifier());
    verifier.verify(&token, NOW).unwrap();
    let other = RingKey { key: KEYS[1].clone(), signs_from: NOW };
    verifier.replace_keys(Arc::new(KeyRing::new([other])));
    let unknown: TokenError = JwsError::UnknownKey.into();
    assert_eq!(verifier.verify(&token, NOW).err(), Some(unknown));
    // A check that was under way with the old ring may remember its result only now.
    let late = Arc::new(verifier.verify_anew(&ring(), &token, NOW).unwrap());
    verifier.cache.insert(sha256(token.as_bytes()), late);
    assert_eq!(verifier.verify(&token, NOW).err(), Some(unknown));
}

#[test]
fn tokens_stay_valid_while_keys_rotate() {
    let change = NOW.plus_days(90);
    let keys = [(0, NOW), (1, change)];
    let keys = keys.map(|(key, signs_from)| RingKey { key: KEYS[key].clone(), signs_from });
    let ring = Arc::new(KeyRing::new(keys));
    let verifier = Verifier::new(authority(), ring.clone());
    let issue_at = |time| issue(&authority(), &ring, &user(), time).unwrap().token;
    let (last_old, first_new) = (issue_at(change.plus_seconds(-1)), issue_at(change));
    assert_eq!(part(&last_old, 0)["kid"], KEYS[0].kid());
    assert_eq!(part(&first_new, 0)["kid"], KEYS[1].kid());
    for seconds in [0, 1800, 3599] {
        let time = change.plus_seconds(seconds);
        assert!(verifier.verify(&last_old, time).is_ok(), "{seconds}");
        assert!(verifier.verify(&first_new, time).is_ok(), "{seconds}");
    }
    assert!(verifier.verify(&last_old, change.plus_seconds(3700)).is_err());
}

#[test]
fn without_a_signing_key_nothing_is_issued() {
    assert!(issue(&authority(), &KeyRing::default(), &user(), NOW).is_err());
}

#[test]
fn a_refusal_is_a_401_that_repeats_nothing_of_the_token() {
    let error = Error::from(refusal("canary.canary.canary"));
    assert_eq!(error.kind, roster_domain::Kind::Unauthenticated);
    assert!(!error.message.contains("canary"));
}
