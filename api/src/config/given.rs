//! The settings as they were given.

use super::SecretText;
use clap::Args;

/// The settings as text, from flags and environment variables; a flag wins. Nothing is judged
/// here, so that [`Config::check`] can report every mistake at once.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Settings")]
pub struct Config {
    /// Address and port to serve on [default: 127.0.0.1:8080]
    #[arg(long, env = "ROSTER_LISTEN", global = true, value_name = "ADDRESS:PORT")]
    pub listen: Option<String>,

    /// sqlite://PATH or postgres://… [default: sqlite://data/roster.db]
    #[arg(long, env = "DATABASE_URL", global = true, value_name = "URL", hide_env_values = true)]
    pub database_url: Option<SecretText>,

    /// Scheme, host and port that clients use; issuer and audience of tokens [default: from the
    /// listening address]
    #[arg(long, env = "ROSTER_PUBLIC_URL", global = true, value_name = "URL")]
    pub public_url: Option<String>,

    /// Name of the organisation created at the first start [default: Contoso]
    #[arg(long, env = "ROSTER_ORGANISATION", global = true, value_name = "NAME")]
    pub organisation: Option<String>,

    /// Initial domain of that organisation [default: contoso.onroster.example]
    #[arg(long, env = "ROSTER_INITIAL_DOMAIN", global = true, value_name = "DOMAIN")]
    pub initial_domain: Option<String>,

    /// Id of the API client created at the first start, instead of a random one
    #[arg(long, env = "ROSTER_BOOTSTRAP_CLIENT_ID", global = true, value_name = "GUID")]
    pub bootstrap_client_id: Option<String>,

    /// Secret of that client, instead of a random one
    #[arg(
        long,
        env = "ROSTER_BOOTSTRAP_CLIENT_SECRET",
        global = true,
        value_name = "SECRET",
        hide_env_values = true
    )]
    pub bootstrap_client_secret: Option<SecretText>,

    /// Whether the token endpoint takes user names and passwords [default: false]
    #[arg(long, env = "ROSTER_PASSWORD_GRANT", global = true, value_name = "BOOL")]
    pub password_grant: Option<String>,

    /// Whether recipient administrators hold their own permission, outside the matrix [default:
    /// true]
    #[arg(long, env = "ROSTER_MANAGE_RECIPIENTS", global = true, value_name = "BOOL")]
    pub manage_recipients: Option<String>,

    /// Key that seals secrets at rest, 32 bytes in base64; required with PostgreSQL [default: a
    /// file beside the SQLite database]
    #[arg(
        long,
        env = "ROSTER_MASTER_KEY",
        global = true,
        value_name = "BASE64",
        hide_env_values = true
    )]
    pub master_key: Option<SecretText>,

    /// Days in which a one-time password must be changed [default: 30]
    #[arg(long, env = "ROSTER_ONE_TIME_PASSWORD_DAYS", global = true, value_name = "NUMBER")]
    pub one_time_password_days: Option<String>,

    /// Certificate chain in PEM; with it the service speaks https
    #[arg(long, env = "ROSTER_TLS_CERT", global = true, value_name = "FILE")]
    pub tls_cert: Option<String>,

    /// Private key of the certificate in PEM
    #[arg(long, env = "ROSTER_TLS_KEY", global = true, value_name = "FILE")]
    pub tls_key: Option<String>,

    /// Origins whose pages may call the service, separated by commas [default: none]
    #[arg(long, env = "ROSTER_CORS_ORIGINS", global = true, value_name = "ORIGINS")]
    pub cors_origins: Option<String>,

    /// Networks of proxies whose X-Forwarded-For is believed, separated by commas [default: none]
    #[arg(long, env = "ROSTER_TRUSTED_PROXIES", global = true, value_name = "NETWORKS")]
    pub trusted_proxies: Option<String>,

    /// Address and port of the metrics [default: none are served]
    #[arg(long, env = "ROSTER_METRICS_LISTEN", global = true, value_name = "ADDRESS:PORT")]
    pub metrics_listen: Option<String>,

    /// What is logged, e.g. `info` or `warn,roster_api=debug` [default:
    /// info,actix_server=warn]
    #[arg(long, env = "ROSTER_LOG", global = true, value_name = "FILTER")]
    pub log: Option<String>,

    /// json or text [default: text on a terminal, else json]
    #[arg(long, env = "ROSTER_LOG_FORMAT", global = true, value_name = "FORMAT")]
    pub log_format: Option<String>,

    /// Threads that serve requests [default: the number of cores]
    #[arg(long, env = "ROSTER_WORKERS", global = true, value_name = "NUMBER")]
    pub workers: Option<String>,

    /// Most entries of address books in memory, about 3 KiB each [default: 500000]
    #[arg(long, env = "ROSTER_ADDRESS_BOOK_ENTRIES", global = true, value_name = "NUMBER")]
    pub address_book_entries: Option<String>,
}
