//! Proving a user name and password: the one path on which a password is looked at.

use super::error::{OAuthError, TokenFailure};
use crate::http::Context;
use crate::passwords;
use crate::roster::{Roster, Tried};
use crate::security::passwords::PasswordHash;
use roster_domain::Result;
use roster_domain::addresses::syntax;
use roster_domain::credentials::{self, Account, Standing};
use roster_domain::events::Event;
use roster_domain::ports::WriteTx;
use uuid::Uuid;
use zeroize::Zeroizing;

/// What a right password led to.
pub struct Proved {
    /// The account.
    pub account: Account,
    /// Whether it may do more than change its password.
    pub standing: Standing,
}

/// Longest password that is looked at, in bytes.
const MAX_PASSWORD: usize = 1024;

/// Proves a password. Unknown, blocked and locked accounts and wrong passwords take the same time
/// and get the same answer (S30); the throttle counts over all paths (R66).
///
/// # Errors
/// `invalid_grant`, which tells whoever knows the right password that it has expired; 503 when too many passwords wait.
pub async fn prove(
    roster: &Roster,
    kind: &'static str,
    name: &str,
    password: &str,
    context: &Context,
) -> Result<Proved, TokenFailure> {
    let name_key = syntax::key(name);
    let account_key = account_key(roster, name)?;
    let key = account_key.clone();
    let (account, throttle) =
        roster.read(move |tx| Ok((credentials::find(tx, &name_key)?, tx.throttle(&key)?))).await?;
    let now = roster.now();
    let locked = throttle.check(now).is_err();
    let stored = account.as_ref().and_then(|account| account.credential.as_ref());
    let stored = stored.map(|credential| PasswordHash::parse(&credential.hash)).transpose()?;
    let outdated = stored.as_ref().is_some_and(PasswordHash::is_outdated);
    let presented = if password.len() > MAX_PASSWORD { "" } else { password };
    let tried = Zeroizing::new(presented.to_owned());
    let right = roster.hashes.verify(tried, stored, context.address()).await? && !locked;
    let standing = account
        .as_ref()
        .filter(|_| right)
        .map(|account| credentials::standing(account, now, roster.one_time_days));
    let request = Uuid::try_parse(context.request_id()).unwrap_or_default();
    let attempt = Attempt { kind, request, password: presented, locked, account_key };
    let counts = note(roster, attempt, account.as_ref(), standing).await?;
    match (account, standing) {
        (Some(_), Some(Standing::Expired)) if counts => Err(OAuthError::expired().into()),
        (Some(account), Some(standing)) if counts && standing != Standing::Blocked => {
            if outdated && standing == Standing::Good {
                strengthen(roster, &account, password).await;
            }
            Ok(Proved { account, standing })
        }
        _ => Err(OAuthError::invalid_grant().into()),
    }
}

/// Hashes a right password anew. Whoever signs in need not know when that fails: the next sign-in
/// tries again.
async fn strengthen(roster: &Roster, account: &Account, password: &str) {
    let Some(credential) = &account.credential else { return };
    let (id, before) = (account.user.id, credential.hash.clone());
    let done = async {
        let hash = passwords::chosen(roster, password).await?;
        let work = move |tx: &mut dyn WriteTx| credentials::rehash(tx, id, &before, &hash);
        roster.write_without_grant(account.tenant, work).await
    };
    if let Err(error) = done.await {
        tracing::warn!(error = ?error.internal, "a password was not hashed anew");
    }
}

/// Forgets the wrong tries at an account, whose password an administrator has set (R66).
///
/// # Errors
/// 503 when the database is unavailable or too busy.
pub async fn unlock(roster: &Roster, name: &str) -> Result<()> {
    roster.forget_attempts(account_key(roster, name)?).await
}

/// Where the wrong tries at a name are counted.
fn account_key(roster: &Roster, name: &str) -> Result<String> {
    Ok(roster.sealer.mac("throttle", syntax::key(name).as_bytes())?.text())
}

struct Attempt<'a> {
    kind: &'static str,
    request: Uuid,
    password: &'a str,
    locked: bool,
    account_key: String,
}

/// Records the attempt and counts a wrong password; one write whatever the outcome. False when the
/// account was locked while the password was being verified.
async fn note(
    roster: &Roster,
    attempt: Attempt<'_>,
    account: Option<&Account>,
    standing: Option<Standing>,
) -> Result<bool> {
    let failure = match (account, standing) {
        (None, _) => Some("unknownUser"),
        (Some(_), _) if attempt.locked => Some("locked"),
        (Some(_), None) => Some("wrongPassword"),
        (Some(_), Some(Standing::Blocked)) => Some("blocked"),
        (Some(_), Some(Standing::Expired)) => Some("oneTimePasswordExpired"),
        (Some(_), Some(Standing::MustChange)) => Some("passwordChangeRequired"),
        (Some(_), Some(Standing::Good)) => None,
    };
    let tenant = account.map(|account| account.tenant);
    let user = account.map(|account| account.user.id.uuid());
    let event = Event::sign_in(attempt.kind, tenant, user, attempt.request, failure);
    let tried = match (account, failure) {
        (Some(account), Some("wrongPassword")) => {
            Tried::Wrong(roster.hasher.fingerprint(account.user.id.uuid(), attempt.password)?)
        }
        _ if standing.is_some() => Tried::Right,
        _ => Tried::Uncounted,
    };
    roster.record_attempt(event, attempt.account_key, tried).await
}
