//! Rules about single properties of users.

use crate::addresses::rules::on_text;
use crate::addresses::syntax;
use crate::countries;
use crate::error::Result;
use crate::value::Value;

pub(super) fn upn(value: &Value<'static>) -> Result<(), String> {
    on_text(value, |text| syntax::user_principal_name(text, &syntax::API_LIMITS).map(|_| ()))
}

pub(super) fn usage_location(value: &Value<'static>) -> Result<(), String> {
    on_text(value, |text| match countries::usage_location(text) {
        Some(_) => Ok(()),
        None => Err("must be a two-letter country code such as NL.".to_owned()),
    })
}

pub(super) fn policies(value: &Value<'static>) -> Result<(), String> {
    on_text(value, |text| {
        let known = |word: &str| {
            matches!(word.trim(), "DisablePasswordExpiration" | "DisableStrongPassword" | "None")
        };
        if text.split(',').all(known) {
            return Ok(());
        }
        Err("must be DisablePasswordExpiration, DisableStrongPassword, or both \
             joined by a comma."
            .to_owned())
    })
}
