//! The way of a message through the groups in a group (R129, R130).

use super::super::read::Nesting;
use super::super::{Group, GroupId};
use super::Reason;
use super::rules::{asks, reasons};
use super::sender::{Lists, Sender};
use crate::authz::{Access, Scope};
use crate::error::{Error, Result};
use crate::id::TenantId;
use crate::limits::MAX_NESTINGS;
use crate::objects::DirectoryObject;
use crate::ports::ReadTx;
use std::collections::{BTreeMap, HashSet};
use uuid::Uuid;

/// What a group in a group does with a message that comes through the one above.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// It refuses the sender: who is only behind it gets nothing.
    Refused,
    /// Its own moderators are asked again (R130).
    Moderated,
}

impl Decision {
    /// The word in the wire dialect.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Refused => "refused",
            Self::Moderated => "moderated",
        }
    }
}

/// A group in a group that does not simply pass a message on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Nested {
    /// The group.
    pub id: GroupId,
    /// Its name.
    pub display_name: String,
    /// What it does.
    pub decision: Decision,
    /// Why it refuses; empty when it does not.
    pub reasons: Vec<Reason>,
}

/// A group and the groups in it.
pub(super) struct Tree<'a> {
    root: &'a Group,
    groups: BTreeMap<GroupId, Group>,
    /// Direct members of each group in it.
    members: BTreeMap<GroupId, i64>,
    inner: BTreeMap<GroupId, Vec<GroupId>>,
}

/// What becomes of a message on its way.
#[derive(Default)]
pub(super) struct Course {
    /// The groups whose direct members get it, as far as the caller may know them.
    pub(super) through: Vec<GroupId>,
    /// The groups that refuse it or ask.
    pub(super) nested: Vec<Nested>,
    /// Whether any group refuses it.
    pub(super) narrowed: bool,
}

impl<'a> Tree<'a> {
    /// # Errors
    /// 400 for more nestings than are followed.
    pub(super) fn read(tx: &mut dyn ReadTx, tenant: TenantId, root: &'a Group) -> Result<Self> {
        let found = tx.nestings(tenant, root.id, MAX_NESTINGS + 1)?;
        if found.len() > MAX_NESTINGS {
            return Err(Error::invalid(format!(
                "There are more than {MAX_NESTINGS} groups in the group, too many to follow a \
                 message through. Check the groups in it one by one."
            )));
        }
        let (mut members, mut inner) = (BTreeMap::new(), BTreeMap::<_, Vec<_>>::new());
        for Nesting { outer, inner: within, members: count } in found {
            members.insert(within, count);
            inner.entry(outer).or_default().push(within);
        }
        let ids: Vec<Uuid> = members.keys().map(|id| id.uuid()).collect();
        let objects = tx.objects(&Scope::of_service(tenant), &ids)?.into_iter();
        let groups = objects.filter_map(|object| match object {
            DirectoryObject::Group(group) => Some((group.id, *group)),
            DirectoryObject::User(_) | DirectoryObject::Contact(_) | DirectoryObject::Role(_) => {
                None
            }
        });
        Ok(Self { root, groups: groups.collect(), members, inner })
    }

    /// The group and those in it, each once.
    pub(super) fn ids(&self) -> Vec<GroupId> {
        let nested = self.groups.keys().filter(|id| **id != self.root.id);
        std::iter::once(self.root.id).chain(nested.copied()).collect()
    }

    /// Follows a message that the group itself took. Each group is entered once, and once more
    /// where a later way brings the approval of a group above; so cycles end.
    pub(super) fn follow(
        &self,
        tx: &mut dyn ReadTx,
        scope: &Scope,
        sender: &Sender,
        lists: &Lists,
    ) -> Result<Course> {
        let mut entered = BTreeMap::new();
        let mut refused = BTreeMap::new();
        let mut waiting = vec![(self.root, covers(self.root))];
        while let Some((outer, approved)) = waiting.pop() {
            for inner in self.inner.get(&outer.id).into_iter().flatten() {
                let Some(group) = self.groups.get(inner) else { continue };
                let known = entered.get(inner).copied();
                if refused.contains_key(inner) || known.is_some_and(|was| was || !approved) {
                    continue;
                }
                let members = self.members.get(inner).copied().unwrap_or_default();
                let why = reasons(group, members, sender, lists);
                if !why.is_empty() {
                    refused.insert(*inner, why);
                    continue;
                }
                entered.insert(*inner, approved);
                if shows_members(scope, group) {
                    waiting.push((group, approved || covers(group)));
                }
            }
        }
        let visible = self.visible(tx, scope)?;
        let narrowed = !refused.is_empty();
        let mut nested = Vec::new();
        for group in self.groups.values().filter(|group| visible.contains(&group.id.uuid())) {
            let approved = entered.get(&group.id).copied();
            let (decision, reasons) = match refused.remove(&group.id) {
                Some(reasons) => (Decision::Refused, reasons),
                None if approved == Some(false) && asks(group, lists) => {
                    (Decision::Moderated, Vec::new())
                }
                None => continue,
            };
            let display_name = group.display_name.clone();
            nested.push(Nested { id: group.id, display_name, decision, reasons });
        }
        let through = entered.into_keys().filter(|id| {
            *id != self.root.id && self.groups.get(id).is_some_and(|g| shows_members(scope, g))
        });
        let through = std::iter::once(self.root.id).chain(through).collect();
        Ok(Course { through, nested, narrowed })
    }

    /// Which of the groups the caller may be told of.
    fn visible(&self, tx: &mut dyn ReadTx, scope: &Scope) -> Result<HashSet<Uuid>> {
        let ids: Vec<Uuid> = self.groups.keys().map(|id| id.uuid()).collect();
        if matches!(scope.access(), Access::Full) {
            return Ok(ids.into_iter().collect());
        }
        Ok(tx.objects(scope, &ids)?.iter().map(DirectoryObject::uuid).collect())
    }
}

/// R130: with `bypassNestedModeration` what a moderated group let through is approved for all
/// groups in it.
const fn covers(group: &Group) -> bool {
    group.moderation_enabled && group.bypass_nested_moderation
}

/// Who is in a group with hidden members is told through no other group either (R132).
fn shows_members(scope: &Scope, group: &Group) -> bool {
    matches!(scope.access(), Access::Full) || !group.hides_members()
}
