//! Taking the values of a row one by one, noting all that is wrong with them.

use super::layout::{Column, Layout};
use super::outcome::{RowCode, RowOutcome};
use super::reader::Row;
use crate::addresses::syntax;
use crate::phones;

/// A rule about a value that is there.
pub(super) type Rule = fn(&str) -> Result<(), (RowCode, String)>;

/// The values of a row that are not taken yet.
pub(super) struct Fields<I> {
    line: u64,
    values: I,
    problems: Vec<RowOutcome>,
}

/// The values of a row with their columns.
pub(super) fn fields(
    layout: Layout,
    row: &Row,
) -> Fields<impl Iterator<Item = (&'static Column, &str)>> {
    let values = layout.columns().zip(row.cells.iter().map(String::as_str));
    Fields { line: row.line, values, problems: Vec::new() }
}

impl<'a, I: Iterator<Item = (&'static Column, &'a str)>> Fields<I> {
    /// Takes a value that may be absent.
    pub(super) fn optional(&mut self) -> Option<String> {
        self.checked(|_| Ok(()))
    }

    /// Takes a telephone number that may be absent.
    pub(super) fn phone(&mut self) -> Option<String> {
        self.checked(|text| phones::check(text).map_err(|wrong| (RowCode::InvalidValue, wrong)))
    }

    /// Takes a value that may be absent and obeys a rule.
    pub(super) fn checked(&mut self, rule: Rule) -> Option<String> {
        self.take(None, rule)
    }

    /// Takes a value that must be there and obeys a rule. It is empty when it is not there.
    pub(super) fn required(&mut self, missing: RowCode, rule: Rule) -> String {
        self.take(Some(missing), rule).unwrap_or_default()
    }

    fn take(&mut self, missing: Option<RowCode>, rule: Rule) -> Option<String> {
        let (column, value) = self.values.next()?;
        let wrong = if value.is_empty() {
            missing.map(|code| (code, "must not be empty.".to_owned()))
        } else {
            general(column, value).and_then(|()| rule(value)).err()
        };
        if let Some((code, wrong)) = wrong {
            self.problems.push(RowOutcome {
                line: self.line,
                column: Some(column.heading),
                code,
                message: format!("'{}' {wrong}", column.heading),
            });
        }
        (!value.is_empty()).then(|| value.to_owned())
    }

    /// What was made of the values, unless something was wrong with one.
    pub(super) fn finish<T>(self, made: T) -> Result<T, Vec<RowOutcome>> {
        if self.problems.is_empty() { Ok(made) } else { Err(self.problems) }
    }
}

/// The rules for every value: its column's length, and no control characters.
fn general(column: &Column, value: &str) -> Result<(), (RowCode, String)> {
    if value.chars().count() > column.max {
        let wrong = format!("must have at most {} characters.", column.max);
        return Err((RowCode::ValueTooLong, wrong));
    }
    if value.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
        return Err((RowCode::InvalidValue, "contains a control character.".to_owned()));
    }
    Ok(())
}

/// The rule of mail addresses.
pub(super) fn mail_address(text: &str) -> Result<(), (RowCode, String)> {
    syntax::smtp_address(text).map(drop).map_err(|wrong| (RowCode::BadAddressSyntax, wrong))
}
