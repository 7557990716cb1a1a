//! Who is asking: the actor of a request, and the scope of what it may see.

use super::matrix::Permission;
use super::role::RoleSet;
use crate::clients::ClientId;
use crate::error::{Error, Refusal, Result};
use crate::id::TenantId;
use crate::language::Language;
use crate::ports::ReadTx;
use crate::properties::{Entity, Property};
use crate::users::UserId;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Who acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", content = "id", rename_all = "camelCase")]
pub enum Principal {
    /// A person.
    User(UserId),
    /// An API client.
    Client(ClientId),
}

impl Principal {
    /// The id, whichever kind it is.
    pub const fn uuid(self) -> Uuid {
        match self {
            Self::User(id) => id.uuid(),
            Self::Client(id) => id.uuid(),
        }
    }

    /// Kind in the change record.
    pub const fn kind(self) -> &'static str {
        match self {
            Self::User(_) => "user",
            Self::Client(_) => "client",
        }
    }
}

/// What the database knows of a principal at this moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PrincipalState {
    /// Not blocked, not deleted.
    pub enabled: bool,
    /// Roles assigned.
    pub roles: RoleSet,
    /// Number of the current sessions: tokens that carry another number are dead.
    pub epoch: i64,
}

/// Settings of the installation that shape rights.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Whether the permission `manage_recipients` exists (A1).
    pub manage_recipients: bool,
}

impl Policy {
    /// Whether a permission exists in this installation: without the setting, mail-enabled groups
    /// belong to row 6 alone (A1).
    pub fn has(self, permission: Permission) -> bool {
        self.manage_recipients || permission != Permission::ManageRecipients
    }

    /// The permissions beside the matrix, as far as they exist in this installation.
    pub fn beside(self) -> impl Iterator<Item = Permission> {
        Permission::BESIDE.into_iter().filter(move |permission| self.has(*permission))
    }
}

impl Default for Policy {
    fn default() -> Self {
        Self { manage_recipients: true }
    }
}

/// What a verified token says of its bearer.
#[derive(Clone, Copy, Debug)]
pub struct Claims {
    /// Organisation.
    pub tenant: TenantId,
    /// Who.
    pub principal: Principal,
    /// Roles claimed (`wids`).
    pub roles: RoleSet,
    /// Number of the sessions the token belongs to.
    pub epoch: i64,
}

/// The authenticated caller of one request.
#[derive(Clone, Copy, Debug)]
pub struct Actor {
    claims: Claims,
    effective: RoleSet,
    policy: Policy,
    language: Language,
    request: Uuid,
}

impl Actor {
    /// The caller named by a verified token, checked against the database's state of it.
    ///
    /// # Errors
    /// 401 when the principal is unknown, blocked, deleted, or its sessions were ended.
    pub fn signed_in(
        claims: Claims,
        state: Option<PrincipalState>,
        policy: Policy,
        request: Uuid,
    ) -> Result<Self> {
        let state = state.filter(|state| state.enabled && state.epoch == claims.epoch);
        let Some(state) = state else {
            return Err(Error::unauthenticated(
                "The token's owner is blocked or deleted, or its sessions were ended. \
                 Sign in again.",
            ));
        };
        let effective = claims.roles.intersection(state.roles);
        Ok(Self { claims, effective, policy, language: Language::default(), request })
    }

    /// The same caller, who is answered in a language.
    #[must_use]
    pub const fn speaking(self, language: Language) -> Self {
        Self { language, ..self }
    }

    /// Another principal of the caller's organisation as it would be if it called, to explain
    /// what it may do. Never to act.
    ///
    /// # Errors
    /// 401 when it could not sign in.
    pub(super) fn supposed(&self, principal: Principal, state: PrincipalState) -> Result<Self> {
        let claims =
            Claims { tenant: self.tenant(), principal, roles: state.roles, epoch: state.epoch };
        let actor = Self::signed_in(claims, Some(state), self.policy, self.request)?;
        Ok(actor.speaking(self.language))
    }

    /// The same caller with other roles, to explain what they would let it do. Never to act.
    pub(super) const fn holding(&self, roles: RoleSet) -> Self {
        Self { effective: roles, ..*self }
    }

    /// The caller's organisation.
    pub const fn tenant(&self) -> TenantId {
        self.claims.tenant
    }

    /// Who the caller is.
    pub const fn principal(&self) -> Principal {
        self.claims.principal
    }

    /// The caller as a person, if it is one.
    pub const fn user(&self) -> Option<UserId> {
        match self.claims.principal {
            Principal::User(id) => Some(id),
            Principal::Client(_) => None,
        }
    }

    /// Roles that count: claimed by the token and assigned in the database.
    pub const fn roles(&self) -> RoleSet {
        self.effective
    }

    /// What the token claims; kept by work that goes on after the request.
    pub const fn claims(&self) -> Claims {
        self.claims
    }

    /// Settings that shape rights.
    pub const fn policy(&self) -> Policy {
        self.policy
    }

    /// The language of the request, for what is told in words.
    pub const fn language(&self) -> Language {
        self.language
    }

    /// The request's id.
    pub const fn request(&self) -> Uuid {
        self.request
    }
}

/// Reads the actor's state again inside a transaction: what was proved before the queue may have
/// changed since.
///
/// # Errors
/// 401 when the actor is no longer valid.
pub fn confirm(tx: &mut dyn ReadTx, actor: &Actor) -> Result<Actor> {
    let state = tx.principal_state(actor.tenant(), actor.principal())?;
    let confirmed = Actor::signed_in(actor.claims, state, actor.policy, actor.request)?;
    Ok(confirmed.speaking(actor.language))
}

/// Which properties a caller may read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// All of them: matrix row 1.
    Full,
    /// Only those every member may read, of visible objects and of oneself.
    Member {
        /// The member, who always sees themselves.
        own: UserId,
    },
}

/// What a query may touch. Made by grants only.
#[derive(Clone, Copy, Debug)]
pub struct Scope {
    pub(super) tenant: TenantId,
    pub(super) access: Access,
    /// The only principal whose roles are visible; none if everybody's are.
    pub(super) roles_of: Option<Uuid>,
    pub(super) policy: Policy,
    pub(super) language: Language,
}

impl Scope {
    /// The whole organisation, for what the service does before anybody is signed in.
    pub(crate) const fn of_service(tenant: TenantId) -> Self {
        let (policy, language) = (Policy { manage_recipients: true }, Language::English);
        Self { tenant, access: Access::Full, roles_of: None, policy, language }
    }

    /// Settings that shape rights, for what is told about roles.
    pub const fn policy(&self) -> Policy {
        self.policy
    }

    /// The language of names that are the service's own.
    pub const fn language(&self) -> Language {
        self.language
    }

    /// The organisation every statement is limited to.
    pub const fn tenant(&self) -> TenantId {
        self.tenant
    }

    /// Which properties and objects are visible.
    pub const fn access(&self) -> Access {
        self.access
    }

    /// Whether the holder may know the roles of a principal: with row 5, or its own (A2).
    pub fn shows_roles_of(&self, principal: Uuid) -> bool {
        self.roles_of.is_none_or(|own| own == principal)
    }

    /// Whether the holder may see an object; `visible` says whether it is listed for everybody.
    pub fn shows(&self, visible: bool, id: Uuid) -> bool {
        match self.access {
            Access::Full => true,
            Access::Member { own } => visible || id == own.uuid(),
        }
    }
}

impl Scope {
    /// Whether the holder may read a property.
    ///
    /// # Errors
    /// 403 that names row 1, which every other property needs.
    pub fn may_read<E: Entity>(&self, property: &Property<E>) -> Result<()> {
        match self.access {
            Access::Full => Ok(()),
            Access::Member { .. } if property.member => Ok(()),
            Access::Member { .. } => Err(Error::forbidden(Refusal {
                target: Some(property.name.to_owned()),
                ..Permission::ViewOrganizationAndUsers.missing()
            })),
        }
    }
}
