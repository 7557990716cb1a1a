//! What was typed to find somebody.

use super::numbers;
use crate::query::tokens::typed_tokens;
use crate::text::fold;

/// One of the things that were typed. An entry has it when one of its words begins with one of
/// these.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term(Vec<String>);

impl Term {
    /// Beginnings of words; at least one.
    pub fn beginnings(&self) -> &[String] {
        &self.0
    }
}

/// Reads what was typed; an entry is found by all the terms. Blanks part the words of names. An
/// address is one word. Digits, with the blanks and symbols between them, may be a telephone
/// number, or words of a name such as "Room 4 12".
pub fn typed_terms(text: &str) -> Vec<Term> {
    let mut terms = Vec::new();
    let mut number = String::new();
    for part in text.split_whitespace() {
        if is_of_numbers(part) {
            number.push_str(part);
            number.push(' ');
            continue;
        }
        terms.extend(number_terms(&std::mem::take(&mut number)));
        if part.contains('@') {
            terms.push(Term(vec![fold(part)]));
        } else {
            terms.extend(typed_tokens(part).into_iter().map(Term));
        }
    }
    terms.extend(number_terms(&number));
    if terms.is_empty() && !text.trim().is_empty() {
        terms.push(Term(vec![NOTHING.to_owned()]));
    }
    terms
}

/// What symbols alone look for: a word that no entry has, so that they find nothing and not
/// everything.
const NOTHING: &str = "\u{2}";

fn is_of_numbers(part: &str) -> bool {
    !part.contains(|c: char| c.is_alphabetic() || c == '@')
}

/// Either the number is meant or all of its digits as words, which is the same as: the number or
/// the first digits, and the number or the second digits, and so on.
fn number_terms(text: &str) -> Vec<Term> {
    let number = numbers::typed_beginnings(text);
    let mut terms: Vec<Term> = Vec::new();
    for mut words in text.split_whitespace().flat_map(typed_tokens) {
        words.extend(number.iter().cloned());
        let term = Term(words);
        if !terms.contains(&term) {
            terms.push(term);
        }
    }
    terms
}

#[cfg(test)]
mod tests {
    use super::*;

    fn beginnings(text: &str) -> Vec<Vec<String>> {
        typed_terms(text).into_iter().map(|term| term.0).collect()
    }

    #[test]
    fn words_addresses_and_numbers_are_told_apart() {
        assert_eq!(beginnings("Jan  smit"), [["jan"], ["smit"]]);
        assert_eq!(beginnings("Jan.Smit@contoso"), [["jan.smit@contoso"]]);
        assert_eq!(beginnings("müller"), [["mueller", "muller"]]);
        assert_eq!(
            beginnings("room 4 12"),
            [vec!["room"], vec!["4", "\u{4}412", "\u{3}412"], vec!["12", "\u{4}412", "\u{3}412"]]
        );
        assert_eq!(beginnings("..."), [["\u{2}"]]);
        assert!(beginnings("  ").is_empty());
    }
}
