//! The statements behind relations: their edges, and the objects at the other end.

use crate::query::Sql;
use roster_domain::authz::{Access, Scope};
use roster_domain::groups::GroupId;
use roster_domain::objects::{ObjectKind, Relation};
use uuid::Uuid;

/// The tables of objects, by kind, and whether their rows may be in deleted items.
const TABLES: [(ObjectKind, &str, bool); 3] = [
    (ObjectKind::User, "users", true),
    (ObjectKind::Contact, "contacts", false),
    (ObjectKind::Group, "groups", true),
];
/// Columns that every table of objects has.
const COMMON: [&str; 6] =
    ["display_name_key", "mail_key", "mail_nickname_key", "created_at", "visible", "facets"];

/// Contacts always have an address; a person may have lost it.
const REACHED: &str = " AND (link.object_kind = 'contact' OR link.object_kind = 'user' AND EXISTS (\
                       SELECT 1 FROM users reached WHERE reached.tenant_id = link.tenant_id \
                       AND reached.id = link.object_id AND reached.mail_key IS NOT NULL))";

/// Writes the edges of a relation: `tenant_id`, `kind` and `id` of the objects at the other end.
fn edges(sql: &mut Sql, scope: &Scope, relation: Relation) {
    let tenant = scope.tenant().uuid();
    match relation {
        Relation::DirectReports(manager) => {
            sql.push("SELECT tenant_id, 'user' AS kind, id FROM users WHERE tenant_id = ");
            sql.bind_id(tenant);
            sql.push(" AND manager_id = ");
            sql.bind_id(manager);
            sql.push(
                " UNION ALL SELECT tenant_id, 'contact' AS kind, id FROM contacts \
                 WHERE tenant_id = ",
            );
            sql.bind_id(tenant);
            sql.push(" AND manager_id = ");
            sql.bind_id(manager);
        }
        Relation::Linked(group, link) => {
            sql.push(
                "SELECT tenant_id, object_kind AS kind, object_id AS id FROM group_links \
                 WHERE tenant_id = ",
            );
            sql.bind_id(tenant);
            sql.push(" AND group_id = ");
            sql.bind_id(group.uuid());
            sql.push(&format!(" AND relation = '{}'", link.word()));
        }
        Relation::TransitiveMembers(group) => nested_members(sql, scope, group),
        Relation::Recipients(group) => {
            nested_members(sql, scope, group);
            sql.push(REACHED);
        }
        Relation::MemberOf(object) => {
            groups_naming(sql, scope, "member", object);
            unless_hidden(sql, scope, object);
        }
        Relation::TransitiveMemberOf(object) => groups_above(sql, scope, object),
        Relation::OwnedObjects(object) => groups_naming(sql, scope, "owner", object),
    }
}

/// Members of a group and of the groups in it. Who may not see hidden members does not see them
/// through nesting either.
fn nested_members(sql: &mut Sql, scope: &Scope, group: GroupId) {
    let tenant = scope.tenant().uuid();
    sql.push(
        "SELECT DISTINCT link.tenant_id, link.object_kind AS kind, link.object_id AS id \
         FROM group_links link WHERE link.tenant_id = ",
    );
    sql.bind_id(tenant);
    sql.push(
        " AND link.relation = 'member' AND link.group_id IN (\
         WITH RECURSIVE nested(id) AS (SELECT id FROM groups WHERE tenant_id = ",
    );
    sql.bind_id(tenant);
    sql.push(" AND id = ");
    sql.bind_id(group.uuid());
    sql.push(" UNION SELECT step.object_id FROM nested JOIN group_links step ON step.tenant_id = ");
    sql.bind_id(tenant);
    sql.push(
        " AND step.group_id = nested.id AND step.relation = 'member' JOIN groups inner_group \
         ON inner_group.tenant_id = step.tenant_id AND inner_group.id = step.object_id \
         WHERE step.object_kind = 'group' AND inner_group.deleted_at IS NULL",
    );
    if matches!(scope.access(), Access::Member { .. }) {
        sql.push(" AND NOT inner_group.members_hidden");
    }
    sql.push(") SELECT id FROM nested)");
}

/// Groups that name an object in a place.
fn groups_naming(sql: &mut Sql, scope: &Scope, relation: &str, object: Uuid) {
    sql.push(
        "SELECT link.tenant_id, 'group' AS kind, link.group_id AS id FROM group_links link \
         WHERE link.tenant_id = ",
    );
    sql.bind_id(scope.tenant().uuid());
    sql.push(" AND link.object_id = ");
    sql.bind_id(object);
    sql.push(&format!(" AND link.relation = '{relation}'"));
}

/// Leaves groups out whose members are hidden, except from the member itself.
fn unless_hidden(sql: &mut Sql, scope: &Scope, object: Uuid) {
    let Access::Member { own } = scope.access() else { return };
    if own == roster_domain::Id::new(object) {
        return;
    }
    sql.push(
        " AND NOT EXISTS (SELECT 1 FROM groups hidden WHERE hidden.tenant_id = link.tenant_id \
         AND hidden.id = link.group_id AND hidden.members_hidden)",
    );
}

/// Groups above an object; a deleted group breaks the chain.
fn groups_above(sql: &mut Sql, scope: &Scope, object: Uuid) {
    let tenant = scope.tenant().uuid();
    sql.push(
        "SELECT groups.tenant_id, 'group' AS kind, groups.id FROM groups WHERE groups.tenant_id = ",
    );
    sql.bind_id(tenant);
    sql.push(
        " AND groups.id IN (WITH RECURSIVE above(id) AS (\
         SELECT link.group_id FROM group_links link JOIN groups outer_group \
         ON outer_group.tenant_id = link.tenant_id AND outer_group.id = link.group_id \
         WHERE outer_group.deleted_at IS NULL AND link.tenant_id = ",
    );
    sql.bind_id(tenant);
    sql.push(" AND link.object_id = ");
    sql.bind_id(object);
    sql.push(" AND link.relation = 'member'");
    unless_hidden(sql, scope, object);
    sql.push(" UNION SELECT link.group_id FROM above JOIN group_links link ON link.tenant_id = ");
    sql.bind_id(tenant);
    sql.push(
        " AND link.object_id = above.id AND link.relation = 'member' JOIN groups outer_group \
         ON outer_group.tenant_id = link.tenant_id AND outer_group.id = link.group_id \
         WHERE outer_group.deleted_at IS NULL",
    );
    unless_hidden(sql, scope, object);
    sql.push(") SELECT id FROM above)");
}

/// Writes `FROM` with the derived table `objects`: the objects of a relation.
pub(super) fn objects(sql: &mut Sql, scope: &Scope, relation: Relation) {
    objects_at(sql, |sql| edges(sql, scope, relation));
}

/// Writes `FROM` with the derived table `objects`: who gets the mail of some groups, each once.
pub(super) fn receiving(sql: &mut Sql, scope: &Scope, through: &[GroupId]) {
    objects_at(sql, |sql| {
        sql.push(
            "SELECT DISTINCT link.tenant_id, link.object_kind AS kind, link.object_id AS id \
             FROM group_links link WHERE link.tenant_id = ",
        );
        sql.bind_id(scope.tenant().uuid());
        sql.push(" AND link.relation = 'member' AND link.group_id IN (");
        sql.bind_ids(through.iter().map(|group| group.uuid()));
        sql.push(&format!("){REACHED}"));
    });
}

/// Writes `FROM` with the derived table `objects`: the objects at the other end of edges, with
/// their common properties.
fn objects_at(sql: &mut Sql, edges: impl FnOnce(&mut Sql)) {
    sql.push(" FROM (SELECT edge.tenant_id, edge.kind, edge.id");
    for column in COMMON {
        let each = TABLES.map(|(_, table, _)| format!("{table}.{column}")).join(", ");
        sql.push(&format!(", coalesce({each}) AS {column}"));
    }
    let present = TABLES.map(|(_, table, deletable)| match deletable {
        true => format!("({table}.id IS NOT NULL AND {table}.deleted_at IS NULL)"),
        false => format!("{table}.id IS NOT NULL"),
    });
    let present = present.join(" OR ");
    sql.push(&format!(", ({present}) AS present FROM ("));
    edges(sql);
    sql.push(") edge");
    for (kind, table, _) in TABLES {
        sql.push(&format!(
            " LEFT JOIN {table} ON edge.kind = '{}' AND {table}.tenant_id = edge.tenant_id \
             AND {table}.id = edge.id",
            kind.word()
        ));
    }
    sql.push(") objects");
}

/// Writes `FROM` with one table of objects joined to the edges of a relation.
pub(super) fn joined(sql: &mut Sql, scope: &Scope, relation: Relation, table: &str) {
    sql.push(" FROM (");
    edges(sql, scope, relation);
    sql.push(&format!(
        ") edge JOIN {table} ON {table}.tenant_id = edge.tenant_id AND {table}.id = edge.id"
    ));
}

#[cfg(test)]
mod tests {
    use super::super::columns::ObjectColumns;
    use super::*;
    use crate::bind::bound;
    use crate::connection::AnyConnection;
    use crate::query::{Dialect, limit_to};
    use diesel::connection::SimpleConnection as _;
    use diesel::prelude::*;
    use diesel::sql_types::Text;
    use diesel::sqlite::SqliteConnection;
    use roster_domain::Id;
    use roster_domain::authz::{
        Actor, Claims, Policy, Principal, PrincipalState, RoleSet, authorize, rights,
    };
    use roster_domain::groups::Link;

    #[derive(QueryableByName)]
    struct Step {
        #[diesel(sql_type = Text)]
        detail: String,
    }

    fn database() -> AnyConnection {
        let mut sqlite = SqliteConnection::establish(":memory:").unwrap();
        for migration in [
            include_str!("../../migrations/sqlite/0002_directory/up.sql"),
            include_str!("../../migrations/sqlite/0004_contacts/up.sql"),
            include_str!("../../migrations/sqlite/0005_groups/up.sql"),
        ] {
            sqlite.batch_execute(migration).unwrap();
        }
        AnyConnection::Sqlite(sqlite)
    }

    /// What a member without a role sees.
    fn scope() -> Scope {
        let principal = Principal::User(Id::new(Uuid::from_u128(2)));
        let tenant = Id::new(Uuid::from_u128(1));
        let claims = Claims { tenant, principal, roles: RoleSet::EMPTY, epoch: 0 };
        let state = PrincipalState { enabled: true, roles: RoleSet::EMPTY, epoch: 0 };
        let actor = Actor::signed_in(claims, Some(state), Policy::default(), Uuid::nil()).unwrap();
        authorize::<rights::ReadDirectory>(&actor).unwrap().scope()
    }

    fn plan(sql: Sql) -> Vec<String> {
        let text = format!("EXPLAIN QUERY PLAN {}", sql.text);
        let steps = bound(&text, sql.binds).load::<Step>(&mut database()).unwrap();
        steps.into_iter().map(|step| step.detail).collect()
    }

    #[test]
    fn a_page_of_members_starts_at_its_place_in_the_key_and_sorts_nothing() {
        let relation = Relation::Linked(GroupId::new(Uuid::from_u128(3)), Link::Member);
        for mixed in [true, false] {
            let mut sql = Sql::new(Dialect::Sqlite, "SELECT ");
            let (table, id) = if mixed { ("objects", "objects.id") } else { ("users", "edge.id") };
            sql.push(&format!("{table}.id"));
            if mixed {
                objects(&mut sql, &scope(), relation);
                limit_to::<ObjectColumns>(&mut sql, &scope());
            } else {
                joined(&mut sql, &scope(), relation, table);
                limit_to::<crate::users::UserColumns>(&mut sql, &scope());
            }
            // As `keyset::after` writes it.
            for place in if mixed { vec![id] } else { vec![id, "users.id"] } {
                sql.push(&format!(" AND {place} > "));
                sql.bind_id(Uuid::from_u128(4));
            }
            sql.push(&format!(" ORDER BY {id} ASC LIMIT 101"));
            let plan = plan(sql);
            let first = "SEARCH group_links USING PRIMARY KEY \
                         (tenant_id=? AND group_id=? AND relation=? AND object_id>?)";
            assert!(plan.iter().any(|step| step == first), "{plan:#?}");
            let costly = ["SCAN", "TEMP B-TREE", "MATERIALIZE"];
            assert!(!plan.iter().any(|s| costly.iter().any(|c| s.contains(c))), "{plan:#?}");
        }
    }
}
