//! The service under measurement, with people in it.

use crate::Outcome;
use crate::http::{self, Connection};
use crate::import;
use crate::load::{Load, Maker};
use crate::process::{self, Process};
use serde_json::{Value, json};
use std::fs::File;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

const CLIENT_ID: &str = "0198b2c0-0000-7000-8000-000000000001";
const CLIENT_SECRET: &str = "a-secret-that-only-the-benchmark-uses";
/// 32 bytes in base64.
const MASTER_KEY: &str = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
/// Pages that the listing walks through.
const PAGES: usize = 20;
/// Entries of the address book in one answer, as many as a client shows.
const ENTRIES: usize = 10;
/// People whose names are typed.
const TYPISTS: u32 = 20;

/// How the service is started.
pub(crate) struct Setup {
    /// The release binary.
    pub(crate) binary: PathBuf,
    /// The folder of the database and of the log.
    pub(crate) folder: PathBuf,
    /// A PostgreSQL database without an organisation; else SQLite in the folder.
    pub(crate) database: Option<String>,
}

/// A running service.
pub(crate) struct Directory {
    /// Its process.
    pub(crate) process: Process,
    /// From the start of the process to the first answer.
    pub(crate) start: Duration,
    token: String,
    names: Arc<AtomicU64>,
}

impl Setup {
    /// Starts the service with its default settings; the log goes to a file, as under a supervisor.
    pub(crate) async fn start(&self) -> Outcome<Directory> {
        let address = process::free_address()?;
        let (process, start) = Process::start(&mut self.command(address)?, address).await?;
        let token = token(address).await?;
        // Names of two starts on one database must differ: fewer than one is made in a microsecond.
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?;
        let names = Arc::new(AtomicU64::new(u64::try_from(since.as_micros())?));
        Ok(Directory { process, start, token, names })
    }

    fn command(&self, address: SocketAddr) -> Outcome<Command> {
        let url = |path: &Path| format!("sqlite://{}", path.join("roster.db").display());
        let database = self.database.clone().unwrap_or_else(|| url(&self.folder));
        let mut command = Command::new(&self.binary);
        command
            .env_clear()
            .env("ROSTER_LISTEN", address.to_string())
            .env("DATABASE_URL", database)
            .env("ROSTER_BOOTSTRAP_CLIENT_ID", CLIENT_ID)
            .env("ROSTER_BOOTSTRAP_CLIENT_SECRET", CLIENT_SECRET)
            .env("ROSTER_MASTER_KEY", MASTER_KEY)
            .current_dir(&self.folder)
            .stdout(File::create(self.folder.join("out"))?)
            .stderr(File::create(self.folder.join("log"))?);
        Ok(command)
    }
}

async fn token(address: SocketAddr) -> Outcome<String> {
    let form = format!(
        "grant_type=client_credentials&client_id={CLIENT_ID}&client_secret={CLIENT_SECRET}"
    );
    let request = http::post("/oauth2/token", None, "application/x-www-form-urlencoded", &form);
    let answer = Connection::open(address).await?.exchange(&request).await?;
    let body = answer.expect(200).map_err(|error| {
        format!("no token ({error}); is there an organisation in the database already?")
    })?;
    text(&serde_json::from_slice(&body)?, "access_token")
}

fn text(object: &Value, member: &str) -> Outcome<String> {
    let text = object.get(member).and_then(Value::as_str).ok_or(format!("no {member}"))?;
    Ok(text.to_owned())
}

impl Directory {
    /// Many requests for users by id, each for another one.
    pub(crate) async fn reads(&self, connections: u32, requests: u32) -> Outcome<Load> {
        let mut ids = Vec::new();
        for target in self.pages().await? {
            for user in self.page(&target).await?.0 {
                ids.push(format!("/v1.0/users/{}", text(&user, "id")?));
            }
        }
        Ok(self.gets(ids, connections, requests))
    }

    /// Many requests for pages of 100 users.
    pub(crate) async fn lists(&self, connections: u32, requests: u32) -> Outcome<Load> {
        Ok(self.gets(self.pages().await?, connections, requests))
    }

    /// The bytes of a GET request with the token of the service's client.
    pub(crate) fn get(&self, target: &str) -> Vec<u8> {
        http::get(target, Some(&self.token))
    }

    /// The bytes of a POST request with that token.
    pub(crate) fn post(&self, target: &str, content_type: &str, body: &str) -> Vec<u8> {
        http::post(target, Some(&self.token), content_type, body)
    }

    /// Many requests for the first entries of the address book in the order of names; none where
    /// the build under measurement has no address book yet.
    pub(crate) async fn book(&self, connections: u32, requests: u32) -> Outcome<Option<Load>> {
        let target = format!("/v1.0/addressBook?$top={ENTRIES}");
        let mut connection = Connection::open(self.process.address).await?;
        // Fills the index, which is no part of the measurement.
        let answer = connection.exchange(&self.get(&target)).await?;
        if answer.status == 404 {
            return Ok(None);
        }
        full(&answer.expect(200)?)?;
        Ok(Some(self.gets(vec![target], connections, requests)))
    }

    /// Many requests for entries of the address book, as they come while people type the names of
    /// imported users: first what many have in common, in the end what few do.
    pub(crate) async fn typed(
        &self,
        connections: u32,
        requests: u32,
        imported: u32,
    ) -> Outcome<Load> {
        let mut targets = Vec::new();
        for person in (0..TYPISTS).map(|n| n * (imported / TYPISTS)) {
            let (given, family) = import::name(person);
            let name = format!("{given} {family}").to_lowercase();
            for end in
                (1..=name.len()).filter(|end| !name.get(..*end).unwrap_or(" ").ends_with(' '))
            {
                let typed = name.get(..end).unwrap_or_default().replace(' ', "%20");
                targets.push(format!("/v1.0/addressBook?$top={ENTRIES}&$search={typed}"));
            }
        }
        let mut connection = Connection::open(self.process.address).await?;
        let first = targets.first().ok_or("nobody types")?;
        full(&connection.exchange(&self.get(first)).await?.expect(200)?)?;
        Ok(self.gets(targets, connections, requests))
    }

    fn gets(&self, targets: Vec<String>, connections: u32, requests: u32) -> Load {
        let token = self.token.clone();
        let make: Maker = Arc::new(move |number| {
            let index = usize::try_from(number).unwrap_or_default() % targets.len().max(1);
            let target = targets.get(index).map_or("/", String::as_str);
            http::get(target, Some(&token))
        });
        Load { address: self.process.address, connections, requests, status: 200, make }
    }

    /// Many new users.
    pub(crate) fn creates(&self, connections: u32, requests: u32) -> Load {
        let token = self.token.clone();
        let names = Arc::clone(&self.names);
        let make: Maker = Arc::new(move |_| {
            let number = names.fetch_add(1, Ordering::Relaxed);
            http::post("/v1.0/users", Some(&token), "application/json", &person(number))
        });
        Load { address: self.process.address, connections, requests, status: 201, make }
    }

    /// The paths of the first pages.
    async fn pages(&self) -> Outcome<Vec<String>> {
        let mut pages = vec!["/v1.0/users?$top=100".to_owned()];
        while let Some(last) = pages.last().filter(|_| pages.len() < PAGES) {
            match self.page(last).await?.1 {
                Some(next) => pages.push(next),
                None => break,
            }
        }
        Ok(pages)
    }

    /// The users of a page and the path of the next one.
    async fn page(&self, target: &str) -> Outcome<(Vec<Value>, Option<String>)> {
        let mut connection = Connection::open(self.process.address).await?;
        let answer = connection.exchange(&self.get(target)).await?;
        let page: Value = serde_json::from_slice(&answer.expect(200)?)?;
        let users = page.get("value").and_then(Value::as_array).ok_or("no value")?;
        let next = page.get("@odata.nextLink").and_then(Value::as_str);
        let path = next.and_then(|link| link.find("/v1.0").and_then(|start| link.get(start..)));
        Ok((users.clone(), path.map(str::to_owned)))
    }
}

/// A page of the address book has as many entries as were asked for.
fn full(body: &[u8]) -> Outcome<()> {
    let page: Value = serde_json::from_slice(body)?;
    match page.get("value").and_then(Value::as_array) {
        Some(entries) if entries.len() == ENTRIES => Ok(()),
        _ => Err(format!("not {ENTRIES} entries: {page}").into()),
    }
}

/// The body of a new user.
fn person(number: u64) -> String {
    let name = format!("person{number}");
    json!({
        "userPrincipalName": format!("{name}@contoso.onroster.example"),
        "displayName": format!("Sanne van der Berg {number}"),
        "givenName": "Sanne",
        "surname": "van der Berg",
        "jobTitle": "Policy adviser",
        "department": "Public works",
        "officeLocation": "19.160",
        "businessPhones": ["+31 20 8117092"],
        "mobilePhone": "+31 6 24461484",
        "streetAddress": "Dorpsstraat 18",
        "city": "Amsterdam",
        "postalCode": "1012 AB",
        "country": "Netherlands",
        "usageLocation": "NL",
        "accountEnabled": true,
        "mailNickname": name,
    })
    .to_string()
}
