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

/// Whether nothing of a text can be seen: it has only white space, control characters and those that
/// Unicode lets be ignored where they are not known. Inside a name these have their use: joiners
/// shape Persian and Indic words.
pub fn is_blank(text: &str) -> bool {
    text.chars().all(|c| c.is_whitespace() || c.is_control() || is_ignorable(c))
}

/// Refuses a text of which nothing can be seen.
pub(crate) fn not_blank(text: &str) -> Result<(), String> {
    if is_blank(text) { Err("cannot be blank.".to_owned()) } else { Ok(()) }
}

/// `Default_Ignorable_Code_Point` of Unicode, the marks of annotations, and the blank of Braille.
const fn is_ignorable(c: char) -> bool {
    matches!(c,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}'..='\u{1160}' | '\u{17B4}'..='\u{17B5}'
        | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}' | '\u{2800}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}'
        | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}' | '\u{1BCA0}'..='\u{1BCA3}'
        | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}')
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
    fn a_text_is_blank_when_nothing_of_it_can_be_seen_and_joiners_may_stand_in_words() {
        let blanks = ["", " \t\u{A0}\u{3000}", "\u{200B}", "\u{2060}\u{FEFF} \u{200D}"];
        let marks = ["\u{202E}\u{2066}\u{2069}", "\u{AD}", "\u{3164}", "\u{2800}", "\u{E0041}"];
        assert!(blanks.into_iter().chain(marks).all(is_blank));
        let names = ["می\u{200C}خواهم", "ക്\u{200D}", "\u{200F}דוד", "👩\u{200D}💻", ".", "\u{301}"];
        assert!(!names.into_iter().any(is_blank));
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
