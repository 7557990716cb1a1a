//! Which key signs when: the rotation of signing keys.

use super::keys::SigningKey;
use super::tokens::{LEEWAY_SECONDS, LIFETIME_SECONDS};
use roster_domain::Timestamp;
use std::sync::Arc;

/// How long a new key is published before it signs, so that every cache of the key set has it.
const PUBLISHED_AHEAD_SECONDS: i64 = 24 * 3600;
/// How long a key stays published after its last signature: the life of a token, and the
/// difference of two clocks.
const KEPT_SECONDS: i64 = LIFETIME_SECONDS + 2 * LEEWAY_SECONDS;
/// Age of a signing key, in days, at which a successor should be made.
const ROTATION_DAYS: i64 = 90;

/// A signing key and the time from which it signs.
#[derive(Clone)]
pub struct RingKey {
    /// The key.
    pub key: Arc<SigningKey>,
    /// From when on it signs, until its successor does.
    pub signs_from: Timestamp,
}

/// All signing keys of the service. Which one signs and which are published follows from
/// `signs_from` alone, so every process with the same rows agrees at every moment.
#[derive(Clone, Default)]
pub struct KeyRing {
    /// By `signs_from`, then name.
    keys: Vec<RingKey>,
}

impl KeyRing {
    /// A ring of stored keys, in any order.
    pub fn new(keys: impl IntoIterator<Item = RingKey>) -> Self {
        let mut keys: Vec<RingKey> = keys.into_iter().collect();
        keys.sort_by(|a, b| (a.signs_from, a.key.kid()).cmp(&(b.signs_from, b.key.kid())));
        Self { keys }
    }

    /// Names of all keys, in the order in which they sign.
    pub fn names(&self) -> Vec<&str> {
        self.keys.iter().map(|entry| entry.key.kid()).collect()
    }

    /// From when on a key made now should sign: at once as the first, else a day after it is
    /// published.
    pub fn next_signs_from(&self, now: Timestamp) -> Timestamp {
        if self.keys.is_empty() { now } else { now.plus_seconds(PUBLISHED_AHEAD_SECONDS) }
    }

    /// Whether a successor should be made: there is no key, or the newest has signed for 90 days.
    pub fn rotation_due(&self, now: Timestamp) -> bool {
        self.keys.last().is_none_or(|newest| newest.signs_from.plus_days(ROTATION_DAYS) <= now)
    }

    /// The key that signs now; none in an empty ring. A clock set back before the first key's
    /// time still finds that key.
    pub fn signing(&self, now: Timestamp) -> Option<&SigningKey> {
        let current = self.keys.iter().rev().find(|entry| entry.signs_from <= now);
        current.or(self.keys.first()).map(|entry| entry.key.as_ref())
    }

    /// The keys whose tokens are valid now, with those that will sign soon: the public key set.
    pub fn published(&self, now: Timestamp) -> impl Iterator<Item = &SigningKey> {
        self.with_end().filter(move |(_, end)| *end > now).map(|(entry, _)| entry.key.as_ref())
    }

    /// The keys whose last token has expired: their rows may be deleted.
    pub fn expired(&self, now: Timestamp) -> impl Iterator<Item = &SigningKey> {
        self.with_end().filter(move |(_, end)| *end <= now).map(|(entry, _)| entry.key.as_ref())
    }

    /// The published key of a name.
    pub fn find(&self, kid: &str, now: Timestamp) -> Option<&SigningKey> {
        self.published(now).find(|key| key.kid() == kid)
    }

    /// Each key with the time at which its last token has expired.
    fn with_end(&self) -> impl Iterator<Item = (&RingKey, Timestamp)> {
        let successors = self.keys.iter().skip(1).map(Some).chain([None]);
        self.keys.iter().zip(successors).map(|(entry, successor)| {
            let end = successor.map(|next| next.signs_from.plus_seconds(KEPT_SECONDS));
            (entry, end.unwrap_or(Timestamp::from_micros(i64::MAX)))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::security::keys::tests::KEYS;

    const START: Timestamp = Timestamp::from_micros(1_800_000_000_000_000);

    fn ring(times: &[Timestamp]) -> KeyRing {
        let keys = KEYS.iter().zip(times);
        KeyRing::new(keys.map(|(key, time)| RingKey { key: Arc::clone(key), signs_from: *time }))
    }

    fn names<'a>(keys: impl Iterator<Item = &'a SigningKey>) -> Vec<&'a str> {
        keys.map(SigningKey::kid).collect()
    }

    #[test]
    fn the_first_key_signs_at_once_and_a_later_one_a_day_after_it_is_published() {
        assert_eq!(KeyRing::default().next_signs_from(START), START);
        assert!(KeyRing::default().signing(START).is_none());
        assert_eq!(ring(&[START]).next_signs_from(START), START.plus_days(1));
    }

    #[test]
    fn rotation_overlaps_so_that_no_valid_token_loses_its_key() {
        let change = START.plus_days(90);
        let ring = ring(&[START, change]);
        let [old, new] = [KEYS[0].kid(), KEYS[1].kid()];
        for (moment, signing, published) in [
            (START, old, vec![old, new]),
            (change.plus_seconds(-1), old, vec![old, new]),
            (change, new, vec![old, new]),
            (change.plus_seconds(LIFETIME_SECONDS + LEEWAY_SECONDS), new, vec![old, new]),
            (change.plus_seconds(KEPT_SECONDS), new, vec![new]),
        ] {
            assert_eq!(ring.signing(moment).unwrap().kid(), signing);
            assert_eq!(names(ring.published(moment)), published);
            assert_eq!(ring.find(old, moment).is_some(), published.contains(&old));
            assert_eq!(names(ring.expired(moment)).is_empty(), published.contains(&old));
        }
    }

    #[test]
    fn rotation_is_due_after_90_days_and_not_while_a_successor_waits() {
        let due = START.plus_days(ROTATION_DAYS);
        assert!(KeyRing::default().rotation_due(START));
        assert!(!ring(&[START]).rotation_due(due.plus_seconds(-1)));
        assert!(ring(&[START]).rotation_due(due));
        assert!(!ring(&[START, due.plus_days(1)]).rotation_due(due));
    }

    #[test]
    fn a_clock_set_back_still_finds_a_key_to_sign_with() {
        let ring = ring(&[START]);
        assert_eq!(ring.signing(START.plus_days(-400)).unwrap().kid(), KEYS[0].kid());
    }
}
