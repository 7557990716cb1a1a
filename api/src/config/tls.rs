//! Certificate and key of the https listener.

use super::problem::Wrong;
use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs;
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use std::sync::Arc;

/// The certificate chain of a PEM file; never empty.
pub(super) fn certificates(path: &str) -> Result<Vec<CertificateDer<'static>>, Wrong> {
    let chain = CertificateDer::pem_file_iter(path)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| (format!("{path} cannot be read: {error}."), "Name a PEM file."))?;
    if chain.is_empty() {
        let problem = format!("{path} holds no certificate.");
        return Err((problem, "Name a PEM file with the certificate first, then its chain."));
    }
    Ok(chain)
}

/// The private key of a PEM file.
pub(super) fn private_key(path: &str) -> Result<PrivateKeyDer<'static>, Wrong> {
    PrivateKeyDer::from_pem_file(path).map_err(|error| {
        let problem = format!("no private key can be read from {path}: {error}.");
        (problem, "Name a PEM file with an unencrypted private key.")
    })
}

/// TLS 1.2 and 1.3 with this certificate; the server adds h2 and http/1.1 to ALPN.
pub(super) fn server_config(
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
) -> Result<ServerConfig, Wrong> {
    ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, key))
        .map_err(|error| {
            let problem = format!("certificate and key do not work together: {error}.");
            (problem, "Name the key of this certificate.")
        })
}
