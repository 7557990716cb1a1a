//! Bodies that most tests need.

use crate::INITIAL_DOMAIN;
use serde_json::{Value, json};

/// A password that the policy accepts; people of the tests have it.
pub const PASSWORD: &str = "kW7#pelikaan-Zomer";

/// A user principal name in the initial domain.
pub fn upn(name: &str) -> String {
    let local: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
    format!("{}@{INITIAL_DOMAIN}", local.to_ascii_lowercase())
}

/// The least that makes a contact outside the organisation.
pub fn outsider(name: &str) -> Value {
    json!({"displayName": name, "mail": format!("{name}@outside.example")})
}

/// The least that makes a user.
pub fn person(name: &str) -> Value {
    json!({"displayName": name, "userPrincipalName": upn(name)})
}
