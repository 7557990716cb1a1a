//! Passwords: which are accepted and how new ones are drawn.

pub mod banned;
pub mod generate;
pub mod policy;

mod judge;
mod profile;

pub use generate::generate;
pub(crate) use judge::judge;
pub use policy::{Context, problems};
pub(crate) use profile::PASSWORD;
pub use profile::Profile;
