//! The member `passwordProfile` of a user's body.

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

/// What a problem of the password is said of.
pub(crate) const PASSWORD: &str = "passwordProfile/password";

impl Profile {
    /// Takes the member out of a body; whatever is wrong with its form is added to the body's
    /// violations. The password itself is judged with the user it is for.
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
        profile
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
