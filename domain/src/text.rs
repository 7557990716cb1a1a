//! Folding and prefixes: how strings are compared.

use unicode_normalization::UnicodeNormalization;

/// The form in which two strings are equal without regard to case or compatibility spelling.
/// Idempotent, so a folded value may be folded again.
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let lower: String = text.nfkc().flat_map(char::to_lowercase).collect();
    lower.nfkc().collect()
}

/// The smallest string that sorts after every string starting with `prefix`, by code point; none
/// when no such string exists (an empty prefix, or only U+10FFFF).
pub fn after_prefix(prefix: &str) -> Option<String> {
    let mut chars: Vec<char> = prefix.chars().collect();
    while let Some(last) = chars.pop() {
        let next = match last {
            '\u{D7FF}' => Some('\u{E000}'),
            other => u32::from(other).checked_add(1).and_then(char::from_u32),
        };
        if let Some(next) = next {
            chars.push(next);
            return Some(chars.into_iter().collect());
        }
    }
    None
}

/// `officeLocation` for `office_location`: the Python Graph SDK clears properties under their
/// snake-case names.
pub fn camel_case(snake: &str) -> String {
    let mut camel = String::with_capacity(snake.len());
    let mut upper = false;
    for c in snake.chars() {
        match c {
            '_' => upper = true,
            c if upper => {
                camel.push(c.to_ascii_uppercase());
                upper = false;
            }
            c => camel.push(c),
        }
    }
    camel
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn case_and_compatibility_spelling_do_not_matter() {
        assert_eq!(fold("JOSÉ ﬁne"), fold("josé FINE"));
        assert_eq!(fold("Ｊａｎ"), "jan");
    }

    #[test]
    fn the_end_of_a_prefix_range_skips_surrogates() {
        assert_eq!(after_prefix("jan").as_deref(), Some("jao"));
        assert_eq!(after_prefix("\u{D7FF}").as_deref(), Some("\u{E000}"));
        assert_eq!(after_prefix("a\u{10FFFF}").as_deref(), Some("b"));
        assert_eq!(after_prefix(""), None);
    }

    proptest! {
        #[test]
        fn folding_twice_is_folding_once(text in "\\PC{0,20}") {
            prop_assert_eq!(fold(&fold(&text)), fold(&text));
        }

        #[test]
        fn a_prefix_range_holds_exactly_the_strings_with_the_prefix(
            prefix in "[a-cé\u{10FFFF}]{1,3}", other in "[a-dé\u{10FFFF}]{0,5}"
        ) {
            let inside = other.as_str() >= prefix.as_str()
                && after_prefix(&prefix).is_none_or(|end| other < end);
            prop_assert_eq!(inside, other.starts_with(&prefix));
        }
    }
}
