//! What settings are taken, and how mistakes are named.

use super::{Checked, Config, LogFormat, SecretText};
use rcgen::{CertifiedKey, KeyPair, generate_simple_self_signed};
use std::fs;
use std::net::SocketAddr;

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn secret(text: &str) -> Option<SecretText> {
    Some(SecretText::new(text))
}

/// The settings that have a mistake, in the order they are reported.
#[track_caller]
fn mistaken(config: &Config) -> Vec<&'static str> {
    config.check().err().unwrap().iter().map(|problem| problem.setting).collect()
}

#[track_caller]
fn sound(config: &Config) -> Checked {
    config.check().unwrap_or_else(|problems| panic!("{problems:?}"))
}

#[test]
fn without_settings_the_service_has_its_documented_defaults() {
    let settings = sound(&Config::default());
    assert_eq!(settings.listen.to_string(), "127.0.0.1:8080");
    assert_eq!(settings.database_url.expose(), "sqlite://data/roster.db");
    assert_eq!(settings.public_url(settings.listen), "http://127.0.0.1:8080");
    assert_eq!(settings.organisation, "Contoso");
    assert_eq!(settings.initial_domain, "contoso.onroster.example");
    assert!(!settings.password_grant);
    assert!(settings.manage_recipients);
    assert_eq!(settings.one_time_password_days, 30);
    assert!(settings.bootstrap_client.is_none() && settings.master_key.is_none());
    assert!(settings.tls.is_none() && settings.metrics_listen.is_none());
    assert!(settings.cors_origins.is_empty() && settings.trusted_proxies.is_empty());
    assert!(settings.workers >= 1);
}

#[test]
fn every_mistake_is_named_at_once_with_its_remedy() {
    let config = Config {
        listen: some("8080"),
        database_url: secret("mysql://root:hunter2@db/x"),
        public_url: some("ftp://x"),
        organisation: some(&"x".repeat(300)),
        initial_domain: some("no_domain"),
        bootstrap_client_id: some("first"),
        bootstrap_client_secret: secret("hunter2"),
        password_grant: some("perhaps"),
        manage_recipients: some("2"),
        one_time_password_days: some("0"),
        master_key: secret("hunter2"),
        tls_cert: some("/nowhere/cert.pem"),
        tls_key: some("/nowhere/key.pem"),
        cors_origins: some("*, https://a.example/path"),
        trusted_proxies: some("10.0.0.0/8, everyone"),
        metrics_listen: some("localhost"),
        log: some("[["),
        log_format: some("xml"),
        workers: some("0"),
        address_book_entries: some("many"),
    };
    let problems = config.check().err().unwrap();
    let mut named: Vec<_> = problems.iter().map(|problem| problem.setting).collect();
    named.sort_unstable();
    assert_eq!(
        named,
        [
            "DATABASE_URL",
            "ROSTER_ADDRESS_BOOK_ENTRIES",
            "ROSTER_BOOTSTRAP_CLIENT_ID",
            "ROSTER_BOOTSTRAP_CLIENT_SECRET",
            "ROSTER_CORS_ORIGINS",
            "ROSTER_CORS_ORIGINS",
            "ROSTER_INITIAL_DOMAIN",
            "ROSTER_LISTEN",
            "ROSTER_LOG",
            "ROSTER_LOG_FORMAT",
            "ROSTER_MANAGE_RECIPIENTS",
            "ROSTER_MASTER_KEY",
            "ROSTER_METRICS_LISTEN",
            "ROSTER_ONE_TIME_PASSWORD_DAYS",
            "ROSTER_ORGANISATION",
            "ROSTER_PASSWORD_GRANT",
            "ROSTER_PUBLIC_URL",
            "ROSTER_TLS_CERT",
            "ROSTER_TLS_KEY",
            "ROSTER_TRUSTED_PROXIES",
            "ROSTER_WORKERS",
        ]
    );
    for problem in &problems {
        let text = problem.to_string();
        assert!(!text.contains("hunter2"), "{text}");
        assert!(!problem.remedy.is_empty(), "{text}");
    }
    assert!(!format!("{config:?}").contains("hunter2"));
}

#[test]
fn an_empty_setting_counts_as_not_given() {
    let settings = sound(&Config {
        listen: some(""),
        master_key: secret(" "),
        cors_origins: some(" , "),
        tls_cert: some(""),
        ..Config::default()
    });
    assert_eq!(settings.listen.port(), 8080);
    assert!(settings.master_key.is_none() && settings.cors_origins.is_empty());
}

#[test]
fn postgresql_needs_a_master_key() {
    let config = Config { database_url: secret("postgres://db/roster"), ..Config::default() };
    assert_eq!(mistaken(&config), ["ROSTER_MASTER_KEY"]);
    let key = secret("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=");
    let settings = sound(&Config { master_key: key, ..config });
    assert!(settings.is_postgres() && settings.master_key.is_some());
}

#[test]
fn addresses_of_databases_are_read() {
    let read = |url| Config { database_url: secret(url), ..Config::default() }.check().is_ok();
    assert!(read("sqlite://x.db") && read("sqlite:///var/x.db") && read("sqlite::memory:"));
    for url in ["sqlite://", "sqlite:x.db", "postgres://", "x.db", "sqlite://x.db?mode=ro"] {
        assert!(!read(url), "{url}");
    }
}

#[test]
fn id_and_secret_of_the_first_client_go_together() {
    let id = some("0192f0c1-2b3d-7c4e-8f5a-6b7c8d9e0f10");
    let config = Config { bootstrap_client_id: id, ..Config::default() };
    assert_eq!(mistaken(&config), ["ROSTER_BOOTSTRAP_CLIENT_SECRET"]);
    let bootstrap_client_secret = secret("correct-horse");
    let settings = sound(&Config { bootstrap_client_secret, ..config.clone() });
    assert_eq!(settings.bootstrap_client.unwrap().secret.expose(), "correct-horse");
    let config = Config {
        bootstrap_client_id: None,
        bootstrap_client_secret: secret("correct-horse"),
        ..config
    };
    assert_eq!(mistaken(&config), ["ROSTER_BOOTSTRAP_CLIENT_ID"]);
}

#[test]
fn the_public_url_is_the_one_given_else_the_bound_address() {
    let public_url = some("https://directory.example.org/");
    let settings = sound(&Config { public_url, ..Config::default() });
    let bound = SocketAddr::from(([0, 0, 0, 0], 4711));
    assert_eq!(settings.public_url(bound), "https://directory.example.org");
    let settings = sound(&Config::default());
    assert_eq!(settings.public_url(bound), "http://localhost:4711");
    assert_eq!(settings.public_url("[::1]:80".parse().unwrap()), "http://[::1]:80");
    for url in ["x", "https://", "https://a/b", "https://a?b", "https://u@a", "http:///"] {
        let config = Config { public_url: some(url), ..Config::default() };
        assert_eq!(mistaken(&config), ["ROSTER_PUBLIC_URL"], "{url}");
    }
}

#[test]
fn certificate_and_key_are_read_and_must_belong_together() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: String| {
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        Some(path.to_str().unwrap().to_owned())
    };
    let CertifiedKey { cert, signing_key } =
        generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let config = Config {
        tls_cert: file("cert.pem", cert.pem()),
        tls_key: file("key.pem", signing_key.serialize_pem()),
        ..Config::default()
    };
    let settings = sound(&config);
    assert_eq!(settings.public_url(settings.listen), "https://127.0.0.1:8080");

    let other = file("other.pem", KeyPair::generate().unwrap().serialize_pem());
    assert_eq!(mistaken(&Config { tls_key: other, ..config.clone() }), ["ROSTER_TLS_KEY"]);
    assert_eq!(mistaken(&Config { tls_key: None, ..config.clone() }), ["ROSTER_TLS_KEY"]);
    assert_eq!(mistaken(&Config { tls_cert: None, ..config.clone() }), ["ROSTER_TLS_CERT"]);
    let tls_cert = config.tls_key.clone();
    assert_eq!(mistaken(&Config { tls_cert, ..config }), ["ROSTER_TLS_CERT"]);
}

#[test]
fn lists_and_switches_are_read() {
    let settings = sound(&Config {
        password_grant: some("TRUE"),
        manage_recipients: some("off"),
        cors_origins: some("https://a.example , http://localhost:3000/"),
        trusted_proxies: some("10.0.0.0/8,::1"),
        log_format: some("JSON"),
        workers: some("3"),
        address_book_entries: some("20000"),
        ..Config::default()
    });
    assert!(settings.password_grant && !settings.manage_recipients);
    assert_eq!(settings.cors_origins, ["https://a.example", "http://localhost:3000"]);
    assert_eq!(settings.trusted_proxies.len(), 2);
    assert_eq!(settings.log_format, LogFormat::Json);
    assert_eq!((settings.workers, settings.address_book_entries), (3, 20_000));
}

#[test]
fn the_initial_domain_has_the_limit_of_names_of_users() {
    let domain = |length: usize| format!("{}.example", "d".repeat(length - ".example".len()));
    let config = |name: &str| Config { initial_domain: some(name), ..Config::default() };
    assert_eq!(sound(&config("Contoso.Example")).initial_domain, "contoso.example");
    assert_eq!(sound(&config(&domain(48))).initial_domain, domain(48));
    let problems = config(&domain(49)).check().err().unwrap();
    let text = problems[0].to_string();
    assert!(text.contains("at most 48 characters"), "{text}");
    for name in ["no_domain", "contoso", "-a.example", "a.1", "a..b"] {
        assert_eq!(mistaken(&config(name)), ["ROSTER_INITIAL_DOMAIN"], "{name}");
    }
}

#[test]
fn the_metrics_need_an_address_of_their_own() {
    let metrics_listen = some("127.0.0.1:8080");
    let config = Config { metrics_listen, ..Config::default() };
    assert_eq!(mistaken(&config), ["ROSTER_METRICS_LISTEN"]);
}
