//! A bounded cache in front of signature checks.

use std::collections::HashMap;
use std::mem;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// SHA-256 of a token. The token itself is not kept.
pub type Digest = [u8; 32];

/// What was verified, by the digest of the token it was verified from.
///
/// The cache bounds itself by forgetting what was not asked for since it last filled up. Callers
/// insert only what they have verified, so nobody can fill it without valid tokens, and check
/// expiry on every hit, so an entry is worthless once its token is. One lock is enough: it is held
/// for a tenth of a microsecond.
pub struct TokenCache<V> {
    generations: Mutex<Generations<V>>,
    generation_size: usize,
}

/// When `young` is full it becomes `old`, and what was `old` is forgotten.
struct Generations<V> {
    young: HashMap<Digest, V>,
    old: HashMap<Digest, V>,
}

impl<V> Default for Generations<V> {
    fn default() -> Self {
        Self { young: HashMap::new(), old: HashMap::new() }
    }
}

impl<V: Clone> TokenCache<V> {
    /// A cache of at most `capacity` entries, of which the last half asked for are always there.
    pub fn new(capacity: usize) -> Self {
        Self { generations: Mutex::default(), generation_size: (capacity / 2).max(1) }
    }

    /// The entry of a token, if it is remembered.
    pub fn get(&self, digest: &Digest) -> Option<V> {
        let mut generations = self.lock();
        if let Some(found) = generations.young.get(digest) {
            return Some(found.clone());
        }
        let found = generations.old.remove(digest)?;
        generations.remember(self.generation_size, *digest, found.clone());
        Some(found)
    }

    /// Remembers a verified token.
    pub fn insert(&self, digest: Digest, value: V) {
        self.lock().remember(self.generation_size, digest, value);
    }

    /// Forgets everything.
    pub fn clear(&self) {
        *self.lock() = Generations::default();
    }

    fn lock(&self) -> MutexGuard<'_, Generations<V>> {
        self.generations.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<V> Generations<V> {
    fn remember(&mut self, size: usize, digest: Digest, value: V) {
        if self.young.len() >= size {
            self.old = mem::take(&mut self.young);
        }
        self.young.insert(digest, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digest(number: u64) -> Digest {
        let mut digest = [0; 32];
        digest[..8].copy_from_slice(&number.to_le_bytes());
        digest
    }

    fn len(cache: &TokenCache<u64>) -> usize {
        let generations = cache.lock();
        generations.young.len() + generations.old.len()
    }

    #[test]
    fn it_never_holds_more_than_its_capacity() {
        let cache = TokenCache::new(100);
        for number in 0..10_000 {
            cache.insert(digest(number), number);
            cache.get(&digest(number / 2));
            assert!(len(&cache) <= 100);
        }
        assert_eq!(cache.get(&digest(9_999)), Some(9_999));
        assert_eq!(cache.get(&digest(0)), None);
    }

    #[test]
    fn what_is_asked_for_stays_while_others_come_and_go() {
        let cache = TokenCache::new(100);
        cache.insert(digest(0), 0);
        for number in 1..10_000 {
            cache.insert(digest(number), number);
            assert_eq!(cache.get(&digest(0)), Some(0));
        }
    }

    #[test]
    fn clearing_forgets_everything() {
        let cache = TokenCache::new(100);
        (0..80).for_each(|number| cache.insert(digest(number), number));
        cache.clear();
        assert_eq!(len(&cache), 0);
    }
}
