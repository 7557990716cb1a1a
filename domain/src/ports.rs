//! What use cases ask of a transaction. Each noun declares its own port; these are their sums.

use crate::address_book::AddressBookReads;
use crate::addresses::{AddressReads, AddressWrites};
use crate::authz::{Principal, PrincipalState};
use crate::changes::Change;
use crate::clients::{ClientReads, ClientWrites};
use crate::contacts::{ContactReads, ContactWrites};
use crate::credentials::{CredentialReads, CredentialWrites};
use crate::domains::{DomainReads, DomainWrites};
use crate::error::Result;
use crate::groups::{GroupReads, GroupWrites};
use crate::id::TenantId;
use crate::imports::{ImportReads, ImportWrites};
use crate::join_requests::{JoinRequestReads, JoinRequestWrites};
use crate::managers::ManagerWrites;
use crate::objects::ObjectReads;
use crate::organisations::{OrganisationReads, OrganisationWrites};
use crate::roles::{RoleReads, RoleWrites};
use crate::time::Timestamp;
use crate::user_views::{UserViewReads, UserViewWrites};
use crate::users::{UserReads, UserWrites};
use uuid::Uuid;

/// What authorisation reads.
pub trait PrincipalReads {
    /// The state of a principal now; none when it does not exist or is deleted.
    ///
    /// # Errors
    /// When the database fails.
    fn principal_state(
        &mut self,
        tenant: TenantId,
        principal: Principal,
    ) -> Result<Option<PrincipalState>>;
}

/// A transaction or connection that reads.
pub trait ReadTx:
    PrincipalReads
    + UserReads
    + ContactReads
    + AddressReads
    + DomainReads
    + RoleReads
    + ClientReads
    + CredentialReads
    + OrganisationReads
    + AddressBookReads
    + ImportReads
    + ObjectReads
    + UserViewReads
    + GroupReads
    + JoinRequestReads
{
}

/// A transaction that holds its tenant's lock. It is a pure function of the database and of the
/// clock value and random bytes drawn before it began, so that it may run again.
pub trait WriteTx:
    ReadTx
    + UserWrites
    + ContactWrites
    + ManagerWrites
    + AddressWrites
    + DomainWrites
    + RoleWrites
    + ClientWrites
    + CredentialWrites
    + OrganisationWrites
    + ImportWrites
    + UserViewWrites
    + GroupWrites
    + JoinRequestWrites
{
    /// The organisation whose lock is held.
    fn tenant(&self) -> TenantId;

    /// The transaction's time.
    fn now(&self) -> Timestamp;

    /// A new UUIDv7.
    fn new_uuid(&mut self) -> Uuid;

    /// Random bytes.
    fn random(&mut self, bytes: &mut [u8]);

    /// Appends to the change log, in this commit.
    ///
    /// # Errors
    /// When the database fails.
    fn record(&mut self, change: Change) -> Result<()>;
}
