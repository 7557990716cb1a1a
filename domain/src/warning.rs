//! Warnings: what a caller should know although the request worked.

/// One entry of `@roster.warnings`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// Stable code.
    pub code: &'static str,
    /// Text for people.
    pub message: String,
    /// Property or object it is about.
    pub target: Option<String>,
}

impl Warning {
    /// A warning about a property.
    pub fn new(code: &'static str, target: &str, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), target: Some(target.to_owned()) }
    }
}
