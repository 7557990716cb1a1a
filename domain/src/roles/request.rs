//! What bodies ask of role assignments.

use crate::authz::Role;
use crate::error::{Error, Result, Violation};
use crate::limits::MAX_BULK_USERS;
use crate::value::Value;
use uuid::Uuid;

/// A request to assign a role.
#[derive(Clone, Copy, Debug)]
pub struct Assign {
    /// User or client.
    pub principal: Uuid,
    /// The role.
    pub role: Role,
}

impl Assign {
    /// Reads Graph's form: `principalId`, `roleDefinitionId`, `directoryScopeId`.
    ///
    /// # Errors
    /// 400 with every offending property.
    pub fn read(body: &Value<'static>) -> Result<Self> {
        let known = ["principalId", "roleDefinitionId", "directoryScopeId", "id"];
        let mut violations = unknown_members(body, &known, "unifiedRoleAssignment")?;
        let text = |name| body.member(name).and_then(Value::as_text);
        let principal = text("principalId").and_then(|id| Uuid::try_parse(id).ok());
        let role = text("roleDefinitionId").and_then(Role::parse);
        if principal.is_none() {
            let message = "'principalId' must be the id of a user or client.";
            violations.push(Violation::new("principalId", message));
        }
        if role.is_none() {
            let message = "'roleDefinitionId' must be the template id of an administrator role.";
            violations.push(Violation::new("roleDefinitionId", message));
        }
        if !matches!(text("directoryScopeId"), None | Some("/")) {
            let message = "'directoryScopeId' must be '/': roles hold in the whole organisation.";
            violations.push(Violation::new("directoryScopeId", message));
        }
        match (principal, role) {
            (Some(principal), Some(role)) if violations.is_empty() => Ok(Self { principal, role }),
            _ => Err(Error::violations(violations)),
        }
    }
}

/// The answer Yes or No to "assign a role" for several users at once (A23): Yes gives each the
/// one role chosen and no other, No takes all roles away.
#[derive(Clone, Debug)]
pub struct Bulk {
    /// Ids or user principal names, each once.
    pub users: Vec<String>,
    /// The one role of Yes; none is No.
    pub role: Option<Role>,
}

impl Bulk {
    /// Reads `{userIds: […], role: KEY | null}`.
    ///
    /// # Errors
    /// 400 with every offending property.
    pub fn read(body: &Value<'static>) -> Result<Self> {
        let mut violations = unknown_members(body, &["userIds", "role"], "this request")?;
        let role = match body.member("role") {
            Some(Value::Null) => Some(None),
            Some(value) => value.as_text().and_then(Role::parse).map(Some),
            None => None,
        };
        if role.is_none() {
            let keys = Role::ALL.map(Role::key).join(", ");
            violations.push(Violation::new(
                "role",
                format!("'role' must be null, to take all roles away, or one of: {keys}."),
            ));
        }
        let users = read_users(body, &mut violations);
        match role {
            Some(role) if violations.is_empty() => Ok(Self { users, role }),
            _ => Err(Error::violations(violations)),
        }
    }
}

fn read_users(body: &Value<'static>, violations: &mut Vec<Violation>) -> Vec<String> {
    let items = body.member("userIds").and_then(Value::as_list).unwrap_or_default();
    let users: Vec<&str> = items.iter().filter_map(Value::as_text).collect();
    let twice = || {
        let mut sorted: Vec<_> = users.iter().map(|user| user.to_ascii_lowercase()).collect();
        sorted.sort_unstable();
        sorted.windows(2).any(|pair| pair.first() == pair.last())
    };
    let wrong = if users.is_empty() || users.len() < items.len() {
        Some("must be a collection of user ids or user principal names.".to_owned())
    } else if users.len() > MAX_BULK_USERS {
        Some(format!("takes at most {MAX_BULK_USERS} users; send the rest in another request."))
    } else if twice() {
        Some("names a user twice.".to_owned())
    } else {
        None
    };
    if let Some(wrong) = wrong {
        violations.push(Violation::new("userIds", format!("'userIds' {wrong}")));
    }
    users.into_iter().map(str::to_owned).collect()
}

/// Members of a body that nobody knows; annotations are ignored.
fn unknown_members(body: &Value<'static>, known: &[&str], what: &str) -> Result<Vec<Violation>> {
    let Some(members) = body.as_object() else {
        return Err(Error::invalid("The body must be a JSON object."));
    };
    let unknown = members
        .iter()
        .map(|(name, _)| name.as_ref())
        .filter(|name| !name.contains("@odata") && !known.contains(name));
    let violations = unknown.map(|name| {
        let message = format!("'{name}' is not a property of {what}.");
        Violation::coded("UnknownProperty", name, message)
    });
    Ok(violations.collect())
}
