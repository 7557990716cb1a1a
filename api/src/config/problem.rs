//! One mistake in the settings.

use super::SecretText;
use std::fmt;

/// A mistake in the settings: which one, what is wrong, what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Environment variable of the setting, e.g. `ROSTER_LISTEN`.
    pub setting: &'static str,
    /// What is wrong. Never repeats a secret.
    pub problem: String,
    /// How to mend it.
    pub remedy: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} {}", self.setting, self.problem, self.remedy)
    }
}

/// What is wrong with one value, and the remedy.
pub(super) type Wrong = (String, &'static str);

/// A setting as given; an empty one counts as not given.
pub(super) trait Given {
    /// Its text without surrounding space.
    fn text(&self) -> Option<&str>;
}

impl Given for Option<String> {
    fn text(&self) -> Option<&str> {
        self.as_deref().map(str::trim).filter(|text| !text.is_empty())
    }
}

impl Given for Option<SecretText> {
    fn text(&self) -> Option<&str> {
        self.as_ref().map(|secret| secret.expose().trim()).filter(|text| !text.is_empty())
    }
}

/// Collects every mistake, so that an operator mends all of them at once.
#[derive(Default)]
pub(super) struct Findings(Vec<Problem>);

impl Findings {
    /// Notes a mistake.
    pub(super) fn note(&mut self, setting: &'static str, (problem, remedy): Wrong) {
        self.0.push(Problem { setting, problem, remedy: remedy.to_owned() });
    }

    /// Keeps the value or notes the mistake.
    pub(super) fn keep<T>(&mut self, setting: &'static str, read: Result<T, Wrong>) -> Option<T> {
        read.map_err(|wrong| self.note(setting, wrong)).ok()
    }

    /// Reads a value if one is given.
    pub(super) fn read<T>(
        &mut self,
        setting: &'static str,
        given: &impl Given,
        parse: fn(&str) -> Result<T, Wrong>,
    ) -> Option<T> {
        given.text().and_then(|text| self.keep(setting, parse(text)))
    }

    /// Reads values separated by commas; each bad one is a mistake of its own.
    pub(super) fn list<T>(
        &mut self,
        setting: &'static str,
        given: &impl Given,
        parse: fn(&str) -> Result<T, Wrong>,
    ) -> Vec<T> {
        let items = given.text().into_iter().flat_map(|text| text.split(',')).map(str::trim);
        items
            .filter(|item| !item.is_empty())
            .filter_map(|item| self.keep(setting, parse(item)))
            .collect()
    }

    /// The value, unless any mistake was found.
    pub(super) fn unless_any<T>(self, value: T) -> Result<T, Vec<Problem>> {
        if self.0.is_empty() { Ok(value) } else { Err(self.0) }
    }
}
