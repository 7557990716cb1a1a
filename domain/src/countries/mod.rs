//! Countries: two-letter codes and names.

mod table;

use crate::text::fold;
use std::collections::HashMap;
use std::sync::LazyLock;
use table::COUNTRIES;
use unicode_normalization::UnicodeNormalization;

static CODES: LazyLock<HashMap<String, &'static str>> = LazyLock::new(|| {
    let names = |(code, names): &'static (&'static str, &[&str])| {
        names.iter().chain([code]).map(|name| (key(name), *code)).collect::<Vec<_>>()
    };
    COUNTRIES.iter().flat_map(names).collect()
});

/// The two-letter code that a usage location is (R110), in capitals; none when the text is not
/// the code of a country.
pub fn usage_location(text: &str) -> Option<&'static str> {
    find(text).map(|(code, _)| *code)
}

/// The English name of the country with a two-letter code.
pub fn name_of(code: &str) -> Option<&'static str> {
    find(code).and_then(|(_, names)| names.first().copied())
}

/// The two-letter code of a country that is given by its code, its English or Dutch name or
/// another usual name (R39). Case, accents, hyphens and `the` do not matter.
pub fn code_of(text: &str) -> Option<&'static str> {
    if text.len() > MAX_NAME {
        return None;
    }
    CODES.get(&key(text)).copied()
}

/// The English name of a country that is known, any other text as it is (R39).
pub fn in_english(text: String) -> String {
    code_of(&text).and_then(name_of).map_or(text, str::to_owned)
}

/// Longest text that is looked up as a name, in bytes.
const MAX_NAME: usize = 128;

fn find(code: &str) -> Option<&'static (&'static str, &'static [&'static str])> {
    let code = code.to_ascii_uppercase();
    let at = COUNTRIES.binary_search_by_key(&code.as_str(), |(code, _)| code).ok()?;
    COUNTRIES.get(at)
}

/// What two spellings of one name have in common.
fn key(name: &str) -> String {
    let plain: String =
        name.nfkd().filter(|c| !unicode_normalization::char::is_combining_mark(*c)).collect();
    fold(&plain)
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !matches!(*word, "the" | "and" | "en"))
        .map(|word| if word == "st" { "saint" } else { word })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_249_countries_in_the_order_of_their_codes() {
        assert_eq!(COUNTRIES.len(), 249);
        assert!(COUNTRIES.is_sorted_by(|(a, _), (b, _)| a < b));
        for (code, _) in COUNTRIES {
            assert!(code.len() == 2 && code.bytes().all(|b| b.is_ascii_uppercase()), "{code}");
        }
    }

    #[test]
    fn no_name_stands_for_two_countries() {
        for (code, names) in COUNTRIES {
            for name in *names {
                assert_eq!(code_of(name), Some(*code), "{name}");
            }
            assert_eq!(code_of(code), Some(*code));
        }
    }

    #[test]
    fn a_usage_location_is_a_two_letter_code() {
        assert_eq!(usage_location("NL"), Some("NL"));
        assert_eq!(usage_location("nl"), Some("NL"));
        for text in ["", "N", "NLD", "Netherlands", "UK", "XX", "N\u{212a}", "nł"] {
            assert_eq!(usage_location(text), None, "{text}");
        }
    }

    #[test]
    fn a_country_is_known_by_its_english_and_dutch_names_and_usual_variants() {
        let known = [
            ("The Netherlands", "NL"),
            ("nederland", "NL"),
            ("Türkiye", "TR"),
            ("TURKIYE", "TR"),
            ("Turkey", "TR"),
            ("Turkije", "TR"),
            ("UK", "GB"),
            ("Verenigd Koninkrijk", "GB"),
            ("USA", "US"),
            ("U.S.A.", "US"),
            ("Verenigde Staten", "US"),
            ("België", "BE"),
            ("Belgie", "BE"),
            ("Cote d’Ivoire", "CI"),
            ("Ivoorkust", "CI"),
            ("St. Lucia", "LC"),
            ("Trinidad & Tobago", "TT"),
            ("Trinidad en Tobago", "TT"),
            ("Congo", "CG"),
        ];
        for (name, code) in known {
            assert_eq!(code_of(name), Some(code), "{name}");
        }
        for text in ["", "-", "the", "Atlantis", &"a".repeat(100_000)] {
            assert_eq!(code_of(text), None);
        }
    }

    #[test]
    fn the_name_of_a_code_is_english() {
        assert_eq!(name_of("NL"), Some("Netherlands"));
        assert_eq!(name_of("de"), Some("Germany"));
        assert_eq!(name_of("XX"), None);
    }
}
