//! The member `passwordProfile` of a user's body.

use super::policy::{Context, problems};
use crate::error::Violation;
use crate::properties::Changes;
use crate::users::User;
use crate::value::Value;

/// What `passwordProfile` asks for.
#[derive(Clone, Default)]
pub struct Profile {
    /// The given password.
    pub password: Option<String>,
    /// Whether the next sign-in must change it.
    pub must_change: Option<bool>,
}

impl Profile {
    /// Takes the member out of a body and judges the password against the policy (R60, R65, R67);
    /// whatever is wrong is added to the body's violations.
    pub fn take(changes: &mut Changes<User>) -> Self {
        let members = match changes.take_special("passwordProfile") {
            Some(Value::Object(members)) => members,
            None | Some(Value::Null) => return Self::default(),
            Some(_) => {
                let message = "'passwordProfile' must be an object.";
                changes.violations.push(Violation::new("passwordProfile", message));
                return Self::default();
            }
        };
        let mut profile = Self::default();
        for (name, value) in members {
            let violation = match (name.as_ref(), value) {
                (name, _) if name.starts_with('@') => None,
                ("password" | "forceChangePasswordNextSignIn", Value::Null) => None,
                ("password", Value::Text(text)) => {
                    profile.password = Some(text.into_owned());
                    None
                }
                ("forceChangePasswordNextSignIn", Value::Bool(value)) => {
                    profile.must_change = Some(value);
                    None
                }
                ("forceChangePasswordNextSignInWithMfa", Value::Bool(false) | Value::Null) => None,
                (name, _) => Some(wrong(name)),
            };
            changes.violations.extend(violation);
        }
        profile.judge(changes);
        profile
    }

    fn judge(&self, changes: &mut Changes<User>) {
        let Some(password) = &self.password else { return };
        let names: Vec<&str> =
            ["givenName", "surname"].into_iter().filter_map(|name| changes.text(name)).collect();
        let policies = changes.text("passwordPolicies").unwrap_or_default();
        let weak_allowed = policies.split(',').any(|p| p.trim() == "DisableStrongPassword");
        let context = Context { names: &names, weak_allowed, ..Context::default() };
        let found = problems(password, &context).into_iter().map(|problem| {
            let message = format!("'passwordProfile/password' {problem}");
            Violation::coded("PasswordPolicy", "passwordProfile/password", message)
        });
        let found: Vec<_> = found.collect();
        changes.violations.extend(found);
    }
}

/// What is wrong with a member that was not taken.
fn wrong(name: &str) -> Violation {
    let target = format!("passwordProfile/{name}");
    let wrong = match name {
        "password" => "must be a string.",
        "forceChangePasswordNextSignIn" => "must be true or false.",
        "forceChangePasswordNextSignInWithMfa" => {
            "can only be false: sign-in with several factors is not served."
        }
        _ => {
            let message = format!("'{target}' is not a property of a password profile.");
            return Violation::coded("UnknownProperty", target, message);
        }
    };
    let message = format!("'{target}' {wrong}");
    Violation::new(target, message)
}
