//! What a caller does with imports: sending a file, looking at jobs.

use super::job::{Counts, ImportJob, ImportJobId, JobKind, Options, Status, Step, Uploader};
use crate::authz::{Grant, rights};
use crate::countries;
use crate::error::{Error, Kind, Result, Violation};
use crate::limits::MAX_PENDING_IMPORTS;
use crate::ports::{ReadTx, WriteTx};

/// What is asked for with a file.
#[derive(Clone, Debug)]
pub struct NewImport {
    /// Under which the chunks of the file were received.
    pub id: ImportJobId,
    /// What the rows become.
    pub kind: JobKind,
    /// What holds for all rows.
    pub options: Options,
    /// Length of the file, in bytes.
    pub size: u64,
}

impl Options {
    /// Reads the query of an upload: `usageLocation`, `accountEnabled`. Sign-in is allowed unless
    /// it says otherwise.
    ///
    /// # Errors
    /// 400 with every offending option.
    pub fn read<'a>(query: impl Iterator<Item = (&'a str, &'a str)>) -> Result<Self> {
        let mut options = Self { usage_location: None, account_enabled: true };
        let mut names = Vec::new();
        let mut violations = Vec::new();
        for (name, value) in query {
            let wrong = if names.contains(&name) {
                Some("was sent more than once.")
            } else {
                options.take(name, value).err()
            };
            if let Some(wrong) = wrong {
                violations.push(Violation::new(name, format!("'{name}' {wrong}")));
            }
            names.push(name);
        }
        if violations.is_empty() { Ok(options) } else { Err(Error::violations(violations)) }
    }

    fn take(&mut self, name: &str, value: &str) -> Result<(), &'static str> {
        match (name, value) {
            ("usageLocation", code) => {
                let code = countries::usage_location(code)
                    .ok_or("must be a two-letter country code such as NL.")?;
                self.usage_location = Some(code.to_owned());
            }
            ("accountEnabled", "true") => self.account_enabled = true,
            ("accountEnabled", "false") => self.account_enabled = false,
            ("accountEnabled", _) => return Err("must be true or false."),
            _ => return Err("is not served here; use usageLocation and accountEnabled."),
        }
        Ok(())
    }
}

/// Lets a caller send a file, and gives the file its id.
///
/// # Errors
/// 403 without the right over this kind; 429 while too many jobs of the organisation wait.
pub fn admit(
    tx: &mut dyn WriteTx,
    grant: &Grant<rights::ImportFiles>,
    kind: JobKind,
) -> Result<ImportJobId> {
    kind.authorize(grant)?;
    check_pending(tx)?;
    Ok(ImportJobId::new(tx.new_uuid()))
}

fn check_pending(tx: &mut dyn WriteTx) -> Result<()> {
    let tenant = tx.tenant();
    if tx.pending_imports(tenant)? < MAX_PENDING_IMPORTS {
        return Ok(());
    }
    Err(Error {
        retry_after: Some(60),
        ..Error::new(
            Kind::TooManyRequests,
            "TooManyImports",
            format!(
                "{MAX_PENDING_IMPORTS} imports of this organisation are not finished yet. Wait \
                 until one is completed."
            ),
        )
    })
}

/// Stores a chunk of a file: [`crate::limits::IMPORT_CHUNK`] bytes, the last one fewer.
///
/// # Errors
/// When the database fails.
pub fn receive(
    tx: &mut dyn WriteTx,
    _: &Grant<rights::ImportFiles>,
    id: ImportJobId,
    number: u64,
    bytes: &[u8],
) -> Result<()> {
    tx.insert_import_chunk(id, number, bytes)
}

/// Makes a job of a file that has arrived.
///
/// # Errors
/// 403 without the right over its kind; 429 when other files arrived meanwhile and too many jobs
/// wait.
pub fn start(
    tx: &mut dyn WriteTx,
    grant: &Grant<rights::ImportFiles>,
    new: &NewImport,
) -> Result<ImportJob> {
    new.kind.authorize(grant)?;
    check_pending(tx)?;
    let job = ImportJob {
        id: new.id,
        tenant: tx.tenant(),
        created: tx.now(),
        finished: None,
        kind: new.kind,
        status: Status::Uploaded,
        options: new.options.clone(),
        size: new.size,
        counts: Counts::default(),
        warnings: Vec::new(),
        file_errors: Vec::new(),
        failure: None,
        uploader: Uploader::of(grant.actor()),
        started: None,
        step: Step::Create,
        rows_at: None,
        checkpoint: None,
        parts: 0,
    };
    tx.insert_import_job(&job)?;
    Ok(job)
}

/// One job.
///
/// # Errors
/// 404; 403 without the right over its kind.
pub fn get(
    tx: &mut dyn ReadTx,
    grant: &Grant<rights::ImportFiles>,
    key: &str,
) -> Result<ImportJob> {
    let found = match ImportJobId::parse(key) {
        Some(id) => tx.import_job(grant.tenant(), id)?,
        None => None,
    };
    let job = found.ok_or_else(|| Error::not_found(key))?;
    job.kind.authorize(grant)?;
    Ok(job)
}

/// At most so many jobs of the kinds the caller may import, newest first, that are older than a
/// given one.
///
/// # Errors
/// When the database fails.
pub fn list(
    tx: &mut dyn ReadTx,
    grant: &Grant<rights::ImportFiles>,
    before: Option<ImportJobId>,
    limit: usize,
) -> Result<Vec<ImportJob>> {
    let (mut jobs, mut before) = (Vec::new(), before);
    loop {
        let found = tx.import_jobs(grant.tenant(), before, limit)?;
        let (last, full) = (found.last().map(|job| job.id), found.len() == limit);
        jobs.extend(found.into_iter().filter(|job| job.kind.authorize(grant).is_ok()));
        jobs.truncate(limit);
        if !full || jobs.len() == limit {
            return Ok(jobs);
        }
        before = last;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(query: &[(&'static str, &'static str)]) -> Result<Options, Vec<String>> {
        Options::read(query.iter().copied()).map_err(|error| {
            error.violations.into_iter().map(|violation| violation.target).collect()
        })
    }

    #[test]
    fn sign_in_is_allowed_and_no_country_is_set_unless_asked_for() {
        let default = Options { usage_location: None, account_enabled: true };
        assert_eq!(read(&[]), Ok(default));
        let asked = read(&[("accountEnabled", "false"), ("usageLocation", "nl")]);
        let expected = Options { usage_location: Some("NL".to_owned()), account_enabled: false };
        assert_eq!(asked, Ok(expected));
    }

    #[test]
    fn every_wrong_option_is_named_at_once() {
        let query = [
            ("usageLocation", "Nederland"),
            ("accountEnabled", "yes"),
            ("licences", "x"),
            ("accountEnabled", "true"),
        ];
        let targets = ["usageLocation", "accountEnabled", "licences", "accountEnabled"];
        assert_eq!(read(&query), Err(targets.map(str::to_owned).to_vec()));
    }
}
