//! Which users a view shows. All criteria hold together (R140).

use crate::error::Violation;
use crate::query::{Filter, Literal, Op};
use crate::text::fold;
use crate::users::UserField;
use crate::value::Value;
use serde::{Deserialize, Serialize};

/// Whether the users of a view may sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum SignIn {
    /// They may.
    Allowed,
    /// They are blocked.
    Blocked,
}

/// Criteria of a view; absent ones do not matter.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Criteria {
    /// Domain of the user principal name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub domain: Option<String>,
    /// Sign-in status.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sign_in_status: Option<SignIn>,
    /// Usage location, two letters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub usage_location: Option<String>,
    /// Department.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub department: Option<String>,
    /// City.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
    /// State or province.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// Country or region.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// Job title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub job_title: Option<String>,
}

impl Criteria {
    /// Reads the member `criteria` of a body; whatever is wrong is added to `violations`.
    pub fn read(value: &Value<'static>, violations: &mut Vec<Violation>) -> Self {
        let mut criteria = Self::default();
        let Value::Object(members) = value else {
            violations.push(Violation::new("criteria", "'criteria' must be an object."));
            return criteria;
        };
        for (name, value) in members {
            if criteria.take(name, value).is_none() {
                violations.push(Violation::new(
                    format!("criteria/{name}"),
                    format!(
                        "'criteria/{name}' must be a text of at most 256 characters: domain, \
                         usageLocation, department, city, state, country or jobTitle; or \
                         signInStatus with 'allowed' or 'blocked'."
                    ),
                ));
            }
        }
        criteria
    }

    fn take(&mut self, name: &str, value: &Value<'static>) -> Option<()> {
        let text = match value {
            Value::Null => return Some(()),
            other => other.as_text().filter(|text| text.chars().count() <= 256)?,
        };
        let place = match name {
            "signInStatus" => {
                self.sign_in_status = Some(match text {
                    "allowed" => SignIn::Allowed,
                    "blocked" => SignIn::Blocked,
                    _ => return None,
                });
                return Some(());
            }
            "domain" => &mut self.domain,
            "usageLocation" => &mut self.usage_location,
            "department" => &mut self.department,
            "city" => &mut self.city,
            "state" => &mut self.state,
            "country" => &mut self.country,
            "jobTitle" => &mut self.job_title,
            _ => return None,
        };
        *place = Some(text.to_owned());
        Some(())
    }

    /// The condition on users.
    pub fn filter(&self) -> Filter<UserField> {
        use UserField as F;
        let texts = [
            (F::UsageLocation, &self.usage_location),
            (F::Department, &self.department),
            (F::City, &self.city),
            (F::State, &self.state),
            (F::Country, &self.country),
            (F::JobTitle, &self.job_title),
        ];
        let equal = texts.into_iter().filter_map(|(field, text)| {
            let value = Literal::Text(fold(text.as_deref()?));
            Some(Filter::Compare { field, op: Op::Eq, value })
        });
        let domain = self.domain.as_deref().map(|domain| Filter::EndsWith {
            field: F::UserPrincipalName,
            text: format!("@{}", fold(domain)),
        });
        let sign_in = self.sign_in_status.map(|status| Filter::Compare {
            field: F::AccountEnabled,
            op: Op::Eq,
            value: Literal::Bool(status == SignIn::Allowed),
        });
        equal.chain(domain).chain(sign_in).reduce(Filter::and).unwrap_or(Filter::Const(true))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::evaluate;
    use crate::users::User;

    #[test]
    fn all_criteria_hold_together_without_regard_to_case() {
        let criteria = Criteria {
            domain: Some("Contoso.example".to_owned()),
            department: Some("sales".to_owned()),
            sign_in_status: Some(SignIn::Allowed),
            ..Criteria::default()
        };
        let user = User {
            user_principal_name: "jan@contoso.example".to_owned(),
            department: Some("Sales".to_owned()),
            account_enabled: true,
            ..User::default()
        };
        let shows = |user: &User| evaluate(&criteria.filter(), user) == Some(true);
        assert!(shows(&user));
        assert!(!shows(&User { department: None, ..user.clone() }));
        assert!(!shows(&User { account_enabled: false, ..user.clone() }));
        let other = "jan@fabrikam.example".to_owned();
        assert!(!shows(&User { user_principal_name: other, ..user }));
    }

    #[test]
    fn a_view_without_criteria_shows_everybody() {
        assert_eq!(evaluate(&Criteria::default().filter(), &User::default()), Some(true));
    }
}
