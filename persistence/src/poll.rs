//! The poller: notices what other processes commit.

use crate::connection::AnyConnection;
use crate::errors::map;
use crate::feed::News;
use crate::link::Link;
use crate::schema::tenants;
use diesel::prelude::*;
use roster_domain::Result;
use roster_domain::id::TenantId;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

/// The change counters of all tenants.
pub(crate) fn counters(connection: &mut AnyConnection) -> Result<Vec<(TenantId, i64)>> {
    tenants::table.select((tenants::id, tenants::seq)).load(connection).map_err(map)
}

/// Polls until the other end of `stop` is dropped.
pub(crate) fn run(mut link: Link, news: &Arc<News>, every: Duration, stop: &Receiver<()>) {
    while stop.recv_timeout(every) == Err(RecvTimeoutError::Timeout) {
        let started = Instant::now();
        let found = link.get().and_then(|(connection, _)| counters(connection));
        match found {
            Ok(found) => news.polled(started, found),
            Err(error) => {
                tracing::warn!(error = ?error.internal, "cannot poll the change counters");
                link.close();
            }
        }
    }
}
