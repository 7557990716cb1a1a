//! The result of an import on its way out, a few parts at a time.

use crate::roster::{Lane, Roster};
use actix_web::web::{Bytes, Data};
use futures_util::stream::{self, Stream};
use roster_domain::authz::{Grant, rights};
use roster_domain::imports::{self, ImportJob, Taken};
use roster_domain::{Error, Result};
use std::io;
use std::sync::Arc;

/// Some lines of a result, and from where to go on.
pub(super) struct Page {
    source: Arc<Source>,
    lines: Vec<u8>,
    next: Option<u64>,
}

/// Where a result comes from.
struct Source {
    roster: Data<Roster>,
    grant: Grant<rights::ImportFiles>,
    key: String,
    job: ImportJob,
}

impl Page {
    /// The headings and the first lines. Whatever is refused is refused here.
    ///
    /// # Errors
    /// 404; 409 while the job is not finished.
    pub(super) async fn first(
        roster: Data<Roster>,
        grant: Grant<rights::ImportFiles>,
        key: String,
    ) -> Result<Self> {
        let asked = key.clone();
        let job = roster.read(move |tx| imports::result(tx, &grant, &asked)).await?;
        let source = Arc::new(Source { roster, grant, key, job });
        let headings = imports::headings(source.job.kind)?;
        let mut page = Self::at(source, 0).await?;
        page.lines = [headings, page.lines].concat();
        Ok(page)
    }

    async fn at(source: Arc<Source>, from: u64) -> Result<Self> {
        let Taken { parts, withheld } = source.parts(from).await?;
        let vault = source.roster.vault();
        let mut lines = Vec::new();
        for part in &parts {
            lines.extend(part.open(source.job.id, &vault, &withheld)?);
        }
        let next = parts.last().map(|last| last.number.saturating_add(1));
        let next = next.filter(|next| *next < source.job.parts);
        Ok(Self { source, lines, next })
    }

    /// This page and those after it.
    pub(super) fn stream(self) -> impl Stream<Item = io::Result<Bytes>> {
        stream::try_unfold(Some(self), |page| async {
            let Some(Self { source, lines, next }) = page else { return Ok(None) };
            let following = match next {
                Some(from) => Some(Self::at(source, from).await.map_err(broken)?),
                None => None,
            };
            Ok(Some((Bytes::from(lines), following)))
        })
    }
}

impl Source {
    async fn parts(&self, from: u64) -> Result<Taken> {
        let (grant, key) = (self.grant, self.key.clone());
        if !imports::may_take_passwords(&grant, &self.job) {
            let parts = self.roster.read(move |tx| imports::parts(tx, &grant, &key, from)).await?;
            return Ok(Taken { parts, ..Taken::default() });
        }
        let take = move |tx: &mut dyn roster_domain::ports::WriteTx, grant: &_| {
            imports::take_parts(tx, grant, &key, from)
        };
        self.roster.write_in(Lane::Bulk, grant, take).await
    }
}

/// The status is told already; all that is left is to break off.
fn broken(error: Error) -> io::Error {
    tracing::warn!(error = ?error.internal, "the result of an import broke off");
    io::Error::other(error.code)
}
