//! The `roster` program as a process of its own, to be killed at any moment.

use crate::app::http;
use crate::service::MASTER_KEY;
use crate::{Client, Place};
use std::fs::File;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};
use uuid::Uuid;

/// Credentials of the API client.
pub(crate) const CLIENT: (&str, &str) =
    ("0192f0c1-2b3d-7c4e-8f5a-6b7c8d9e0f10", "a-secret-of-the-tests");

/// A `roster` process on a database that outlives it.
pub struct Process {
    child: Child,
    url: String,
}

impl Process {
    /// Starts the program; returns once it serves. Processes of one port serve the same URL.
    pub async fn start(place: &Place, port: u16) -> Self {
        Self::start_with(place, port, "error", Stdio::inherit()).await
    }

    /// Starts the program with both grants, and its log in a file.
    pub async fn start_logged(place: &Place, port: u16, filter: &str, log: File) -> Self {
        Self::start_with(place, port, filter, log.into()).await
    }

    async fn start_with(place: &Place, port: u16, filter: &str, log: Stdio) -> Self {
        let url = format!("http://127.0.0.1:{port}");
        let child = Command::new(program())
            .current_dir(place.folder())
            .env("DATABASE_URL", &place.url)
            .env("ROSTER_LISTEN", format!("127.0.0.1:{port}"))
            .env("ROSTER_MASTER_KEY", MASTER_KEY)
            .env("ROSTER_BOOTSTRAP_CLIENT_ID", CLIENT.0)
            .env("ROSTER_BOOTSTRAP_CLIENT_SECRET", CLIENT.1)
            .env("ROSTER_WORKERS", "1")
            .env("ROSTER_LOG", filter)
            .env("ROSTER_PASSWORD_GRANT", "true")
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .expect("the program starts");
        let mut process = Self { child, url };
        process.serves().await;
        process
    }

    async fn serves(&mut self) {
        let client = self.anonymous();
        let patience = Instant::now() + Duration::from_secs(60);
        loop {
            match client.try_send(client.request("GET", "/readyz")).await {
                Ok(answer) if answer.status == 200 => return,
                _ => {}
            }
            let ended = self.child.try_wait().expect("its state");
            assert!(ended.is_none(), "the program ended: {ended:?}");
            assert!(Instant::now() < patience, "the program does not serve");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Somebody who is not signed in.
    pub fn anonymous(&self) -> Client {
        Client::new(http(), &self.url, None)
    }

    /// Its API client, a global administrator.
    pub async fn client(&self) -> Client {
        let anonymous = self.anonymous();
        let form = [
            ("grant_type", "client_credentials"),
            ("client_id", CLIENT.0),
            ("client_secret", CLIENT.1),
        ];
        let answer = anonymous.form("/oauth2/token", &form).await.is(200);
        anonymous.bearing(&answer.text_of("access_token"))
    }

    /// Ends it without warning (SIGKILL).
    pub fn kill(mut self) {
        self.end();
    }

    fn end(&mut self) {
        // Fails only where it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.end();
    }
}

/// A port that nobody listens on.
pub fn free_port() -> u16 {
    let socket = TcpListener::bind("127.0.0.1:0").expect("a port");
    socket.local_addr().expect("its address").port()
}

/// A number below a bound, another one each time.
pub fn chance(below: u64) -> u64 {
    let (_, random) = Uuid::now_v7().as_u64_pair();
    (random & 0xffff_ffff) % below
}

/// The program, built if it is not. `ROSTER_PROGRAM` names another one.
pub fn program() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        if let Some(given) = std::env::var_os("ROSTER_PROGRAM") {
            return PathBuf::from(given);
        }
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let built = Command::new(cargo)
            .args(["build", "--quiet", "--workspace", "--bin", "roster"])
            .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
            .status();
        assert!(built.is_ok_and(|status| status.success()), "cargo builds the program");
        // target/debug/deps/it-… is this test; target/debug/roster is the program.
        let own = std::env::current_exe().expect("the path of this test");
        own.ancestors().nth(2).expect("the folder of the profile").join("roster")
    })
}
