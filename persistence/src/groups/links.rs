//! The links of groups: what they name, and what follows from nesting.

use crate::bind::Bind;
use crate::errors::map;
use crate::schema::{group_links, groups};
use crate::session::Session;
use crate::types::{Guid, Key};
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use roster_domain::groups::{GroupId, Link};
use roster_domain::id::TenantId;
use roster_domain::objects::ObjectKind;
use roster_domain::{Error, Result};
use uuid::Uuid;

#[derive(Insertable)]
#[diesel(table_name = group_links)]
struct LinkRow {
    tenant_id: Key,
    group_id: Key,
    relation: &'static str,
    object_id: Key,
    object_kind: &'static str,
}

#[derive(QueryableByName)]
struct Above {
    #[diesel(sql_type = Guid)]
    id: GroupId,
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

/// The groups above an object, deleted ones included: no cycle may wait in deleted items.
const ABOVE: &str = "WITH RECURSIVE above(id) AS (\
     SELECT group_id FROM group_links \
     WHERE tenant_id = $1 AND object_id = $2 AND relation = 'member' \
     UNION SELECT link.group_id FROM above JOIN group_links link \
     ON link.tenant_id = $1 AND link.object_id = above.id AND link.relation = 'member') \
     SELECT id FROM above";

/// The groups whose rights an object has: those it is in, directly or through others, that are not
/// deleted. Groups for mail alone carry no rights, so nobody gets any by joining one.
const RIGHTS_ABOVE: &str = "WITH RECURSIVE above(id) AS (\
     SELECT link.group_id FROM group_links link JOIN groups secure \
     ON secure.tenant_id = $1 AND secure.id = link.group_id \
     AND secure.deleted_at IS NULL AND secure.security_enabled \
     WHERE link.tenant_id = $1 AND link.object_id = $2 AND link.relation = 'member' \
     UNION SELECT link.group_id FROM above JOIN group_links link \
     ON link.tenant_id = $1 AND link.object_id = above.id AND link.relation = 'member' \
     JOIN groups secure ON secure.tenant_id = $1 AND secure.id = link.group_id \
     AND secure.deleted_at IS NULL AND secure.security_enabled)";

/// A group and the groups in it.
const NESTED: &str = "WITH RECURSIVE nested(id) AS (\
     SELECT id FROM groups WHERE tenant_id = $1 AND id = $2 \
     UNION SELECT link.object_id FROM nested JOIN group_links link \
     ON link.tenant_id = $1 AND link.group_id = nested.id AND link.relation = 'member' \
     WHERE link.object_kind = 'group')";

/// Reads the kind of an object.
pub(super) fn kind(word: &str) -> Result<ObjectKind> {
    ObjectKind::parse(word).ok_or_else(|| Error::internal(format!("unknown kind '{word}'")))
}

/// Reads the word of a place.
pub(super) fn place(word: &str) -> Result<Link> {
    let known = Link::ALL.into_iter().find(|link| link.word() == word);
    known.ok_or_else(|| Error::internal(format!("unknown place '{word}'")))
}

impl Session<'_> {
    pub(super) fn link_kind(
        &mut self,
        tenant: TenantId,
        group: GroupId,
        link: Link,
        object: Uuid,
    ) -> Result<Option<ObjectKind>> {
        let found = group_links::table
            .find((Key::from(tenant), Key::from(group), link.word(), Key(object)))
            .select(group_links::object_kind)
            .get_result::<String>(self.conn())
            .optional();
        found.map_err(map)?.as_deref().map(kind).transpose()
    }

    pub(super) fn insert_link(
        &mut self,
        group: GroupId,
        link: Link,
        (kind, object): (ObjectKind, Uuid),
    ) -> Result<()> {
        let tenant = self.write_tenant()?;
        let row = LinkRow {
            tenant_id: tenant.into(),
            group_id: group.into(),
            relation: link.word(),
            object_id: Key(object),
            object_kind: kind.word(),
        };
        diesel::insert_into(group_links::table).values(row).execute(self.conn()).map_err(map)?;
        self.count_member(tenant, group, link, 1)
    }

    pub(super) fn delete_link(
        &mut self,
        group: GroupId,
        link: Link,
        object: Uuid,
    ) -> Result<Option<ObjectKind>> {
        let tenant = self.write_tenant()?;
        let Some(kind) = self.link_kind(tenant, group, link, object)? else { return Ok(None) };
        let row = group_links::table.find((
            Key::from(tenant),
            Key::from(group),
            link.word(),
            Key(object),
        ));
        diesel::delete(row).execute(self.conn()).map_err(map)?;
        self.count_member(tenant, group, link, -1)?;
        Ok(Some(kind))
    }

    fn count_member(
        &mut self,
        tenant: TenantId,
        group: GroupId,
        link: Link,
        change: i64,
    ) -> Result<()> {
        if link != Link::Member {
            return Ok(());
        }
        diesel::update(groups::table.find((Key::from(tenant), Key::from(group))))
            .set(groups::member_count.eq(groups::member_count + change))
            .execute(self.conn())
            .map_err(map)?;
        Ok(())
    }

    pub(super) fn delete_links_to(&mut self, object: Uuid) -> Result<()> {
        let tenant = self.write_tenant()?;
        let binds = || vec![Bind::Guid(tenant.uuid()), Bind::Guid(object)];
        self.execute(
            "UPDATE groups SET member_count = member_count - 1 WHERE tenant_id = $1 AND id IN (\
             SELECT group_id FROM group_links \
             WHERE tenant_id = $1 AND object_id = $2 AND relation = 'member')",
            binds(),
        )?;
        self.execute("DELETE FROM group_links WHERE tenant_id = $1 AND object_id = $2", binds())?;
        self.execute(
            "DELETE FROM join_requests WHERE tenant_id = $1 AND requestor_id = $2",
            binds(),
        )?;
        Ok(())
    }

    pub(super) fn groups_above(&mut self, tenant: TenantId, object: Uuid) -> Result<Vec<GroupId>> {
        let binds = vec![Bind::Guid(tenant.uuid()), Bind::Guid(object)];
        let rows = self.query::<Above>(ABOVE, binds)?;
        Ok(rows.into_iter().map(|row| row.id).collect())
    }

    pub(super) fn groups_owned(
        &mut self,
        tenant: TenantId,
        user: Uuid,
        groups: &[GroupId],
    ) -> Result<Vec<GroupId>> {
        if groups.is_empty() {
            return Ok(Vec::new());
        }
        let mut binds = vec![Bind::Guid(tenant.uuid()), Bind::Guid(user)];
        binds.extend(groups.iter().map(|group| Bind::Guid(group.uuid())));
        let places: Vec<_> = (3..).take(groups.len()).map(|at| format!("${at}")).collect();
        let sql = format!(
            "{RIGHTS_ABOVE} SELECT DISTINCT group_id AS id FROM group_links \
             WHERE tenant_id = $1 AND relation = 'owner' AND group_id IN ({}) \
             AND (object_id = $2 OR object_id IN (SELECT id FROM above))",
            places.join(", ")
        );
        let rows = self.query::<Above>(&sql, binds)?;
        Ok(rows.into_iter().map(|row| row.id).collect())
    }

    /// The sum over the groups is cheap and never too small; only where it passes `beyond` are
    /// the members counted, each once.
    pub(super) fn expanded_members(
        &mut self,
        tenant: TenantId,
        group: GroupId,
        beyond: i64,
    ) -> Result<i64> {
        let sum = format!(
            "{NESTED} SELECT CAST(coalesce(sum(groups.member_count), 0) AS bigint) AS n \
             FROM nested JOIN groups ON groups.tenant_id = $1 AND groups.id = nested.id"
        );
        let most = self.number(&sum, tenant, group)?;
        if most <= beyond {
            return Ok(most);
        }
        let exact = format!(
            "{NESTED} SELECT count(DISTINCT link.object_id) AS n FROM nested JOIN group_links link \
             ON link.tenant_id = $1 AND link.group_id = nested.id AND link.relation = 'member' \
             WHERE link.object_kind <> 'group'"
        );
        self.number(&exact, tenant, group)
    }

    fn number(&mut self, sql: &str, tenant: TenantId, group: GroupId) -> Result<i64> {
        let binds = vec![Bind::Guid(tenant.uuid()), Bind::Guid(group.uuid())];
        Ok(self.query::<Number>(sql, binds)?.first().map_or(0, |row| row.n))
    }
}
