//! Names and values as they stand in a query or a form.

use super::Failure;
use percent_encoding::percent_decode_str;
use roster_domain::{Error, limits};
use std::borrow::Cow;

/// Decoded pairs in the order they were sent; repeated names are kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pairs(Vec<(String, String)>);

impl Pairs {
    /// Decodes `a=b&c=d`, where `+` and `%20` are a space.
    ///
    /// # Errors
    /// 400 for more than [`limits::MAX_PAIRS`] pairs, and for what is not UTF-8 or has U+0000.
    pub fn parse(text: &str) -> Result<Self, Failure> {
        let mut pairs = Vec::new();
        for pair in text.split('&').filter(|pair| !pair.is_empty()) {
            if pairs.len() == limits::MAX_PAIRS {
                let most = limits::MAX_PAIRS;
                return Err(Failure::malformed(format!("More than {most} parameters were sent.")));
            }
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            pairs.push((decode(name)?, decode(value)?));
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
            return Err(
                Error::invalid_property(name, "The parameter was sent more than once.").into()
            );
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

fn decode(text: &str) -> Result<String, Failure> {
    let spaced =
        if text.contains('+') { Cow::Owned(text.replace('+', " ")) } else { Cow::Borrowed(text) };
    let decoded = percent_decode_str(&spaced)
        .decode_utf8()
        .map_err(|_| Failure::malformed("A parameter is not UTF-8 after percent-decoding."))?;
    if decoded.contains('\0') {
        return Err(Failure::malformed("A parameter contains the character U+0000."));
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
        assert_eq!(pairs.one("$top").unwrap_err().error().target.as_deref(), Some("$top"));
    }

    #[test]
    fn what_cannot_be_stored_is_refused() {
        for text in ["a=%00", "a=%ff", "a=%c0%80"] {
            assert!(Pairs::parse(text).is_err(), "{text}");
        }
        assert!(Pairs::parse(&"a=b&".repeat(limits::MAX_PAIRS + 1)).is_err());
    }
}
