//! Groups in the database.

mod columns;
mod delivery;
mod links;
mod row;

use columns::DeletedGroupColumns;
pub(crate) use columns::{GroupColumns, named_by};

use crate::errors::map;
use crate::query::limit_to;
use crate::schema::{group_links, groups, join_requests};
use crate::session::Session;
use crate::types::{At, Guid, Instant, Json, Key};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable};
use roster_domain::authz::Scope;
use roster_domain::groups::{
    Group, GroupField, GroupId, GroupReads, GroupWrites, Link, Naming, Nesting,
};
use roster_domain::id::TenantId;
use roster_domain::objects::ObjectKind;
use roster_domain::paging::{Cursor, Page};
use roster_domain::query::Query;
use roster_domain::users::UserId;
use roster_domain::{Error, Result, Timestamp};
use row::GroupRow;
use uuid::Uuid;

/// What is read of a group: everything its properties are made from.
#[derive(Queryable, QueryableByName)]
pub(crate) struct GroupLoaded {
    #[diesel(sql_type = Guid)]
    id: GroupId,
    #[diesel(sql_type = BigInt)]
    version: i64,
    #[diesel(sql_type = Instant)]
    created_at: Timestamp,
    #[diesel(sql_type = Nullable<Instant>)]
    deleted_at: Option<Timestamp>,
    #[diesel(sql_type = crate::types::JsonDoc)]
    doc: Json<Group>,
}

/// The columns of [`GroupLoaded`].
pub(crate) const GROUP_LOADED: &str =
    "SELECT groups.id, groups.version, groups.created_at, groups.deleted_at, groups.doc";

impl From<GroupLoaded> for Group {
    fn from(row: GroupLoaded) -> Self {
        let Json(group) = row.doc;
        Self {
            id: row.id,
            version: row.version,
            created: row.created_at,
            deleted: row.deleted_at,
            ..group
        }
    }
}

impl GroupReads for Session<'_> {
    fn group(&mut self, scope: &Scope, id: GroupId) -> Result<Option<Group>> {
        let mut sql = self.statement(&format!("{GROUP_LOADED} FROM groups"));
        limit_to::<GroupColumns>(&mut sql, scope);
        sql.push(" AND groups.id = ");
        sql.bind_id(id.uuid());
        let found = self.query::<GroupLoaded>(&sql.text, sql.binds)?;
        Ok(found.into_iter().next().map(Group::from))
    }

    fn groups(
        &mut self,
        scope: &Scope,
        query: &Query<GroupField>,
        after: Option<&Cursor>,
    ) -> Result<Page<Group>> {
        let sql = self.within::<GroupColumns>(&format!("{GROUP_LOADED} FROM groups"), scope);
        self.page_of::<GroupColumns, GroupLoaded, Group>(sql, query, after)
    }

    fn count_groups(&mut self, scope: &Scope, query: &Query<GroupField>) -> Result<i64> {
        let sql = self.within::<GroupColumns>("SELECT count(*) AS n FROM groups", scope);
        self.count_of::<GroupColumns>(sql, query)
    }

    fn deleted_group(
        &mut self,
        scope: &Scope,
        id: GroupId,
        since: Timestamp,
    ) -> Result<Option<Group>> {
        let from = format!("{GROUP_LOADED} FROM groups");
        let mut sql = self.deleted::<DeletedGroupColumns>(&from, scope, since);
        sql.push(" AND groups.id = ");
        sql.bind_id(id.uuid());
        let found = self.query::<GroupLoaded>(&sql.text, sql.binds)?;
        Ok(found.into_iter().next().map(Group::from))
    }

    fn deleted_groups(
        &mut self,
        scope: &Scope,
        since: Timestamp,
        query: &Query<GroupField>,
        after: Option<&Cursor>,
    ) -> Result<Page<Group>> {
        let from = format!("{GROUP_LOADED} FROM groups");
        let sql = self.deleted::<DeletedGroupColumns>(&from, scope, since);
        self.page_of::<DeletedGroupColumns, GroupLoaded, Group>(sql, query, after)
    }

    fn count_deleted_groups(
        &mut self,
        scope: &Scope,
        since: Timestamp,
        query: &Query<GroupField>,
    ) -> Result<i64> {
        let from = "SELECT count(*) AS n FROM groups";
        let sql = self.deleted::<DeletedGroupColumns>(from, scope, since);
        self.count_of::<DeletedGroupColumns>(sql, query)
    }

    fn recipient_named(
        &mut self,
        tenant: TenantId,
        besides: GroupId,
        folded: &str,
    ) -> Result<Option<GroupId>> {
        groups::table
            .filter(groups::tenant_id.eq(Key::from(tenant)))
            .filter(groups::display_name_key.eq(folded))
            .filter(groups::mail_enabled.eq(true))
            .filter(groups::deleted_at.is_null())
            .filter(groups::id.ne(Key::from(besides)))
            .select(groups::id)
            .first(self.conn())
            .optional()
            .map_err(map)
    }

    fn recipient_with_alias(
        &mut self,
        tenant: TenantId,
        besides: Option<GroupId>,
        folded: &str,
    ) -> Result<Option<GroupId>> {
        groups::table
            .filter(groups::tenant_id.eq(Key::from(tenant)))
            .filter(groups::mail_nickname_key.eq(Some(folded)))
            .filter(groups::mail_enabled.eq(true))
            .filter(groups::deleted_at.is_null())
            .filter(groups::id.ne(Key::from(besides.unwrap_or_default())))
            .select(groups::id)
            .first(self.conn())
            .optional()
            .map_err(map)
    }

    fn is_linked(
        &mut self,
        tenant: TenantId,
        group: GroupId,
        link: Link,
        object: Uuid,
    ) -> Result<bool> {
        Ok(self.link_kind(tenant, group, link, object)?.is_some())
    }

    fn links(
        &mut self,
        tenant: TenantId,
        group: GroupId,
        link: Link,
    ) -> Result<Vec<(ObjectKind, Uuid)>> {
        let rows = group_links::table
            .filter(group_links::tenant_id.eq(Key::from(tenant)))
            .filter(group_links::group_id.eq(Key::from(group)))
            .filter(group_links::relation.eq(link.word()))
            .order(group_links::object_id)
            .select((group_links::object_kind, group_links::object_id))
            .load::<(String, Uuid)>(self.conn())
            .map_err(map)?;
        rows.into_iter().map(|(kind, id)| Ok((links::kind(&kind)?, id))).collect()
    }

    fn count_links(&mut self, tenant: TenantId, group: GroupId, link: Link) -> Result<i64> {
        if link == Link::Member {
            let count = groups::table
                .find((Key::from(tenant), Key::from(group)))
                .select(groups::member_count)
                .get_result(self.conn())
                .optional();
            return Ok(count.map_err(map)?.unwrap_or_default());
        }
        group_links::table
            .filter(group_links::tenant_id.eq(Key::from(tenant)))
            .filter(group_links::group_id.eq(Key::from(group)))
            .filter(group_links::relation.eq(link.word()))
            .count()
            .get_result(self.conn())
            .map_err(map)
    }

    fn above(&mut self, tenant: TenantId, object: Uuid) -> Result<Vec<GroupId>> {
        self.groups_above(tenant, object)
    }

    fn owned_among(
        &mut self,
        tenant: TenantId,
        user: Uuid,
        groups: &[GroupId],
    ) -> Result<Vec<GroupId>> {
        self.groups_owned(tenant, user, groups)
    }

    fn nestings(
        &mut self,
        tenant: TenantId,
        group: GroupId,
        at_most: usize,
    ) -> Result<Vec<Nesting>> {
        self.groups_within(tenant, group, at_most)
    }

    fn naming(
        &mut self,
        tenant: TenantId,
        groups: &[GroupId],
        sender: Option<Uuid>,
        seen_by: Option<UserId>,
    ) -> Result<Vec<Naming>> {
        self.places_naming(tenant, groups, sender, seen_by)
    }

    fn expanded(&mut self, tenant: TenantId, group: GroupId, beyond: i64) -> Result<i64> {
        self.expanded_members(tenant, group, beyond)
    }
}

impl GroupWrites for Session<'_> {
    fn insert_group(&mut self, group: &Group) -> Result<()> {
        let row = GroupRow::new(self.write_tenant()?, group);
        let insert = diesel::insert_into(groups::table).values(row);
        insert.execute(self.conn()).map_err(map)?;
        Ok(())
    }

    fn update_group(&mut self, group: &Group) -> Result<()> {
        let tenant = self.write_tenant()?;
        let row = GroupRow::new(tenant, group);
        let update =
            diesel::update(groups::table.find((Key::from(tenant), Key::from(group.id)))).set(row);
        match update.execute(self.conn()).map_err(map)? {
            1 => Ok(()),
            rows => Err(Error::internal(format!("the update of a group changed {rows} rows"))),
        }
    }

    fn expired_groups(&mut self, before: Timestamp, at_most: usize) -> Result<Vec<GroupId>> {
        let tenant = self.write_tenant()?;
        groups::table
            .filter(groups::tenant_id.eq(Key::from(tenant)))
            .filter(groups::deleted_at.le(Some(At(before))))
            .limit(i64::try_from(at_most).unwrap_or(i64::MAX))
            .select(groups::id)
            .load(self.conn())
            .map_err(map)
    }

    fn erase_group(&mut self, id: GroupId) -> Result<()> {
        let tenant = Key::from(self.write_tenant()?);
        let named = group_links::table
            .filter(group_links::tenant_id.eq(tenant))
            .filter(group_links::group_id.eq(Key::from(id)));
        diesel::delete(named).execute(self.conn()).map_err(map)?;
        let waiting = join_requests::table
            .filter(join_requests::tenant_id.eq(tenant))
            .filter(join_requests::group_id.eq(Key::from(id)));
        diesel::delete(waiting).execute(self.conn()).map_err(map)?;
        let row = groups::table.find((tenant, Key::from(id)));
        diesel::delete(row).execute(self.conn()).map_err(map)?;
        Ok(())
    }

    fn add_link(&mut self, group: GroupId, link: Link, object: (ObjectKind, Uuid)) -> Result<()> {
        self.insert_link(group, link, object)
    }

    fn remove_link(
        &mut self,
        group: GroupId,
        link: Link,
        object: Uuid,
    ) -> Result<Option<ObjectKind>> {
        self.delete_link(group, link, object)
    }

    fn remove_links_to(&mut self, object: Uuid) -> Result<()> {
        self.delete_links_to(object)
    }
}
