//! `roster openapi`

use super::{CommandError, print};
use crate::cli::OpenapiArgs;
use crate::openapi::{self, CHECKED_IN, Installation};
use std::fs;

/// Prints the document, or compares it with the checked-in one.
///
/// # Errors
/// When the checked-in document is missing or differs.
pub fn run(args: &OpenapiArgs) -> Result<(), CommandError> {
    let document = openapi::document(&Installation::default(), super::serve::REGISTER);
    let text = openapi::text(&document).map_err(|error| CommandError::Failed(error.to_string()))?;
    if !args.check {
        return print(&text);
    }
    let checked_in = fs::read_to_string(CHECKED_IN)
        .map_err(|error| CommandError::Io(CHECKED_IN.to_owned(), error))?;
    compare(&checked_in, &text)
}

fn compare(checked_in: &str, current: &str) -> Result<(), CommandError> {
    if checked_in == current {
        return Ok(());
    }
    let same = |(old, new): &(&str, &str)| old == new;
    let line = checked_in.lines().zip(current.lines()).take_while(same).count().saturating_add(1);
    Err(CommandError::Failed(format!(
        "{CHECKED_IN} is not current from line {line} on. \
         Write it anew with `roster openapi > {CHECKED_IN}`."
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_that_is_not_current_is_named() {
        assert!(compare("a\nb\n", "a\nb\n").is_ok());
        for (checked_in, line) in [("a\nx\nc\n", "line 2 "), ("", "line 1 "), ("a\n", "line 2 ")] {
            let error = compare(checked_in, "a\nb\nc\n").unwrap_err().to_string();
            assert!(error.contains(line), "{error}");
        }
    }
}
