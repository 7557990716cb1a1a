//! What bodies ask of role assignments.

use crate::authz::Role;
use crate::error::Result;
use crate::limits::MAX_BULK_USERS;
use crate::members::Members;
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
        let mut members = Members::of(body, &known, "unifiedRoleAssignment")?;
        if members.get("id").is_some() {
            members.refuse("id", "is given by the service: leave it out.");
        }
        let principal = members.text_as(
            "principalId",
            |id| Uuid::try_parse(id).ok(),
            "must be the id of a user or client.",
        );
        let role = members.text_as(
            "roleDefinitionId",
            Role::parse,
            "must be the id of an administrator role; GET \
             /v1.0/roleManagement/directory/roleDefinitions lists them.",
        );
        if !matches!(members.optional_text("directoryScopeId"), None | Some("/")) {
            let wrong = "must be '/': roles hold in the whole organisation.";
            members.refuse("directoryScopeId", wrong);
        }
        members.made(principal.zip(role).map(|(principal, role)| Self { principal, role }))
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
        let mut members = Members::of(body, &["userIds", "role"], "this request")?;
        let role = match body.member("role") {
            Some(Value::Null) => Some(None),
            Some(value) => value.as_text().and_then(Role::parse).map(Some),
            None => None,
        };
        if role.is_none() {
            let keys = Role::ALL.map(Role::key).join(", ");
            let wrong = format!("must be null, to take all roles away, or one of: {keys}.");
            members.refuse("role", &wrong);
        }
        let users = read_users(&mut members);
        members.made(role.map(|role| Self { users, role }))
    }
}

fn read_users(members: &mut Members<'_>) -> Vec<String> {
    let items = members.get("userIds").and_then(Value::as_list).unwrap_or_default();
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
        members.refuse("userIds", &wrong);
    }
    users.into_iter().map(str::to_owned).collect()
}
