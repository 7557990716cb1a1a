//! Which users a view shows. All criteria hold together (R140).

use crate::countries;
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
    /// Whether a licence is assigned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub licensed: Option<bool>,
    /// Whether a source outside provides the users.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub synchronised: Option<bool>,
    /// Whether synchronising or providing a service went wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub with_errors: Option<bool>,
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
        let before = violations.len();
        let named = members.iter().filter(|(name, value)| !name.contains('@') && !value.is_null());
        for (name, value) in named {
            if let Err(wrong) = criteria.take(name, value) {
                let target = format!("criteria/{name}");
                let message = format!("'{target}' {wrong}");
                let code = if wrong == UNKNOWN { "UnknownProperty" } else { "InvalidValue" };
                violations.push(Violation::coded(code, target, message));
            }
        }
        if criteria == Self::default() && violations.len() == before {
            violations.push(no_criteria());
        }
        criteria
    }

    fn take(&mut self, name: &str, value: &Value<'static>) -> Result<(), &'static str> {
        match name {
            "licensed" => self.licensed = Some(read_bool(value)?),
            "synchronised" => self.synchronised = Some(read_bool(value)?),
            "withErrors" => self.with_errors = Some(read_bool(value)?),
            "signInStatus" => {
                self.sign_in_status = Some(match value.as_text() {
                    Some("allowed") => SignIn::Allowed,
                    Some("blocked") => SignIn::Blocked,
                    _ => return Err("must be 'allowed' or 'blocked'."),
                });
            }
            "usageLocation" => {
                let code = value.as_text().and_then(countries::usage_location);
                let code = code.ok_or("must be a two-letter country code such as NL.")?;
                self.usage_location = Some(code.to_owned());
            }
            name => *self.text(name).ok_or(UNKNOWN)? = Some(read_text(value)?),
        }
        Ok(())
    }

    /// The criterion of this name that is a plain text.
    fn text(&mut self, name: &str) -> Option<&mut Option<String>> {
        Some(match name {
            "domain" => &mut self.domain,
            "department" => &mut self.department,
            "city" => &mut self.city,
            "state" => &mut self.state,
            "country" => &mut self.country,
            "jobTitle" => &mut self.job_title,
            _ => return None,
        })
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
        let licensed = self.licensed.map(|wanted| wished(has(F::AssignedLicenses), wanted));
        let synchronised = self.synchronised.map(|wanted| {
            let (field, value) = (F::OnPremisesSyncEnabled, Literal::Bool(true));
            Filter::Compare { field, op: if wanted { Op::Eq } else { Op::Ne }, value }
        });
        let with_errors = self.with_errors.map(|wanted| {
            let errors = [F::OnPremisesProvisioningErrors, F::ServiceProvisioningErrors];
            wished(Filter::Or(errors.map(has).to_vec()), wanted)
        });
        let others = [domain, sign_in, licensed, synchronised, with_errors];
        let all = equal.chain(others.into_iter().flatten());
        all.reduce(Filter::and).unwrap_or(Filter::Const(true))
    }
}

const UNKNOWN: &str = "is no criterion. There are domain, signInStatus, usageLocation, licensed, \
    synchronised, withErrors, department, city, state, country and jobTitle.";

/// A view that would show everybody is refused: that one is there already.
pub(super) fn no_criteria() -> Violation {
    let message = "'criteria' is required, with at least one criterion; the standard view 'all' \
        shows everybody.";
    Violation::coded("MissingProperty", "criteria", message)
}

fn read_bool(value: &Value<'static>) -> Result<bool, &'static str> {
    value.as_bool().ok_or("must be true or false.")
}

fn read_text(value: &Value<'static>) -> Result<String, &'static str> {
    let text = value.as_text().map(str::trim);
    let text = text.filter(|text| !text.is_empty() && text.chars().count() <= 256);
    text.map(str::to_owned).ok_or("must be a text of 1 to 256 characters.")
}

/// Whether a collection has an item.
const fn has(field: UserField) -> Filter<UserField> {
    Filter::Any { field, predicate: None }
}

fn wished(filter: Filter<UserField>, wanted: bool) -> Filter<UserField> {
    if wanted { filter } else { Filter::Not(Box::new(filter)) }
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

    #[test]
    fn nobody_is_licensed_synchronised_or_in_error_yet() {
        for (wanted, shown) in [(true, false), (false, true)] {
            for criteria in [
                Criteria { licensed: Some(wanted), ..Criteria::default() },
                Criteria { synchronised: Some(wanted), ..Criteria::default() },
                Criteria { with_errors: Some(wanted), ..Criteria::default() },
            ] {
                assert_eq!(evaluate(&criteria.filter(), &User::default()), Some(shown));
            }
        }
    }

    #[test]
    fn each_wrong_criterion_is_named() {
        let body = r#"{"domain":"","signInStatus":"x","usageLocation":"QQ","licensed":1,"town":"x",
            "city":null}"#;
        let mut violations = Vec::new();
        Criteria::read(&serde_json::from_str(body).unwrap(), &mut violations);
        let told: Vec<_> = violations.iter().map(|one| (one.target.as_str(), one.code)).collect();
        assert_eq!(
            told,
            [
                ("criteria/domain", "InvalidValue"),
                ("criteria/signInStatus", "InvalidValue"),
                ("criteria/usageLocation", "InvalidValue"),
                ("criteria/licensed", "InvalidValue"),
                ("criteria/town", "UnknownProperty"),
            ]
        );
    }
}
