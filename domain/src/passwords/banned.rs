//! Common words and names in passwords (R67).
//!
//! A password is cut into banned words and single characters so that there are as few pieces as
//! possible; five pieces are needed. Capitals and the usual digits in place of letters do not
//! hide a word, and neither does one wrong, missing or extra letter.

use super::policy::Context;
use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization;

/// Fewest pieces of an accepted password.
const ENOUGH: usize = 5;
/// Fewest letters of a name or banned word that counts.
pub const MIN_WORD: usize = 4;
/// Most letters of a banned word.
pub const MAX_WORD: usize = 16;
/// Most banned words of one organisation.
pub const MAX_OWN_WORDS: usize = 1000;

static COMMON: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let lines = include_str!("common_words.txt").lines();
    lines.filter(|line| !line.starts_with('#')).map(normalise).collect()
});

/// Whether enough of a password is left beside banned words.
pub fn strong_enough(password: &str, context: &Context<'_>) -> bool {
    let password = normalise(password);
    let names: Vec<Vec<u8>> = context.names.iter().flat_map(|name| words_of(name)).collect();
    let own: Vec<Vec<u8>> = context
        .own_words
        .iter()
        .take(MAX_OWN_WORDS)
        .map(|word| normalise(word))
        .filter(|word| (MIN_WORD..=MAX_WORD).contains(&word.len()))
        .collect();
    pieces(&password, |rest| {
        let exact = names.iter().filter(|name| rest.starts_with(name)).map(Vec::len);
        let near = COMMON.iter().chain(&own).filter(|word| may_start(rest, word));
        let near = near.flat_map(|word| near_lengths(rest, word));
        exact.chain(near).collect()
    }) >= ENOUGH
}

/// Fewest pieces that make up `text`, at most [`ENOUGH`]. `words_at` tells how long the banned
/// words are with which a rest of the text starts.
fn pieces(text: &[u8], words_at: impl Fn(&[u8]) -> Vec<usize>) -> usize {
    // fewest[n]: pieces needed for the first n characters.
    let mut fewest = vec![ENOUGH; text.len() + 1];
    if let Some(first) = fewest.first_mut() {
        *first = 0;
    }
    for start in 0..text.len() {
        let count = fewest.get(start).copied().unwrap_or(ENOUGH) + 1;
        // Beyond that nothing can fall below ENOUGH any more, so the words are looked up at a
        // handful of places, however long the password is.
        if count >= ENOUGH {
            continue;
        }
        let rest = text.get(start..).unwrap_or_default();
        for length in words_at(rest).into_iter().chain([1]) {
            if let Some(known) = fewest.get_mut(start + length) {
                *known = count.min(*known);
            }
        }
    }
    fewest.last().copied().unwrap_or(0)
}

/// Whether [`near_lengths`] can find anything: one wrong letter leaves the first two letters of
/// the word one way or another at the start of the text. Most words end here, and imports judge
/// thousands of passwords.
fn may_start(text: &[u8], word: &[u8]) -> bool {
    match (text, word) {
        ([a, b, ..], [x, y, ..]) => a == x || b == y || a == y,
        _ => true,
    }
}

/// Lengths of the beginnings of `text` that are `word` with at most one letter replaced, left
/// out or put in. A letter put in must stand inside the word: beside it, it is a piece of its own.
fn near_lengths(text: &[u8], word: &[u8]) -> impl Iterator<Item = usize> {
    let same = text.iter().zip(word).take_while(|(a, b)| a == b).count();
    let (text, rest) = (from(text, same), from(word, same));
    let equal = rest.is_empty();
    let replaced = !text.is_empty() && from(text, 1).starts_with(from(rest, 1));
    let left_out = !equal && text.starts_with(from(rest, 1));
    let put_in = !equal && same > 0 && from(text, 1).starts_with(rest);
    let size = word.len();
    [(equal || replaced).then_some(size), left_out.then_some(size - 1), put_in.then_some(size + 1)]
        .into_iter()
        .flatten()
}

fn from(bytes: &[u8], start: usize) -> &[u8] {
    bytes.get(start..).unwrap_or_default()
}

/// Lower case, without accents, with letters in place of the digits and symbols that are often
/// written for them.
fn normalise(text: &str) -> Vec<u8> {
    let plain = text.nfkd().filter(|c| !unicode_normalization::char::is_combining_mark(*c));
    let letter = |c: char| match u8::try_from(c.to_ascii_lowercase()).unwrap_or(0) {
        b'0' => b'o',
        b'1' => b'l',
        b'$' => b's',
        b'@' => b'a',
        other => other,
    };
    plain.map(letter).collect()
}

/// A name as a whole and each of its words.
fn words_of(name: &str) -> Vec<Vec<u8>> {
    let words: Vec<&str> = name.split(|c: char| !c.is_alphanumeric()).collect();
    let whole = words.concat();
    words
        .into_iter()
        .chain([whole.as_str()])
        .map(normalise)
        .filter(|word| word.len() >= MIN_WORD)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn accepted(password: &str, names: &[&str], own: &[&str]) -> bool {
        let own_words: Vec<String> = own.iter().map(|word| (*word).to_owned()).collect();
        let context = Context { names, own_words: &own_words, weak_allowed: false };
        strong_enough(password, &context)
    }

    #[test]
    fn banned_words_count_as_one_piece_each() {
        let own = ["contoso", "blank"];
        assert!(!accepted("C0ntos0Blank12", &[], &own), "contoso, blank, 1, 2");
        assert!(accepted("ContoS0Bl@nkf9!", &[], &own), "contoso, blank, f, 9, !");
    }

    #[test]
    fn a_common_word_with_some_decoration_is_refused() {
        for password in ["Password1!", "P@$$w0rd99", "Welkom2!", "Winter-25", "!Qwerty12"] {
            assert!(!accepted(password, &[], &[]), "{password}");
        }
        assert!(accepted("Welkom-xk7v", &[], &[]), "enough besides the word");
    }

    #[test]
    fn one_replaced_missing_or_extra_letter_does_not_hide_a_word() {
        for word in ["abcdeg", "xbcdef", "abxdef", "abcde", "bcdef", "abdef", "abcxdef"] {
            assert!(!accepted(&format!("{word}7!9"), &[], &["abcdef"]), "{word}");
        }
        assert!(accepted("axcxef7!9", &[], &["abcdef"]), "two replaced letters");
    }

    #[test]
    fn names_of_four_letters_or_more_are_banned_too() {
        let names = ["Zoë", "van der Veldhuizen", "Fabrikam B.V."];
        for password in ["veldhuizen1!9", "F@brikam-77", "VanDerVe1dhuizen!9"] {
            assert!(!accepted(password, &names, &[]), "{password}");
            assert!(accepted(password, &[], &[]), "{password}");
        }
        assert!(accepted("Zoe7!K", &names, &[]), "three letters");
    }

    #[test]
    fn accents_do_not_hide_a_name() {
        assert!(!accepted("Francoise!7", &["Françoise"], &[]));
    }

    #[test]
    fn own_words_of_a_wrong_length_are_ignored() {
        assert!(accepted("abc!7K", &[], &["abc"]));
        assert!(accepted(&"zx7".repeat(9), &[], &[&"zx7".repeat(9)]));
    }

    #[test]
    fn the_list_holds_only_words_that_count() {
        assert!((400..1000).contains(&COMMON.len()));
        assert!(COMMON.iter().all(|word| (MIN_WORD..=MAX_WORD).contains(&word.len())));
    }

    #[test]
    fn a_long_password_against_many_words_takes_little_time() {
        let own_words: Vec<String> = (0..1000).map(|n| format!("aaaaaaaaaaa{n:04}")).collect();
        let context = Context { own_words: &own_words, ..Context::default() };
        let started = std::time::Instant::now();
        assert!(strong_enough(&"a".repeat(256), &context));
        assert!(started.elapsed().as_millis() < 500);
    }

    proptest! {
        #[test]
        fn no_near_word_is_passed_over_for_its_first_letters(
            text in "[a-c]{0,8}", word in "[a-c]{4,6}"
        ) {
            let (text, word) = (text.as_bytes(), word.as_bytes());
            prop_assert!(near_lengths(text, word).next().is_none() || may_start(text, word));
        }

        #[test]
        fn a_password_has_no_more_pieces_than_characters(password in "[ -~]{0,8}") {
            let count = pieces(password.as_bytes(), |_| Vec::new());
            prop_assert_eq!(count, password.len().min(ENOUGH));
        }
    }
}
