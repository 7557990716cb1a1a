//! Views of the user list: standard ones, and saved ones that administrators share (R95, R140).

mod criteria;
mod manage;
mod standard;

pub use criteria::{Criteria, SignIn};
pub use manage::{Draft, count_users, create, delete, get, list, standard, update, users};
pub use standard::Standard;

use crate::error::Result;
use crate::id::{Id, TenantId};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// Identifier of a saved view.
pub type UserViewId = Id<UserView>;

/// Most saved views of an organisation (R140).
pub const MAX_VIEWS: usize = 50;

/// A saved view.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct UserView {
    /// Identifier.
    #[serde(skip)]
    pub id: UserViewId,
    /// When it was made.
    #[serde(skip)]
    pub created: Timestamp,
    /// Number of its changes; the entity tag.
    pub version: i64,
    /// Name; unique in the organisation.
    pub display_name: String,
    /// Which users it shows.
    pub criteria: Criteria,
}

/// Reading saved views.
pub trait UserViewReads {
    /// All saved views of an organisation, by id.
    ///
    /// # Errors
    /// When the database fails.
    fn user_views(&mut self, tenant: TenantId) -> Result<Vec<UserView>>;
}

/// Writing saved views.
pub trait UserViewWrites {
    /// Adds or replaces a view.
    ///
    /// # Errors
    /// When the database fails.
    fn put_user_view(&mut self, view: &UserView) -> Result<()>;

    /// Removes a view.
    ///
    /// # Errors
    /// When the database fails.
    fn delete_user_view(&mut self, id: UserViewId) -> Result<()>;
}
