//! Finds a PostgreSQL server for the tests, or starts one.

use diesel::connection::Connection as _;
use diesel::pg::PgConnection;
use std::fs::{self, File, Permissions};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

/// What to do where no server is found.
pub(crate) const REMEDY: &str = "install PostgreSQL, or set TEST_DATABASE_URL to a database in which \
                          the tests may create schemas";

/// A server that many machines of developers have.
const LOCAL: &str = "postgres://postgres@127.0.0.1:5432/postgres";

/// The server of this run: `TEST_DATABASE_URL`, else the local one, else one that lives as long as
/// the test runner.
pub(crate) fn url() -> Option<&'static str> {
    static URL: OnceLock<Option<String>> = OnceLock::new();
    URL.get_or_init(|| {
        if let Ok(given) = std::env::var("TEST_DATABASE_URL") {
            assert!(answers(&given), "TEST_DATABASE_URL names no server that answers");
            return Some(given);
        }
        if answers(LOCAL) { Some(LOCAL.to_owned()) } else { own() }
    })
    .as_deref()
}

fn answers(url: &str) -> bool {
    let joint = if url.contains('?') { '&' } else { '?' };
    PgConnection::establish(&format!("{url}{joint}connect_timeout=5")).is_ok()
}

/// A server of our own. Test processes share it: the first one starts it under a lock, and it ends
/// with the process that started the tests.
fn own() -> Option<String> {
    let bin = binaries()?;
    let home = std::env::temp_dir().join(format!("roster-tests-{}", crate::ran::run_id()));
    fs::create_dir_all(&home).ok()?;
    let lock = File::create(home.join("lock")).ok()?;
    lock.lock().ok()?;
    let known = fs::read_to_string(home.join("url")).unwrap_or_default();
    if !known.is_empty() && answers(&known) {
        return Some(known);
    }
    let url = start(&bin, &home)?;
    fs::write(home.join("url"), &url).ok()?;
    Some(url)
}

/// The folder of `initdb` and `postgres`, the newest where there are several.
fn binaries() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let mut installed: Vec<PathBuf> = fs::read_dir("/usr/lib/postgresql")
        .map(|entries| entries.flatten().map(|entry| entry.path().join("bin")).collect())
        .unwrap_or_default();
    installed.sort();
    folders.extend(installed.into_iter().rev());
    folders
        .into_iter()
        .find(|folder| folder.join("initdb").exists() && folder.join("postgres").exists())
}

/// PostgreSQL refuses to run as root; the packages bring the user `postgres`.
fn command(program: &Path) -> Command {
    let is_root = fs::metadata("/proc/self").is_ok_and(|own| {
        use std::os::unix::fs::MetadataExt as _;
        own.uid() == 0
    });
    if !is_root {
        return Command::new(program);
    }
    let mut command = Command::new("runuser");
    command.args(["-u", "postgres", "--"]).arg(program);
    command
}

fn start(bin: &Path, home: &Path) -> Option<String> {
    fs::set_permissions(home, Permissions::from_mode(0o777)).ok()?;
    let data = home.join("data");
    if !data.exists() {
        let initdb = command(&bin.join("initdb"))
            .args(["--no-sync", "--auth=trust", "--username=postgres", "--encoding=UTF8"])
            .arg("--pgdata")
            .arg(&data)
            .stdout(Stdio::null())
            .status();
        initdb.ok().filter(|status| status.success())?;
    }
    let port = TcpListener::bind("127.0.0.1:0").ok()?.local_addr().ok()?.port();
    // The shell outlives this process but not the one that started the tests.
    let watch = r#""$@" & server=$!
        while kill -0 "$PARENT" 2>/dev/null && kill -0 $server 2>/dev/null; do sleep 1; done
        kill -INT $server; wait $server; rm -rf "$HOME_OF_SERVER""#;
    let server = command(&bin.join("postgres"));
    Command::new("sh")
        .args(["-c", watch, "sh"])
        .arg(server.get_program())
        .args(server.get_args())
        .arg("-D")
        .arg(&data)
        .args(["-h", "127.0.0.1", "-p", &port.to_string(), "-k", ""])
        .args(["-c", "fsync=off", "-c", "max_connections=400", "-c", "logging_collector=off"])
        .env("PARENT", std::os::unix::process::parent_id().to_string())
        .env("HOME_OF_SERVER", home)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(File::create(home.join("log")).ok()?)
        .spawn()
        .ok()?;
    let url = format!("postgres://postgres@127.0.0.1:{port}/postgres");
    let patience = Instant::now() + Duration::from_secs(30);
    while !answers(&url) {
        if Instant::now() > patience {
            return None;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    Some(url)
}
