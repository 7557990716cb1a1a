//! Sealed data: what lies in the database but may be read only with the master key.

use super::master_key::MasterKey;
use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use aws_lc_rs::{hkdf, hmac};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use roster_domain::{Error, Result};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// First byte of sealed data: HKDF-SHA-256 and AES-256-GCM with a random nonce.
const VERSION: u8 = 1;
const TAG_LENGTH: usize = 16;

/// Seals, opens and authenticates data with keys derived from the master key, one per purpose.
///
/// A purpose is a constant that names what the data is (`signing-key`, `outgoing-mail`); data
/// sealed for one purpose cannot be opened for another. Random nonces allow 2³² seals for each
/// purpose before the chance of a repeated one reaches 2⁻³³.
pub struct Sealer {
    root: hkdf::Prk,
}

impl Sealer {
    /// A sealer over the master key, of which it keeps only a derived root.
    pub fn new(key: &MasterKey) -> Self {
        let salt = hkdf::Salt::new(hkdf::HKDF_SHA256, b"roster");
        Self { root: salt.extract(key.bytes()) }
    }

    /// Encrypts and authenticates. `context` is whatever the data must not be moved away from,
    /// e.g. the id of its row; the same context is needed to open it.
    ///
    /// # Errors
    /// Internal, when the system has no randomness.
    pub fn seal(&self, purpose: &'static str, context: &[u8], plaintext: &[u8]) -> Result<Vec<u8>> {
        let mut body = Vec::with_capacity(plaintext.len().saturating_add(TAG_LENGTH));
        body.extend_from_slice(plaintext);
        let nonce = self
            .cipher(purpose)?
            .seal_in_place_append_tag(Aad::from(bound_to(purpose, context)), &mut body)
            .map_err(|_| Error::internal(format!("sealing of {purpose} failed")))?;
        Ok([&[VERSION], nonce.as_ref().as_slice(), body.as_slice()].concat())
    }

    /// Opens sealed data.
    ///
    /// # Errors
    /// Internal, when the data was sealed by another master key, for another purpose or context,
    /// or was altered.
    pub fn open(
        &self,
        purpose: &'static str,
        context: &[u8],
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>> {
        let refused = || {
            Error::internal(format!(
                "sealed {purpose} cannot be opened: another master key sealed it, or it was altered"
            ))
        };
        let Some((&VERSION, rest)) = sealed.split_first() else {
            return Err(refused());
        };
        let (nonce, body) = rest.split_at_checked(NONCE_LEN).ok_or_else(refused)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| refused())?;
        let mut body = Zeroizing::new(body.to_vec());
        let length = self
            .cipher(purpose)?
            .open_in_place(nonce, Aad::from(bound_to(purpose, context)), &mut body)
            .map_err(|_| refused())?
            .len();
        body.truncate(length);
        Ok(body)
    }

    /// Keyed hash (HMAC-SHA-256) of data, under the purpose's own key.
    ///
    /// # Errors
    /// Internal, never in practice: the length of the derived key is fixed.
    pub fn mac(&self, purpose: &'static str, data: &[u8]) -> Result<Mac> {
        let key = self.derive("mac", purpose)?;
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key.as_slice()), data);
        let mut mac = Mac([0; 32]);
        mac.0.copy_from_slice(tag.as_ref());
        Ok(mac)
    }

    fn cipher(&self, purpose: &'static str) -> Result<RandomizedNonceKey> {
        RandomizedNonceKey::new(&AES_256_GCM, self.derive("seal", purpose)?.as_slice())
            .map_err(|_| Error::internal("no cipher for sealing"))
    }

    fn derive(&self, use_: &'static str, purpose: &'static str) -> Result<Zeroizing<[u8; 32]>> {
        let mut key = Zeroizing::new([0; 32]);
        self.root
            .expand(&[use_.as_bytes(), b"\0", purpose.as_bytes()], hkdf::HKDF_SHA256)
            .and_then(|derived| derived.fill(key.as_mut_slice()))
            .map_err(|_| Error::internal("no key derivation"))?;
        Ok(key)
    }
}

/// What sealed data is authenticated with besides itself. A purpose is a constant without NUL, so
/// the boundary is unambiguous.
fn bound_to(purpose: &'static str, context: &[u8]) -> Vec<u8> {
    [&[VERSION], purpose.as_bytes(), b"\0", context].concat()
}

/// A keyed hash. Comparison takes the same time wherever the first difference lies.
#[derive(Clone, Copy)]
pub struct Mac([u8; 32]);

impl Mac {
    /// The 32 bytes.
    pub const fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// As base64url without padding, for links and columns.
    pub fn text(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    /// Whether `text` is this hash in the form of [`Mac::text`].
    pub fn matches_text(&self, text: &str) -> bool {
        bool::from(self.text().as_bytes().ct_eq(text.as_bytes()))
    }
}

impl PartialEq for Mac {
    fn eq(&self, other: &Self) -> bool {
        bool::from(self.0.ct_eq(&other.0))
    }
}
impl Eq for Mac {}

#[cfg(test)]
mod tests {
    use super::*;

    fn sealer() -> Sealer {
        Sealer::new(&MasterKey::new([7; 32]))
    }

    #[test]
    fn what_was_sealed_opens_again_and_never_shows_its_content() {
        for plaintext in [b"".as_slice(), b"a canary secret", &[0; 100_000]] {
            let sealed = sealer().seal("mail", b"row 1", plaintext).unwrap();
            assert_eq!(sealer().open("mail", b"row 1", &sealed).unwrap().as_slice(), plaintext);
            assert_eq!(sealed.len(), 1 + NONCE_LEN + plaintext.len() + TAG_LENGTH);
        }
        let sealed = sealer().seal("mail", b"", b"a canary secret").unwrap();
        assert!(!sealed.windows(6).any(|window| window == b"canary"));
    }

    #[test]
    fn a_change_of_any_bit_or_length_is_noticed() {
        let sealed = sealer().seal("mail", b"row 1", b"text").unwrap();
        for position in 0..sealed.len() {
            for bit in 0..8 {
                let mut altered = sealed.clone();
                altered[position] ^= 1 << bit;
                assert!(sealer().open("mail", b"row 1", &altered).is_err());
            }
            assert!(sealer().open("mail", b"row 1", &sealed[..position]).is_err());
        }
        assert!(sealer().open("mail", b"row 1", &[sealed, vec![0]].concat()).is_err());
    }

    #[test]
    fn another_purpose_context_or_master_key_opens_nothing() {
        let sealed = sealer().seal("mail", b"row 1", b"text").unwrap();
        let other = Sealer::new(&MasterKey::new([8; 32]));
        assert!(sealer().open("mail2", b"row 1", &sealed).is_err());
        assert!(sealer().open("mail", b"row 2", &sealed).is_err());
        assert!(sealer().open("mail", b"", &sealed).is_err());
        assert!(other.open("mail", b"row 1", &sealed).is_err());
    }

    #[test]
    fn sealing_the_same_text_twice_looks_different() {
        let seal = || sealer().seal("mail", b"", b"text").unwrap();
        assert_ne!(seal(), seal());
    }

    #[test]
    fn the_error_of_an_altered_seal_tells_the_client_nothing() {
        let error = sealer().open("signing-key", b"", b"\x01short").unwrap_err();
        assert_eq!(error.kind, roster_domain::Kind::Internal);
        assert!(!error.message.contains("signing-key"));
        assert!(error.internal.unwrap().contains("master key"));
    }

    #[test]
    fn a_keyed_hash_depends_on_data_purpose_and_key() {
        let mac = sealer().mac("next-link", b"page 2").unwrap();
        assert!(mac == sealer().mac("next-link", b"page 2").unwrap());
        assert!(mac != sealer().mac("next-link", b"page 3").unwrap());
        assert!(mac != sealer().mac("upload", b"page 2").unwrap());
        assert!(mac != Sealer::new(&MasterKey::new([8; 32])).mac("next-link", b"page 2").unwrap());
        assert!(mac.matches_text(&mac.text()));
        assert!(!mac.matches_text(&mac.text()[1..]));
    }
}
