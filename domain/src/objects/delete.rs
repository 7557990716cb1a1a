//! Deleting an object whatever its kind, by the rules of its kind.

use super::{DirectoryObject, find};
use crate::authz::{Grant, rights};
use crate::error::{Error, Result};
use crate::ports::WriteTx;
use crate::{contacts, groups, users};

/// Deletes an object.
///
/// # Errors
/// Those of deleting a user, contact or group.
pub fn delete(
    tx: &mut dyn WriteTx,
    grant: &Grant<rights::UseGroups>,
    key: &str,
    if_match: &dyn Fn(i64) -> bool,
) -> Result<()> {
    match find(tx, &grant.scope(), key)? {
        DirectoryObject::User(_) => {
            users::may_delete(tx, grant, key)?;
            users::delete(tx, &grant.also()?, key, Some(if_match))
        }
        DirectoryObject::Contact(_) => contacts::delete(tx, &grant.also()?, key, Some(if_match)),
        DirectoryObject::Group(_) => groups::delete(tx, grant, key, if_match),
        // Built in, and never found by an id that is to be deleted.
        DirectoryObject::Role(_) => Err(Error::not_found(key)),
    }
}
