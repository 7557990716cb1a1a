//! Role assignments: who holds which administrator role.

mod assign;
mod catalogue;
mod query;
mod read;
mod request;
mod rules;
mod services;
mod words;

pub use assign::{Assigned, Replaced, assign, replace, revoke, revoke_from};
pub(crate) use assign::{add, remove_all_but};
pub use catalogue::{DirectoryRole, Entry, RoleDefinition, RoleField, RoleTemplate};
pub use query::AssignmentField;
pub(crate) use read::all_holders;
pub use read::{
    ContactGap, ContactGaps, Holder, contact_gaps, count, get, list, members, of_user, principals,
};
pub use request::{Assign, Bulk};
pub(crate) use rules::{
    check_alternate_email, check_grants, check_mobile, check_roles, crowd_warning,
};
pub use services::{Service, ServiceRole, service_roles};

use crate::authz::{Role, RoleSet};
use crate::error::Result;
use crate::id::{Id, TenantId};
use crate::time::Timestamp;
use std::collections::HashMap;
use uuid::Uuid;

/// Identifier of a role assignment.
pub type RoleAssignmentId = Id<RoleAssignment>;

/// Kind of principal that holds a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HolderKind {
    /// A user.
    User,
    /// An API client.
    Client,
}

impl HolderKind {
    /// Word in the database and the change record.
    pub const fn word(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Client => "client",
        }
    }
}

/// One role of one principal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleAssignment {
    /// Identifier.
    pub id: RoleAssignmentId,
    /// User or client that holds the role.
    pub principal: Uuid,
    /// Whether it is a user or a client.
    pub holder: HolderKind,
    /// The role.
    pub role: Role,
    /// Since when.
    pub created: Timestamp,
}

/// Reading role assignments.
pub trait RoleReads {
    /// Roles of a principal.
    ///
    /// # Errors
    /// When the database fails.
    fn roles_of(&mut self, tenant: TenantId, principal: Uuid) -> Result<RoleSet>;

    /// Roles of several principals, in one statement; who holds none is left out.
    ///
    /// # Errors
    /// When the database fails.
    fn roles_of_all(
        &mut self,
        tenant: TenantId,
        principals: &[Uuid],
    ) -> Result<HashMap<Uuid, RoleSet>>;

    /// Who holds a role, or any role, each once, in the order of their ids after a given one.
    ///
    /// # Errors
    /// When the database fails.
    fn role_holders(
        &mut self,
        tenant: TenantId,
        role: Option<Role>,
        after: Option<Uuid>,
        limit: usize,
    ) -> Result<Vec<(Uuid, HolderKind)>>;

    /// One assignment.
    ///
    /// # Errors
    /// When the database fails.
    fn role_assignment(
        &mut self,
        tenant: TenantId,
        id: RoleAssignmentId,
    ) -> Result<Option<RoleAssignment>>;

    /// Assignments in the order of their ids, after a given one, optionally of some principals or
    /// roles.
    ///
    /// # Errors
    /// When the database fails.
    fn role_assignments(&mut self, tenant: TenantId, which: &Which) -> Result<Vec<RoleAssignment>>;

    /// How many assignments there are in all, wherever the page starts.
    ///
    /// # Errors
    /// When the database fails.
    fn count_role_assignments(&mut self, tenant: TenantId, which: &Which) -> Result<i64>;

    /// How many users besides one hold the role, are not deleted and can sign in: enabled, with a
    /// password, and as a guest after accepting the invitation. A one-time password that has expired
    /// counts (R93): it does so by itself, so no change could be refused to keep one that has not,
    /// and the operator can reset it.
    ///
    /// # Errors
    /// When the database fails.
    fn enabled_holders(&mut self, tenant: TenantId, role: Role, besides: Uuid) -> Result<i64>;
}

/// Selects role assignments.
#[derive(Clone, Debug, Default)]
pub struct Which {
    /// Of these principals only.
    pub principals: Option<Vec<Uuid>>,
    /// Of these roles only.
    pub roles: Option<RoleSet>,
    /// After this id.
    pub after: Option<RoleAssignmentId>,
    /// At most so many.
    pub limit: usize,
}

/// Writing role assignments.
pub trait RoleWrites {
    /// Adds an assignment.
    ///
    /// # Errors
    /// When the database fails, or the principal holds the role already.
    fn insert_role_assignment(&mut self, assignment: &RoleAssignment) -> Result<()>;

    /// Removes an assignment.
    ///
    /// # Errors
    /// When the database fails.
    fn delete_role_assignment(&mut self, id: RoleAssignmentId) -> Result<()>;
}
