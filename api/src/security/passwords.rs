//! Passwords of users: how they are hashed and verified.

use super::one_time::OneTimePassword;
use super::sealing::Sealer;
use super::secrets::random_bytes;
use argon2::password_hash::Error as HashError;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use roster_domain::credentials::Fingerprint;
use roster_domain::{Error, Result};
use std::fmt;
use std::hint::black_box;
use std::sync::Arc;
use subtle::ConstantTimeEq;
use unicode_normalization::UnicodeNormalization;
use uuid::Uuid;
use zeroize::Zeroizing;

/// Memory of one Argon2id hash, in KiB (S61: OWASP's minimum).
const MEMORY_KIB: u32 = 19 * 1024;
/// Passes over that memory.
const PASSES: u32 = 2;
/// Lanes computed in parallel.
const LANES: u32 = 1;
/// How the text form of a one-time password's hash begins.
const ONE_TIME: &str = "$roster-one-time$v=1$";

/// What is stored of a password. Both forms are texts of one column.
#[derive(Clone)]
pub enum PasswordHash {
    /// Argon2id as PHC string, for passwords that people choose.
    Chosen(Box<argon2::PasswordHash>),
    /// Salted keyed hash, for passwords that the service made.
    ///
    /// A fast hash is sound here: 85 random bits are in no dictionary and beyond search, and
    /// without the master key, which is not in the database, nothing can be tested at all. It
    /// lets an import make a hundred thousand passwords in seconds.
    OneTime {
        /// Random salt, so that equal passwords have different hashes.
        salt: [u8; 16],
        /// HMAC-SHA-256 of salt and password.
        tag: [u8; 32],
    },
}

impl PasswordHash {
    /// Reads the stored text.
    ///
    /// # Errors
    /// Internal, when it is neither form.
    pub fn parse(text: &str) -> Result<Self> {
        let damaged = || Error::internal("a stored password hash is damaged");
        let Some(fields) = text.strip_prefix(ONE_TIME) else {
            return argon2::PasswordHash::new(text)
                .map(|hash| Self::Chosen(Box::new(hash)))
                .map_err(|_| damaged());
        };
        let (salt, tag) = fields.split_once('$').ok_or_else(damaged)?;
        let bytes = |field| STANDARD_NO_PAD.decode(field).map_err(|_| damaged());
        Ok(Self::OneTime {
            salt: bytes(salt)?.try_into().map_err(|_| damaged())?,
            tag: bytes(tag)?.try_into().map_err(|_| damaged())?,
        })
    }

    /// Whether it should be made anew at the next sign-in: because the parameters have changed, or
    /// because a one-time password outlives its first use.
    pub fn is_outdated(&self) -> bool {
        match self {
            Self::OneTime { .. } => true,
            Self::Chosen(hash) => Params::try_from(hash.as_ref()).is_ok_and(|params| {
                (params.m_cost(), params.t_cost(), params.p_cost()) != (MEMORY_KIB, PASSES, LANES)
            }),
        }
    }
}

impl fmt::Display for PasswordHash {
    /// The text to store.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Chosen(hash) => hash.fmt(f),
            Self::OneTime { salt, tag } => {
                let [salt, tag] = [salt.as_slice(), tag].map(|bytes| STANDARD_NO_PAD.encode(bytes));
                write!(f, "{ONE_TIME}{salt}${tag}")
            }
        }
    }
}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordHash(..)")
    }
}

/// Hashes and verifies passwords. Its slow operations belong into a [`super::hash_pool::HashPool`].
pub struct Hasher {
    argon2: Argon2<'static>,
    sealer: Arc<Sealer>,
}

impl Hasher {
    /// A hasher; the sealer keys the hashes of one-time passwords.
    ///
    /// # Errors
    /// Internal, never in practice: the parameters are constants.
    pub fn new(sealer: Arc<Sealer>) -> Result<Self> {
        let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(no_hash)?;
        Ok(Self { argon2: Argon2::new(Algorithm::Argon2id, Version::V0x13, params), sealer })
    }

    /// Hashes a password that somebody chose. Takes about 20 ms of CPU and 19 MiB.
    ///
    /// # Errors
    /// Internal, when the system has no randomness or memory.
    pub fn hash(&self, password: &str) -> Result<PasswordHash> {
        let salt = random_bytes::<16>()?;
        let hash = self.argon2.hash_password_with_salt(normal(password).as_bytes(), &salt);
        hash.map(|hash| PasswordHash::Chosen(Box::new(hash))).map_err(no_hash)
    }

    /// Hashes a password that the service made. Takes microseconds.
    ///
    /// # Errors
    /// Internal, when the system has no randomness.
    pub fn hash_one_time(&self, password: &OneTimePassword) -> Result<PasswordHash> {
        let salt = random_bytes()?;
        let tag = self.one_time_tag(&salt, password.expose())?;
        Ok(PasswordHash::OneTime { salt, tag })
    }

    /// Whether a password is the one behind the stored hash.
    ///
    /// Every call computes exactly one Argon2id hash, also for a one-time password and for a user
    /// that does not exist (`None`), so that time tells nothing about the account (S30).
    ///
    /// # Errors
    /// Internal, when there is no memory: that is no wrong password.
    pub fn verify(&self, password: &str, stored: Option<&PasswordHash>) -> Result<bool> {
        let password = normal(password);
        match stored {
            Some(PasswordHash::Chosen(hash)) => {
                match self.argon2.verify_password(password.as_bytes(), hash.as_ref()) {
                    Ok(()) => Ok(true),
                    Err(HashError::PasswordInvalid) => Ok(false),
                    Err(error) => Err(no_hash(error)),
                }
            }
            Some(PasswordHash::OneTime { salt, tag }) => {
                self.spend(&password)?;
                Ok(bool::from(self.one_time_tag(salt, &password)?.ct_eq(tag)))
            }
            None => self.spend(&password).map(|()| false),
        }
    }

    /// Fingerprint of a wrong password at one account, for its throttle.
    ///
    /// # Errors
    /// Internal, never in practice.
    pub fn fingerprint(&self, user: Uuid, password: &str) -> Result<Fingerprint> {
        let data = Zeroizing::new([user.as_bytes(), normal(password).as_bytes()].concat());
        let [a, b, c, d, ..] = *self.sealer.mac("wrong-password", &data)?.bytes();
        Ok(Fingerprint(u32::from_le_bytes([a, b, c, d])))
    }

    fn one_time_tag(&self, salt: &[u8; 16], password: &str) -> Result<[u8; 32]> {
        let data = Zeroizing::new([salt, password.as_bytes()].concat());
        Ok(*self.sealer.mac("one-time-password", &data)?.bytes())
    }

    /// Computes a hash for the sake of the time that it takes.
    fn spend(&self, password: &str) -> Result<()> {
        let mut unused = [0; 32];
        self.argon2
            .hash_password_into(password.as_bytes(), &[0; 16], &mut unused)
            .map_err(no_hash)?;
        black_box(unused);
        Ok(())
    }
}

/// The form in which passwords are hashed, so that one typed on another keyboard is the same.
fn normal(password: &str) -> Zeroizing<String> {
    let mut normal = Zeroizing::new(String::with_capacity(password.len().saturating_mul(2)));
    normal.extend(password.nfc());
    normal
}

fn no_hash(error: impl fmt::Display) -> Error {
    Error::internal(format!("no password hash: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::security::master_key::MasterKey;

    fn hasher_with(key: u8) -> Hasher {
        Hasher::new(Arc::new(Sealer::new(&MasterKey::new([key; 32])))).unwrap()
    }

    fn hasher() -> Hasher {
        hasher_with(7)
    }

    /// What a hash is after it was stored and read.
    fn stored(hash: &PasswordHash) -> PasswordHash {
        PasswordHash::parse(&hash.to_string()).unwrap()
    }

    #[test]
    fn a_chosen_password_is_stored_as_argon2id_at_the_recommended_cost() {
        let hash = hasher().hash("Correct horse 1").unwrap();
        assert!(hash.to_string().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(!hash.is_outdated());
        assert_ne!(hash.to_string(), hasher().hash("Correct horse 1").unwrap().to_string());
    }

    #[test]
    fn only_the_password_itself_is_accepted() {
        let hash = stored(&hasher().hash("Correct horse 1").unwrap());
        assert!(hasher().verify("Correct horse 1", Some(&hash)).unwrap());
        for wrong in ["", "correct horse 1", "Correct horse 1 ", "Correct horse", "\0"] {
            assert!(!hasher().verify(wrong, Some(&hash)).unwrap(), "{wrong}");
        }
    }

    #[test]
    fn long_passwords_are_not_cut() {
        for shared in [72, 128, 255] {
            let [one, two] =
                ["a", "b"].map(|last| format!("{}{last}", &"Aa1!".repeat(64)[..shared]));
            let hash = hasher().hash(&one).unwrap();
            assert!(hasher().verify(&one, Some(&hash)).unwrap());
            assert!(!hasher().verify(&two, Some(&hash)).unwrap());
            assert!(!hasher().verify(&one[..shared], Some(&hash)).unwrap());
        }
    }

    #[test]
    fn composed_and_decomposed_letters_are_the_same_password() {
        let hash = hasher().hash("Geb\u{fc}hr 2026").unwrap();
        assert!(hasher().verify("Gebu\u{308}hr 2026", Some(&hash)).unwrap());
    }

    #[test]
    fn a_hash_of_older_parameters_still_verifies_and_is_outdated() {
        let weak = Argon2::new(
            Algorithm::Argon2id,
            Version::V0x13,
            Params::new(8 * 1024, 1, 1, None).unwrap(),
        );
        let hash = weak.hash_password_with_salt(b"Correct horse 1", &[1; 16]).unwrap();
        let hash = stored(&PasswordHash::Chosen(Box::new(hash)));
        assert!(hasher().verify("Correct horse 1", Some(&hash)).unwrap());
        assert!(hash.is_outdated());
    }

    #[test]
    fn a_one_time_password_verifies_after_storage_and_only_with_the_master_key() {
        let password = OneTimePassword::generate().unwrap();
        let hash = stored(&hasher().hash_one_time(&password).unwrap());
        assert!(hasher().verify(password.expose(), Some(&hash)).unwrap());
        assert!(!hasher().verify(&password.expose().to_lowercase(), Some(&hash)).unwrap());
        assert!(!hasher().verify("", Some(&hash)).unwrap());
        assert!(!hasher_with(8).verify(password.expose(), Some(&hash)).unwrap());
        assert!(hash.is_outdated(), "it is for one use");
    }

    #[test]
    fn equal_one_time_passwords_have_different_hashes() {
        let password = OneTimePassword::generate().unwrap();
        let hash = || hasher().hash_one_time(&password).unwrap().to_string();
        assert_ne!(hash(), hash());
    }

    #[test]
    fn damaged_hashes_are_a_fault_and_never_a_match() {
        for text in [
            "",
            "plain",
            "$roster-one-time$v=1$",
            "$roster-one-time$v=1$AAAA$AAAA",
            "$roster-one-time$v=2$AAAAAAAAAAAAAAAAAAAAAA$AAAA",
        ] {
            assert!(PasswordHash::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn an_unknown_user_and_a_one_time_password_cost_as_much_as_a_chosen_one() {
        let hasher = hasher();
        let chosen = hasher.hash("Correct horse 1").unwrap();
        let password = OneTimePassword::generate().unwrap();
        let one_time = hasher.hash_one_time(&password).unwrap();
        let fastest = |password: &str, stored: Option<&PasswordHash>| {
            let time = || {
                let start = std::time::Instant::now();
                hasher.verify(password, stored).unwrap();
                start.elapsed()
            };
            (0..5).map(|_| time()).min().unwrap()
        };
        let base = fastest("wrong", Some(&chosen));
        for (password, stored) in [
            ("wrong", None),
            ("", None),
            ("", Some(&chosen)),
            ("wrong", Some(&one_time)),
            (password.expose(), Some(&one_time)),
        ] {
            // Without the spent hash these would be thousands of times faster; a busy machine may
            // make the first measurement slow.
            assert!(fastest(password, stored) > base / 20, "{password}");
        }
    }

    #[test]
    fn fingerprints_differ_by_user_password_and_key_and_debug_shows_no_hash() {
        let [user, other] = [Uuid::from_u128(1), Uuid::from_u128(2)];
        let fingerprint = hasher().fingerprint(user, "wrong").unwrap();
        assert_eq!(fingerprint, hasher().fingerprint(user, "wrong").unwrap());
        assert_ne!(fingerprint, hasher().fingerprint(user, "Wrong").unwrap());
        assert_ne!(fingerprint, hasher().fingerprint(other, "wrong").unwrap());
        assert_ne!(fingerprint, hasher_with(8).fingerprint(user, "wrong").unwrap());
        let hash = hasher().hash("Correct horse 1").unwrap();
        assert_eq!(format!("{hash:?}"), "PasswordHash(..)");
    }
}
