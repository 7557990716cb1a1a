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
use crate::roles;
use crate::users::UserId;
use std::collections::HashSet;
use std::io;
use uuid::Uuid;

/// Headings of the result; for contacts the second is `externalEmailAddress`.
pub const RESULT_HEADINGS: [&str; 7] =
    ["line", "userPrincipalName", "outcome", "code", "column", "message", "password"];

/// What the second column holds of contacts: their address.
const CONTACT_HEADING: &str = "externalEmailAddress";

/// Where the last two of [`RESULT_HEADINGS`] stand.
const MESSAGE: usize = 5;
const PASSWORD: usize = 6;

/// In place of a password that became too powerful for whoever asks.
const WITHHELD: &str = "The person is an administrator by now, so the one-time password is not \
                        told. A global administrator can reset it.";

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
            Fate::Created(secret) => {
                self.has_passwords |= secret.is_some();
                self.row(row, "created", None, *secret)
            }
            Fate::Exists => self.row(row, "exists", None, None),
            Fate::Settled => Ok(()),
            Fate::Incomplete(outcomes) => outcomes
                .iter()
                .try_for_each(|outcome| self.row(row, "incomplete", Some(outcome), None)),
            Fate::Failed(outcomes) => {
                outcomes.iter().try_for_each(|outcome| self.row(row, "failed", Some(outcome), None))
            }
        }
    }

    fn row(
        &mut self,
        row: &Prepared,
        outcome: &str,
        why: Option<&RowOutcome>,
        secret: Option<(UserId, &str)>,
    ) -> Result<()> {
        let line = row.line.to_string();
        let code = why.map_or("", |why| why.code.word());
        let column = why.and_then(|why| why.column).unwrap_or_default();
        let message = why.map_or("", |why| &why.message);
        let open = [&line, &row.name, outcome, code, column, message];
        let id = secret.map(|(id, _)| id.to_string()).unwrap_or_default();
        let secrets = [secret.map_or("", |(_, password)| password), &id];
        let written = self.outcomes.row(open.into_iter().chain([""]));
        written
            .and_then(|()| self.with_passwords.row(open.into_iter().chain(secrets)))
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
    /// The rows of this part as CSV, with passwords where it has them, but for those of `withheld`.
    ///
    /// # Errors
    /// Internal, when the part was altered.
    pub fn open(
        &self,
        job: ImportJobId,
        vault: &dyn Vault,
        withheld: &HashSet<Uuid>,
    ) -> Result<Vec<u8>> {
        match &self.with_passwords {
            Some(sealed) => {
                let rows = vault.open(&context(job, self.number, true), sealed)?;
                told(&rows, withheld).map_err(unwritten)
            }
            None => vault.open(&context(job, self.number, false), &self.outcomes),
        }
    }
}

/// Rows with passwords as they are told: without the ids of the people, which say whose passwords
/// are withheld.
fn told(rows: &[u8], withheld: &HashSet<Uuid>) -> io::Result<Vec<u8>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(rows);
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::with_capacity(rows.len()));
    for row in reader.byte_records() {
        let row = row?;
        let id = row.get(RESULT_HEADINGS.len()).unwrap_or_default();
        let keep = Uuid::try_parse_ascii(id).is_ok_and(|id| !withheld.contains(&id));
        let (message, password) = match row.get(PASSWORD) {
            Some(password) if keep => (row.get(MESSAGE), password),
            Some(b"") | None => (row.get(MESSAGE), b"".as_slice()),
            Some(_) => (Some(WITHHELD.as_bytes()), b"".as_slice()),
        };
        let open = row.iter().take(MESSAGE).chain(message);
        writer.write_record(open.chain([password]))?;
    }
    writer.into_inner().map_err(csv::IntoInnerError::into_error)
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

/// Some parts of a result for somebody.
#[derive(Clone, Debug, Default)]
pub struct Taken {
    /// The parts.
    pub parts: Vec<SealedPart>,
    /// Whose passwords are not told: administrators, unless a global administrator asks. Who
    /// imported a person does not take over what others made of them since (R92, A4).
    pub withheld: HashSet<Uuid>,
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
) -> Result<Taken> {
    let job = result(tx, grant, key)?;
    if !may_take_passwords(grant, &job) {
        return Ok(Taken { parts: parts(tx, grant, key, from)?, ..Taken::default() });
    }
    let parts = tx.import_parts(job.tenant, job.id, from, AT_ONCE)?;
    if let Some(last) = parts.iter().rfind(|part| part.with_passwords.is_some()) {
        tx.erase_import_passwords(job.id, from, last.number)?;
    }
    let withheld = if grant.actor().roles().contains(Role::Global) {
        HashSet::new()
    } else {
        roles::all_holders(tx, job.tenant, None)?
    };
    Ok(Taken { parts, withheld })
}
