//! The two languages in which the service explains itself.

/// A language of texts for people.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Language {
    /// English, where nothing else is asked for.
    #[default]
    English,
    /// Dutch.
    Dutch,
}

impl Language {
    /// Both, the default first.
    pub const ALL: [Self; 2] = [Self::English, Self::Dutch];

    /// Language tag.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Dutch => "nl",
        }
    }

    /// The language that an `Accept-Language` header prefers (RFC 9110 §12.5.4): the highest
    /// weight wins, then the earlier place. Unknown languages and malformed weights do not count.
    pub fn preferred(header: &str) -> Self {
        let mut best = (0, Self::default());
        for range in header.split(',') {
            let mut parts = range.split(';').map(str::trim);
            let tag = parts.next().unwrap_or_default();
            let primary = tag.split('-').next().unwrap_or_default();
            let known = Self::ALL.into_iter().find(|l| primary.eq_ignore_ascii_case(l.tag()));
            let (Some(language), Some(weight)) = (known, weight(parts.next())) else { continue };
            if weight > best.0 {
                best = (weight, language);
            }
        }
        best.1
    }
}

/// Thousandths of a quality value; 1000 without one.
fn weight(parameter: Option<&str>) -> Option<u16> {
    let Some(parameter) = parameter else { return Some(1_000) };
    let value = parameter.strip_prefix("q=").or_else(|| parameter.strip_prefix("Q="))?;
    let (whole, fraction) = value.split_once('.').unwrap_or((value, ""));
    let digits = fraction.bytes().all(|b| b.is_ascii_digit()) && fraction.len() <= 3;
    match whole {
        "1" if digits && fraction.bytes().all(|b| b == b'0') => Some(1_000),
        "0" if digits => format!("{fraction:0<3}").parse().ok(),
        _ => None,
    }
}

/// A text in both languages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Words {
    /// In English.
    pub english: &'static str,
    /// In Dutch.
    pub dutch: &'static str,
}

impl Words {
    /// A text in English and Dutch.
    pub const fn new(english: &'static str, dutch: &'static str) -> Self {
        Self { english, dutch }
    }

    /// The text in a language.
    pub const fn of(self, language: Language) -> &'static str {
        match language {
            Language::English => self.english,
            Language::Dutch => self.dutch,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_heaviest_known_language_wins_and_english_is_the_default() {
        for (header, language) in [
            ("", Language::English),
            ("nl", Language::Dutch),
            ("nl-BE,en;q=0.9", Language::Dutch),
            ("NL", Language::Dutch),
            ("en,nl", Language::English),
            ("nl;q=0.3,en;q=0.29", Language::Dutch),
            ("nl;q=0.5, en;q=0.75", Language::English),
            ("fr, de;q=0.9, nl;q=0.1", Language::Dutch),
            ("fr", Language::English),
            ("nl;q=0", Language::English),
            ("nl;q=2, en;q=0.1", Language::English),
            ("nl;q=0.0001", Language::English),
            ("nl;q=1.000, en;q=0.999", Language::Dutch),
            ("nl;q=1.5, en;q=0.5", Language::English),
        ] {
            assert_eq!(Language::preferred(header), language, "{header}");
        }
    }
}
