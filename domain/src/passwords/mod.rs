//! Passwords: which are accepted and how new ones are drawn.

pub mod banned;
pub mod generate;
pub mod policy;

mod profile;

pub use generate::generate;
pub use policy::{Context, problems};
pub use profile::Profile;
