//! How a job looks in an answer.

use super::PATH;
use crate::graph::links::{collection_context, entity_context, location};
use crate::roster::Roster;
use roster_domain::imports::{Counts, FileError, ImportJob, Warning};
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// Options of an upload.
#[derive(IntoParams)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
#[expect(dead_code, reason = "describes parameters that are read elsewhere")]
pub(super) struct JobOptions {
    /// Two-letter country in which the people of the file use services.
    #[param(example = "NL")]
    usage_location: Option<String>,
    /// Whether the people may sign in; true by default.
    account_enabled: Option<bool>,
}

/// Options of the list.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes parameters that are read elsewhere")]
pub(super) struct ListOptions {
    /// Jobs a page, 1 to 999; 100 by default.
    #[param(rename = "$top", minimum = 1, maximum = 999)]
    top: Option<i32>,
    /// Place of the page; part of `@odata.nextLink`.
    #[param(rename = "$skiptoken")]
    skiptoken: Option<String>,
}

/// A file on its way into the directory.
#[derive(Serialize, ToSchema)]
#[schema(as = importJob)]
#[serde(rename_all = "camelCase")]
pub(super) struct Job {
    #[serde(rename = "@odata.context", skip_serializing_if = "Option::is_none")]
    context: Option<String>,
    /// Identifier.
    id: Uuid,
    /// `users` or `contacts`.
    kind: &'static str,
    /// `uploaded`, `verified` (read once, nothing changed yet), `processing`, `completed` (every
    /// row was dealt with) or `failed` (what was imported until then stays).
    status: &'static str,
    /// Country in which the people use services.
    usage_location: Option<String>,
    /// Whether the people may sign in.
    account_enabled: bool,
    /// Length of the file, in bytes.
    size: u64,
    /// Numbers of rows.
    counts: JobCounts,
    /// Remarks about the headings.
    warnings: Vec<JobWarning>,
    /// What is wrong with the file as a whole; then no row of it was touched.
    file_errors: Vec<JobFileError>,
    /// Why the job failed although the file is sound.
    failure: Option<String>,
    /// User or client that uploaded the file.
    created_by: Uuid,
    created_date_time: String,
    started_date_time: Option<String>,
    finished_date_time: Option<String>,
    /// Address of the result, when the job has ended.
    result_url: Option<String>,
}

/// Numbers of rows. `created`, `exists` and `failed` grow while the job is processing and add up
/// to `rows` when it is completed.
#[derive(Serialize, ToSchema)]
#[schema(as = importCounts)]
struct JobCounts {
    /// All rows.
    rows: u64,
    /// Rows with which nothing is wrong as far as the file shows.
    valid: u64,
    /// Rows with which something is wrong in the file itself.
    invalid: u64,
    /// Rows that became a user or contact.
    created: u64,
    /// Rows whose object existed; nothing was changed.
    exists: u64,
    /// Rows that were refused.
    failed: u64,
    /// Remarks, and contacts that were made without the rest of their row.
    warnings: u64,
}

/// A remark about a heading.
#[derive(Serialize, ToSchema)]
#[schema(as = importWarning)]
struct JobWarning {
    /// Number of the column, from 1.
    column: usize,
    message: String,
}

/// What is wrong with a file as a whole.
#[derive(Serialize, ToSchema)]
#[schema(as = importFileError)]
struct JobFileError {
    /// Line of the file, from 1.
    line: u64,
    code: &'static str,
    message: String,
}

/// A page of imports.
#[derive(Serialize, ToSchema)]
#[schema(as = importJobCollection)]
pub(super) struct JobPage {
    #[serde(rename = "@odata.context")]
    context: String,
    /// Address of the next page; absent on the last.
    #[serde(rename = "@odata.nextLink", skip_serializing_if = "Option::is_none")]
    next: Option<String>,
    value: Vec<Job>,
}

impl Job {
    /// A job that is the whole answer.
    pub(super) fn whole(roster: &Roster, job: &ImportJob) -> Self {
        Self { context: Some(entity_context(roster, PATH)), ..Self::item(roster, job) }
    }

    fn item(roster: &Roster, job: &ImportJob) -> Self {
        let result = || location(roster, PATH, format_args!("{}/result", job.id));
        Self {
            context: None,
            id: job.id.uuid(),
            kind: job.kind.word(),
            status: job.status.word(),
            usage_location: job.options.usage_location.clone(),
            account_enabled: job.options.account_enabled,
            size: job.size,
            counts: JobCounts::from(job.counts),
            warnings: job.warnings.iter().map(JobWarning::from).collect(),
            file_errors: job.file_errors.iter().map(JobFileError::from).collect(),
            failure: job.failure.clone(),
            created_by: job.uploader.principal.uuid(),
            created_date_time: job.created.to_string(),
            started_date_time: job.started.map(|time| time.to_string()),
            finished_date_time: job.finished.map(|time| time.to_string()),
            result_url: job.is_finished().then(result),
        }
    }
}

impl JobPage {
    /// A page; `next` is the link to the following one.
    pub(super) fn new(roster: &Roster, jobs: &[ImportJob], next: Option<String>) -> Self {
        let value = jobs.iter().map(|job| Job::item(roster, job)).collect();
        Self { context: collection_context(roster, PATH), next, value }
    }
}

impl From<Counts> for JobCounts {
    fn from(counts: Counts) -> Self {
        let Counts { rows, valid, invalid, created, exists, failed, warnings } = counts;
        Self { rows, valid, invalid, created, exists, failed, warnings }
    }
}

impl From<&Warning> for JobWarning {
    fn from(warning: &Warning) -> Self {
        Self { column: warning.column, message: warning.message.clone() }
    }
}

impl From<&FileError> for JobFileError {
    fn from(wrong: &FileError) -> Self {
        Self { line: wrong.line, code: wrong.code.word(), message: wrong.message.clone() }
    }
}
