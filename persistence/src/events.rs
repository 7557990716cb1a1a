//! Events in the database.

use crate::errors::map;
use crate::schema::events;
use crate::session::Session;
use crate::types::{At, Json, Key};
use diesel::prelude::*;
use roster_domain::events::Event;
use roster_domain::{Result, Value};

#[derive(Insertable)]
#[diesel(table_name = events, treat_none_as_default_value = false)]
struct EventRow {
    id: Key,
    tenant_id: Option<Key>,
    at: At,
    kind: &'static str,
    outcome: &'static str,
    actor_id: Option<Key>,
    request_id: Option<Key>,
    details: Json<Value<'static>>,
}

impl Session<'_> {
    /// Appends an event, in an unlocked write.
    ///
    /// # Errors
    /// When the database fails.
    pub fn append_event(&mut self, event: &Event) -> Result<()> {
        let row = EventRow {
            id: self.new_uuid().into(),
            tenant_id: event.tenant.map(Key::from),
            at: self.now().into(),
            kind: event.kind,
            outcome: event.outcome,
            actor_id: event.actor.map(Key),
            request_id: event.request.map(Key),
            details: Json(event.details.clone()),
        };
        let insert = diesel::insert_into(events::table).values(row);
        insert.execute(self.conn()).map_err(map)?;
        Ok(())
    }
}
