//! Words of a name, as `$search` finds them: without case, accents and symbols.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::canonical_combining_class;

/// The words to look for: parts between spaces, symbols, letters and digits, and changes from
/// lower to upper case. An object matches when each of them starts one of its [`index_tokens`].
pub fn query_tokens(text: &str) -> Vec<String> {
    let text = plain(text);
    let parts = runs(&text).flat_map(|run| split(run, |a, b| is_digit_edge(a, b) || is_rise(a, b)));
    distinct(parts.map(fold))
}

/// [`query_tokens`] of somebody who types as fast as they can: case separates nothing, so that
/// `McDonald` finds "MCDONALD" too.
pub fn typed_tokens(text: &str) -> Vec<String> {
    let text = plain(text);
    distinct(runs(&text).flat_map(|run| split(run, is_digit_edge)).map(fold))
}

/// The words under which a text is found: its parts, and its parts as they are when it is typed in
/// lower case, so that `mcdonald` finds "McDonald"; its runs of letters and digits; its words
/// without their symbols, so that `obrien` finds "O'Brien"; and with its umlauts written out, so
/// that `mueller` finds "Müller".
pub fn index_tokens(text: &str) -> Vec<String> {
    let plain = plain(text);
    let whole = runs(&plain).map(fold);
    let joined = plain.split_whitespace().map(|word| runs(word).map(fold).collect());
    let spelt = written_out(text).map(|spelt| query_tokens(&spelt)).unwrap_or_default();
    let parts = query_tokens(text).into_iter().chain(typed_tokens(text));
    distinct(parts.chain(whole).chain(joined).chain(spelt))
}

/// A text as lists sort it: without case and accents.
pub fn sort_key(text: &str) -> String {
    fold(&plain(text))
}

/// The text as it is typed where the keyboard has no umlauts; none if it has no umlaut.
fn written_out(text: &str) -> Option<String> {
    let composed: String = text.nfc().flat_map(char::to_lowercase).collect();
    let spelling = |c| match c {
        'ä' => Some("ae"),
        'ö' | 'ø' => Some("oe"),
        'ü' => Some("ue"),
        'å' => Some("aa"),
        _ => None,
    };
    composed.contains(|c| spelling(c).is_some()).then(|| {
        composed.chars().fold(String::new(), |mut spelt, c| {
            match spelling(c) {
                Some(letters) => spelt.push_str(letters),
                None => spelt.push(c),
            }
            spelt
        })
    })
}

/// Whether a text is found by all of these [`query_tokens`].
pub fn found(text: &str, query: &[String]) -> bool {
    let index = index_tokens(text);
    query.iter().all(|token| index.iter().any(|word| word.starts_with(token.as_str())))
}

fn distinct(words: impl Iterator<Item = String>) -> Vec<String> {
    let mut words: Vec<_> = words.filter(|word| !word.is_empty()).collect();
    words.sort_unstable();
    words.dedup();
    words
}

/// Compatibility-decomposed, without accents and other marks that do not change the letter;
/// still with case, which separates words.
fn plain(text: &str) -> String {
    text.nfkd().filter(|c| canonical_combining_class(*c) == 0).collect()
}

/// Runs of letters and digits.
fn runs(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|run| !run.is_empty())
}

/// A run cut between the neighbours that `is_cut` tells apart.
fn split(run: &str, is_cut: impl Fn(char, char) -> bool) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut start = 0;
    let next = run.char_indices().skip(1);
    for ((_, before), (at, c)) in run.char_indices().zip(next) {
        if is_cut(before, c) {
            parts.extend(run.get(start..at));
            start = at;
        }
    }
    parts.extend(run.get(start..));
    parts
}

fn is_digit_edge(before: char, c: char) -> bool {
    before.is_numeric() != c.is_numeric()
}

fn is_rise(before: char, c: char) -> bool {
    before.is_lowercase() && c.is_uppercase()
}

/// Lower case, with the letters that have no decomposition written out.
fn fold(word: &str) -> String {
    let mut folded = String::with_capacity(word.len());
    for c in word.chars().flat_map(char::to_lowercase) {
        match c {
            'ø' => folded.push('o'),
            'ł' => folded.push('l'),
            'đ' | 'ð' => folded.push('d'),
            'ħ' => folded.push('h'),
            'ŧ' => folded.push('t'),
            'ı' => folded.push('i'),
            // At the end of a word, where capitals have one letter.
            'ς' => folded.push('σ'),
            'ß' => folded.push_str("ss"),
            'æ' => folded.push_str("ae"),
            'œ' => folded.push_str("oe"),
            'þ' => folded.push_str("th"),
            other => folded.push(other),
        }
    }
    folded
}
