//! Grants: proofs that a right was checked.

use super::actor::{Access, Actor, Principal, Scope, confirm};
use super::matrix::{Cell, Permission};
use super::needs::{self, Need, prove};
use crate::error::{Error, Refusal, Result};
use crate::id::TenantId;
use crate::ports::ReadTx;
use std::fmt;
use std::marker::PhantomData;

/// A right a use case asks for: any of some permissions.
pub trait Right: Send + Sync + 'static {
    /// Holding one of these is enough. The first one is named when all are missing.
    const ANY_OF: &'static [Permission];
}

/// The rights of the service, one type each.
pub mod rights {
    use super::{Permission, Right};

    macro_rules! rights {
        ($($(#[$doc:meta])* $name:ident = $($permission:ident)|+;)*) => {$(
            $(#[$doc])*
            #[derive(Debug)]
            pub enum $name {}
            impl Right for $name {
                const ANY_OF: &'static [Permission] = &[$(Permission::$permission),+];
            }
        )*
            /// Every right by its name, with the permissions it asks for.
            pub const ALL: &[(&str, &[Permission])] = &[$((stringify!($name), $name::ANY_OF)),*];
        };
    }

    rights! {
        /// Every signed-in member; administrators see more (see [`super::Grant::scope`]).
        ReadDirectory = ReadDirectory;
        /// Row 1.
        ViewOrganizationAndUsers = ViewOrganizationAndUsers;
        /// Row 3.
        ResetUserPasswords = ResetUserPasswords;
        /// Row 5.
        ViewUsersAndRoles = ViewUsersAndRoles;
        /// Row 5, or anyone for their own roles (A2).
        ReadRoleAssignments = ViewUsersAndRoles | ReadDirectory;
        /// Row 6.
        ManageUsersAndGroups = ManageUsersAndGroups;
        /// Row 6, or row 3 when nothing but the password changes.
        UpdateUsers = ManageUsersAndGroups | ResetUserPasswords;
        /// Row 9.
        ManageDomains = ManageDomains;
        /// Row 12.
        DelegateAdminRoles = DelegateAdminRoles;
        /// Row 14.
        ManageReports = ManageReports;
        /// Shared contacts (A3).
        ManageContacts = ManageContacts;
        /// Files of users (row 6) or of contacts (A3); the right over the one kind is proved with
        /// it.
        ImportFiles = ManageUsersAndGroups | ManageContacts;
        /// Mail-enabled groups (A1).
        ManageRecipients = ManageRecipients;
        /// Groups of any kind: row 6, or A1 for the mail-enabled ones.
        ManageGroups = ManageUsersAndGroups | ManageRecipients;
        /// What members do with groups too: owners edit theirs, everyone joins and leaves open
        /// ones. The right over the one group is proved with it.
        UseGroups = ManageUsersAndGroups | ManageRecipients | ReadDirectory;
    }
}

/// Proof that an actor holds the right `P`. Only [`authorize`] makes one.
pub struct Grant<P> {
    actor: Actor,
    right: PhantomData<fn() -> P>,
}

impl<P> Clone for Grant<P> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<P> Copy for Grant<P> {}
impl<P> fmt::Debug for Grant<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Grant").field("actor", &self.actor).finish()
    }
}

/// Proves a right.
///
/// # Errors
/// 403 that names the matrix row and the roles that would grant it.
pub fn authorize<P: Right>(actor: &Actor) -> Result<Grant<P>> {
    prove(actor, &[Need::AnyOf(P::ANY_OF)])?;
    Ok(Grant { actor: *actor, right: PhantomData })
}

impl<P> Grant<P> {
    /// Who holds the right.
    pub const fn actor(&self) -> &Actor {
        &self.actor
    }

    /// The organisation it holds in.
    pub const fn tenant(&self) -> TenantId {
        self.actor.tenant()
    }

    /// What the holder may see: row 1 sees everything, a member the public properties of visible
    /// objects; row 5 sees everybody's roles, others their own.
    pub fn scope(&self) -> Scope {
        let full = Permission::ViewOrganizationAndUsers.granted(self.actor.roles()) != Cell::No;
        let access = match self.actor.principal() {
            Principal::User(own) if !full => Access::Member { own },
            Principal::User(_) | Principal::Client(_) => Access::Full,
        };
        let all_roles = self.holds(Permission::ViewUsersAndRoles);
        let roles_of = (!all_roles).then(|| self.actor.principal().uuid());
        let (policy, language) = (self.actor.policy(), self.actor.language());
        Scope { tenant: self.tenant(), access, roles_of, policy, language }
    }

    /// Proves a further right of the same actor.
    ///
    /// # Errors
    /// 403 as [`authorize`].
    pub fn also<Q: Right>(&self) -> Result<Grant<Q>> {
        authorize(&self.actor)
    }

    /// The permission, of several of which one is enough, by which the holder does something to a
    /// target.
    ///
    /// # Errors
    /// 403 that names the target.
    pub(crate) fn prove(
        &self,
        any_of: &[Permission],
        target: Option<String>,
    ) -> Result<Permission> {
        let held = needs::explain(&self.actor, &[Need::AnyOf(any_of)]);
        held.map_err(|refusal| Error::forbidden(Refusal { target, ..refusal }))
    }

    /// Whether a permission is held in any measure.
    pub fn holds(&self, permission: Permission) -> bool {
        needs::holds(&self.actor, permission)
    }
}

/// One grant or a tuple of grants, proved again inside the transaction that uses them.
pub trait Proof: Sized {
    /// Who holds the rights.
    fn actor(&self) -> &Actor;

    /// The same rights of the same actor as it is now.
    ///
    /// # Errors
    /// 401 or 403 when they were lost meanwhile.
    fn renew(&self, actor: &Actor) -> Result<Self>;

    /// Reads the actor again and proves the rights anew.
    ///
    /// # Errors
    /// 401 or 403 when they were lost meanwhile.
    fn confirm(&self, tx: &mut dyn ReadTx) -> Result<Self> {
        let actor = confirm(tx, self.actor())?;
        self.renew(&actor)
    }
}

impl<P: Right> Proof for Grant<P> {
    fn actor(&self) -> &Actor {
        &self.actor
    }

    fn renew(&self, actor: &Actor) -> Result<Self> {
        authorize(actor)
    }
}

impl<A: Proof, B: Proof> Proof for (A, B) {
    fn actor(&self) -> &Actor {
        self.0.actor()
    }

    fn renew(&self, actor: &Actor) -> Result<Self> {
        Ok((self.0.renew(actor)?, self.1.renew(actor)?))
    }
}
