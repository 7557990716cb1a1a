//! Passwords of users, as hashes, and the state around them.

mod change;
mod rehash;
mod reset;
mod sign_in;
mod throttle;

pub use change::{Change as PasswordChange, change};
pub use rehash::rehash;
pub use reset::reset;
pub use sign_in::{Account, Standing, find, standing};
pub use throttle::{Fingerprint, Locked, MEMORY_SECONDS, Throttle};

use crate::error::Result;
use crate::id::TenantId;
use crate::time::Timestamp;
use crate::users::UserId;

/// What is kept of a user's password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credential {
    /// The hash in its text form.
    pub hash: String,
    /// Whether the next sign-in must change it.
    pub must_change: bool,
    /// Whether somebody else than its owner set it, for one change only: it soon expires (S28).
    pub one_time: bool,
    /// When it was set.
    pub changed: Timestamp,
    /// Number of the current sessions; raising it ends all earlier ones.
    pub epoch: i64,
}

impl Credential {
    /// A password that somebody else than its owner set: a one-time password where the next sign-in
    /// must change it (R53, R68).
    pub fn given(hash: &str, must_change: bool, changed: Timestamp, epoch: i64) -> Self {
        Self { hash: hash.to_owned(), must_change, one_time: must_change, changed, epoch }
    }

    /// A password that its owner chose.
    pub fn chosen(hash: &str, changed: Timestamp, epoch: i64) -> Self {
        Self { hash: hash.to_owned(), must_change: false, one_time: false, changed, epoch }
    }
}

/// Reading credentials.
pub trait CredentialReads {
    /// The credential of a user; none for people who cannot sign in by password.
    ///
    /// # Errors
    /// When the database fails.
    fn credential(&mut self, tenant: TenantId, user: UserId) -> Result<Option<Credential>>;

    /// Wrong tries at an account, by the keyed hash of its name; none counted when absent.
    ///
    /// # Errors
    /// When the database fails.
    fn throttle(&mut self, account: &str) -> Result<Throttle>;
}

/// Writing credentials.
pub trait CredentialWrites {
    /// Sets the credential of a new user.
    ///
    /// # Errors
    /// When the database fails, or the user has one.
    fn insert_credential(&mut self, user: UserId, credential: &Credential) -> Result<()>;

    /// Sets or replaces the credential of a user.
    ///
    /// # Errors
    /// When the database fails.
    fn put_credential(&mut self, user: UserId, credential: &Credential) -> Result<()>;
}
