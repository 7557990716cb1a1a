//! Cryptography of the service: sealed data, signing keys, access tokens, passwords, client
//! credentials and the throttle of sign-ins.
//!
//! Nothing here touches the database or HTTP, and nothing reads the clock: callers pass `now` and
//! store what they are given. Secrets have no `Debug` and are wiped when dropped.

pub mod basic;
pub mod hash_pool;
pub mod jws;
pub mod key_ring;
pub mod keys;
pub mod master_key;
pub mod one_time;
pub mod passwords;
pub mod sealing;
pub mod secrets;
pub mod shares;
pub mod token_cache;
pub mod tokens;
