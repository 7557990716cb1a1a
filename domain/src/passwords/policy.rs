//! Which passwords are accepted (R60, R65, R67).

use super::banned;

/// Fewest characters of a password.
pub const MIN_LENGTH: usize = 8;
/// Most characters of a password (A12).
pub const MAX_LENGTH: usize = 256;
/// Kinds of characters a password must mix, of the four there are.
const MIN_CLASSES: usize = 3;

/// Whose password it is: what must not carry it, and how strict to be.
#[derive(Clone, Copy, Debug, Default)]
pub struct Context<'a> {
    /// Words that are too obvious for this password: given name, surname, name of the
    /// organisation. Words of fewer than four letters are ignored.
    pub names: &'a [&'a str],
    /// The organisation's own banned words.
    pub own_words: &'a [String],
    /// Whether one kind of character is enough: `DisableStrongPassword` (R65).
    pub weak_allowed: bool,
}

/// Everything that speaks against a password, to be put after the name of the property; empty
/// when it is accepted. No text repeats the password.
pub fn problems(password: &str, context: &Context<'_>) -> Vec<&'static str> {
    let mut problems = Vec::new();
    let length = password.chars().count();
    if length < MIN_LENGTH {
        problems.push("must have at least 8 characters.");
    }
    if length > MAX_LENGTH {
        problems.push("must have at most 256 characters.");
        // Nothing else about it is worth the time.
        return problems;
    }
    if !password.bytes().all(|b| matches!(b, b' '..=b'~')) {
        problems.push(
            "must consist of unaccented letters, digits, blanks and the symbols on an English \
             keyboard.",
        );
    }
    if !context.weak_allowed && classes(password) < MIN_CLASSES {
        problems.push(
            "must mix at least three of these: lower-case letters, capital letters, digits, \
             symbols.",
        );
    }
    if !banned::strong_enough(password, context) {
        problems.push(
            "is too easy to guess: little is left of it without common words and the names of \
             the person and the organisation. Add words or characters that are neither.",
        );
    }
    problems
}

/// How many of the four kinds of characters occur. A character outside ASCII is of no kind.
fn classes(password: &str) -> usize {
    let kinds: [fn(&u8) -> bool; 4] =
        [u8::is_ascii_lowercase, u8::is_ascii_uppercase, u8::is_ascii_digit, |b| {
            *b == b' ' || b.is_ascii_punctuation()
        }];
    kinds.iter().filter(|kind| password.bytes().any(|b| kind(&b))).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn accepted(password: &str) -> bool {
        problems(password, &Context::default()).is_empty()
    }

    #[test]
    fn three_of_four_kinds_of_characters_are_enough() {
        for password in ["xk7Wvq2mTz", "xk7!vq2m-z", "XK7!VQ2M-Z", "xkpWvq!mTz", "xk7 vq2M z"] {
            assert!(accepted(password), "{password}");
        }
        for password in ["xkpwvqzmtr", "XKPWVQZMTR", "xkpwvq7zm2", "xkpw vqz mt"] {
            assert_eq!(problems(password, &Context::default()).len(), 1, "{password}");
        }
    }

    #[test]
    fn every_symbol_of_the_rule_counts_as_one() {
        for symbol in "@#$%^&*-_!+=[]{}|\\:',.?/`~\"();<> ".chars() {
            assert!(accepted(&format!("xkvqzm7wt{symbol}")), "{symbol}");
        }
    }

    #[test]
    fn eight_to_256_characters_are_accepted() {
        assert!(!accepted("xk7Wvq2"));
        assert!(accepted("xk7Wvq2m"));
        let long = "xk7W".repeat(64);
        assert!(accepted(&long));
        assert!(!accepted(&format!("{long}v")));
    }

    #[test]
    fn letters_outside_ascii_and_control_characters_are_refused() {
        for password in ["xk7Wvq2mé", "xk7Wvq2m\t", "xk7Wvq2m\0", "xk7Wvq2m\u{7f}", "пароль7W!x"]
        {
            assert!(!accepted(password), "{password:?}");
        }
    }

    #[test]
    fn all_problems_are_told_at_once() {
        assert_eq!(problems("pässwör", &Context::default()).len(), 4);
        assert_eq!(problems("", &Context::default()).len(), 3);
        assert_eq!(problems(&"é".repeat(100_000), &Context::default()).len(), 1);
    }

    #[test]
    fn a_user_without_strong_passwords_still_needs_length_and_no_common_word() {
        let context = Context { weak_allowed: true, ..Context::default() };
        assert!(problems("xkpwvqzmtr", &context).is_empty());
        assert_eq!(problems("xkpwvqz", &context).len(), 1);
        assert_eq!(problems("password", &context).len(), 1);
    }

    proptest! {
        #[test]
        fn no_text_is_too_odd_to_judge(password in "\\PC{0,40}") {
            problems(&password, &Context::default());
        }

        #[test]
        fn whatever_is_accepted_is_printable_ascii(password in "[ -~é\u{202e}]{8,20}") {
            if accepted(&password) {
                prop_assert!(password.bytes().all(|b| (32..127).contains(&b)));
            }
        }
    }
}
