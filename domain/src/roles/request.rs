//! What bodies ask of role assignments.

use crate::addresses::syntax;
use crate::authz::{Grant, Role, rights};
use crate::error::{Error, Result};
use crate::limits::MAX_BULK_USERS;
use crate::members::{Members, repetitions};
use crate::ports::ReadTx;
use crate::users::UserId;
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
    /// Reads Graph's form: `principalId`, `roleDefinitionId`, `directoryScopeId`; `appScopeId` may
    /// only be null.
    ///
    /// # Errors
    /// 400 with every offending property.
    pub fn read(body: &Value<'static>) -> Result<Self> {
        let known = ["principalId", "roleDefinitionId", "directoryScopeId", "appScopeId", "id"];
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
        if members.get("appScopeId").is_some() {
            let wrong = "must be null: roles hold in the whole organisation. Send \
                         'directoryScopeId' with '/' instead.";
            members.refuse("appScopeId", wrong);
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

    /// Whether each user is named once, be it by id or by name. Which of two entries a user fell
    /// under could not be told from the results.
    ///
    /// # Errors
    /// 400 with every entry that names a user again.
    pub fn names_each_once(
        &self,
        tx: &mut dyn ReadTx,
        grant: &Grant<rights::DelegateAdminRoles>,
    ) -> Result<()> {
        let ids = self.users.iter().filter(|user| UserId::parse(user).is_some()).count();
        if ids == 0 || ids == self.users.len() {
            // Entries of one kind were compared when the body was read.
            return Ok(());
        }
        let mut named = Vec::with_capacity(self.users.len());
        for user in &self.users {
            let id = match UserId::parse(user) {
                Some(id) => Some(id),
                None => tx.user_by_name(&grant.scope(), &syntax::key(user))?.map(|user| user.id),
            };
            named.extend(id.map(|id| (id.to_string(), user.as_str())));
        }
        match repetitions(named) {
            Some(wrong) => Err(Error::invalid_property("userIds", format!("'userIds' {wrong}"))),
            None => Ok(()),
        }
    }
}
