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

/// Checks every text of a collection.
fn on_texts(
    value: &Value<'static>,
    check: impl Fn(&str) -> Result<(), String>,
) -> Result<(), String> {
    let items = value.as_list().unwrap_or_default();
    items.iter().filter_map(Value::as_text).try_for_each(check)
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
