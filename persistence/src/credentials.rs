//! Credentials in the database.

use crate::connection::AnyConnection;
use crate::errors::map;
use crate::schema::{credentials, throttles};
use crate::session::Session;
use crate::types::{At, Json, Key};
use diesel::prelude::*;
use roster_domain::credentials::{Credential, CredentialReads, CredentialWrites, Throttle};
use roster_domain::id::TenantId;
use roster_domain::users::UserId;
use roster_domain::{Result, Timestamp};

#[derive(Insertable)]
#[diesel(table_name = credentials, treat_none_as_default_value = false)]
pub(crate) struct CredentialRow {
    tenant_id: Key,
    user_id: Key,
    hash: String,
    must_change: bool,
    one_time: bool,
    changed_at: At,
    epoch: i64,
}

impl CredentialReads for Session<'_> {
    fn credential(&mut self, tenant: TenantId, user: UserId) -> Result<Option<Credential>> {
        let found = credentials::table
            .find((Key::from(tenant), Key::from(user)))
            .select((
                credentials::hash,
                credentials::must_change,
                credentials::one_time,
                credentials::changed_at,
                credentials::epoch,
            ))
            .get_result::<(String, bool, bool, Timestamp, i64)>(self.conn())
            .optional();
        Ok(found.map_err(map)?.map(|(hash, must_change, one_time, changed, epoch)| Credential {
            hash,
            must_change,
            one_time,
            changed,
            epoch,
        }))
    }

    fn throttle(&mut self, account: &str) -> Result<Throttle> {
        let found = throttles::table
            .find(account)
            .select(throttles::state)
            .get_result::<Json<Throttle>>(self.conn())
            .optional();
        Ok(found.map_err(map)?.map(|Json(state)| state).unwrap_or_default())
    }
}

impl Session<'_> {
    /// The wrong tries at an account, in an unlocked write, as nobody else changes them until it
    /// commits: two processes that are tried at once count one after the other.
    ///
    /// # Errors
    /// When the database fails.
    pub fn lock_throttle(&mut self, account: &str) -> Result<Throttle> {
        if let AnyConnection::Postgres(connection) = self.conn() {
            lock_row(connection, account).map_err(map)?;
        }
        self.throttle(account)
    }

    /// Stores the wrong tries at an account that [`Session::lock_throttle`] read.
    ///
    /// # Errors
    /// When the database fails.
    pub fn put_throttle(&mut self, account: &str, state: &Throttle) -> Result<()> {
        let row = throttles::table.find(account);
        if *state == Throttle::default() {
            return diesel::delete(row).execute(self.conn()).map(drop).map_err(map);
        }
        let values =
            (throttles::state.eq(Json(state.clone())), throttles::updated_at.eq(At(self.now())));
        let updated = diesel::update(row).set(values).execute(self.conn()).map_err(map)?;
        if updated > 0 {
            return Ok(());
        }
        let row = (
            throttles::account.eq(account),
            throttles::state.eq(Json(state.clone())),
            throttles::updated_at.eq(At(self.now())),
        );
        let insert = diesel::insert_into(throttles::table).values(row);
        insert.execute(self.conn()).map(drop).map_err(map)
    }

    /// Accounts, at most so many, at which nobody has tried a wrong password since a time.
    ///
    /// # Errors
    /// When the database fails.
    pub fn stale_throttles(&mut self, before: Timestamp, at_most: i64) -> Result<Vec<String>> {
        let stale = throttles::table.filter(throttles::updated_at.lt(At(before)));
        stale.limit(at_most).select(throttles::account).load(self.conn()).map_err(map)
    }

    /// Forgets the wrong tries at accounts, except where there was one since.
    ///
    /// # Errors
    /// When the database fails.
    pub fn remove_throttles(&mut self, accounts: &[String], before: Timestamp) -> Result<usize> {
        let stale = throttles::table
            .filter(throttles::account.eq_any(accounts))
            .filter(throttles::updated_at.lt(At(before)));
        diesel::delete(stale).execute(self.conn()).map_err(map)
    }
}

/// Locks the row of an account, which is made for that where there is none. Whoever held it before
/// may have removed it meanwhile; then it is made again.
fn lock_row(connection: &mut PgConnection, account: &str) -> QueryResult<()> {
    loop {
        let blank = (
            throttles::account.eq(account),
            throttles::state.eq(Json(Throttle::default())),
            throttles::updated_at.eq(At(Timestamp::default())),
        );
        let insert = diesel::insert_into(throttles::table).values(blank);
        insert.on_conflict_do_nothing().execute(connection)?;
        let row = throttles::table.find(account).select(throttles::account).for_update();
        if row.get_result::<String>(connection).optional()?.is_some() {
            return Ok(());
        }
    }
}

impl CredentialWrites for Session<'_> {
    fn insert_credential(&mut self, user_id: UserId, credential: &Credential) -> Result<()> {
        let row = CredentialRow {
            tenant_id: self.write_tenant()?.into(),
            user_id: user_id.into(),
            hash: credential.hash.clone(),
            must_change: credential.must_change,
            one_time: credential.one_time,
            changed_at: credential.changed.into(),
            epoch: credential.epoch,
        };
        match self.later() {
            Some(later) => later.credentials.push(row),
            None => self.insert(diesel::insert_into(credentials::table).values(row))?,
        }
        Ok(())
    }

    fn put_credential(&mut self, user_id: UserId, credential: &Credential) -> Result<()> {
        let key = (Key::from(self.write_tenant()?), Key::from(user_id));
        let old = diesel::delete(credentials::table.find(key));
        old.execute(self.conn()).map_err(map)?;
        self.insert_credential(user_id, credential)
    }
}
