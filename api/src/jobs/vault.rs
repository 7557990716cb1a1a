//! The secrets of imports.

use crate::security::one_time::OneTimePassword;
use crate::security::passwords::Hasher;
use crate::security::sealing::Sealer;
use roster_domain::Result;
use roster_domain::imports::{NewPassword, Vault};
use std::sync::Arc;

/// What results are sealed for.
const PURPOSE: &str = "import-result";

/// Makes one-time passwords under the service's keyed hash and seals results with its master key.
#[derive(Clone)]
pub struct ServiceVault {
    /// Hashes one-time passwords.
    pub hasher: Arc<Hasher>,
    /// Seals results.
    pub sealer: Arc<Sealer>,
}

impl Vault for ServiceVault {
    fn password(&self) -> Result<NewPassword> {
        let password = OneTimePassword::generate()?;
        let hash = self.hasher.hash_one_time(&password)?.to_string();
        Ok(NewPassword { text: password.expose().to_owned(), hash })
    }

    fn seal(&self, context: &[u8], plain: &[u8]) -> Result<Vec<u8>> {
        self.sealer.seal(PURPOSE, context, plain)
    }

    fn open(&self, context: &[u8], sealed: &[u8]) -> Result<Vec<u8>> {
        self.sealer.open(PURPOSE, context, sealed).map(|plain| plain.to_vec())
    }
}
