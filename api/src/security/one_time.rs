//! Passwords that the service makes, to be changed at the first sign-in.

use super::secrets::random_bytes;
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{Rng as _, SeedableRng as _};
use roster_domain::{Result, passwords};
use zeroize::Zeroizing;

/// A password that the service made (R54): 92 random bits.
pub struct OneTimePassword(Zeroizing<String>);

impl OneTimePassword {
    /// Draws a new password.
    ///
    /// # Errors
    /// Internal, when the system has no randomness.
    pub fn generate() -> Result<Self> {
        let mut source = ChaCha20Rng::from_seed(random_bytes()?);
        Ok(Self::draw(&mut |buffer| source.fill_bytes(buffer)))
    }

    /// Draws a new password from a source of randomness.
    pub fn draw(random: &mut dyn FnMut(&mut [u8])) -> Self {
        Self(Zeroizing::new(passwords::generate(&passwords::Context::default(), random)))
    }

    /// The text to hand out, once.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_time_passwords_are_all_different() {
        let texts: std::collections::HashSet<String> =
            (0..100).map(|_| OneTimePassword::generate().unwrap().expose().to_owned()).collect();
        assert_eq!(texts.len(), 100);
    }
}
