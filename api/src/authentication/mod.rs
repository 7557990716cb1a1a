//! Who is calling, and with which right.

mod bearer;
mod cache;

pub use bearer::{Authorized, SignedIn};
pub use cache::ActorCache;
