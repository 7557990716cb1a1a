//! API clients: programs that sign in with an id and a secret.

use crate::error::Result;
use crate::id::{Id, TenantId};
use crate::time::Timestamp;

/// Identifier of an API client.
pub type ClientId = Id<Client>;

/// An API client. It holds roles through assignments like anyone, but never counts for the rule
/// of the last administrator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    /// Identifier, the `client_id` of OAuth.
    pub id: ClientId,
    /// Its organisation.
    pub tenant: TenantId,
    /// Name for people.
    pub name: String,
    /// Keyed hash of the secret.
    pub secret_hash: String,
    /// Whether it may sign in.
    pub enabled: bool,
    /// When it was made.
    pub created: Timestamp,
}

/// Reading clients.
pub trait ClientReads {
    /// A client by id, in whichever organisation: signing in names no organisation.
    ///
    /// # Errors
    /// When the database fails.
    fn client(&mut self, id: ClientId) -> Result<Option<Client>>;

    /// Clients of an organisation by their ids, in one statement.
    ///
    /// # Errors
    /// When the database fails.
    fn clients_by_id(&mut self, tenant: TenantId, ids: &[ClientId]) -> Result<Vec<Client>>;
}

/// Writing clients.
pub trait ClientWrites {
    /// Adds a client.
    ///
    /// # Errors
    /// When the database fails.
    fn insert_client(&mut self, client: &Client) -> Result<()>;
}
