//! Managers in the database.

use crate::errors::map;
use crate::schema::{contacts, users};
use crate::session::Session;
use crate::types::Key;
use diesel::prelude::*;
use roster_domain::Result;
use roster_domain::managers::ManagerWrites;
use uuid::Uuid;

impl ManagerWrites for Session<'_> {
    fn forget_manager(&mut self, manager: Uuid) -> Result<()> {
        let tenant = Key::from(self.write_tenant()?);
        let none: Option<Key> = None;
        let of_users = users::table
            .filter(users::tenant_id.eq(tenant))
            .filter(users::manager_id.eq(Key(manager)));
        let update = diesel::update(of_users).set(users::manager_id.eq(none));
        update.execute(self.conn()).map_err(map)?;
        let of_contacts = contacts::table
            .filter(contacts::tenant_id.eq(tenant))
            .filter(contacts::manager_id.eq(Key(manager)));
        let update = diesel::update(of_contacts).set(contacts::manager_id.eq(none));
        update.execute(self.conn()).map_err(map)?;
        Ok(())
    }
}
