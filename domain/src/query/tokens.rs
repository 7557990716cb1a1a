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

/// [`query_tokens`] of a text with its umlauts written out, by which `Müller` finds "Mueller"; none
/// if it has no umlaut.
pub fn spelt_query_tokens(text: &str) -> Option<Vec<String>> {
    written_out(text).map(|spelt| query_tokens(&spelt))
}

/// [`query_tokens`] of somebody who types as fast as they can: case separates nothing, so that
/// `McDonald` finds "MCDONALD" too. Each comes with the other spellings that it may be found by:
/// with its umlauts written out, so that `müller` finds "Mueller", and with its neighbours in one
/// word, so that `jean-luc` finds "Jeanluc".
pub fn typed_tokens(text: &str) -> Vec<Vec<String>> {
    let parts = typed_parts(text);
    let spelt = written_out(text).map(|spelt| typed_parts(&spelt)).unwrap_or_default();
    let joined = joined_words(&plain(text));
    let each = parts.iter().enumerate().map(|(at, part)| {
        let spelt = spelt.get(at).filter(|_| spelt.len() == parts.len());
        distinct([part].into_iter().chain(spelt).chain(&joined).cloned())
    });
    each.collect()
}

/// The words under which a text is found: its parts, and its parts as they are when it is typed in
/// lower case, so that `mcdonald` finds "McDonald"; its runs of letters and digits; its words
/// without their symbols, so that `obrien` finds "O'Brien"; its particles and the name after them
/// in one word, so that `vandenberg` finds "van den Berg"; and all of that with its umlauts
/// written out, so that `mueller` finds "Müller".
pub fn index_tokens(text: &str) -> Vec<String> {
    distinct(forms(text).into_iter().chain(written_out(text).iter().flat_map(|spelt| forms(spelt))))
}

fn forms(text: &str) -> Vec<String> {
    let plain = plain(text);
    let mut forms = query_tokens(text);
    forms.extend(typed_parts(text));
    forms.extend(runs(&plain).map(fold));
    let words = joined_words(&plain);
    forms.extend(with_particles(&words));
    forms.extend(words);
    forms
}

fn typed_parts(text: &str) -> Vec<String> {
    runs(&plain(text)).flat_map(|run| split(run, is_digit_edge)).map(fold).collect()
}

/// What stands between spaces, without symbols.
fn joined_words(plain: &str) -> Vec<String> {
    let words = plain.split_whitespace().map(|word| runs(word).map(fold).collect());
    words.filter(|word: &String| !word.is_empty()).collect()
}

/// Small words before a family name that people write together with it.
const PARTICLES: &[&str] = &[
    "al", "ben", "bin", "d", "da", "de", "del", "dela", "della", "den", "der", "des", "di", "do",
    "dos", "du", "el", "het", "ibn", "la", "las", "le", "los", "mac", "mc", "o", "san", "st", "t",
    "te", "ten", "ter", "van", "vom", "von", "zu", "zum", "zur",
];

/// Each run of particles with the word after it.
fn with_particles(words: &[String]) -> Vec<String> {
    let mut found = Vec::new();
    let mut run = String::new();
    for word in words {
        let is_particle = PARTICLES.contains(&word.as_str());
        if is_particle || !run.is_empty() {
            run.push_str(word);
        }
        if !is_particle && !run.is_empty() {
            found.push(std::mem::take(&mut run));
        }
    }
    found
}

/// A text as lists sort it: without case and accents.
pub fn sort_key(text: &str) -> String {
    fold(&plain(text))
}

/// The text as it is typed where the keyboard has no umlauts; none if it has no umlaut.
fn written_out(text: &str) -> Option<String> {
    if text.is_ascii() {
        return None;
    }
    let composed: String = text.nfc().flat_map(char::to_lowercase).collect();
    let spelling = |c| match c {
        'ä' => Some("ae"),
        'ö' | 'ø' => Some("oe"),
        'ü' => Some("ue"),
        'å' => Some("aa"),
        'đ' => Some("dj"),
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
    if text.is_ascii() {
        return text.to_owned();
    }
    // An accent that stands alone is typed for an apostrophe; it would decompose into a space.
    let text = text.chars().map(|c| if c == '´' { '\'' } else { c });
    text.nfkd().filter(|c| canonical_combining_class(*c) == 0 && *c != TATWEEL).collect()
}

/// Draws an Arabic word out.
const TATWEEL: char = '\u{640}';

/// Runs of letters and digits.
fn runs(text: &str) -> impl Iterator<Item = &str> {
    // Apostrophes that count as letters, as in Ukrainian and Hawaiian.
    let is_apostrophe = |c| ('\u{2b9}'..='\u{2ff}').contains(&c);
    text.split(move |c: char| !c.is_alphanumeric() || is_apostrophe(c))
        .filter(|run| !run.is_empty())
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
            'ŋ' => folded.push('n'),
            'ı' => folded.push('i'),
            'ə' => folded.push('e'),
            'ґ' => folded.push('г'),
            // The letters of a Persian keyboard as those of an Arabic one.
            'ی' | 'ى' => folded.push('ي'),
            'ک' => folded.push('ك'),
            'ة' => folded.push('ه'),
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
