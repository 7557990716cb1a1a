//! What an object is a member of: groups, directly or through other groups, and directory roles.

use super::GroupField;
use crate::authz::{Grant, rights};
use crate::error::{Error, Kind, Result};
use crate::limits::{MAX_CHECKED, MAX_MEMBERSHIPS};
use crate::objects::{self, Relation, visible_roles};
use crate::ports::ReadTx;
use crate::query::{Filter, Literal, Query};
use uuid::Uuid;

/// Which memberships are asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Memberships {
    /// Groups.
    Groups,
    /// Groups and, as far as the caller may see them, directory roles.
    Objects,
}

impl Memberships {
    /// Name of the ids in the question.
    pub const fn argument(self) -> &'static str {
        match self {
            Self::Groups => "groupIds",
            Self::Objects => "ids",
        }
    }

    /// Those of some groups and roles that an object is in.
    ///
    /// # Errors
    /// 404; 400 for too many ids.
    pub fn among(
        self,
        tx: &mut dyn ReadTx,
        grant: &Grant<rights::ReadDirectory>,
        key: &str,
        ids: &[Uuid],
    ) -> Result<Vec<Uuid>> {
        let object = objects::find(tx, &grant.scope(), key)?.uuid();
        if ids.len() > MAX_CHECKED {
            let message = format!("At most {MAX_CHECKED} ids can be checked at once.");
            return Err(Error::invalid_property(self.argument(), message));
        }
        let values: Vec<_> = ids.iter().copied().map(Literal::Id).collect();
        if values.is_empty() {
            return Ok(Vec::new());
        }
        let filter = Filter::In { field: GroupField::Id, values };
        let mut found = above(tx, grant, object, Some(filter), MAX_CHECKED)?;
        let roles = self.roles(tx, grant, object)?;
        found.extend(roles.into_iter().filter(|role| ids.contains(role)));
        Ok(found)
    }

    /// All groups and roles that an object is in, or only the groups that rights may be given to.
    ///
    /// # Errors
    /// 404; 403 `Directory_ResultSizeLimitExceeded` for more than 11,000.
    pub fn of(
        self,
        tx: &mut dyn ReadTx,
        grant: &Grant<rights::ReadDirectory>,
        key: &str,
        security_only: bool,
    ) -> Result<Vec<Uuid>> {
        let object = objects::find(tx, &grant.scope(), key)?.uuid();
        let filter = security_only.then_some(Filter::IsTrue(GroupField::SecurityEnabled));
        let mut found = above(tx, grant, object, filter, MAX_MEMBERSHIPS.saturating_add(1))?;
        if !security_only {
            found.extend(self.roles(tx, grant, object)?);
        }
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

    /// Ids of the directory roles that count.
    fn roles(
        self,
        tx: &mut dyn ReadTx,
        grant: &Grant<rights::ReadDirectory>,
        object: Uuid,
    ) -> Result<Vec<Uuid>> {
        match self {
            Self::Groups => Ok(Vec::new()),
            Self::Objects => {
                let roles = visible_roles(tx, &grant.scope(), object)?;
                Ok(roles.iter().map(|role| role.template_id()).collect())
            }
        }
    }
}

fn above(
    tx: &mut dyn ReadTx,
    grant: &Grant<rights::ReadDirectory>,
    object: Uuid,
    filter: Option<Filter<GroupField>>,
    top: usize,
) -> Result<Vec<Uuid>> {
    let query = Query { filter, top, ..Query::default() };
    let relation = Relation::TransitiveMemberOf(object);
    let found = tx.related_groups(&grant.scope(), relation, &query, None)?;
    Ok(found.items.iter().map(|group| group.id.uuid()).collect())
}
