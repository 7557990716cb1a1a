//! What is answered with groups on demand: members, owners, memberOf, and capabilities.

use super::access::{may_manage, owned_among, sees_members};
use super::{Group, GroupField, Link};
use crate::authz::{Capabilities, Grant, Right, Scope};
use crate::error::Result;
use crate::objects::{self, Expandable, Expanded, Relation};
use crate::ports::ReadTx;

impl Expandable for Group {
    fn related(
        tx: &mut dyn ReadTx,
        scope: &Scope,
        relation: &'static str,
        page: &[Self],
    ) -> Result<Vec<Expanded>> {
        let mut all = Vec::with_capacity(page.len());
        for group in page {
            let relation = match relation {
                "owners" => Relation::Linked(group.id, Link::Owner),
                "memberOf" => Relation::MemberOf(group.id.uuid()),
                _ => Relation::Linked(group.id, Link::Member),
            };
            // Hidden members are left out without a refusal of the whole list.
            let shown = !relation.tells_members() || sees_members(tx, scope, group)?;
            all.push(match shown {
                true => objects::first_of(tx, scope, relation)?,
                false => Expanded::Many(Vec::new()),
            });
        }
        Ok(all)
    }

    const CAPABILITIES: Option<GroupField> = Some(GroupField::Capabilities);

    fn capabilities<R: Right>(
        tx: &mut dyn ReadTx,
        grant: &Grant<R>,
        page: &[Self],
    ) -> Result<Vec<Capabilities>> {
        let ids: Vec<_> = page.iter().map(|group| group.id).collect();
        let owned = owned_among(tx, grant, &ids)?;
        let capabilities = page.iter().map(|group| {
            let manages = may_manage(grant, group.kind(), None).is_ok();
            let may = Some(manages || owned.contains(&group.id));
            Capabilities { can_update: may, can_delete: may, ..Capabilities::default() }
        });
        Ok(capabilities.collect())
    }
}
