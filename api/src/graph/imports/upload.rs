//! Takes an uploaded file into the database, chunk by chunk.

use crate::http::{Failure, Upload};
use crate::roster::{Lane, Roster};
use actix_web::{HttpMessage as _, HttpRequest};
use roster_domain::authz::{Grant, rights};
use roster_domain::imports::{self, ImportJob, ImportJobId, JobKind, NewImport, Options};
use roster_domain::limits::IMPORT_CHUNK;

pub(super) type Manage = Grant<rights::ImportFiles>;

/// Whether the body is sent as a file. What it really is shows when it is read.
///
/// # Errors
/// 415 for a body of another type.
pub(super) fn check_type(request: &HttpRequest) -> Result<(), Failure> {
    let refused = || {
        Failure::unsupported_media_type(
            "The body has to be the file itself. Send Content-Type: text/csv, the text being \
             UTF-8 or UTF-16, or application/octet-stream.",
        )
    };
    let Some(mime) = request.mime_type().map_err(|_| refused())? else { return Ok(()) };
    let charset = mime.get_param("charset").map(|name| name.as_str().to_ascii_lowercase());
    let unicode = charset.is_none_or(|name| name.starts_with("utf-") || name == "us-ascii");
    match (mime.essence_str(), unicode) {
        ("text/csv" | "application/octet-stream", true) => Ok(()),
        _ => Err(refused()),
    }
}

/// Stores a file while it arrives and makes a job of it. Holds one chunk in memory. The right is
/// proved for every chunk; what an upload leaves behind that breaks off is removed later.
///
/// # Errors
/// What is wrong with the body; 403 when the right was lost meanwhile; 429 while too many jobs
/// wait.
pub(super) async fn receive(
    roster: &Roster,
    grant: Manage,
    (kind, options): (JobKind, Options),
    mut file: Upload,
) -> Result<ImportJob, Failure> {
    let id = roster.write(grant, move |tx, grant| imports::admit(tx, grant, kind)).await?;
    let mut chunk = Vec::with_capacity(IMPORT_CHUNK);
    let mut stored: u64 = 0;
    while let Some(piece) = file.next().await? {
        let mut piece = piece.as_ref();
        while !piece.is_empty() {
            let room = IMPORT_CHUNK.saturating_sub(chunk.len()).min(piece.len());
            let (fits, rest) = piece.split_at(room);
            chunk.extend_from_slice(fits);
            piece = rest;
            if chunk.len() == IMPORT_CHUNK {
                let full = std::mem::replace(&mut chunk, Vec::with_capacity(IMPORT_CHUNK));
                store(roster, grant, id, stored, full).await?;
                stored = stored.saturating_add(1);
            }
        }
    }
    let bytes = |length: usize| u64::try_from(length).unwrap_or(u64::MAX);
    let size = stored.saturating_mul(bytes(IMPORT_CHUNK)).saturating_add(bytes(chunk.len()));
    if !chunk.is_empty() {
        store(roster, grant, id, stored, chunk).await?;
    }
    let new = NewImport { id, kind, options, size };
    Ok(roster.write(grant, move |tx, grant| imports::start(tx, grant, &new)).await?)
}

async fn store(
    roster: &Roster,
    grant: Manage,
    id: ImportJobId,
    number: u64,
    chunk: Vec<u8>,
) -> Result<(), Failure> {
    let work = move |tx: &mut dyn roster_domain::ports::WriteTx, grant: &Manage| {
        imports::receive(tx, grant, id, number, &chunk)
    };
    Ok(roster.write_in(Lane::Bulk, grant, work).await?)
}
