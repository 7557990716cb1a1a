//! What the settings mean, once all of them are sound.

use super::problem::{Findings, Given as _};
use super::{Config, LogFormat, Problem, SecretText, tls, values};
use crate::security::master_key::MasterKey;
use ipnet::IpNet;
use rustls::ServerConfig;
use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::thread::available_parallelism;
use uuid::Uuid;

/// Entries of address books in memory unless the settings say otherwise: about 1.5 GiB.
const BOOK_ENTRIES: usize = 500_000;
/// Life of a one-time password unless the settings say otherwise, in days: as long as the result of an
/// import, which tells many of them, is kept.
const ONE_TIME_DAYS: i64 = roster_domain::limits::IMPORT_RESULT_DAYS;

/// The first API client, where its id and secret are chosen by the operator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BootstrapClient {
    /// Its id (`appid`).
    pub id: Uuid,
    /// Its secret.
    pub secret: SecretText,
}

/// Sound settings.
pub struct Checked {
    /// Address to serve on; port 0 lets the system choose.
    pub listen: SocketAddr,
    /// Where the data lives; it may hold a password.
    pub database_url: SecretText,
    /// The public URL the operator gave; see [`Checked::public_url`].
    pub given_public_url: Option<String>,
    /// Name of the organisation created at the first start.
    pub organisation: String,
    /// Its initial domain, in lower case.
    pub initial_domain: String,
    /// Its first API client; none lets the service draw id and secret.
    pub bootstrap_client: Option<BootstrapClient>,
    /// Whether the token endpoint takes user names and passwords.
    pub password_grant: bool,
    /// Whether `manage_recipients` (A1) exists.
    pub manage_recipients: bool,
    /// Days in which a one-time password must be changed.
    pub one_time_password_days: i64,
    /// The master key; none means the file beside the SQLite database.
    pub master_key: Option<MasterKey>,
    /// Certificate and key; none means plain http.
    pub tls: Option<ServerConfig>,
    /// Origins whose pages may call the service.
    pub cors_origins: Vec<String>,
    /// Networks of proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// Address of the metrics; none means they are not served.
    pub metrics_listen: Option<SocketAddr>,
    /// What is logged.
    pub log_filter: String,
    /// How it is written.
    pub log_format: LogFormat,
    /// Threads that serve requests.
    pub workers: usize,
    /// Most entries of address books in memory.
    pub address_book_entries: usize,
}

impl Checked {
    /// Whether the data lives in a PostgreSQL server rather than the embedded database.
    pub fn is_postgres(&self) -> bool {
        self.database_url.expose().starts_with("postgres")
    }

    /// The URL that clients use, without a trailing slash: as given, else from the address the
    /// service is bound to. Issuer and audience of tokens, start of every link.
    pub fn public_url(&self, bound: SocketAddr) -> String {
        self.given_public_url.clone().unwrap_or_else(|| {
            let scheme = if self.tls.is_some() { "https" } else { "http" };
            if bound.ip().is_unspecified() {
                format!("{scheme}://localhost:{}", bound.port())
            } else {
                format!("{scheme}://{bound}")
            }
        })
    }
}

impl Config {
    /// What the settings mean.
    ///
    /// # Errors
    /// Every mistake, each with its setting and remedy.
    pub fn check(&self) -> Result<Checked, Vec<Problem>> {
        let mut found = Findings::default();
        let f = &mut found;
        let checked = Checked {
            listen: f
                .read("ROSTER_LISTEN", &self.listen, values::address)
                .unwrap_or(SocketAddr::from(([127, 0, 0, 1], 8080))),
            database_url: f
                .read("DATABASE_URL", &self.database_url, values::database_url)
                .unwrap_or_else(|| SecretText::new("sqlite://data/roster.db")),
            given_public_url: f.read("ROSTER_PUBLIC_URL", &self.public_url, values::origin),
            organisation: f
                .read("ROSTER_ORGANISATION", &self.organisation, values::organisation)
                .unwrap_or_else(|| "Contoso".to_owned()),
            initial_domain: f
                .read("ROSTER_INITIAL_DOMAIN", &self.initial_domain, values::domain)
                .unwrap_or_else(|| "contoso.onroster.example".to_owned()),
            bootstrap_client: self.bootstrap_client(f),
            password_grant: f
                .read("ROSTER_PASSWORD_GRANT", &self.password_grant, values::boolean)
                .unwrap_or(false),
            manage_recipients: f
                .read("ROSTER_MANAGE_RECIPIENTS", &self.manage_recipients, values::boolean)
                .unwrap_or(true),
            one_time_password_days: f
                .read("ROSTER_ONE_TIME_PASSWORD_DAYS", &self.one_time_password_days, values::days)
                .unwrap_or(ONE_TIME_DAYS),
            master_key: f.read("ROSTER_MASTER_KEY", &self.master_key, values::master_key),
            tls: self.tls(f),
            cors_origins: f.list("ROSTER_CORS_ORIGINS", &self.cors_origins, values::origin),
            trusted_proxies: f.list(
                "ROSTER_TRUSTED_PROXIES",
                &self.trusted_proxies,
                values::network,
            ),
            metrics_listen: f.read("ROSTER_METRICS_LISTEN", &self.metrics_listen, values::address),
            log_filter: f
                .read("ROSTER_LOG", &self.log, values::log_filter)
                .unwrap_or_else(|| "info,actix_server=warn".to_owned()),
            log_format: f
                .read("ROSTER_LOG_FORMAT", &self.log_format, values::log_format)
                .unwrap_or_default(),
            workers: f
                .read("ROSTER_WORKERS", &self.workers, values::workers)
                .unwrap_or_else(|| available_parallelism().map_or(1, NonZeroUsize::get)),
            address_book_entries: f
                .read("ROSTER_ADDRESS_BOOK_ENTRIES", &self.address_book_entries, values::entries)
                .unwrap_or(BOOK_ENTRIES),
        };
        self.check_together(f, &checked);
        found.unless_any(checked)
    }

    /// Id and secret of the first client: both or neither.
    fn bootstrap_client(&self, found: &mut Findings) -> Option<BootstrapClient> {
        const ID: &str = "ROSTER_BOOTSTRAP_CLIENT_ID";
        const SECRET: &str = "ROSTER_BOOTSTRAP_CLIENT_SECRET";
        let id = found.read(ID, &self.bootstrap_client_id, values::client_id);
        let secret = found.read(SECRET, &self.bootstrap_client_secret, values::client_secret);
        let remedy = "Give both or neither.";
        match (self.bootstrap_client_id.text(), self.bootstrap_client_secret.text()) {
            (Some(_), None) => found.note(SECRET, ("the client id has no secret.".into(), remedy)),
            (None, Some(_)) => found.note(ID, ("the client secret has no id.".into(), remedy)),
            (Some(_), Some(_)) | (None, None) => {}
        }
        Some(BootstrapClient { id: id?, secret: secret? })
    }

    /// Certificate and key: both or neither, readable, and made for each other.
    fn tls(&self, found: &mut Findings) -> Option<ServerConfig> {
        const CERT: &str = "ROSTER_TLS_CERT";
        const KEY: &str = "ROSTER_TLS_KEY";
        let chain = found.read(CERT, &self.tls_cert, tls::certificates);
        let key = found.read(KEY, &self.tls_key, tls::private_key);
        let remedy = "Give both or neither.";
        match (self.tls_cert.text(), self.tls_key.text()) {
            (Some(_), None) => found.note(KEY, ("the certificate has no key.".into(), remedy)),
            (None, Some(_)) => found.note(CERT, ("the key has no certificate.".into(), remedy)),
            (Some(_), Some(_)) | (None, None) => {}
        }
        found.keep(KEY, tls::server_config(chain?, key?))
    }

    /// What is wrong only in the light of another setting.
    fn check_together(&self, found: &mut Findings, checked: &Checked) {
        if checked.is_postgres() && self.master_key.text().is_none() {
            let problem = "the key is required with PostgreSQL.".to_owned();
            found.note("ROSTER_MASTER_KEY", (problem, "Make one with `openssl rand -base64 32`."));
        }
        if checked.metrics_listen == Some(checked.listen) && checked.listen.port() != 0 {
            let problem = "the metrics have the address of the service.".to_owned();
            found.note("ROSTER_METRICS_LISTEN", (problem, "Give them a port of their own."));
        }
    }
}
