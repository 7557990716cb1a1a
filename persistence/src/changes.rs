//! The change feed in the database.

use crate::connection::AnyConnection;
use crate::schema::changes;
use crate::types::{At, Json, Key};
use diesel::prelude::*;
use roster_domain::changes::{Change, Committed};
use roster_domain::id::TenantId;
use roster_domain::{Timestamp, Value};
use uuid::Uuid;

/// Rows of one statement; PostgreSQL takes 65,535 values in one.
const ROWS: usize = 1_000;

/// A row of the feed.
#[derive(Debug, Insertable)]
#[diesel(table_name = changes, treat_none_as_default_value = false)]
pub(crate) struct ChangeRow {
    tenant_id: Key,
    pub(crate) seq: i64,
    id: Key,
    at: At,
    actor_kind: &'static str,
    actor_id: Option<Uuid>,
    operation: &'static str,
    target_kind: &'static str,
    target_id: Key,
    request_id: Option<Uuid>,
    details: Json<Value<'static>>,
}

impl ChangeRow {
    /// The row of a change that got a place in the feed.
    pub(crate) fn new(
        (tenant, seq): (TenantId, i64),
        id: Uuid,
        at: Timestamp,
        change: Change,
    ) -> Self {
        Self {
            tenant_id: tenant.into(),
            seq,
            id: id.into(),
            at: at.into(),
            actor_kind: change.actor_kind,
            actor_id: change.actor,
            operation: change.operation,
            target_kind: change.target_kind,
            target_id: change.target.into(),
            request_id: change.request_id,
            details: Json(change.details),
        }
    }

    /// Identifier of the row.
    pub(crate) fn id(&self) -> Uuid {
        self.id.0
    }

    /// What hooks are told of it.
    pub(crate) fn committed(&self, tenant: TenantId) -> Committed {
        Committed {
            tenant,
            seq: self.seq,
            operation: self.operation,
            target_kind: self.target_kind,
            target: self.target_id.0,
        }
    }
}

/// Appends rows. PostgreSQL takes many in one statement, which saves a round trip for each; SQLite
/// has no round trips and keeps the statement for one row prepared.
pub(crate) fn append(connection: &mut AnyConnection, mut rows: Vec<ChangeRow>) -> QueryResult<()> {
    match connection {
        AnyConnection::Sqlite(connection) => {
            for row in rows {
                diesel::insert_into(changes::table).values(row).execute(connection)?;
            }
        }
        AnyConnection::Postgres(connection) => {
            while !rows.is_empty() {
                let rest = rows.split_off(rows.len().min(ROWS));
                diesel::insert_into(changes::table).values(rows).execute(connection)?;
                rows = rest;
            }
        }
    }
    Ok(())
}
