//! Tokens that only an attacker would make: header, signature and form.

use super::*;
use aws_lc_rs::hmac;

#[test]
fn no_algorithm_but_rs256_is_accepted() {
    for alg in ["none", "None", "nOnE", "", "HS256", "RS384", "PS256", "ES256", "rs256"] {
        let refused = refusal(&altered(json!({"alg": alg}), json!({})));
        assert_eq!(refused, JwsError::Algorithm.into(), "{alg}");
        let [header, claims] =
            [json!({"alg": alg, "typ": "at+jwt", "kid": KEYS[0].kid()}), part(&token(), 1)]
                .map(|part| encode(part.to_string()));
        assert_eq!(refusal(&format!("{header}.{claims}.")), JwsError::Algorithm.into(), "{alg}");
    }
    for alg in [json!(null), json!(["RS256"]), json!(256), json!({"RS256": 1})] {
        assert_eq!(refusal(&altered(json!({"alg": alg}), json!({}))), JwsError::Malformed.into());
    }
}

#[test]
fn our_public_key_is_no_secret_to_sign_with() {
    let jwk = serde_json::to_string(KEYS[0].jwk()).unwrap();
    let modulus = URL_SAFE_NO_PAD.decode(&KEYS[0].jwk().n).unwrap();
    // RSAPublicKey and SubjectPublicKeyInfo of a 3072-bit modulus and the exponent 65537.
    let body = [&[0x02, 0x82, 0x01, 0x81, 0], modulus.as_slice(), &[0x02, 3, 1, 0, 1]].concat();
    let pkcs1 = [&[0x30, 0x82, 0x01, 0x8a], body.as_slice()].concat();
    let algorithm =
        [0x30, 13, 0x06, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00];
    let spki =
        [&[0x30, 0x82, 0x01, 0xa2], algorithm.as_slice(), &[0x03, 0x82, 0x01, 0x8f, 0], &pkcs1]
            .concat();
    assert!(aws_lc_rs::rsa::PublicKey::from_der(&spki).is_ok(), "the forger knows our key");
    let pem = |name: &str, der: &[u8]| {
        let text = base64::engine::general_purpose::STANDARD.encode(der);
        let lines: Vec<&str> =
            text.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
        format!("-----BEGIN {name}-----\n{}\n-----END {name}-----\n", lines.join("\n"))
    };
    let (spki_pem, pkcs1_pem) = (pem("PUBLIC KEY", &spki), pem("RSA PUBLIC KEY", &pkcs1));
    let secrets: [&[u8]; 7] = [
        jwk.as_bytes(),
        &modulus,
        &spki,
        &pkcs1,
        spki_pem.as_bytes(),
        spki_pem.trim_end().as_bytes(),
        pkcs1_pem.as_bytes(),
    ];
    for secret in secrets {
        for alg in ["HS256", "RS256"] {
            let header = json!({"alg": alg, "typ": "at+jwt", "kid": KEYS[0].kid()}).to_string();
            let message = format!("{}.{}", encode(header), encode(part(&token(), 1).to_string()));
            let key = hmac::Key::new(hmac::HMAC_SHA256, secret);
            let forged = format!("{message}.{}", encode(hmac::sign(&key, message.as_bytes())));
            refusal(&forged);
        }
    }
}

#[test]
fn only_a_published_key_of_that_name_verifies() {
    let long = "k".repeat(10_000);
    let url = "https://attacker.example/jwks";
    for kid in ["", "../../etc/passwd", "' OR 1=1 --", "a\0b", url, KEYS[1].kid(), &long] {
        let refused = refusal(&altered(json!({"kid": kid}), json!({})));
        assert_eq!(refused, JwsError::UnknownKey.into(), "{kid:.40}");
    }
    for kid in [json!(null), json!(1), json!([KEYS[0].kid()])] {
        assert_eq!(refusal(&altered(json!({"kid": kid}), json!({}))), JwsError::Malformed.into());
    }
    let header = json!({"alg": "RS256", "typ": "at+jwt", "kid": KEYS[0].kid()}).to_string();
    let stranger = signed_by(&KEYS[1], &header, &part(&token(), 1).to_string());
    assert_eq!(refusal(&stranger), JwsError::Signature.into());
}

#[test]
fn headers_that_bring_keys_or_demand_extensions_are_refused() {
    for (member, value) in [
        ("jwk", serde_json::to_value(KEYS[1].jwk()).unwrap()),
        ("jku", json!("http://127.0.0.1/jwks")),
        ("x5u", json!("http://127.0.0.1/cert")),
        ("x5c", json!(["MIIB"])),
        ("crit", json!(["exp"])),
        ("crit", json!([])),
        ("b64", json!(false)),
        ("b64", json!(true)),
        ("zip", json!("DEF")),
        ("cty", json!("JWT")),
    ] {
        let refused = refusal(&altered(json!({member: value}), json!({})));
        assert_eq!(refused, JwsError::Malformed.into(), "{member}");
    }
}

#[test]
fn tokens_of_another_type_are_not_access_tokens() {
    for typ in [
        json!(null),
        json!(""),
        json!("JWT"),
        json!("AT+JWT"),
        json!("application/at+jwt"),
        json!("id+jwt"),
        json!("logout+jwt"),
    ] {
        assert_eq!(refusal(&altered(json!({"typ": typ}), json!({}))), TokenError::Type, "{typ}");
    }
}

#[test]
fn repeated_members_are_refused_even_when_we_signed_them() {
    let (header, claims) = (part(&token(), 0).to_string(), part(&token(), 1).to_string());
    for member in [r#""alg":"RS256""#, r#""kid":"x""#, r#""typ":"at+jwt""#] {
        let twice = header.replacen('{', &format!("{{{member},"), 1);
        let refused = refusal(&signed_by(&KEYS[0], &twice, &claims));
        assert_eq!(refused, JwsError::Malformed.into(), "{member}");
    }
    for (name, value) in part(&token(), 1).as_object().unwrap() {
        let twice = claims.replacen('{', &format!("{{\"{name}\":{value},"), 1);
        let refused = refusal(&signed_by(&KEYS[0], &header, &twice));
        assert_eq!(refused, TokenError::Claims, "{name}");
    }
}

#[test]
fn only_the_compact_form_of_three_parts_is_read() {
    let token = token();
    let [header, claims, signature] = *token.split('.').collect::<Vec<_>>() else { panic!() };
    let nested = encode(&token);
    let as_json = json!({"protected": header, "payload": claims, "signature": signature});
    let wrong_parts = [
        String::new(),
        ".".into(),
        "..".into(),
        "...".into(),
        format!("{header}.{claims}"),
        format!("{header}.{claims}."),
        format!(".{claims}.{signature}"),
        format!("{header}..{signature}"),
        format!("{token}."),
        format!(".{token}"),
        format!("{token}.{claims}.{signature}"),
        format!("{header}.{nested}.{signature}"),
        as_json.to_string(),
    ];
    let wrong_bytes = [
        format!("{token}="),
        format!("{token}=="),
        format!("{header}=.{claims}.{signature}"),
        format!("{header}.{claims}=.{signature}"),
        format!(" {token}"),
        format!("{token} "),
        format!("{token}\n"),
        format!("{header}.\n{claims}.{signature}"),
        format!("{token}\0"),
        format!("{header}.{claims}é.{signature}"),
        format!("{}.{claims}.{signature}", encode(b"{\"alg\":\"\xff\"}")),
    ];
    for bad in wrong_parts.iter().chain(&wrong_bytes) {
        refusal(bad);
    }
    let standard = token.replace('-', "+").replace('_', "/");
    assert_ne!(standard, token);
    refusal(&standard);
}

#[test]
fn arrays_in_place_of_objects_are_refused() {
    let (header, claims) = (part(&token(), 0), part(&token(), 1));
    let as_array = json!(["at+jwt", "RS256", KEYS[0].kid()]);
    assert_eq!(refusal(&signed(&as_array, &claims)), JwsError::Malformed.into());
    let values: Vec<&Value> = claims.as_object().unwrap().values().collect();
    assert_eq!(refusal(&signed(&header, &json!(values))), TokenError::Claims);
    let padded = signed_by(&KEYS[0], &format!(" {header}"), &claims.to_string());
    assert_eq!(refusal(&padded), JwsError::Malformed.into());
}

#[test]
fn every_changed_character_breaks_the_token() {
    let (token, verifier) = (token(), verifier());
    for (position, old) in token.bytes().enumerate() {
        let mut bytes = token.clone().into_bytes();
        bytes[position] = if old == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(bytes).unwrap();
        assert!(verifier.verify(&changed, NOW).is_err(), "position {position}");
    }
}

#[test]
fn a_token_of_a_megabyte_is_refused_without_being_read() {
    assert_eq!(refusal(&"a".repeat(1 << 20)), JwsError::TooLong.into());
    let deep = encode("[".repeat(13_000));
    assert_eq!(refusal(&format!("{deep}.e30.e30")), JwsError::TooLong.into());
    let deep = encode(format!("{{\"alg\":{}", "[".repeat(10_000)));
    assert_eq!(refusal(&format!("{deep}.e30.e30")), JwsError::Malformed.into());
}
