//! The settings: read from flags and environment as text, then checked all at once.
//!
//! [`Config`] is what was given, [`Checked`] is what it means, [`strangers`] finds variables that
//! are misspelt. Nothing else reads the environment.

mod checked;
mod given;
mod problem;
mod secret_text;
mod strangers;
#[cfg(test)]
mod tests;
mod tls;
mod values;

pub use checked::{BootstrapClient, Checked};
pub use given::Config;
pub use problem::Problem;
pub use secret_text::SecretText;
pub use strangers::strangers;
pub use values::LogFormat;
