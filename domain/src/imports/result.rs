//! The result of a job: a CSV file in sealed parts, with passwords that are handed out once.

use super::export::Writer;
use super::job::{ImportJob, ImportJobId, JobKind};
use super::outcome::RowOutcome;
use super::ports::{SealedPart, Vault};
use super::prepare::Prepared;
use super::process::Fate;
use super::start::get;
use crate::authz::{Grant, Role, rights};
use crate::error::{Error, Result};
use crate::ports::{ReadTx, WriteTx};
use std::io;

/// Headings of the result; for contacts the second is `externalEmailAddress`.
pub const RESULT_HEADINGS: [&str; 7] =
    ["line", "userPrincipalName", "outcome", "code", "column", "message", "password"];

/// What the second column holds of contacts: their address.
const CONTACT_HEADING: &str = "externalEmailAddress";

/// Most parts that are read at once.
const AT_ONCE: usize = 16;

/// Collects the rows of one part.
pub(super) struct PartWriter {
    outcomes: Writer<Vec<u8>>,
    with_passwords: Writer<Vec<u8>>,
    has_passwords: bool,
}

impl PartWriter {
    pub(super) fn new() -> Self {
        Self {
            outcomes: Writer::new(Vec::new()),
            with_passwords: Writer::new(Vec::new()),
            has_passwords: false,
        }
    }

    pub(super) fn write(&mut self, row: &Prepared, fate: &Fate<'_>) -> Result<()> {
        match fate {
            Fate::Created(password) => {
                self.has_passwords = true;
                self.row(row, "created", None, password)
            }
            Fate::Exists => self.row(row, "exists", None, ""),
            Fate::Settled => Ok(()),
            Fate::Incomplete(outcomes) => outcomes
                .iter()
                .try_for_each(|outcome| self.row(row, "incomplete", Some(outcome), "")),
            Fate::Failed(outcomes) => {
                outcomes.iter().try_for_each(|outcome| self.row(row, "failed", Some(outcome), ""))
            }
        }
    }

    fn row(
        &mut self,
        row: &Prepared,
        outcome: &str,
        why: Option<&RowOutcome>,
        password: &str,
    ) -> Result<()> {
        let line = row.line.to_string();
        let code = why.map_or("", |why| why.code.word());
        let column = why.and_then(|why| why.column).unwrap_or_default();
        let message = why.map_or("", |why| &why.message);
        let open = [&line, &row.name, outcome, code, column, message];
        let written = self.outcomes.row(open.into_iter().chain([""]));
        written
            .and_then(|()| self.with_passwords.row(open.into_iter().chain([password])))
            .map_err(unwritten)
    }

    pub(super) fn seal(
        self,
        job: ImportJobId,
        number: u64,
        vault: &dyn Vault,
    ) -> Result<SealedPart> {
        let outcomes = self.outcomes.finish().map_err(unwritten)?;
        let with_passwords = self.with_passwords.finish().map_err(unwritten)?;
        let seal = |text: &[u8], passwords| vault.seal(&context(job, number, passwords), text);
        Ok(SealedPart {
            number,
            outcomes: seal(&outcomes, false)?,
            with_passwords: self.has_passwords.then(|| seal(&with_passwords, true)).transpose()?,
        })
    }
}

fn unwritten(error: io::Error) -> Error {
    Error::internal(format!("a part of an import's result cannot be written: {error}"))
}

/// What a sealed part is bound to.
fn context(job: ImportJobId, number: u64, with_passwords: bool) -> Vec<u8> {
    let number = number.to_be_bytes();
    [job.uuid().as_bytes().as_slice(), &number, &[u8::from(with_passwords)]].concat()
}

/// The headings of the result as a line of CSV.
///
/// # Errors
/// Internal, never in practice.
pub fn headings(kind: JobKind) -> Result<Vec<u8>> {
    let mut headings = RESULT_HEADINGS;
    if let (JobKind::Contacts, [_, name, ..]) = (kind, &mut headings) {
        *name = CONTACT_HEADING;
    }
    let mut writer = Writer::new(Vec::new());
    writer.row(headings).map_err(unwritten)?;
    writer.finish().map_err(unwritten)
}

impl SealedPart {
    /// The rows of this part as CSV, with passwords where it has them.
    ///
    /// # Errors
    /// Internal, when the part was altered.
    pub fn open(&self, job: ImportJobId, vault: &dyn Vault) -> Result<Vec<u8>> {
        match &self.with_passwords {
            Some(sealed) => vault.open(&context(job, self.number, true), sealed),
            None => vault.open(&context(job, self.number, false), &self.outcomes),
        }
    }
}

/// Whether passwords are handed out to the holder of a grant: the uploader and global
/// administrators.
pub fn may_take_passwords(grant: &Grant<rights::ImportFiles>, job: &ImportJob) -> bool {
    let actor = grant.actor();
    actor.principal() == job.uploader.principal || actor.roles().contains(Role::Global)
}

/// A job that has a result.
///
/// # Errors
/// 404; 409 while the job is not finished.
pub fn result(
    tx: &mut dyn ReadTx,
    grant: &Grant<rights::ImportFiles>,
    key: &str,
) -> Result<ImportJob> {
    let job = get(tx, grant, key)?;
    if job.is_finished() {
        return Ok(job);
    }
    Err(Error::conflict(
        "ImportNotFinished",
        "The import is still running. Ask for its result when its status is completed or failed.",
    ))
}

/// A few parts of a job's result from a number on, without passwords.
///
/// # Errors
/// 404; 409 while the job is not finished.
pub fn parts(
    tx: &mut dyn ReadTx,
    grant: &Grant<rights::ImportFiles>,
    key: &str,
    from: u64,
) -> Result<Vec<SealedPart>> {
    let job = result(tx, grant, key)?;
    let mut parts = tx.import_parts(job.tenant, job.id, from, AT_ONCE)?;
    for part in &mut parts {
        part.with_passwords = None;
    }
    Ok(parts)
}

/// A few parts of a job's result from a number on, with passwords that were not handed out yet,
/// where [`may_take_passwords`]. From now on they have been: whatever becomes of the answer, no
/// password is told twice.
///
/// # Errors
/// 404; 409 while the job is not finished.
pub fn take_parts(
    tx: &mut dyn WriteTx,
    grant: &Grant<rights::ImportFiles>,
    key: &str,
    from: u64,
) -> Result<Vec<SealedPart>> {
    let job = result(tx, grant, key)?;
    if !may_take_passwords(grant, &job) {
        return parts(tx, grant, key, from);
    }
    let parts = tx.import_parts(job.tenant, job.id, from, AT_ONCE)?;
    if let Some(last) = parts.iter().rfind(|part| part.with_passwords.is_some()) {
        tx.erase_import_passwords(job.id, from, last.number)?;
    }
    Ok(parts)
}
