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
        let what = "user ids or user principal names";
        let users = members.keys("userIds", MAX_BULK_USERS, what);
        members.made(role.map(|role| Self { users, role }))
    }
}
