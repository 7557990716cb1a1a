//! One path segment: decoded, and taken apart where it is written as a call.

use super::Failure;
use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};
use std::borrow::Cow;

/// What may not stand in a path segment as it is (RFC 3986 `pchar`).
const ENCODED: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'/')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// Decodes a segment.
///
/// # Errors
/// 400 for what is not UTF-8 (overlong forms included), for control characters and for dot
/// segments: no honest client sends them, and layers disagree on what they mean.
pub(super) fn decode(raw: &str) -> Result<Cow<'_, str>, Failure> {
    let decoded = percent_decode_str(raw)
        .decode_utf8()
        .map_err(|_| Failure::malformed("The path is not UTF-8 after percent-decoding."))?;
    if decoded.chars().any(char::is_control) {
        return Err(Failure::malformed("The path contains a control character."));
    }
    if matches!(&*decoded, "." | "..") {
        return Err(Failure::malformed("The path contains a dot segment."));
    }
    Ok(decoded)
}

/// Appends `/` and the segment, percent-encoded.
pub(super) fn push(path: &mut String, segment: &str) {
    path.push('/');
    path.extend(utf8_percent_encode(segment, ENCODED));
}

/// A segment written as a call: `users('x')`, `delta()`, `directoryRoles(roleTemplateId='x')`.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Call<'a> {
    /// What stands before the parenthesis.
    pub(super) name: &'a str,
    /// What stands between the parentheses: `x` or `roleTemplateId=x`, without quotes.
    pub(super) arguments: Vec<String>,
}

impl<'a> Call<'a> {
    /// Takes a segment apart; none if it is not written as a call.
    pub(super) fn parse(segment: &'a str) -> Option<Self> {
        let (name, rest) = segment.strip_suffix(')')?.split_once('(')?;
        let mut arguments = Vec::new();
        let mut rest = rest;
        while !rest.is_empty() {
            let (argument, after) = argument(rest)?;
            arguments.push(argument);
            rest = after;
        }
        (!name.is_empty()).then_some(Self { name, arguments })
    }
}

/// One argument and what follows its comma.
fn argument(text: &str) -> Option<(String, &str)> {
    let key_length = text.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(text.len());
    let (key, value) = match text.split_at_checked(key_length)? {
        (key, rest) if !key.is_empty() && rest.starts_with('=') => (key, rest.strip_prefix('=')?),
        _ => ("", text),
    };
    let (value, rest) = literal(value)?;
    let rest = if rest.is_empty() { rest } else { rest.strip_prefix(',')? };
    Some((if key.is_empty() { value } else { format!("{key}={value}") }, rest))
}

/// A literal, quoted (`''` stands for one quote) or bare, and what follows it.
fn literal(text: &str) -> Option<(String, &str)> {
    let Some(mut rest) = text.strip_prefix('\'') else {
        let end = text.find(',').unwrap_or(text.len());
        let (bare, rest) = text.split_at_checked(end)?;
        return (!bare.is_empty()).then(|| (bare.to_owned(), rest));
    };
    let mut value = String::new();
    loop {
        let (part, after) = rest.split_once('\'')?;
        value.push_str(part);
        let Some(more) = after.strip_prefix('\'') else {
            return Some((value, after));
        };
        value.push('\'');
        rest = more;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(segment: &str) -> Option<(&str, Vec<String>)> {
        Call::parse(segment).map(|call| (call.name, call.arguments))
    }

    #[test]
    fn a_call_is_taken_apart() {
        assert_eq!(call("delta()"), Some(("delta", vec![])));
        assert_eq!(call("users('o''neil@x.y')"), Some(("users", vec!["o'neil@x.y".into()])));
        assert_eq!(call("users(42)"), Some(("users", vec!["42".into()])));
        assert_eq!(call("f(a='1,2',b=3)"), Some(("f", vec!["a=1,2".into(), "b=3".into()])));
    }

    #[test]
    fn a_segment_that_is_no_call_is_left_alone() {
        for segment in ["users", "(x)", "users('x", "users('x)", "users('x'y)", "users(,)"] {
            assert_eq!(call(segment), None, "{segment}");
        }
    }

    #[test]
    fn what_layers_disagree_on_is_refused() {
        for raw in ["%00", "%0A", "%c0%ae", "%ff", "..", "%2e%2E", "."] {
            assert!(decode(raw).is_err(), "{raw}");
        }
        assert_eq!(decode("%24ref").unwrap(), "$ref");
    }
}
