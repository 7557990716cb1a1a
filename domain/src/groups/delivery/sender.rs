//! Who sends a message, and which lists of groups name them.

use super::super::{GroupId, Link};
use crate::addresses::{HolderKind, syntax};
use crate::authz::{Access, Grant, Scope, rights};
use crate::error::Result;
use crate::id::TenantId;
use crate::objects::DirectoryObject;
use crate::ports::ReadTx;
use std::collections::HashMap;
use uuid::Uuid;

/// Who sends a message.
pub(super) struct Sender {
    /// The object that holds the address.
    pub(super) id: Option<Uuid>,
    /// Whether it is a member of the organisation and not a guest or contact.
    pub(super) inside: bool,
}

impl Sender {
    pub(super) fn find(tx: &mut dyn ReadTx, tenant: TenantId, address: &str) -> Result<Self> {
        let everything = Scope::of_service(tenant);
        let Some(holder) = tx.holder(tenant, &syntax::key(address))? else {
            return Ok(Self { id: None, inside: false });
        };
        let inside = match holder.kind {
            HolderKind::Contact => false,
            HolderKind::Group => true,
            HolderKind::User => tx
                .objects(&everything, &[holder.id])?
                .iter()
                .any(|object| matches!(object, DirectoryObject::User(u) if u.user_type != "Guest")),
        };
        Ok(Self { id: Some(holder.id), inside })
    }
}

/// Which lists of some groups name a sender, itself or through a group: naming a group means all
/// its members (R124).
pub(super) struct Lists(HashMap<(GroupId, &'static str), bool>);

impl Lists {
    /// Reads the lists, as far as the caller may know them: of others a member learns no hidden
    /// membership here, of themselves everybody may know it.
    pub(super) fn read(
        tx: &mut dyn ReadTx,
        grant: &Grant<rights::ReadDirectory>,
        groups: &[GroupId],
        sender: Option<Uuid>,
    ) -> Result<Self> {
        let seen_by = match grant.scope().access() {
            Access::Member { own } if Some(own.uuid()) != sender => Some(own),
            Access::Member { .. } | Access::Full => None,
        };
        let found = tx.naming(grant.tenant(), groups, sender, seen_by)?;
        let lists = found.into_iter().map(|each| ((each.group, each.link.word()), each.sender));
        Ok(Self(lists.collect()))
    }

    /// Whether a list names the sender; none for an empty list.
    pub(super) fn names(&self, group: GroupId, link: Link) -> Option<bool> {
        self.0.get(&(group, link.word())).copied()
    }
}
