//! Reading users.

use super::{User, UserField, UserId};
use crate::authz::{Access, Grant, RoleSet, Scope, rights};
use crate::error::{Error, Result};
use crate::paging::{Cursor, Page};
use crate::ports::ReadTx;
use crate::query::Query;
use crate::time::Timestamp;

/// A user together with the roles it holds.
#[derive(Clone, Debug)]
pub struct Found {
    /// The user.
    pub user: User,
    /// Its roles.
    pub roles: RoleSet,
}

/// Reading users from the database.
pub trait UserReads {
    /// A user that is not deleted.
    ///
    /// # Errors
    /// When the database fails.
    fn user(&mut self, scope: &Scope, id: UserId) -> Result<Option<User>>;

    /// Users of these ids that exist and are not deleted, in one statement.
    ///
    /// # Errors
    /// When the database fails.
    fn users_by_id(&mut self, scope: &Scope, ids: &[UserId]) -> Result<Vec<User>>;

    /// A user that is not deleted, by the key of its user principal name.
    ///
    /// # Errors
    /// When the database fails.
    fn user_by_name(&mut self, scope: &Scope, key: &str) -> Result<Option<User>>;

    /// One page of a query.
    ///
    /// # Errors
    /// When the database fails.
    fn users(
        &mut self,
        scope: &Scope,
        query: &Query<UserField>,
        after: Option<&Cursor>,
    ) -> Result<Page<User>>;

    /// How many users a query finds in all.
    ///
    /// # Errors
    /// When the database fails.
    fn count_users(&mut self, scope: &Scope, query: &Query<UserField>) -> Result<i64>;

    /// A user deleted after `since`.
    ///
    /// # Errors
    /// When the database fails.
    fn deleted_user(&mut self, scope: &Scope, id: UserId, since: Timestamp)
    -> Result<Option<User>>;

    /// One page of a query over the users deleted after `since`.
    ///
    /// # Errors
    /// When the database fails.
    fn deleted_users(
        &mut self,
        scope: &Scope,
        since: Timestamp,
        query: &Query<UserField>,
        after: Option<&Cursor>,
    ) -> Result<Page<User>>;

    /// How many users deleted after `since` a query finds.
    ///
    /// # Errors
    /// When the database fails.
    fn count_deleted_users(
        &mut self,
        scope: &Scope,
        since: Timestamp,
        query: &Query<UserField>,
    ) -> Result<i64>;
}

/// Writing users to the database.
pub trait UserWrites {
    /// Adds a user.
    ///
    /// # Errors
    /// When the database fails.
    fn insert_user(&mut self, user: &User) -> Result<()>;

    /// Writes a user's new state, deleted or not.
    ///
    /// # Errors
    /// When the database fails.
    fn update_user(&mut self, user: &User) -> Result<()>;

    /// Users deleted before a point in time, some of them.
    ///
    /// # Errors
    /// When the database fails.
    fn expired_users(&mut self, before: Timestamp, at_most: usize) -> Result<Vec<UserId>>;

    /// Removes a user with everything that is kept of it, except the record of changes.
    ///
    /// # Errors
    /// When the database fails.
    fn erase_user(&mut self, id: UserId) -> Result<()>;
}

/// Finds a visible user by id or user principal name.
fn find<T: ReadTx + ?Sized>(tx: &mut T, scope: &Scope, key: &str) -> Result<User> {
    let found = match UserId::parse(key) {
        Some(id) => tx.user(scope, id)?,
        None => tx.user_by_name(scope, &crate::addresses::syntax::key(key))?,
    };
    let visible = found.filter(|user| match scope.access() {
        Access::Full => true,
        Access::Member { own } => user.is_visible() || user.id == own,
    });
    visible.ok_or_else(|| Error::not_found(key))
}

/// A user with its roles, by id or user principal name, for a use case to act on.
///
/// # Errors
/// 404.
pub fn resolve<T: ReadTx + ?Sized>(tx: &mut T, scope: &Scope, key: &str) -> Result<Found> {
    let user = find(tx, scope, key)?;
    let roles = tx.roles_of(scope.tenant(), user.id.uuid())?;
    Ok(Found { user, roles })
}

/// One user by id or user principal name.
///
/// # Errors
/// 404 also when the user is invisible to the caller.
pub fn get(tx: &mut dyn ReadTx, grant: &Grant<rights::ReadDirectory>, key: &str) -> Result<User> {
    find(tx, &grant.scope(), key)
}

/// One page of users.
///
/// # Errors
/// When the database fails.
pub fn list(
    tx: &mut dyn ReadTx,
    grant: &Grant<rights::ReadDirectory>,
    query: &Query<UserField>,
    after: Option<&Cursor>,
) -> Result<Page<User>> {
    tx.users(&grant.scope(), query, after)
}

/// How many users a query finds.
///
/// # Errors
/// When the database fails.
pub fn count(
    tx: &mut dyn ReadTx,
    grant: &Grant<rights::ReadDirectory>,
    query: &Query<UserField>,
) -> Result<i64> {
    tx.count_users(&grant.scope(), query)
}
