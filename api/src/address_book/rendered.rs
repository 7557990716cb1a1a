//! Entries as they are answered.

use roster_domain::address_book::Entry;
use roster_domain::properties::{Entity as _, Property};
use serde::ser::{Serialize, SerializeMap as _, Serializer};

/// The JSON of an entry with all its properties, made once.
#[derive(Debug)]
pub(super) struct Rendered(Box<[u8]>);

/// An entry with some of its properties.
struct Chosen<'a, P>(&'a Entry, P);

impl<P> Serialize for Chosen<'_, P>
where
    P: Iterator<Item = &'static Property<Entry>> + Clone,
{
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(entry, properties) = self;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("@odata.type", entry.kind.odata_type())?;
        for property in properties.clone() {
            map.serialize_entry(property.name, &(property.get)(entry))?;
        }
        map.end()
    }
}

impl Rendered {
    pub(super) fn of(entry: &Entry) -> Self {
        Self(json(entry, Entry::PROPERTIES.iter()).into())
    }

    pub(super) const fn json(&self) -> &[u8] {
        &self.0
    }
}

/// The JSON of an entry with some of its properties.
pub(super) fn json(
    entry: &Entry,
    properties: impl Iterator<Item = &'static Property<Entry>> + Clone,
) -> Vec<u8> {
    // Writing plain texts to memory cannot fail.
    serde_json::to_vec(&Chosen(entry, properties)).unwrap_or_default()
}
