//! One thread's connection: opened, watched for trouble, reopened with a growing pause.

use crate::connection::AnyConnection;
use crate::errors::{Trouble, describe, trouble};
use crate::url::{DatabaseUrl, Target};
use diesel::connection::{InstrumentationEvent, SimpleConnection};
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sqlite::SqliteConnection;
use roster_domain::{Error, Result};
use std::fs::{DirBuilder, OpenOptions};
use std::io::ErrorKind;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, Once, PoisonError};
use std::time::{Duration, Instant};

/// What a connection is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// Queries only; the database refuses anything else.
    Reader,
    /// Everything.
    Writer,
}

/// What a connection has seen: the worst trouble since it was last asked, whatever became of the
/// error in the code that received it, and the number of statements.
#[derive(Clone, Default)]
pub(crate) struct Watch(Arc<Sight>);

#[derive(Default)]
struct Sight {
    worst: Mutex<Option<Seen>>,
    statements: AtomicU64,
}

/// A trouble with its text for the log.
pub(crate) type Seen = (Trouble, String);

impl Watch {
    fn worst(&self) -> MutexGuard<'_, Option<Seen>> {
        self.0.worst.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn saw(&self, error: &diesel::result::Error) {
        let trouble = trouble(error);
        let mut worst = self.worst();
        if worst.as_ref().is_none_or(|(known, _)| *known < trouble) {
            *worst = Some((trouble, describe(error)));
        }
    }

    /// Statements so far.
    pub(crate) fn statements(&self) -> u64 {
        self.0.statements.load(Ordering::Relaxed)
    }

    /// The trouble seen, forgetting it.
    pub(crate) fn take(&self) -> Option<Seen> {
        self.worst().take()
    }

    /// The trouble seen.
    pub(crate) fn peek(&self) -> Option<Trouble> {
        self.worst().as_ref().map(|(trouble, _)| *trouble)
    }
}

/// The connection of one thread.
pub(crate) struct Link {
    url: DatabaseUrl,
    role: Role,
    watch: Watch,
    open: Option<AnyConnection>,
    failures: u32,
    not_before: Option<Instant>,
}

/// Longest pause between two attempts to connect.
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

impl Link {
    /// Connects.
    ///
    /// # Errors
    /// Unavailable, if the database cannot be reached.
    pub(crate) fn open(url: &DatabaseUrl, role: Role) -> Result<Self> {
        let mut link = Self {
            url: url.clone(),
            role,
            watch: Watch::default(),
            open: None,
            failures: 0,
            not_before: None,
        };
        link.get()?;
        Ok(link)
    }

    /// The connection and its watch, connecting anew if it was dropped.
    ///
    /// # Errors
    /// Unavailable, at once while the pause after a failed attempt lasts.
    pub(crate) fn get(&mut self) -> Result<(&mut AnyConnection, &Watch)> {
        let connection = match self.open.take() {
            Some(connection) => connection,
            None => self.connect()?,
        };
        Ok((self.open.insert(connection), &self.watch))
    }

    /// Drops the connection; the next use connects anew.
    pub(crate) fn close(&mut self) {
        self.open = None;
        self.watch.take();
    }

    fn connect(&mut self) -> Result<AnyConnection> {
        if self.not_before.is_some_and(|time| Instant::now() < time) {
            return Err(Error::unavailable("the database could not be reached just now"));
        }
        match establish(&self.url, self.role, &self.watch) {
            Ok(connection) => {
                self.failures = 0;
                self.not_before = None;
                Ok(connection)
            }
            Err(error) => {
                self.failures = self.failures.saturating_add(1);
                let pause = Duration::from_millis(50).saturating_mul(1 << self.failures.min(6));
                self.not_before = Some(Instant::now() + pause.min(LONGEST_PAUSE));
                tracing::warn!(database = ?self.url, error = ?error.internal, "cannot connect");
                Err(error)
            }
        }
    }
}

/// Opens a connection with all its settings.
///
/// # Errors
/// Unavailable, if the database cannot be reached.
pub(crate) fn establish(url: &DatabaseUrl, role: Role, watch: &Watch) -> Result<AnyConnection> {
    let mut connection = match &url.0 {
        Target::File(path) => sqlite(path, role, "FULL")?,
        Target::Scratch(scratch) => sqlite(scratch.path(), role, "OFF")?,
        Target::Postgres(url) => postgres(url, role)?,
    };
    let watch = watch.clone();
    connection.set_instrumentation(move |event: InstrumentationEvent<'_>| match event {
        InstrumentationEvent::StartQuery { .. } => {
            watch.0.statements.fetch_add(1, Ordering::Relaxed);
        }
        InstrumentationEvent::FinishQuery { error: Some(error), .. } => watch.saw(error),
        _ => {}
    });
    Ok(connection)
}

fn sqlite(path: &Path, role: Role, synchronous: &str) -> Result<AnyConnection> {
    create_private(path).map_err(|error| {
        Error::unavailable(format!("cannot create the database {}: {error}", path.display()))
    })?;
    let uri = format!("file:{}?mode=rwc", escape(&path.to_string_lossy()));
    let mut connection = SqliteConnection::establish(&uri).map_err(|error| {
        Error::unavailable(format!("cannot open the database {}: {error}", path.display()))
    })?;
    let query_only = if role == Role::Reader { "ON" } else { "OFF" };
    connection
        .batch_execute(&format!(
            "PRAGMA busy_timeout=5000; PRAGMA journal_mode=WAL; PRAGMA synchronous={synchronous}; \
             PRAGMA mmap_size=2147418112; PRAGMA cache_size=-65536; PRAGMA temp_store=MEMORY; \
             PRAGMA foreign_keys=ON; PRAGMA query_only={query_only};"
        ))
        .map_err(|error| Error::unavailable(describe(&error)))?;
    Ok(AnyConnection::Sqlite(connection))
}

/// The folder and the file, for the owner only; SQLite gives its side files the same mode.
fn create_private(path: &Path) -> std::io::Result<()> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    }
    match OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

/// A path inside a `file:` URI.
fn escape(path: &str) -> String {
    path.replace('%', "%25").replace('?', "%3f").replace('#', "%23")
}

fn postgres(url: &str, role: Role) -> Result<AnyConnection> {
    let mut connection = PgConnection::establish(url).map_err(|error| {
        // libpq repeats a URL it cannot read, with the password in it.
        let text = error.to_string();
        let text = if text.contains("URI") { "the URL is malformed".to_owned() } else { text };
        Error::unavailable(format!("cannot connect to PostgreSQL: {text}"))
    })?;
    let read_only = if role == Role::Reader { "on" } else { "off" };
    connection
        .batch_execute(&format!(
            "SET lock_timeout = '3s'; SET statement_timeout = '30s'; \
             SET default_transaction_read_only = {read_only};"
        ))
        .map_err(|error| Error::unavailable(describe(&error)))?;
    speak_english(&mut connection);
    Ok(AnyConnection::Postgres(connection))
}

/// Diesel tells no SQLSTATE, so some lost races are known by their message alone
/// ([`crate::errors`]). The language of messages is a right of its own on the server.
fn speak_english(connection: &mut PgConnection) {
    if connection.batch_execute("SET lc_messages = 'C'").is_ok() {
        return;
    }
    let shown = diesel::sql_query("SELECT current_setting('lc_messages') AS name");
    let language = shown.get_result::<Language>(connection).map(|language| language.name);
    let Some(language) = language.ok().filter(|name| !is_english(name)) else { return };
    static SAID: Once = Once::new();
    SAID.call_once(|| {
        tracing::warn!(
            lc_messages = language,
            "PostgreSQL reports in a language in which some lost races are not recognised: they \
             end as errors 500 and are not tried again. Let its administrator run ALTER ROLE … SET \
             lc_messages = 'C' for the role of the service"
        );
    });
}

#[derive(QueryableByName)]
struct Language {
    #[diesel(sql_type = diesel::sql_types::Text)]
    name: String,
}

/// Whether messages of a locale are those of the source.
fn is_english(locale: &str) -> bool {
    let language = locale.split(['.', '_', '@', '-']).next().unwrap_or_default();
    let language = language.to_ascii_lowercase();
    ["", "c", "posix", "en", "english"].contains(&language.as_str())
}

#[cfg(test)]
mod tests {
    use super::is_english;

    #[test]
    fn locales_whose_messages_are_those_of_the_source_are_known() {
        assert!(
            ["", "C", "C.UTF-8", "POSIX", "en_GB.utf8", "English_United States.1252"]
                .into_iter()
                .all(is_english)
        );
        assert!(!["nl_NL.UTF-8", "de_DE@euro", "ca_ES", "Dutch"].into_iter().any(is_english));
    }
}
