//! What stands behind an id.

use super::sql::Sql;
use roster_domain::authz::Access;

/// The tables of objects, and what tells that a row is not in deleted items.
const OBJECTS: [(&str, &str); 3] = [
    ("users", " AND other.deleted_at IS NULL"),
    ("contacts", ""),
    ("groups", " AND other.deleted_at IS NULL"),
];

/// Writes whether there is an object with an id, not deleted and seen by the caller: conditions on
/// what an object names tell no more than the relation itself does.
pub(super) fn write_present(sql: &mut Sql, tenant: &str, id: &str) {
    let mut seen = "";
    sql.push("(");
    if let Access::Member { own } = sql.access {
        seen = " AND other.visible";
        sql.push(&format!("{id} = "));
        sql.bind_id(own.uuid());
        sql.push(" OR ");
    }
    let each = OBJECTS.map(|(table, present)| {
        format!(
            "EXISTS (SELECT 1 FROM {table} other WHERE other.tenant_id = {tenant} \
             AND other.id = {id}{present}{seen})"
        )
    });
    sql.push(&each.join(" OR "));
    sql.push(")");
}
