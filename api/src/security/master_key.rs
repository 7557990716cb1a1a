//! The one key that everything sealed depends on: from the environment, or from a file that only
//! its owner may read.

use super::secrets::random_bytes;
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// Length of the key, in bytes.
const LENGTH: usize = 32;
/// A key file holds one line; anything longer than this is another file.
const MAX_FILE_BYTES: u64 = 256;

/// Why there is no master key; the texts are for the operator who starts the service.
#[derive(Debug, thiserror::Error)]
pub enum MasterKeyError {
    /// The text is not 32 bytes in base64 or hexadecimal.
    #[error(
        "ROSTER_MASTER_KEY must be 32 random bytes in base64 or hexadecimal; \
         `openssl rand -base64 32` makes one"
    )]
    Malformed,
    /// The file is gone while the database holds data that only its key opens.
    #[error(
        "the master key file {0} is missing, but the database holds data sealed with it; \
         restore the file from a backup or set ROSTER_MASTER_KEY"
    )]
    Missing(PathBuf),
    /// Others than the owner may use the file.
    #[error("the master key file {0} has mode {1:04o}; only its owner may read it: chmod 600 {0}")]
    Exposed(PathBuf, u32),
    /// The file does not hold a key.
    #[error(
        "the master key file {0} is damaged: it must hold 32 bytes in base64; \
         restore it from a backup"
    )]
    Damaged(PathBuf),
    /// The file cannot be read or written.
    #[error("the master key file {0}: {1}")]
    Io(PathBuf, std::io::Error),
}

/// 256 random bits from which every other symmetric key is derived.
pub struct MasterKey(Zeroizing<[u8; LENGTH]>);

impl MasterKey {
    /// Wraps key bytes.
    pub fn new(bytes: [u8; LENGTH]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// Reads the key as hexadecimal or as base64 (either alphabet, padded or not).
    ///
    /// # Errors
    /// [`MasterKeyError::Malformed`] for anything but exactly 32 bytes.
    pub fn from_text(text: &str) -> Result<Self, MasterKeyError> {
        let text = text.trim();
        let bytes = if text.len() == 2 * LENGTH { from_hex(text) } else { from_base64(text) };
        bytes.map(Self).ok_or(MasterKeyError::Malformed)
    }

    /// Reads the key file, or makes it where `may_create` says that nothing is sealed yet.
    ///
    /// # Errors
    /// A missing file that may not be made, a file that others may read, or a damaged one. A lost
    /// key is never replaced silently: that would turn all sealed data into noise.
    pub fn load_or_create(path: &Path, may_create: bool) -> Result<Self, MasterKeyError> {
        match Self::load(path) {
            Err(MasterKeyError::Missing(_)) if may_create => {
                create(path).map_err(|error| MasterKeyError::Io(path.into(), error))?;
                Self::load(path)
            }
            loaded => loaded,
        }
    }

    fn load(path: &Path) -> Result<Self, MasterKeyError> {
        let io = |error| MasterKeyError::Io(path.into(), error);
        let file = match File::open(path) {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                return Err(MasterKeyError::Missing(path.into()));
            }
            opened => opened.map_err(io)?,
        };
        // The mode of the open file, so that nobody can swap it between check and use.
        let mode = file.metadata().map_err(io)?.permissions().mode() & 0o7777;
        if mode & !0o600 != 0 {
            return Err(MasterKeyError::Exposed(path.into(), mode));
        }
        let mut content = Zeroizing::new(Vec::with_capacity(256));
        file.take(MAX_FILE_BYTES).read_to_end(&mut content).map_err(io)?;
        std::str::from_utf8(&content)
            .ok()
            .and_then(|text| Self::from_text(text).ok())
            .ok_or_else(|| MasterKeyError::Damaged(path.into()))
    }

    /// The key's bytes.
    pub(super) fn bytes(&self) -> &[u8] {
        self.0.as_slice()
    }
}

/// Writes a new key under another name and links it into place, so that a crash leaves either a
/// whole key file or none, and of two processes that start at once one wins for both.
fn create(path: &Path) -> std::io::Result<()> {
    let random = || random_bytes::<LENGTH>().map_err(|_| std::io::Error::other("no randomness"));
    let key = Zeroizing::new(random()?);
    let text = Zeroizing::new(format!("{}\n", STANDARD_NO_PAD.encode(key.as_slice())));
    let mut draft = path.as_os_str().to_owned();
    draft.push(format!(".{}", uuid::Uuid::now_v7().simple()));
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&draft)?;
    let linked = file
        .write_all(text.as_bytes())
        .and_then(|()| file.sync_all())
        .and_then(|()| std::fs::hard_link(&draft, path));
    std::fs::remove_file(&draft)?;
    match linked {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => return Err(error),
        _ => (),
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}

fn from_base64(text: &str) -> Option<Zeroizing<[u8; LENGTH]>> {
    let standard = Zeroizing::new(text.replace('-', "+").replace('_', "/"));
    let bytes = Zeroizing::new(STANDARD_NO_PAD.decode(standard.trim_end_matches('=')).ok()?);
    Some(Zeroizing::new(<[u8; LENGTH]>::try_from(bytes.as_slice()).ok()?))
}

fn from_hex(text: &str) -> Option<Zeroizing<[u8; LENGTH]>> {
    let mut key = Zeroizing::new([0; LENGTH]);
    let mut digits = text.chars().map(|digit| u8::try_from(digit.to_digit(16)?).ok());
    for byte in key.iter_mut() {
        *byte = digits.next()?? << 4 | digits.next()??;
    }
    Some(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BYTES: [u8; LENGTH] = [0xfb; LENGTH];

    fn with_file<T>(mode: u32, content: &str, check: impl FnOnce(&Path) -> T) -> T {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("roster.key");
        std::fs::write(&path, content).unwrap();
        std::fs::set_permissions(&path, PermissionsExt::from_mode(mode)).unwrap();
        check(&path)
    }

    #[test]
    fn hexadecimal_and_every_spelling_of_base64_give_the_same_key() {
        let padded = base64::engine::general_purpose::STANDARD.encode(BYTES);
        let url = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(BYTES);
        let hex = "fb".repeat(LENGTH);
        for text in [padded.as_str(), url.as_str(), &hex, &hex.to_uppercase(), &format!(" {hex}\n")]
        {
            assert_eq!(MasterKey::from_text(text).ok().unwrap().bytes(), BYTES, "{text}");
        }
    }

    #[test]
    fn text_of_any_other_length_or_alphabet_is_refused_with_the_remedy() {
        let short = STANDARD_NO_PAD.encode([1; 31]);
        let long = STANDARD_NO_PAD.encode([1; 33]);
        let not_hex = "+f".repeat(LENGTH);
        for text in ["", "secret", &short, &long, &not_hex, &"ü".repeat(LENGTH)] {
            let error = MasterKey::from_text(text).err().unwrap();
            assert!(error.to_string().contains("openssl rand"), "{text}");
        }
    }

    #[test]
    fn a_first_start_makes_a_private_file_and_the_next_start_reads_the_same_key() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("roster.key");
        let made = MasterKey::load_or_create(&path, true).ok().unwrap();
        let mode = std::fs::metadata(&path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "no draft is left");
        let read = MasterKey::load_or_create(&path, false).ok().unwrap();
        assert_eq!(made.bytes(), read.bytes());
    }

    #[test]
    fn processes_that_start_at_once_agree_on_one_key() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("roster.key");
        let load = || MasterKey::load_or_create(&path, true).ok().unwrap().bytes().to_vec();
        let keys: Vec<Vec<u8>> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..8).map(|_| scope.spawn(load)).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert!(keys.iter().all(|key| key == &keys[0]));
    }

    #[test]
    fn a_lost_file_is_not_replaced_while_sealed_data_exists() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("roster.key");
        let error = MasterKey::load_or_create(&path, false).err().unwrap();
        assert!(matches!(error, MasterKeyError::Missing(_)));
        assert!(!path.exists());
    }

    #[test]
    fn a_file_that_others_may_read_is_refused() {
        let text = STANDARD_NO_PAD.encode(BYTES);
        for mode in [0o644, 0o640, 0o604, 0o660, 0o700] {
            let error = with_file(mode, &text, |path| MasterKey::load_or_create(path, true).err());
            assert!(error.unwrap().to_string().contains("chmod 600"), "{mode:o}");
        }
        assert!(with_file(0o400, &text, |path| MasterKey::load_or_create(path, true).is_ok()));
    }

    #[test]
    fn a_short_or_long_file_is_refused_and_kept() {
        let text = STANDARD_NO_PAD.encode(BYTES);
        for content in ["", &text[..40], &text.repeat(20)] {
            with_file(0o600, content, |path| {
                let error = MasterKey::load_or_create(path, true).err().unwrap();
                assert!(matches!(error, MasterKeyError::Damaged(_)));
                assert_eq!(std::fs::read_to_string(path).unwrap(), content);
            });
        }
    }
}
