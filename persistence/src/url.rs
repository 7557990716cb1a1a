//! Where the database is.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use uuid::Uuid;

/// Address of a database, checked in form. `Debug` never shows a password.
///
/// * `sqlite://PATH`: a file; `sqlite:///PATH` is absolute. Missing folders are created, for the
///   owner only.
/// * `sqlite::memory:`: a database of its own for tests. All clones of one parsed value share it
///   (a file that is removed with the last of them, never synchronised to disk).
/// * `postgres://…` or `postgresql://…`: handed to libpq as it is. A schema other than `public` is
///   chosen with libpq's own parameter: `?options=-csearch_path%3DNAME`.
#[derive(Clone)]
pub struct DatabaseUrl(pub(crate) Target);

#[derive(Clone)]
pub(crate) enum Target {
    File(PathBuf),
    Scratch(Arc<Scratch>),
    Postgres(Arc<str>),
}

/// A SQLite database that vanishes with its last user.
pub(crate) struct Scratch(PathBuf);

impl DatabaseUrl {
    /// Reads a database URL.
    ///
    /// # Errors
    /// What is wrong with it and how to mend it.
    pub fn parse(url: &str) -> Result<Self, String> {
        let target = match url.split_once("://") {
            _ if url == "sqlite::memory:" || url == "sqlite://:memory:" => {
                Target::Scratch(Arc::new(Scratch::new()))
            }
            Some(("sqlite", "")) => {
                return Err("the database URL names no file; write sqlite://PATH".to_owned());
            }
            Some(("sqlite", path)) if path.contains(['?', '#', '\0']) => {
                return Err("an SQLite database URL is sqlite://PATH without parameters".to_owned());
            }
            Some(("sqlite", path)) => Target::File(PathBuf::from(path)),
            Some(("postgres" | "postgresql", _)) => Target::Postgres(with_timeouts(url).into()),
            _ => {
                return Err("the database URL must start with sqlite:// or postgres://".to_owned());
            }
        };
        Ok(Self(target))
    }

    /// Whether it is a PostgreSQL database.
    pub const fn is_postgres(&self) -> bool {
        matches!(self.0, Target::Postgres(_))
    }

    /// The file of an SQLite database that is kept; what stands beside it (keys, backups) goes
    /// into the same folder.
    pub fn file(&self) -> Option<&Path> {
        match &self.0 {
            Target::File(path) => Some(path),
            Target::Scratch(_) | Target::Postgres(_) => None,
        }
    }
}

/// libpq waits without end for a host that is gone, unless it is told otherwise. What the URL says
/// itself stays.
fn with_timeouts(url: &str) -> String {
    let mut url = url.to_owned();
    for setting in ["connect_timeout=5", "tcp_user_timeout=10000", "keepalives_idle=30"] {
        let name = setting.split_inclusive('=').next().unwrap_or(setting);
        if !url.contains(name) {
            url.push(if url.contains('?') { '&' } else { '?' });
            url.push_str(setting);
        }
    }
    url
}

impl Scratch {
    fn new() -> Self {
        // Not a name to rely on for secrecy: the file is created for its owner only.
        let name = format!("roster-{}.db", Uuid::now_v7());
        Self(std::env::temp_dir().join(name))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        for suffix in ["", "-wal", "-shm"] {
            let mut path = self.0.clone().into_os_string();
            path.push(suffix);
            // SQLite removes its side files itself; nothing is lost when a file is gone already.
            let _gone = std::fs::remove_file(path);
        }
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Target::File(path) => write!(f, "sqlite://{}", path.display()),
            Target::Scratch(_) => f.write_str("sqlite::memory:"),
            // A password may stand in several places of the URL; none of it is shown.
            Target::Postgres(_) => f.write_str("postgres://…"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_relative_or_absolute() {
        let path = |url| DatabaseUrl::parse(url).unwrap().file().unwrap().to_owned();
        assert_eq!(path("sqlite://data/roster.db"), Path::new("data/roster.db"));
        assert_eq!(path("sqlite:///var/lib/roster.db"), Path::new("/var/lib/roster.db"));
    }

    #[test]
    fn what_is_no_database_url_is_refused_with_the_remedy() {
        for url in ["", "roster.db", "mysql://x", "sqlite:roster.db", "sqlite://"] {
            assert!(DatabaseUrl::parse(url).unwrap_err().contains("sqlite://"), "{url}");
        }
        assert!(DatabaseUrl::parse("sqlite://a.db?mode=ro").is_err());
    }

    #[test]
    fn a_password_is_never_shown() {
        let urls = ["postgres://u:sesame@h/db", "postgres://h/db?password=sesame&sslmode=require"];
        for url in urls {
            let shown = format!("{:?}", DatabaseUrl::parse(url).unwrap());
            assert!(!shown.contains("sesame"), "{shown}");
        }
    }

    #[test]
    fn timeouts_are_added_unless_they_are_given() {
        assert_eq!(
            with_timeouts("postgres://h/d"),
            "postgres://h/d?connect_timeout=5&tcp_user_timeout=10000&keepalives_idle=30"
        );
        let own = "postgres://h/d?connect_timeout=1&tcp_user_timeout=2&keepalives_idle=3";
        assert_eq!(with_timeouts(own), own);
    }
}
