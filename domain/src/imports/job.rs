//! Import jobs: a file on its way into the directory.

use super::layout::{Kind, Warning};
use super::outcome::FileError;
use super::reader::Checkpoint;
use crate::authz::{Actor, Claims, Grant, Policy, Principal, RoleSet, authorize, rights};
use crate::error::{Error, Result};
use crate::id::{Id, TenantId};
use crate::ports::ReadTx;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Identifier of an import job.
pub type ImportJobId = Id<ImportJob>;

/// A file that was uploaded, and how far its rows have come into the directory.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ImportJob {
    /// Identifier.
    #[serde(skip)]
    pub id: ImportJobId,
    /// Organisation.
    #[serde(skip)]
    pub tenant: TenantId,
    /// When the file had arrived.
    #[serde(skip)]
    pub created: Timestamp,
    /// When the last row was done, or the job gave up.
    #[serde(skip)]
    pub finished: Option<Timestamp>,
    /// What the rows become.
    pub kind: JobKind,
    /// How far it is.
    pub status: Status,
    /// What holds for all rows.
    pub options: Options,
    /// Length of the file, in bytes.
    pub size: u64,
    /// Numbers of rows.
    pub counts: Counts,
    /// Remarks about the headings.
    pub warnings: Vec<Warning>,
    /// What is wrong with the file as a whole; then no row was touched (R23).
    pub file_errors: Vec<FileError>,
    /// Why the job gave up although the file is sound.
    pub failure: Option<String>,
    /// Who uploaded the file.
    pub uploader: Uploader,
    /// When verification began.
    pub started: Option<Timestamp>,
    /// Which reading of the rows it is at.
    pub step: Step,
    /// Where the rows begin; none before the file was read once.
    pub rows_at: Option<Checkpoint>,
    /// From where to read on; none before the first row.
    pub checkpoint: Option<Checkpoint>,
    /// How many parts the result has.
    pub parts: u64,
}

/// What the rows of a file become.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum JobKind {
    /// Users.
    Users,
    /// Shared contacts.
    Contacts,
}

impl JobKind {
    /// The kind of file it reads.
    pub const fn file(self) -> Kind {
        match self {
            Self::Users => Kind::Users,
            Self::Contacts => Kind::Contacts,
        }
    }

    /// Word in answers.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Users => "users",
            Self::Contacts => "contacts",
        }
    }

    /// Proves the right over what the rows become.
    ///
    /// # Errors
    /// 403.
    pub(super) fn authorize(self, grant: &Grant<rights::ImportFiles>) -> Result<()> {
        match self {
            Self::Users => grant.also::<rights::ManageUsersAndGroups>().map(drop),
            Self::Contacts => grant.also::<rights::ManageContacts>().map(drop),
        }
    }
}

/// Which reading of the rows a job is at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Step {
    /// Rows become objects.
    #[default]
    Create,
    /// Contacts that the job made get the rest of their row, now that their managers exist (R38,
    /// R40).
    Fill,
}

/// How far a job is (R19).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Status {
    /// The file has arrived.
    Uploaded,
    /// The file was read once and its rows were counted; nothing was changed yet.
    Verified,
    /// Rows are being imported.
    Processing,
    /// Every row was dealt with.
    Completed,
    /// The file is unusable or the uploader lost the right; rows done before stay.
    Failed,
}

impl Status {
    /// Word in answers.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Uploaded => "uploaded",
            Self::Verified => "verified",
            Self::Processing => "processing",
            Self::Completed => "completed",
            Self::Failed => "failed",
        }
    }
}

/// What holds for all rows of a file (R18, R19).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Options {
    /// Two-letter country in which services are used.
    pub usage_location: Option<String>,
    /// Whether sign-in is allowed.
    pub account_enabled: bool,
}

/// Numbers of rows. Verification counts `rows`, `valid`, `invalid` (R20) and `warnings`; the
/// others grow while rows are imported and add up to `rows` in the end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// All rows that are not blank.
    pub rows: u64,
    /// Rows with which nothing is wrong as far as the file shows.
    pub valid: u64,
    /// Rows with which something is wrong in the file itself.
    pub invalid: u64,
    /// Rows that became a user.
    pub created: u64,
    /// Rows whose user existed; nothing was changed.
    pub exists: u64,
    /// Rows that were refused.
    pub failed: u64,
    /// Remarks about the file or about rows that were imported nevertheless.
    pub warnings: u64,
}

/// Who uploaded a file, as far as needed to prove the right again for every batch of rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Uploader {
    /// Who.
    pub principal: Principal,
    /// Roles that the token claimed.
    pub roles: RoleSet,
    /// Number of the sessions the token belonged to.
    pub epoch: i64,
    /// The request of the upload; named in the change record of each user.
    pub request: Uuid,
}

impl Uploader {
    /// The uploader of a request.
    pub const fn of(actor: &Actor) -> Self {
        let Claims { principal, roles, epoch, .. } = actor.claims();
        Self { principal, roles, epoch, request: actor.request() }
    }

    /// The uploader's right as it is now.
    ///
    /// # Errors
    /// 401 or 403 when it was lost meanwhile.
    pub(super) fn authorize(
        &self,
        tx: &mut dyn ReadTx,
        tenant: TenantId,
        policy: Policy,
    ) -> Result<Grant<rights::ImportFiles>> {
        let Self { principal, roles, epoch, request } = *self;
        let state = tx.principal_state(tenant, principal)?;
        let claims = Claims { tenant, principal, roles, epoch };
        authorize(&Actor::signed_in(claims, state, policy, request)?)
    }
}

impl ImportJob {
    /// Whether nothing more will happen.
    pub const fn is_finished(&self) -> bool {
        self.finished.is_some()
    }

    /// Ends the job.
    pub(super) fn finish(&mut self, status: Status, now: Timestamp) {
        self.status = status;
        self.finished = Some(now);
    }
}

/// The right of one process to go on with a job, until another process takes it over: then the
/// job has another fence and whatever the first one writes is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lease {
    /// Organisation.
    pub tenant: TenantId,
    /// The job.
    pub job: ImportJobId,
    /// Number of times the job was taken.
    pub fence: i64,
}

const TAKEN_OVER: &str = "ImportTakenOver";

/// The refusal of work on a job that another process has taken over.
pub fn taken_over() -> Error {
    Error::conflict(TAKEN_OVER, "Another process has taken over the import.")
}

/// Whether an error is [`taken_over`].
pub fn is_taken_over(error: &Error) -> bool {
    error.code == TAKEN_OVER
}
