//! Telephone numbers as they are found: in every spelling in which people dial them.

/// Before a number with its country code, or with a zero where that is not known.
const ABROAD: char = '\u{3}';
/// Before a number as it is dialled at home, without the zero in front.
const HOME: char = '\u{4}';
/// Before a number from its last digit to its first.
const BACKWARDS: char = '\u{5}';

/// Fewer digits are a part of a name rather than of a number.
const FEWEST: usize = 3;
/// Fewer last digits would find too many numbers.
const FEWEST_LAST: usize = 4;
/// A number with more digits than this has a country code, with a plus sign or without.
const LONGEST_AT_HOME: usize = 10;

/// The words under which a number is found. No name has one of them: each starts with a mark.
pub(super) fn index_words(number: &str) -> Vec<String> {
    // Letters part a number from its extension.
    number.split(char::is_alphabetic).flat_map(words_of_part).collect()
}

fn words_of_part(part: &str) -> Vec<String> {
    let digits = digits_of(part);
    if digits.is_empty() {
        return Vec::new();
    }
    let mut words = vec![backwards(&digits)];
    if let Some(abroad) = international(part) {
        let (country, home) = national(&abroad);
        words.push(format!("{HOME}{home}"));
        // What is dialled at home in place of the zero that others dial.
        match country {
            "7" => words.push(format!("{HOME}8{home}")),
            "36" => words.push(format!("{HOME}6{home}")),
            _ => {}
        }
        words.push(format!("{ABROAD}{abroad}"));
        return words;
    }
    let home = without_zero(&digits);
    words.push(format!("{HOME}{home}"));
    words.push(format!("{ABROAD}0{home}"));
    if home.len() > LONGEST_AT_HOME {
        // It seems to begin with its country code.
        words.push(format!("{ABROAD}{home}"));
    }
    words
}

/// Beginnings of [`index_words`], any of which a number has that may be meant; none if too little
/// was typed to be a number.
pub(super) fn typed_beginnings(typed: &str) -> Vec<String> {
    let digits = digits_of(typed);
    let mut found = Vec::new();
    if let Some(abroad) = international(typed) {
        let (_, home) = national(&abroad);
        if home.len() >= FEWEST {
            found.push(format!("{ABROAD}0{home}"));
        }
        found.push(format!("{ABROAD}{abroad}"));
    } else if digits.len() >= FEWEST {
        found.push(format!("{HOME}{}", without_zero(&digits)));
        if !digits.starts_with('0') {
            found.push(format!("{ABROAD}{digits}"));
        }
    }
    if digits.len() >= FEWEST_LAST && !typed.contains('+') {
        found.push(backwards(&digits));
    }
    found
}

/// The digits of a number that says its country, from the country code on.
fn international(number: &str) -> Option<String> {
    let number = number.trim_start_matches(|c: char| !c.is_ascii_digit() && c != '+');
    let number = number.strip_prefix('+').or_else(|| number.strip_prefix("00"))?;
    // The zero in brackets is dialled at home only.
    let digits = digits_of(&number.replacen("(0)", "", 1));
    (!digits.is_empty()).then_some(digits)
}

/// What the country codes of three digits begin with (E.164).
const LONG_CODES: &[&str] = &[
    "21", "22", "23", "24", "25", "26", "28", "29", "35", "37", "38", "42", "50", "59", "67", "68",
    "69", "80", "83", "85", "87", "88", "89", "96", "97", "99",
];

/// The country code of an international number, and what is dialled after it.
fn national(abroad: &str) -> (&str, &str) {
    let length = match abroad.get(..2) {
        Some(start) if start.starts_with(['1', '7']) => 1,
        Some(start) if LONG_CODES.contains(&start) => 3,
        _ => 2,
    };
    let (country, home) = abroad.split_at_checked(length).unwrap_or((abroad, ""));
    (country, without_zero(home))
}

fn without_zero(digits: &str) -> &str {
    digits.strip_prefix('0').unwrap_or(digits)
}

fn backwards(digits: &str) -> String {
    std::iter::once(BACKWARDS).chain(digits.chars().rev()).collect()
}

fn digits_of(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finds(typed: &str, number: &str) -> bool {
        let words = index_words(number);
        typed_beginnings(typed).iter().any(|typed| words.iter().any(|word| word.starts_with(typed)))
    }

    #[test]
    fn a_number_is_found_in_every_spelling_however_it_is_kept() {
        let typed = [
            "+31 20 555 0100",
            "+31205550100",
            "0031205550100",
            "0031 (0)20 555 0100",
            "+31 (0)20 555 0100",
            "020 555 0100",
            "020-5550100",
            "(020) 555 01 00",
            "020/555 0100",
            "020 555 01",
            "020",
            "555 0100",
            "0100",
            "50100",
        ];
        for kept in ["+31 20 555 0100", "+31 (0)20 5550100", "0031 20 555 0100", "020-555 01 00"] {
            for typed in typed {
                assert!(finds(typed, kept), "{kept} by {typed}");
            }
        }
        for kept in ["+31 20 555 0100", "31205550100"] {
            assert!(finds("31 20 555", kept) && finds("+31 20 555", kept), "{kept}");
        }
        assert!(finds("20 555", "+31 20 555 0100"));
    }

    #[test]
    fn other_countries_dial_otherwise() {
        for (kept, typed) in [
            ("+1 425 555 0100", "(425) 555-01"),
            ("+1 425 555 0100", "1 425 555"),
            ("+39 06 698 1234", "06 698"),
            ("+39 06 698 1234", "+39 06 698"),
            ("+7 495 123 4567", "8 495 123"),
            ("+36 1 234 5678", "06 1 234"),
            ("+351 21 123 4567", "21 123"),
            ("(425) 555-0100 x4027", "4027"),
            ("(425) 555-0100 x4027", "555-0100"),
            ("4021", "4021"),
        ] {
            assert!(finds(typed, kept), "{kept} by {typed}");
        }
    }

    #[test]
    fn other_numbers_and_too_few_digits_find_nothing() {
        for typed in ["+32 20 555 0100", "555", "010", "5550", "21", "", "+", "02"] {
            assert!(!finds(typed, "+31 20 555 0100"), "{typed}");
        }
        assert!(!finds("+32 20 555 0100", "0031 20 555 0100"));
    }
}
