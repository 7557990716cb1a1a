//! Slowing down guesses at one account's password (R66).

use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// Wrong tries before the first lock.
const FREE_TRIES: u32 = 10;
/// Length of the first lock, in seconds; each later wrong try doubles it.
const FIRST_LOCK_SECONDS: i64 = 60;
/// Longest lock, in seconds: nobody is locked for good.
const LONGEST_LOCK_SECONDS: i64 = 3600;
/// After this time without a wrong try, in seconds, earlier ones are forgotten.
pub const MEMORY_SECONDS: i64 = 24 * 3600;
/// How many different wrong passwords are remembered.
const REMEMBERED: usize = 3;

/// Keyed fingerprint of a wrong password. 32 bits
/// recognise a repeated mistake and say little about the password to somebody who steals the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fingerprint(pub u32);

/// The account takes no passwords until then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Locked {
    /// End of the lock.
    pub until: Timestamp,
}

/// Wrong tries at one account, over all addresses and all ways to present a password.
///
/// Ask [`Throttle::check`] first. While it refuses, a try is answered like a wrong password, also
/// when the password is right, and is not counted, so that nobody can prolong another's lock.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Throttle {
    /// Wrong tries that counted.
    tries: u32,
    /// The last wrong passwords, newest last.
    recent: Vec<Fingerprint>,
    /// When the last wrong try counted.
    last: Timestamp,
    /// End of the current or last lock.
    locked_until: Timestamp,
}

impl Throttle {
    /// Whether a password may be tried now.
    ///
    /// # Errors
    /// [`Locked`], with the end of the lock.
    pub fn check(&self, now: Timestamp) -> Result<(), Locked> {
        // A lock that ends later than any lock may was set by a clock that has been set back.
        let latest = now.plus_seconds(LONGEST_LOCK_SECONDS);
        if now < self.locked_until && self.locked_until <= latest {
            return Err(Locked { until: self.locked_until });
        }
        Ok(())
    }

    /// Counts a wrong password, unless it repeats one of the last three or the account is locked.
    pub fn failed(&mut self, now: Timestamp, password: Fingerprint) {
        if self.check(now).is_err() {
            return;
        }
        if now >= self.last.plus_seconds(MEMORY_SECONDS) {
            *self = Self::default();
        }
        if self.recent.contains(&password) {
            return;
        }
        if self.recent.len() >= REMEMBERED {
            self.recent.remove(0);
        }
        self.recent.push(password);
        self.tries = self.tries.saturating_add(1);
        self.last = now;
        if let Some(doublings) = self.tries.checked_sub(FREE_TRIES) {
            let length = FIRST_LOCK_SECONDS.saturating_mul(1 << doublings.min(16));
            self.locked_until = now.plus_seconds(length.min(LONGEST_LOCK_SECONDS));
        }
    }

    /// Forgets everything: the right password was given, or an administrator set a new one.
    pub fn succeeded(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Timestamp = Timestamp::from_micros(1_800_000_000_000_000);

    /// A throttle after a number of different wrong passwords, each tried as soon as possible, and
    /// the time of the last one.
    fn after(tries: u32) -> (Throttle, Timestamp) {
        let (mut throttle, mut now) = (Throttle::default(), START);
        for password in 0..tries {
            if let Err(locked) = throttle.check(now) {
                now = locked.until;
            }
            throttle.failed(now, Fingerprint(password));
        }
        (throttle, now)
    }

    /// Length of the lock in force after a number of wrong tries, in seconds.
    fn lock_after(tries: u32) -> Option<i64> {
        let (throttle, now) = after(tries);
        throttle.check(now).err().map(|locked| locked.until.seconds() - now.seconds())
    }

    #[test]
    fn the_tenth_wrong_try_locks_for_a_minute_and_later_ones_for_longer_up_to_an_hour() {
        let locks: Vec<Option<i64>> = (9..=17).map(lock_after).collect();
        let minutes = [1, 2, 4, 8, 16, 32, 60, 60].map(|minutes| Some(minutes * 60));
        assert_eq!(locks[0], None);
        assert_eq!(locks[1..], minutes);
        assert_eq!(lock_after(500), Some(LONGEST_LOCK_SECONDS));
    }

    #[test]
    fn a_lock_ends_by_itself() {
        let (throttle, now) = after(10);
        assert!(throttle.check(now.plus_seconds(59)).is_err());
        assert!(throttle.check(now.plus_seconds(60)).is_ok());
    }

    #[test]
    fn tries_during_a_lock_neither_count_nor_prolong_it() {
        let (mut throttle, now) = after(10);
        let before = throttle.clone();
        (0..1000).for_each(|second| {
            throttle.failed(now.plus_seconds(second % 60), Fingerprint(7_000));
        });
        assert_eq!(throttle, before);
    }

    #[test]
    fn repeating_one_of_the_last_three_wrong_passwords_does_not_count() {
        let mut throttle = Throttle::default();
        for round in 0..1000 {
            throttle.failed(START, Fingerprint(round % 3));
        }
        assert!(throttle.check(START).is_ok());
        assert_eq!(throttle.tries, 3);
    }

    #[test]
    fn a_wrong_password_older_than_the_last_three_counts_again() {
        let mut throttle = Throttle::default();
        for round in 0..10 {
            throttle.failed(START, Fingerprint(round % 4));
        }
        assert!(throttle.check(START).is_err());
        assert_eq!(throttle.recent.len(), REMEMBERED);
    }

    #[test]
    fn success_forgets_every_wrong_try() {
        let (mut throttle, now) = after(9);
        throttle.succeeded();
        throttle.failed(now, Fingerprint(100));
        assert!(throttle.check(now).is_ok());
        assert_eq!(throttle.tries, 1);
    }

    #[test]
    fn a_quiet_day_forgets_wrong_tries() {
        let (mut throttle, now) = after(9);
        throttle.failed(now.plus_seconds(MEMORY_SECONDS), Fingerprint(100));
        assert_eq!(throttle.tries, 1);
        let (mut throttle, now) = after(9);
        throttle.failed(now.plus_seconds(MEMORY_SECONDS - 1), Fingerprint(100));
        assert!(throttle.check(now.plus_seconds(MEMORY_SECONDS)).is_err());
    }

    #[test]
    fn a_clock_set_back_by_a_year_leaves_nobody_locked() {
        let (throttle, now) = after(20);
        assert!(throttle.check(now).is_err());
        assert!(throttle.check(now.plus_days(-365)).is_ok());
    }

    #[test]
    fn the_state_survives_storage() {
        let (throttle, now) = after(12);
        let json = serde_json::to_string(&throttle).unwrap();
        let stored: Throttle = serde_json::from_str(&json).unwrap();
        assert_eq!(stored, throttle);
        assert_eq!(stored.check(now), throttle.check(now));
    }
}
