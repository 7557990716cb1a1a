//! The COMMIT of a batch, and what to do when its answer is lost.

use crate::batch::Span;
use crate::connection::AnyConnection;
use crate::errors::{Trouble, describe, trouble};
use crate::faults::{CommitFault, Faults};
use crate::link::Link;
use crate::schema::{changes, tenants};
use crate::types::Key;
use diesel::connection::TransactionManager;
use diesel::prelude::*;
use roster_domain::id::TenantId;
use std::time::{Duration, Instant};
use uuid::Uuid;

/// How a COMMIT went that did not succeed for certain. Holds the text for the log.
pub(crate) enum Unfinished {
    /// It lost a race and was rolled back.
    Race(String),
    /// The database rolled back.
    RolledBack(String),
    /// The connection broke; the database may or may not have committed.
    Unknown(String),
}

/// How long the outcome of a COMMIT is searched for.
const SEARCH: Duration = Duration::from_secs(10);

/// Commits. Unless the outcome is certain, the connection is closed.
pub(crate) fn commit(link: &mut Link, faults: Option<&dyn Faults>) -> Result<(), Unfinished> {
    let fault = faults.map_or(CommitFault::None, Faults::at_commit);
    let Ok((connection, _)) = link.get() else {
        return Err(Unfinished::RolledBack("the connection was closed before COMMIT".to_owned()));
    };
    match fault {
        CommitFault::None => {}
        CommitFault::Refused => {
            let undone = AnyConnection::rollback_transaction(connection);
            return Err(Unfinished::RolledBack(format!("injected; rolled back: {undone:?}")));
        }
        CommitFault::LostBefore => {
            link.close();
            return Err(Unfinished::Unknown("injected before COMMIT".to_owned()));
        }
        CommitFault::LostAfter => {
            let done = AnyConnection::commit_transaction(connection);
            link.close();
            return Err(Unfinished::Unknown(format!("injected after COMMIT: {done:?}")));
        }
    }
    AnyConnection::commit_transaction(connection).map_err(|error| match trouble(&error) {
        Trouble::Race => Unfinished::Race(describe(&error)),
        Trouble::Statement => Unfinished::RolledBack(describe(&error)),
        Trouble::Lost => {
            link.close();
            Unfinished::Unknown(describe(&error))
        }
    })
}

/// Whether a batch is in the database, judged by a change it recorded. None if it recorded none,
/// or if the database cannot be asked in time.
pub(crate) fn find(link: &mut Link, spans: &[Span]) -> Option<bool> {
    let (tenant, id) = spans.iter().find_map(|span| Some((span.tenant, span.last_id?)))?;
    let deadline = Instant::now() + SEARCH;
    loop {
        if let Ok((connection, _)) = link.get() {
            match look(connection, tenant, id) {
                Ok(found) => return Some(found),
                Err(error) => {
                    tracing::warn!(%error, "cannot look for the outcome of a COMMIT yet");
                    link.close();
                }
            }
        }
        if Instant::now() > deadline {
            return None;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// On PostgreSQL the server may still be at work on the old COMMIT. It holds the tenant's row
/// until that is over, so the row is waited for.
fn look(connection: &mut AnyConnection, tenant: TenantId, id: Uuid) -> QueryResult<bool> {
    let change = changes::table
        .filter(changes::tenant_id.eq(Key::from(tenant)).and(changes::id.eq(Key::from(id))))
        .select(changes::seq);
    let found: Option<i64> = match connection {
        AnyConnection::Sqlite(connection) => change.get_result(connection).optional()?,
        AnyConnection::Postgres(connection) => connection.transaction(|connection| {
            let row = tenants::table.find(Key::from(tenant)).select(tenants::seq).for_update();
            row.get_result::<i64>(connection).optional()?;
            change.get_result(connection).optional()
        })?,
    };
    Ok(found.is_some())
}
