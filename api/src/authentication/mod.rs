//! Who is calling, and with which right.

mod bearer;
mod cache;

pub use bearer::{Authorized, Seeking, SignedIn};
pub use cache::ActorCache;
