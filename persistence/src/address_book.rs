//! The address book's objects in the database.

use crate::errors::map;
use crate::schema::{changes, contacts, groups, tenants, users};
use crate::session::Session;
use crate::types::{Json, Key};
use diesel::prelude::*;
use roster_domain::Result;
use roster_domain::address_book::{AddressBookReads, Entry, EntryKind};
use roster_domain::contacts::{Contact, ContactId};
use roster_domain::groups::{Group, GroupId};
use roster_domain::id::TenantId;
use roster_domain::users::{User, UserId};
use uuid::Uuid;

impl AddressBookReads for Session<'_> {
    fn entries(
        &mut self,
        tenant: TenantId,
        kind: EntryKind,
        after: Uuid,
        limit: usize,
    ) -> Result<(Vec<Entry>, Option<Uuid>)> {
        match kind {
            EntryKind::User => self.user_entries(tenant, after, limit),
            EntryKind::Contact => self.contact_entries(tenant, after, limit),
            EntryKind::Group => self.group_entries(tenant, after, limit),
        }
    }

    fn entries_of(
        &mut self,
        tenant: TenantId,
        kind: EntryKind,
        ids: &[Uuid],
    ) -> Result<Vec<Entry>> {
        match kind {
            _ if ids.is_empty() => Ok(Vec::new()),
            EntryKind::User => self.users_of(tenant, ids),
            EntryKind::Contact => self.contacts_of(tenant, ids),
            EntryKind::Group => self.groups_of(tenant, ids),
        }
    }

    fn changed_entries(
        &mut self,
        tenant: TenantId,
        after: i64,
        limit: usize,
    ) -> Result<Vec<(i64, Option<EntryKind>, Uuid)>> {
        let rows = changes::table
            .filter(changes::tenant_id.eq(Key::from(tenant)))
            .filter(changes::seq.gt(after))
            .order(changes::seq)
            .limit(i64::try_from(limit).unwrap_or(i64::MAX))
            .select((changes::seq, changes::target_kind, changes::target_id))
            .load::<(i64, String, Uuid)>(self.conn());
        let rows = rows.map_err(map)?.into_iter();
        Ok(rows.map(|(seq, kind, id)| (seq, EntryKind::of_target(&kind), id)).collect())
    }

    fn last_change(&mut self, tenant: TenantId) -> Result<i64> {
        let seq =
            tenants::table.find(Key::from(tenant)).select(tenants::seq).get_result(self.conn());
        seq.map_err(map)
    }
}

impl Session<'_> {
    fn user_entries(
        &mut self,
        tenant: TenantId,
        after: Uuid,
        limit: usize,
    ) -> Result<(Vec<Entry>, Option<Uuid>)> {
        let rows = users::table
            .filter(users::tenant_id.eq(Key::from(tenant)))
            .filter(users::id.gt(Key(after)))
            .filter(users::deleted_at.is_null())
            .order(users::id)
            .limit(i64::try_from(limit).unwrap_or(i64::MAX))
            .select((users::id, users::doc))
            .load::<(UserId, Json<User>)>(self.conn())
            .map_err(map)?;
        let last = rows.last().map(|(id, _)| id.uuid());
        let users = rows.into_iter().map(|(id, Json(user))| User { id, ..user });
        Ok((users.filter_map(|user| Entry::of_user(&user)).collect(), last))
    }

    fn users_of(&mut self, tenant: TenantId, ids: &[Uuid]) -> Result<Vec<Entry>> {
        let found = users::table
            .filter(users::tenant_id.eq(Key::from(tenant)))
            .filter(users::id.eq_any(ids.iter().map(|id| Key(*id))))
            .filter(users::deleted_at.is_null())
            .select((users::id, users::doc))
            .load::<(UserId, Json<User>)>(self.conn())
            .map_err(map)?;
        let users = found.into_iter().map(|(id, Json(user))| User { id, ..user });
        Ok(users.filter_map(|user| Entry::of_user(&user)).collect())
    }

    fn contact_entries(
        &mut self,
        tenant: TenantId,
        after: Uuid,
        limit: usize,
    ) -> Result<(Vec<Entry>, Option<Uuid>)> {
        let rows = contacts::table
            .filter(contacts::tenant_id.eq(Key::from(tenant)))
            .filter(contacts::id.gt(Key(after)))
            .order(contacts::id)
            .limit(i64::try_from(limit).unwrap_or(i64::MAX))
            .select((contacts::id, contacts::doc))
            .load::<(ContactId, Json<Contact>)>(self.conn())
            .map_err(map)?;
        let last = rows.last().map(|(id, _)| id.uuid());
        let contacts = rows.into_iter().map(|(id, Json(contact))| Contact { id, ..contact });
        Ok((contacts.filter_map(|contact| Entry::of_contact(&contact)).collect(), last))
    }

    fn contacts_of(&mut self, tenant: TenantId, ids: &[Uuid]) -> Result<Vec<Entry>> {
        let found = contacts::table
            .filter(contacts::tenant_id.eq(Key::from(tenant)))
            .filter(contacts::id.eq_any(ids.iter().map(|id| Key(*id))))
            .select((contacts::id, contacts::doc))
            .load::<(ContactId, Json<Contact>)>(self.conn())
            .map_err(map)?;
        let contacts = found.into_iter().map(|(id, Json(contact))| Contact { id, ..contact });
        Ok(contacts.filter_map(|contact| Entry::of_contact(&contact)).collect())
    }

    fn group_entries(
        &mut self,
        tenant: TenantId,
        after: Uuid,
        limit: usize,
    ) -> Result<(Vec<Entry>, Option<Uuid>)> {
        let rows = groups::table
            .filter(groups::tenant_id.eq(Key::from(tenant)))
            .filter(groups::id.gt(Key(after)))
            .filter(groups::deleted_at.is_null())
            .order(groups::id)
            .limit(i64::try_from(limit).unwrap_or(i64::MAX))
            .select((groups::id, groups::doc))
            .load::<(GroupId, Json<Group>)>(self.conn())
            .map_err(map)?;
        let last = rows.last().map(|(id, _)| id.uuid());
        let groups = rows.into_iter().map(|(id, Json(group))| Group { id, ..group });
        Ok((groups.filter_map(|group| Entry::of_group(&group)).collect(), last))
    }

    fn groups_of(&mut self, tenant: TenantId, ids: &[Uuid]) -> Result<Vec<Entry>> {
        let found = groups::table
            .filter(groups::tenant_id.eq(Key::from(tenant)))
            .filter(groups::id.eq_any(ids.iter().map(|id| Key(*id))))
            .filter(groups::deleted_at.is_null())
            .select((groups::id, groups::doc))
            .load::<(GroupId, Json<Group>)>(self.conn())
            .map_err(map)?;
        let groups = found.into_iter().map(|(id, Json(group))| Group { id, ..group });
        Ok(groups.filter_map(|group| Entry::of_group(&group)).collect())
    }
}
