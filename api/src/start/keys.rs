//! The signing keys in the database: loaded, made when due, removed when their tokens are gone.

use crate::security::key_ring::{KeyRing, RingKey};
use crate::security::keys::SigningKey;
use crate::security::sealing::Sealer;
use roster_domain::{Error, Result};
use roster_persistence::{Clock, SealedKey, Store};
use std::sync::Arc;

const PURPOSE: &str = "signing-key";

/// The ring of all keys; adds a key when one is due and removes expired ones.
///
/// # Errors
/// Internal, when a key cannot be opened with the master key; unavailable, when the database
/// cannot be reached.
pub(super) async fn load(store: &Store, sealer: &Sealer, clock: &dyn Clock) -> Result<KeyRing> {
    let ring = stored(store, sealer).await?;
    let now = clock.now();
    for key in ring.expired(now) {
        let kid = key.kid().to_owned();
        store.unlocked(store.inputs()?, move |session| session.delete_signing_key(&kid)).await?;
    }
    if !ring.rotation_due(now) {
        return Ok(ring);
    }
    let key = SigningKey::generate()?;
    let row = SealedKey {
        kid: key.kid().to_owned(),
        sealed: sealer.seal(PURPOSE, key.kid().as_bytes(), &key.to_pkcs8()?)?,
        created_at: now,
        signs_from: ring.next_signs_from(now),
    };
    store.unlocked(store.inputs()?, move |session| session.insert_signing_key(&row)).await?;
    stored(store, sealer).await
}

async fn stored(store: &Store, sealer: &Sealer) -> Result<KeyRing> {
    let rows = store.read(|session| session.signing_keys()).await?;
    let opened = rows.into_iter().map(|row| {
        let der = sealer.open(PURPOSE, row.kid.as_bytes(), &row.sealed).map_err(|_| {
            Error::internal(
                "the master key is not the one that sealed this database's signing keys; set \
                 ROSTER_MASTER_KEY to it, or put its file back",
            )
        })?;
        let key = Arc::new(SigningKey::from_pkcs8(&der)?);
        Ok(RingKey { key, signs_from: row.signs_from })
    });
    Ok(KeyRing::new(opened.collect::<Result<Vec<_>>>()?))
}
