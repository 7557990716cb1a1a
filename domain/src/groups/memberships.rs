//! Which groups an object is in, directly or through other groups.

use super::{GroupField, GroupId};
use crate::authz::{Grant, rights};
use crate::error::{Error, Kind, Result};
use crate::limits::{MAX_CHECKED, MAX_MEMBERSHIPS};
use crate::objects::{self, Relation};
use crate::ports::ReadTx;
use crate::query::{Filter, Literal, Query};
use uuid::Uuid;

/// Those of some groups that an object is in.
///
/// # Errors
/// 404; 400 for too many ids.
pub fn groups_among(
    tx: &mut dyn ReadTx,
    grant: &Grant<rights::ReadDirectory>,
    key: &str,
    ids: &[Uuid],
) -> Result<Vec<GroupId>> {
    if ids.len() > MAX_CHECKED {
        let message = format!("At most {MAX_CHECKED} ids can be checked at once.");
        return Err(Error::invalid_property("groupIds", message));
    }
    let values: Vec<_> = ids.iter().copied().map(Literal::Id).collect();
    if values.is_empty() {
        return Ok(Vec::new());
    }
    above(tx, grant, key, Some(Filter::In { field: GroupField::Id, values }), MAX_CHECKED)
}

/// All groups that an object is in, or those of them that rights may be given to.
///
/// # Errors
/// 404; 403 `Directory_ResultSizeLimitExceeded` for more than 11,000 groups.
pub fn groups_of(
    tx: &mut dyn ReadTx,
    grant: &Grant<rights::ReadDirectory>,
    key: &str,
    security_only: bool,
) -> Result<Vec<GroupId>> {
    let filter = security_only.then_some(Filter::IsTrue(GroupField::SecurityEnabled));
    let found = above(tx, grant, key, filter, MAX_MEMBERSHIPS.saturating_add(1))?;
    if found.len() > MAX_MEMBERSHIPS {
        return Err(Error::new(
            Kind::Forbidden,
            "Directory_ResultSizeLimitExceeded",
            format!(
                "The object is in more than {MAX_MEMBERSHIPS} groups; page through \
                 transitiveMemberOf instead."
            ),
        ));
    }
    Ok(found)
}

fn above(
    tx: &mut dyn ReadTx,
    grant: &Grant<rights::ReadDirectory>,
    key: &str,
    filter: Option<Filter<GroupField>>,
    top: usize,
) -> Result<Vec<GroupId>> {
    let scope = grant.scope();
    let object = objects::find(tx, &scope, key)?;
    let query = Query { filter, top, ..Query::default() };
    let relation = Relation::TransitiveMemberOf(object.uuid());
    let found = tx.related_groups(&scope, relation, &query, None)?;
    Ok(found.items.iter().map(|group| group.id).collect())
}
