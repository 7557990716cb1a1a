//! One batch of rows on its way into the directory, exactly once.
//!
//! The checkpoint, the counts and the result are written in the transaction that creates the
//! users. Whoever is killed in between leaves nothing behind, and whoever goes on starts at the
//! checkpoint.

use super::contact_steps;
use super::job::{Counts, ImportJob, JobKind, Lease, Status, Step, taken_over};
use super::layout::Layout;
use super::outcome::{FileError, RowOutcome};
use super::ports::Vault;
use super::prepare::{Account, Batch, Prepared, Prospect, outcomes};
use super::result::PartWriter;
use super::survey::Survey;
use crate::addresses::syntax;
use crate::authz::{Grant, Policy, rights};
use crate::error::{Error, Kind, Result};
use crate::id::TenantId;
use crate::ports::WriteTx;
use crate::users::{self, UserId};
use std::collections::BTreeSet;

/// What became of a row.
pub(super) enum Fate<'a> {
    /// An object was created; a user with this password.
    Created(Option<(UserId, &'a str)>),
    /// The user exists; nothing was changed.
    Exists,
    /// The row was refused.
    Failed(Vec<RowOutcome>),
    /// The object was made, but without the rest of its row.
    Incomplete(Vec<RowOutcome>),
    /// What became of the row was told before.
    Settled,
}

/// Takes the result of the first reading into a job: its rows may be imported from now on.
///
/// # Errors
/// 409 when the lease is over.
pub fn verified(tx: &mut dyn WriteTx, lease: &Lease, survey: &Survey) -> Result<ImportJob> {
    let mut job = leased(tx, lease)?;
    if job.status == Status::Uploaded {
        job.status = Status::Verified;
        job.started = Some(tx.now());
        job.rows_at = Some(survey.rows_at);
        job.checkpoint = job.rows_at;
        job.warnings.clone_from(&survey.warnings);
        job.counts = Counts {
            rows: survey.rows(),
            valid: survey.valid,
            invalid: survey.invalid,
            warnings: u64::try_from(survey.warnings.len()).unwrap_or(u64::MAX),
            ..Counts::default()
        };
        save(tx, lease, &job)?;
    }
    Ok(job)
}

/// Ends a job whose file is unusable. No row of it was touched (R23).
///
/// # Errors
/// 409 when the lease is over.
pub fn refuse(tx: &mut dyn WriteTx, lease: &Lease, wrong: &FileError) -> Result<ImportJob> {
    let mut job = leased(tx, lease)?;
    job.file_errors.push(wrong.clone());
    job.finish(Status::Failed, tx.now());
    save(tx, lease, &job)?;
    Ok(job)
}

/// Ends a job that cannot go on.
///
/// # Errors
/// 409 when the lease is over.
pub fn give_up(tx: &mut dyn WriteTx, lease: &Lease, why: &str) -> Result<ImportJob> {
    let mut job = leased(tx, lease)?;
    job.failure = Some(why.to_owned());
    job.finish(Status::Failed, tx.now());
    save(tx, lease, &job)?;
    Ok(job)
}

/// Imports a batch of rows. Ends the job after the last row, and when the uploader has lost the
/// right.
///
/// # Errors
/// 409 when the lease is over; whatever keeps a row from being created that is no fault of the
/// row. Then nothing of the batch is kept.
pub fn process(
    tx: &mut dyn WriteTx,
    lease: &Lease,
    policy: Policy,
    batch: &Batch,
    vault: &dyn Vault,
) -> Result<ImportJob> {
    let mut job = leased(tx, lease)?;
    if job.checkpoint != Some(batch.from) {
        return Err(Error::internal("a batch does not begin where the import stands"));
    }
    let authorized = job.uploader.authorize(tx, lease.tenant, policy);
    let grant = match authorized.and_then(|grant| job.kind.authorize(&grant).map(|()| grant)) {
        Ok(grant) => grant,
        Err(lost) if matches!(lost.kind, Kind::Unauthenticated | Kind::Forbidden) => {
            return give_up(
                tx,
                lease,
                "The uploader is blocked or deleted, was signed out, or no longer holds the right \
                 to create what the rows describe. The rows imported until then stay.",
            );
        }
        Err(error) => return Err(error),
    };
    preload(tx, lease.tenant, batch)?;
    let mut part = PartWriter::new();
    for row in &batch.rows {
        let fate = import(tx, &grant, &job, row)?;
        part.write(row, &fate)?;
        match fate {
            Fate::Created(_) => job.counts.created += 1,
            Fate::Exists => job.counts.exists += 1,
            Fate::Failed(_) => job.counts.failed += 1,
            Fate::Incomplete(_) => job.counts.warnings += 1,
            Fate::Settled => {}
        }
    }
    if !batch.rows.is_empty() {
        tx.insert_import_part(job.id, &part.seal(job.id, job.parts, vault)?)?;
        job.parts += 1;
    }
    job.checkpoint = Some(batch.to);
    job.status = Status::Processing;
    match (batch.last, job.kind, job.step) {
        (false, ..) => {}
        // Managers may stand later in the file than those who name them (R40).
        (true, JobKind::Contacts, Step::Create) => {
            job.step = Step::Fill;
            job.checkpoint = job.rows_at;
        }
        (true, JobKind::Users, _) | (true, _, Step::Fill) => {
            job.finish(Status::Completed, tx.now());
        }
    }
    save(tx, lease, &job)?;
    Ok(job)
}

/// Looks up at once who holds the addresses that the users of a batch are to get: their names, and
/// those that are reserved for them at the initial domain (R104).
fn preload(tx: &mut dyn WriteTx, tenant: TenantId, batch: &Batch) -> Result<()> {
    let accounts = batch.rows.iter().filter_map(|row| match &row.prospect {
        Ok(Prospect::User(account)) => Some(account.key.as_str()),
        _ => None,
    });
    let names: Vec<&str> = accounts.collect();
    if names.is_empty() {
        return Ok(());
    }
    let initial = tx.domains(tenant)?.into_iter().find(|domain| domain.is_initial);
    let mut keys: BTreeSet<String> = names.iter().map(|name| (*name).to_owned()).collect();
    if let Some(initial) = initial {
        let locals = names.iter().filter_map(|name| name.split('@').next());
        keys.extend(locals.map(|local| syntax::key(&format!("{local}@{}", initial.name))));
    }
    tx.preload_holders(tenant, &keys.into_iter().collect::<Vec<_>>())
}

fn import<'a>(
    tx: &mut dyn WriteTx,
    grant: &Grant<rights::ImportFiles>,
    job: &ImportJob,
    row: &'a Prepared,
) -> Result<Fate<'a>> {
    match (&row.prospect, job.step) {
        (Err(outcomes), Step::Create) => Ok(Fate::Failed(outcomes.clone())),
        (Err(_), Step::Fill) => Ok(Fate::Settled),
        (Ok(Prospect::User(account)), _) => create_user(tx, &grant.also()?, row.line, account),
        (Ok(Prospect::Contact(contact)), Step::Create) => {
            contact_steps::create(tx, &grant.also()?, contact)
        }
        (Ok(Prospect::Contact(contact)), Step::Fill) => {
            contact_steps::fill(tx, &grant.also()?, job.started, contact)
        }
    }
}

/// Creates the user of a row as [`users::create`] does for any caller.
fn create_user<'a>(
    tx: &mut dyn WriteTx,
    grant: &Grant<rights::ManageUsersAndGroups>,
    line: u64,
    account: &'a Account,
) -> Result<Fate<'a>> {
    let Account { key, new, password } = account;
    match users::create(tx, grant, new, &password.hash) {
        Ok(created) => Ok(Fate::Created(Some((created.user.id, &password.text)))),
        Err(refused) if refused.kind == Kind::Invalid => {
            // A user that exists needs no other reason, and is looked for only when something
            // stands in the way: most rows are new.
            if tx.user_by_name(&grant.scope(), key)?.is_some() {
                return Ok(Fate::Exists);
            }
            Ok(Fate::Failed(outcomes(Layout::Users16, line, &refused)))
        }
        Err(error) => Err(error),
    }
}

fn leased(tx: &mut dyn WriteTx, lease: &Lease) -> Result<ImportJob> {
    let job = tx.leased_import(lease)?.filter(|job| !job.is_finished());
    job.ok_or_else(taken_over)
}

fn save(tx: &mut dyn WriteTx, lease: &Lease, job: &ImportJob) -> Result<()> {
    if tx.update_import_job(lease, job)? { Ok(()) } else { Err(taken_over()) }
}
