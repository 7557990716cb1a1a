//! Keys that sign access tokens.

use super::secrets::sha256;
use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize, PublicKey};
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA256, RsaPublicKeyComponents};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::DecodingKey;
use roster_domain::{Error, Result};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

/// Shortest modulus we sign with, in bytes: RSA 3072 has 128 bits of strength (S61).
const MODULUS_BYTES: usize = 384;
/// Key type of a [`PublicJwk`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum KeyType {
    /// RSA, the only one we use.
    #[serde(rename = "RSA")]
    Rsa,
}

/// Algorithm of a [`PublicJwk`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum KeyAlgorithm {
    /// RSASSA-PKCS1-v1_5 with SHA-256, the only one we use.
    #[serde(rename = "RS256")]
    Rs256,
}

/// What the key of a [`PublicJwk`] is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum KeyUse {
    /// Signatures, the only use we have.
    #[serde(rename = "sig")]
    Signature,
}

/// A public key as the key set shows it (RFC 7517). It has no private member by construction, and
/// reading one refuses any other member, use or algorithm.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PublicJwk {
    /// Type of the key.
    pub kty: KeyType,
    /// Modulus, base64url, without leading zero bytes.
    pub n: String,
    /// Exponent, base64url.
    pub e: String,
    /// Algorithm the key is bound to.
    pub alg: KeyAlgorithm,
    /// What the key is for.
    #[serde(rename = "use")]
    pub use_: KeyUse,
    /// The key's name: its thumbprint (RFC 7638).
    pub kid: String,
}

impl PublicJwk {
    fn of(key: &PublicKey) -> Self {
        let RsaPublicKeyComponents::<Vec<u8>> { n, e } = key.into();
        let (n, e) = (URL_SAFE_NO_PAD.encode(n), URL_SAFE_NO_PAD.encode(e));
        // RFC 7638: required members in the order of their names, without white space.
        let canonical = format!(r#"{{"e":"{e}","kty":"RSA","n":"{n}"}}"#);
        let kid = URL_SAFE_NO_PAD.encode(sha256(canonical.as_bytes()));
        let (kty, alg, use_) = (KeyType::Rsa, KeyAlgorithm::Rs256, KeyUse::Signature);
        Self { kty, n, e, alg, use_, kid }
    }

    /// The key to verify signatures with.
    ///
    /// # Errors
    /// Internal, when the modulus has fewer than 3072 bits or a leading zero byte, or the exponent
    /// is not 65537.
    pub fn verification_key(&self) -> Result<DecodingKey> {
        let modulus = URL_SAFE_NO_PAD.decode(&self.n).unwrap_or_default();
        if modulus.len() < MODULUS_BYTES || modulus.first() == Some(&0) || self.e != "AQAB" {
            return Err(Error::internal("a signing key is not RSA of at least 3072 bits"));
        }
        DecodingKey::from_rsa_components(&self.n, &self.e)
            .map_err(|error| Error::internal(format!("no verification key: {error}")))
    }
}

/// An RSA key that signs access tokens.
pub struct SigningKey {
    pair: KeyPair,
    jwk: PublicJwk,
    verification_key: DecodingKey,
}

impl SigningKey {
    /// Makes a new key of 3072 bits. Takes up to a second: never inside a transaction.
    ///
    /// # Errors
    /// Internal, when the system has no randomness.
    pub fn generate() -> Result<Self> {
        let pair = KeyPair::generate(KeySize::Rsa3072);
        Self::new(pair.map_err(|_| Error::internal("no new signing key"))?)
    }

    /// Reads a key back from its PKCS#8 form.
    ///
    /// # Errors
    /// Internal, when it is no RSA key of at least 3072 bits.
    pub fn from_pkcs8(der: &[u8]) -> Result<Self> {
        let pair = KeyPair::from_pkcs8(der);
        Self::new(pair.map_err(|error| Error::internal(format!("a signing key: {error}")))?)
    }

    /// The private key as PKCS#8, to be sealed before it is stored.
    ///
    /// # Errors
    /// Internal, never in practice.
    pub fn to_pkcs8(&self) -> Result<Zeroizing<Vec<u8>>> {
        let der = self.pair.as_der().map_err(|_| Error::internal("no export of a signing key"))?;
        Ok(Zeroizing::new(der.as_ref().to_vec()))
    }

    /// The key's name.
    pub fn kid(&self) -> &str {
        &self.jwk.kid
    }

    /// The public half, as the key set shows it.
    pub const fn jwk(&self) -> &PublicJwk {
        &self.jwk
    }

    /// The public half, as a verifier needs it.
    pub const fn verification_key(&self) -> &DecodingKey {
        &self.verification_key
    }

    /// RS256 signature of a message. `jsonwebtoken` would parse the private key anew each time.
    pub(super) fn sign(&self, message: &[u8]) -> Result<Vec<u8>> {
        let mut signature = vec![0; self.pair.public_modulus_len()];
        self.pair
            .sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature)
            .map_err(|_| Error::internal("signing failed"))?;
        Ok(signature)
    }

    fn new(pair: KeyPair) -> Result<Self> {
        let jwk = PublicJwk::of(pair.public_key());
        let verification_key = jwk.verification_key()?;
        Ok(Self { pair, jwk, verification_key })
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use std::sync::{Arc, LazyLock};

    /// Keys shared by the tests of a process: making one takes a while.
    pub(crate) static KEYS: [LazyLock<Arc<SigningKey>>; 2] =
        [LazyLock::new(key), LazyLock::new(key)];

    fn key() -> Arc<SigningKey> {
        Arc::new(SigningKey::generate().unwrap())
    }

    #[test]
    fn the_public_key_shows_exactly_the_public_members() {
        let jwk = serde_json::to_value(KEYS[0].jwk()).unwrap();
        let mut members: Vec<&str> = jwk.as_object().unwrap().keys().map(String::as_str).collect();
        members.sort_unstable();
        assert_eq!(members, ["alg", "e", "kid", "kty", "n", "use"]);
        assert_eq!((&jwk["kty"], &jwk["alg"]), (&"RSA".into(), &"RS256".into()));
        assert_eq!((&jwk["use"], &jwk["e"]), (&"sig".into(), &"AQAB".into()));
        let modulus = URL_SAFE_NO_PAD.decode(jwk["n"].as_str().unwrap()).unwrap();
        assert_eq!(modulus.len(), MODULUS_BYTES);
        assert!(modulus[0] >= 0x80, "3072 bits, no leading zero byte");
    }

    #[test]
    fn the_name_of_a_key_is_its_thumbprint() {
        let value = serde_json::to_string(KEYS[0].jwk()).unwrap();
        let jwk: jsonwebtoken::jwk::Jwk = serde_json::from_str(&value).unwrap();
        let thumbprint = jwk.thumbprint(jsonwebtoken::jwk::ThumbprintHash::SHA256).unwrap();
        assert_eq!(KEYS[0].kid(), thumbprint);
        assert_ne!(KEYS[0].kid(), KEYS[1].kid());
    }

    #[test]
    fn a_key_survives_export_and_import() {
        let read = SigningKey::from_pkcs8(&KEYS[0].to_pkcs8().unwrap()).unwrap();
        assert_eq!(read.jwk(), KEYS[0].jwk());
        assert_eq!(read.sign(b"text").unwrap(), KEYS[0].sign(b"text").unwrap());
    }

    #[test]
    fn shorter_and_damaged_keys_are_refused() {
        let short = KeyPair::generate(KeySize::Rsa2048).unwrap().as_der().unwrap();
        assert!(SigningKey::from_pkcs8(short.as_ref()).is_err());
        let good = KEYS[0].to_pkcs8().unwrap();
        assert!(SigningKey::from_pkcs8(&good[..good.len() - 1]).is_err());
        assert!(SigningKey::from_pkcs8(b"").is_err());
    }

    #[test]
    fn a_published_key_for_another_use_or_with_private_members_is_refused() {
        let good = serde_json::to_value(KEYS[0].jwk()).unwrap();
        assert!(serde_json::from_value::<PublicJwk>(good.clone()).is_ok());
        for (member, value) in [
            ("use", "enc"),
            ("alg", "PS256"),
            ("kty", "oct"),
            ("key_ops", "encrypt"),
            ("d", "AQAB"),
        ] {
            let mut bad = good.clone();
            bad[member] = value.into();
            assert!(serde_json::from_value::<PublicJwk>(bad).is_err(), "{member}");
        }
    }
}
