//! Random secrets that the service makes itself: client secrets, reset and activation links.

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use roster_domain::{Error, Result};
use std::fmt::Write;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// Bytes from the system's generator.
///
/// # Errors
/// Internal, when the system has no randomness.
pub fn random_bytes<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0; N];
    aws_lc_rs::rand::fill(&mut bytes).map_err(|_| Error::internal("no randomness"))?;
    Ok(bytes)
}

/// SHA-256 of data.
pub fn sha256(data: &[u8]) -> [u8; 32] {
    let mut hash = [0; 32];
    hash.copy_from_slice(digest(&SHA256, data).as_ref());
    hash
}

/// A secret of 256 random bits, shown once and stored only as [`SecretDigest`].
///
/// It is written in hexadecimal: letters and digits survive every client's idea of how Basic
/// credentials and links are encoded.
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Draws a new secret.
    ///
    /// # Errors
    /// Internal, when the system has no randomness.
    pub fn generate() -> Result<Self> {
        let bytes = Zeroizing::new(random_bytes::<32>()?);
        let mut text = Zeroizing::new(String::with_capacity(64));
        for byte in bytes.iter() {
            write!(text, "{byte:02x}").map_err(|_| Error::internal("no text of a secret"))?;
        }
        Ok(Self(text))
    }

    /// The text to hand out, once.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// What to store.
    pub fn digest(&self) -> SecretDigest {
        SecretDigest::of(&self.0)
    }
}

/// SHA-256 of a [`Secret`], in base64url.
///
/// A slow or keyed hash would add nothing: nobody can guess 256 random bits.
#[derive(Clone, Debug)]
pub struct SecretDigest(String);

impl SecretDigest {
    /// The digest of what a client presents; also the key under which a link's row is found.
    pub fn of(presented: &str) -> Self {
        Self(URL_SAFE_NO_PAD.encode(sha256(presented.as_bytes())))
    }

    /// A digest as it was stored.
    pub const fn stored(text: String) -> Self {
        Self(text)
    }

    /// The text to store.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether `presented` is the secret behind this digest, in constant time.
    pub fn matches(&self, presented: &str) -> bool {
        bool::from(self.0.as_bytes().ct_eq(Self::of(presented).0.as_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_has_256_bits_in_letters_and_digits_and_differs_each_time() {
        let (one, two) = (Secret::generate().unwrap(), Secret::generate().unwrap());
        assert_eq!(one.expose().len(), 64);
        assert!(one.expose().bytes().all(|byte| byte.is_ascii_alphanumeric()));
        assert_ne!(one.expose(), two.expose());
    }

    #[test]
    fn only_the_secret_itself_matches_its_stored_digest() {
        let secret = Secret::generate().unwrap();
        let stored = SecretDigest::stored(secret.digest().as_str().to_owned());
        assert!(stored.matches(secret.expose()));
        assert!(!stored.as_str().contains(secret.expose()));
        for wrong in ["", &secret.expose()[1..], &secret.expose().to_uppercase(), stored.as_str()] {
            assert!(!stored.matches(wrong), "{wrong}");
        }
    }
}
