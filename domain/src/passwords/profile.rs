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
            match (name.as_ref(), value) {
                (name, _) if name.starts_with('@') => {}
                ("password", Value::Null) => {}
                ("password", Value::Text(text)) => profile.password = Some(text.into_owned()),
                ("forceChangePasswordNextSignIn", Value::Bool(value)) => {
                    profile.must_change = Some(value);
                }
                ("forceChangePasswordNextSignIn", Value::Null) => {}
                // Multi-factor sign-in is not served; false and null say so too.
                ("forceChangePasswordNextSignInWithMfa", Value::Bool(false) | Value::Null) => {}
                (name, _) => changes.violations.push(Violation::new(
                    format!("passwordProfile/{name}"),
                    format!("'passwordProfile/{name}' is unknown or has a wrong type."),
                )),
            }
        }
        profile
    }
}
