//! Signing keys in the database, sealed.

use crate::errors::map;
use crate::schema::signing_keys;
use crate::session::Session;
use crate::types::At;
use diesel::prelude::*;
use roster_domain::{Result, Timestamp};

/// A key that signs access tokens.
#[derive(Clone, Debug, PartialEq, Eq, Insertable, Queryable, Selectable)]
#[diesel(table_name = signing_keys)]
pub struct SealedKey {
    /// Its name in token headers.
    pub kid: String,
    /// The private key, sealed.
    pub sealed: Vec<u8>,
    /// When it was made.
    #[diesel(serialize_as = At)]
    pub created_at: Timestamp,
    /// When it begins to sign; published before that.
    #[diesel(serialize_as = At)]
    pub signs_from: Timestamp,
}

impl Session<'_> {
    /// All keys.
    ///
    /// # Errors
    /// When the database fails.
    pub fn signing_keys(&mut self) -> Result<Vec<SealedKey>> {
        let keys = signing_keys::table.select(SealedKey::as_select()).load(self.conn());
        keys.map_err(map)
    }

    /// Adds a key, in an unlocked write.
    ///
    /// # Errors
    /// When the database fails.
    pub fn insert_signing_key(&mut self, key: &SealedKey) -> Result<()> {
        let insert = diesel::insert_into(signing_keys::table).values(key.clone());
        insert.execute(self.conn()).map_err(map)?;
        Ok(())
    }

    /// Removes a key whose last token has expired, in an unlocked write.
    ///
    /// # Errors
    /// When the database fails.
    pub fn delete_signing_key(&mut self, kid: &str) -> Result<()> {
        let delete = diesel::delete(signing_keys::table.find(kid));
        delete.execute(self.conn()).map_err(map)?;
        Ok(())
    }
}
