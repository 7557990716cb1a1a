//! What imports ask of the database and of the service's secrets.

use super::job::{ImportJob, ImportJobId, Lease};
use crate::error::Result;
use crate::id::TenantId;
use std::fmt;

/// A part of a job's result, sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedPart {
    /// Number of the part, from 0.
    pub number: u64,
    /// Its rows without passwords.
    pub outcomes: Vec<u8>,
    /// Its rows with passwords; none when it has none or they were handed out.
    pub with_passwords: Option<Vec<u8>>,
}

/// Reading import jobs and their files.
pub trait ImportReads {
    /// One job.
    ///
    /// # Errors
    /// When the database fails.
    fn import_job(&mut self, tenant: TenantId, id: ImportJobId) -> Result<Option<ImportJob>>;

    /// At most so many jobs, newest first, that are older than a given one.
    ///
    /// # Errors
    /// When the database fails.
    fn import_jobs(
        &mut self,
        tenant: TenantId,
        before: Option<ImportJobId>,
        limit: usize,
    ) -> Result<Vec<ImportJob>>;

    /// How many jobs are not finished.
    ///
    /// # Errors
    /// When the database fails.
    fn pending_imports(&mut self, tenant: TenantId) -> Result<i64>;

    /// A chunk of a job's file, by its number from 0; none behind the end.
    ///
    /// # Errors
    /// When the database fails.
    fn import_chunk(
        &mut self,
        tenant: TenantId,
        id: ImportJobId,
        number: u64,
    ) -> Result<Option<Vec<u8>>>;

    /// At most so many parts of a job's result, from a number on.
    ///
    /// # Errors
    /// When the database fails.
    fn import_parts(
        &mut self,
        tenant: TenantId,
        id: ImportJobId,
        from: u64,
        limit: usize,
    ) -> Result<Vec<SealedPart>>;
}

/// Writing import jobs and their files.
pub trait ImportWrites {
    /// Adds a chunk of a file.
    ///
    /// # Errors
    /// When the database fails.
    fn insert_import_chunk(&mut self, id: ImportJobId, number: u64, bytes: &[u8]) -> Result<()>;

    /// Removes at most so many chunks of a file, the last ones first, and counts them.
    ///
    /// # Errors
    /// When the database fails.
    fn delete_import_chunks(&mut self, id: ImportJobId, limit: usize) -> Result<usize>;

    /// Adds a job that nobody works on.
    ///
    /// # Errors
    /// When the database fails.
    fn insert_import_job(&mut self, job: &ImportJob) -> Result<()>;

    /// The job of a lease; none when the lease is over.
    ///
    /// # Errors
    /// When the database fails.
    fn leased_import(&mut self, lease: &Lease) -> Result<Option<ImportJob>>;

    /// Writes a job's new state and tells whether the lease still held.
    ///
    /// # Errors
    /// When the database fails.
    fn update_import_job(&mut self, lease: &Lease, job: &ImportJob) -> Result<bool>;

    /// Adds a part of a job's result.
    ///
    /// # Errors
    /// When the database fails.
    fn insert_import_part(&mut self, id: ImportJobId, part: &SealedPart) -> Result<()>;

    /// Erases the passwords of parts of a job's result, from one number to another.
    ///
    /// # Errors
    /// When the database fails.
    fn erase_import_passwords(&mut self, id: ImportJobId, from: u64, to: u64) -> Result<()>;

    /// Removes at most so many parts of a job's result, the last ones first, and counts them.
    ///
    /// # Errors
    /// When the database fails.
    fn delete_import_parts(&mut self, id: ImportJobId, limit: usize) -> Result<usize>;

    /// Removes a job.
    ///
    /// # Errors
    /// When the database fails.
    fn delete_import_job(&mut self, id: ImportJobId) -> Result<()>;
}

/// Makes one-time passwords and seals what only the service may read.
pub trait Vault {
    /// A new password.
    ///
    /// # Errors
    /// When the system has no randomness.
    fn password(&self) -> Result<NewPassword>;

    /// Seals data; `context` is needed to open it again.
    ///
    /// # Errors
    /// When the system has no randomness.
    fn seal(&self, context: &[u8], plain: &[u8]) -> Result<Vec<u8>>;

    /// Opens sealed data.
    ///
    /// # Errors
    /// When it was altered or sealed elsewhere.
    fn open(&self, context: &[u8], sealed: &[u8]) -> Result<Vec<u8>>;
}

/// A password that the service made.
#[derive(Clone)]
pub struct NewPassword {
    /// The text to hand out, once.
    pub text: String,
    /// What is stored of it.
    pub hash: String,
}

impl fmt::Debug for NewPassword {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NewPassword(..)")
    }
}
