//! Telephone numbers: kept as people write them.

/// Most characters of a number (R13).
pub const MAX_LENGTH: usize = 64;

/// Checks a number leniently: at most 64 characters on one line, with a digit among them. People
/// write extensions, remarks and groups of digits in too many ways to ask for more.
///
/// # Errors
/// What is wrong and how to mend it, to be put after the name of the property.
pub fn check(text: &str) -> Result<(), String> {
    if text.chars().count() > MAX_LENGTH {
        return Err(format!("must have at most {MAX_LENGTH} characters."));
    }
    if text.chars().any(char::is_control) {
        return Err("must stand on one line, without control characters.".to_owned());
    }
    if !text.bytes().any(|b| b.is_ascii_digit()) {
        return Err("must be a telephone number, such as +31 20 555 0100.".to_owned());
    }
    Ok(())
}

/// Whether a number can be dialled from anywhere: `+`, a country code and 7 to 15 digits in all
/// (E.164), grouped by blanks, hyphens, dots, slashes or brackets (R74). A trunk prefix in
/// brackets, as in `+31 (0)20`, counts as a group.
pub fn has_country_code(text: &str) -> bool {
    let Some(number) = text.trim().strip_prefix('+') else {
        return false;
    };
    let number = number.replacen("(0)", "", 1);
    let digits = number.bytes().filter(u8::is_ascii_digit).count();
    number.starts_with(|c: char| matches!(c, '1'..='9'))
        && (7..=15).contains(&digits)
        && number.bytes().all(|b| b.is_ascii_digit() || b" -./()".contains(&b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_accepted_as_people_write_them() {
        for text in ["+31 20 8117092", "020-811 70 92", "(425) 555-0100 x27", "112", "tst. 4021"] {
            assert_eq!(check(text), Ok(()), "{text}");
        }
    }

    #[test]
    fn what_cannot_be_a_number_is_refused() {
        for text in ["", "-", "unknown", "020\n811", "020\u{0}811", &"1".repeat(65)] {
            assert!(check(text).is_err(), "{text:?}");
        }
        assert!(check(&"1".repeat(64)).is_ok());
    }

    #[test]
    fn a_country_code_needs_a_plus_and_as_many_digits_as_a_number_has() {
        for text in ["+31 6 24461484", "+31 (0)20 811 7092", "+1 (425) 555-0100", "+4722281417"] {
            assert!(has_country_code(text), "{text}");
        }
        for text in [
            "06 24461484",
            "0031 6 24461484",
            "+0 6 24461484",
            "+31 6",
            "+",
            "",
            "+31 6 ext 24461",
            "+1234567890123456",
        ] {
            assert!(!has_country_code(text), "{text}");
        }
    }
}
