//! Rules of properties that hold addresses.

use super::syntax;
use crate::value::Value;

/// Checks a text; null passes.
pub(crate) fn on_text(
    value: &Value<'static>,
    check: impl Fn(&str) -> Result<(), String>,
) -> Result<(), String> {
    value.as_text().map_or(Ok(()), check)
}

/// Most items of a collection that a message tells about.
const MOST_TOLD: usize = 10;

/// Checks every text of a collection; what is wrong is told by the number of the item.
fn on_texts(
    value: &Value<'static>,
    check: impl Fn(&str) -> Result<(), String>,
) -> Result<(), String> {
    let items = value.as_list().unwrap_or_default().iter().filter_map(Value::as_text);
    let wrong = items.zip(1..).filter_map(|(text, number)| {
        let wrong = check(text).err()?;
        Some(format!("item {number} {}", wrong.trim_end_matches('.')))
    });
    let wrong: Vec<String> = wrong.take(MOST_TOLD).collect();
    if wrong.is_empty() { Ok(()) } else { Err(format!("{}.", wrong.join("; "))) }
}

/// An address, or blank to clear it.
pub(crate) fn address(value: &Value<'static>) -> Result<(), String> {
    on_text(value, |text| {
        if text.trim().is_empty() {
            return Ok(());
        }
        syntax::smtp_address(text).map(|_| ())
    })
}

/// A collection of addresses.
pub(crate) fn addresses(value: &Value<'static>) -> Result<(), String> {
    on_texts(value, |text| syntax::smtp_address(text).map(|_| ()))
}

/// A collection of `SMTP:` and `smtp:` addresses.
pub(crate) fn proxies(value: &Value<'static>) -> Result<(), String> {
    on_texts(value, |text| syntax::proxy_address(text).map(|_| ()))
}

/// A mail alias.
pub(crate) fn alias(value: &Value<'static>) -> Result<(), String> {
    on_text(value, |text| syntax::mail_nickname(text).map(|_| ()))
}

/// A mail tip (R47): no HTML, recognised by the start of a tag or comment.
pub(crate) fn mail_tip(value: &Value<'static>) -> Result<(), String> {
    let tag = |c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?');
    on_text(value, |text| match text.split('<').skip(1).any(|rest| rest.starts_with(tag)) {
        true => Err("must be plain text without HTML tags.".to_owned()),
        false => Ok(()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_tip_is_plain_text() {
        assert_eq!(mail_tip(&Value::text("Answers < 2 days, > 1 hour")), Ok(()));
        for html in ["<b>now</b>", "a</p>", "<!-- x -->", "x<IMG src=y>"] {
            assert!(mail_tip(&Value::text(html)).is_err(), "{html}");
        }
    }
}
