//! Organisations: the tenants of the service.

mod found;
mod purchase;

pub use found::{FirstAdministrator, Founding, found, initial_domain};
pub use purchase::{Purchase, PurchaseChannel, set_purchase};

use crate::error::Result;
use crate::id::TenantId;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// An organisation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Organisation {
    /// Its id, the tenant id.
    #[serde(skip)]
    pub id: TenantId,
    /// When it was made.
    #[serde(skip)]
    pub created: Timestamp,
    /// Name for people.
    pub display_name: String,
    /// How the subscriptions were bought.
    pub purchase: Purchase,
}

/// Reading organisations.
pub trait OrganisationReads {
    /// One organisation.
    ///
    /// # Errors
    /// When the database fails.
    fn organisation(&mut self, id: TenantId) -> Result<Option<Organisation>>;

    /// Whether any organisation exists; decides whether this is the first start.
    ///
    /// # Errors
    /// When the database fails.
    fn any_organisation(&mut self) -> Result<bool>;
}

/// Writing organisations.
pub trait OrganisationWrites {
    /// Changes the organisation whose lock is held.
    ///
    /// # Errors
    /// When the database fails.
    fn update_organisation(&mut self, organisation: &Organisation) -> Result<()>;
}
