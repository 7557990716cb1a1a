//! Managers in the database.

use crate::errors::map;
use crate::schema::{contacts, users};
use crate::session::Session;
use crate::types::Key;
use diesel::prelude::*;
use roster_domain::Result;
use roster_domain::managers::ManagerWrites;
use roster_domain::objects::ObjectKind;
use uuid::Uuid;

impl ManagerWrites for Session<'_> {
    fn forget_manager(&mut self, manager: Uuid) -> Result<Vec<(ObjectKind, Uuid)>> {
        let tenant = Key::from(self.write_tenant()?);
        let none: Option<Key> = None;
        let of_users = || {
            users::table
                .filter(users::tenant_id.eq(tenant))
                .filter(users::manager_id.eq(Key(manager)))
        };
        let reports = of_users().order(users::id).select(users::id).load(self.conn());
        let users: Vec<Uuid> = reports.map_err(map)?;
        let next = (users::manager_id.eq(none), users::version.eq(users::version + 1));
        diesel::update(of_users()).set(next).execute(self.conn()).map_err(map)?;
        let of_contacts = || {
            contacts::table
                .filter(contacts::tenant_id.eq(tenant))
                .filter(contacts::manager_id.eq(Key(manager)))
        };
        let reports = of_contacts().order(contacts::id).select(contacts::id).load(self.conn());
        let contacts: Vec<Uuid> = reports.map_err(map)?;
        let next = (contacts::manager_id.eq(none), contacts::version.eq(contacts::version + 1));
        diesel::update(of_contacts()).set(next).execute(self.conn()).map_err(map)?;
        let users = users.into_iter().map(|id| (ObjectKind::User, id));
        let contacts = contacts.into_iter().map(|id| (ObjectKind::Contact, id));
        Ok(users.chain(contacts).collect())
    }
}
