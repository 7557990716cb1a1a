//! Names and values as they stand in a query or a form.

use super::Failure;
use percent_encoding::percent_decode_str;
use roster_domain::{Error, limits};
use std::borrow::Cow;

/// Longest name of a parameter that a refusal repeats, in characters.
const SHOWN: usize = 100;

/// Decoded pairs in the order they were sent; repeated names are kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pairs(Vec<(String, String)>);

impl Pairs {
    /// Decodes `a=b&c=d`, where `+` and `%20` are a space.
    ///
    /// # Errors
    /// 400 for more than [`limits::MAX_PAIRS`] pairs, and for what is not UTF-8 or has U+0000; the
    /// parameter is named, its value never repeated.
    pub fn parse(text: &str) -> Result<Self, Failure> {
        let mut pairs = Vec::new();
        for pair in text.split('&').filter(|pair| !pair.is_empty()) {
            if pairs.len() == limits::MAX_PAIRS {
                let most = limits::MAX_PAIRS;
                return Err(Failure::malformed(format!("More than {most} parameters were sent.")));
            }
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let number = pairs.len().saturating_add(1);
            let name = decode(name).map_err(|wrong| {
                Failure::malformed(format!("The name of parameter {number} {wrong}"))
            })?;
            let value = decode(value).map_err(|wrong| {
                let message = format!("The value of '{}' {wrong}", shown(&name));
                Failure::from(Error::invalid_property(shown(&name), message))
            })?;
            pairs.push((name, value));
        }
        Ok(Self(pairs))
    }

    /// The value of a name.
    ///
    /// # Errors
    /// 400 if the name was sent more than once.
    pub fn one(&self, name: &str) -> Result<Option<&str>, Failure> {
        let mut values = self.iter().filter(|(sent, _)| *sent == name).map(|(_, value)| value);
        let value = values.next();
        if values.next().is_some() {
            let message = format!("'{}' was sent more than once.", shown(name));
            return Err(Error::invalid_property(shown(name), message).into());
        }
        Ok(value)
    }

    /// The pairs of other names than this option, and the option's values.
    pub fn split(&self, option: &str) -> (Self, Vec<&str>) {
        let is_it =
            |name: &str| name.strip_prefix('$').unwrap_or(name).eq_ignore_ascii_case(option);
        let others = self.0.iter().filter(|(name, _)| !is_it(name)).cloned().collect();
        let values = self.iter().filter(|(name, _)| is_it(name)).map(|(_, value)| value);
        (Self(others), values.collect())
    }

    /// All pairs.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

/// A name as far as a refusal repeats it.
fn shown(name: &str) -> String {
    name.chars().take(SHOWN).collect()
}

/// Decodes a name or a value, or tells what is wrong with it.
fn decode(text: &str) -> Result<String, &'static str> {
    let spaced =
        if text.contains('+') { Cow::Owned(text.replace('+', " ")) } else { Cow::Borrowed(text) };
    let decoded = percent_decode_str(&spaced)
        .decode_utf8()
        .map_err(|_| "is not UTF-8 after percent-decoding.")?;
    if decoded.contains('\0') {
        return Err("contains the character U+0000.");
    }
    Ok(decoded.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_values_are_decoded() {
        let pairs = Pairs::parse("%24filter=a+eq%20'%2B'&$top=5&flag").unwrap();
        assert_eq!(pairs.one("$filter").unwrap(), Some("a eq '+'"));
        assert_eq!(pairs.one("$top").unwrap(), Some("5"));
        assert_eq!(pairs.one("flag").unwrap(), Some(""));
        assert_eq!(pairs.one("other").unwrap(), None);
    }

    #[test]
    fn a_repeated_name_is_named() {
        let pairs = Pairs::parse("$top=1&%24top=2").unwrap();
        let failure = pairs.one("$top").unwrap_err();
        assert_eq!(failure.error().target.as_deref(), Some("$top"));
        assert_eq!(failure.error().message, "'$top' was sent more than once.");
    }

    #[test]
    fn the_parameter_that_cannot_be_read_is_named_and_its_value_is_not_repeated() {
        let refused = |text: &str| Pairs::parse(text).unwrap_err().error().message.to_string();
        assert_eq!(
            refused("user=jan&client_secret=s3cret%00"),
            "The value of 'client_secret' contains the character U+0000."
        );
        assert_eq!(refused("a=%ff"), "The value of 'a' is not UTF-8 after percent-decoding.");
        assert_eq!(
            refused("a=b&%ff=x"),
            "The name of parameter 2 is not UTF-8 after percent-decoding."
        );
        assert!(refused(&format!("{}=%ff", "n".repeat(10_000))).len() < 200);
    }

    #[test]
    fn what_cannot_be_stored_is_refused() {
        for text in ["a=%00", "a=%ff", "a=%c0%80"] {
            assert!(Pairs::parse(text).is_err(), "{text}");
        }
        assert!(Pairs::parse(&"a=b&".repeat(limits::MAX_PAIRS + 1)).is_err());
    }
}
