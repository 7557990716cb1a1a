//! Events in the database.

use crate::errors::map;
use crate::schema::events;
use crate::session::Session;
use crate::types::{At, Json, Key};
use diesel::prelude::*;
use roster_domain::events::Event;
use roster_domain::{Result, Timestamp, Value};
use uuid::{Builder, Uuid};

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

    /// Removes the oldest events from before a time, at most so many, in an unlocked write, and
    /// tells how many there were.
    ///
    /// # Errors
    /// When the database fails.
    pub fn remove_events(&mut self, before: Timestamp, at_most: i64) -> Result<usize> {
        // Identifiers begin with the time, and unlike the time alone they have an index.
        let old = events::table
            .filter(events::id.lt(Key(first_id_at(before))))
            .order(events::id)
            .limit(at_most)
            .select(events::id)
            .load::<Uuid>(self.conn())
            .map_err(map)?;
        let old = events::table.filter(events::id.eq_any(old.into_iter().map(Key)));
        diesel::delete(old).execute(self.conn()).map_err(map)
    }
}

/// The smallest identifier that can be made at a time.
fn first_id_at(time: Timestamp) -> Uuid {
    let millis = u64::try_from(time.micros().div_euclid(1_000)).unwrap_or_default();
    Builder::from_unix_timestamp_millis(millis, &[0; 10]).into_uuid()
}
