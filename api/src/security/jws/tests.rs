//! The Wycheproof vectors, through the functions that the service itself verifies with.

use super::*;
use crate::security::keys::PublicJwk;
use serde_json::Value;

/// One vector: the key or key set, the token, and whether it is valid.
struct Vector {
    id: u64,
    keys: Vec<Value>,
    token: String,
    valid: bool,
}

fn vectors(file: &str) -> Vec<Vector> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/fixtures/wycheproof");
    let text = std::fs::read_to_string(format!("{folder}/{file}")).unwrap();
    let document: Value = serde_json::from_str(&text).unwrap();
    let mut vectors = Vec::new();
    for group in document["testGroups"].as_array().unwrap() {
        let key = if group["public"].is_null() { &group["private"] } else { &group["public"] };
        let keys = key["keys"].as_array().cloned().unwrap_or_else(|| vec![key.clone()]);
        for test in group["tests"].as_array().unwrap() {
            vectors.push(Vector {
                id: test["tcId"].as_u64().unwrap(),
                keys: keys.clone(),
                token: test["jws"].as_str().unwrap().to_owned(),
                valid: test["result"] == "valid",
            });
        }
    }
    assert_eq!(document["numberOfTests"], vectors.len());
    vectors
}

/// The vector's key, whatever its `use` and size: for checks of the signature alone.
fn unchecked_key(jwk: &Value) -> Option<DecodingKey> {
    DecodingKey::from_rsa_components(jwk["n"].as_str()?, jwk["e"].as_str()?).ok()
}

/// The vector's key as the service would load it.
fn loaded_key(jwk: &Value) -> Option<DecodingKey> {
    serde_json::from_value::<PublicJwk>(jwk.clone()).ok()?.verification_key().ok()
}

fn accepted(vector: &Vector, load: fn(&Value) -> Option<DecodingKey>) -> bool {
    let keys: Vec<DecodingKey> = vector.keys.iter().filter_map(load).collect();
    keys.iter().any(|key| verify(&vector.token, |_| Some(key)).is_ok())
}

#[test]
fn no_invalid_vector_is_accepted_with_keys_as_the_service_loads_them() {
    let mut all = vectors("json_web_signature_test.json");
    all.extend(vectors("json_web_key_test.json"));
    assert_eq!(all.len(), 427);
    for vector in all.iter().filter(|vector| !vector.valid) {
        assert!(!accepted(vector, loaded_key), "vector {}", vector.id);
    }
}

#[test]
fn the_signature_check_accepts_the_valid_rs256_vectors_and_what_only_a_key_can_tell() {
    let (valid, refused_by_loader): (Vec<Vector>, Vec<Vector>) =
        vectors("json_web_signature_test.json")
            .into_iter()
            .filter(|vector| accepted(vector, unchecked_key))
            .partition(|vector| vector.valid);
    let ids = |vectors: &[Vector]| vectors.iter().map(|vector| vector.id).collect::<Vec<u64>>();
    assert_eq!(ids(&valid), [33, 259, 260, 261, 262, 263, 345, 349]);
    // Well signed, with keys that only their loader can refuse; see below.
    assert_eq!(ids(&refused_by_loader), [332, 353, 355]);
}

#[test]
fn keys_for_another_use_or_algorithm_are_refused_when_they_are_loaded() {
    let vectors = vectors("json_web_signature_test.json");
    // A key bound to PS512, one with `use` and one with `key_ops` for encryption.
    for vector in vectors.iter().filter(|vector| [332, 353, 355].contains(&vector.id)) {
        assert!(!vector.valid && accepted(vector, unchecked_key));
        assert!(serde_json::from_value::<PublicJwk>(vector.keys[0].clone()).is_err());
    }
}
