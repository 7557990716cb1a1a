//! TLS, and addresses that cannot be bound.

use super::{Service, Shell, bind, build};
use crate::config::Config;
use actix_web::rt;
use actix_web::web::Data;
use prometheus_client::registry::Registry;
use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::crypto::aws_lc_rs;
use rustls::{ClientConfig, ClientConnection, RootCertStore};
use std::fs;
use std::net::TcpStream;
use std::sync::Arc;

#[actix_web::test]
async fn https_is_served_with_http_2_and_http_1() {
    let folder = tempfile::tempdir().unwrap();
    let CertifiedKey { cert, signing_key } =
        generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let write = |name: &str, text: String| {
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        Some(path.to_str().unwrap().to_owned())
    };
    let config = Config {
        listen: Some("127.0.0.1:0".to_owned()),
        tls_cert: write("cert.pem", cert.pem()),
        tls_key: write("key.pem", signing_key.serialize_pem()),
        ..Config::default()
    };
    let settings = config.check().ok().unwrap();
    let sockets = bind(&settings).unwrap();
    let port = sockets.address.port();
    let mut registry = Registry::default();
    let service = Service {
        state: Data::new(()),
        register: |_| {},
        ready: Arc::new(|| Box::pin(async { Ok(()) })),
    };
    let shell = Shell::new(&settings, sockets.address, service, &mut registry).unwrap();
    rt::spawn(build(sockets, &settings, shell, registry).unwrap().until_stopped());

    let root = reqwest::Certificate::from_pem(cert.pem().as_bytes()).unwrap();
    let client = reqwest::Client::builder().tls_certs_only([root]).build().unwrap();
    let answer = client.get(format!("https://localhost:{port}/healthz")).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    assert!(answer.headers().contains_key("strict-transport-security"));

    let mut roots = RootCertStore::empty();
    roots.add(cert.der().clone()).unwrap();
    let chosen = rt::task::spawn_blocking(move || protocol(roots, port)).await.unwrap();
    assert_eq!(chosen.as_deref(), Some(&b"h2"[..]));
}

/// The protocol that a client which speaks both gets.
fn protocol(roots: RootCertStore, port: u16) -> Option<Vec<u8>> {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let builder = ClientConfig::builder_with_provider(provider);
    let builder = builder.with_safe_default_protocol_versions().unwrap();
    let mut config = builder.with_root_certificates(roots).with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    let name = "localhost".try_into().unwrap();
    let mut connection = ClientConnection::new(Arc::new(config), name).unwrap();
    let mut stream = TcpStream::connect(("localhost", port)).unwrap();
    while connection.is_handshaking() {
        connection.complete_io(&mut stream).unwrap();
    }
    connection.alpn_protocol().map(<[u8]>::to_vec)
}

#[actix_web::test]
async fn an_address_that_is_taken_is_named() {
    let settings = |listen: String| {
        let config = Config { listen: Some(listen), ..Config::default() };
        config.check().ok().unwrap()
    };
    let first = bind(&settings("127.0.0.1:0".to_owned())).unwrap();
    assert_ne!(first.address.port(), 0);
    let error = bind(&settings(first.address.to_string())).unwrap_err();
    assert!(error.to_string().starts_with(&first.address.to_string()), "{error}");
}
