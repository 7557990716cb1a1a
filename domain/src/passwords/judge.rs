//! Judging a password that somebody chose for a user.

use super::policy::{Context, problems};
use crate::error::{Result, Violation};
use crate::id::TenantId;
use crate::ports::ReadTx;
use crate::users::User;

/// Everything that speaks against a password of a user as they are or will be (R60, R65, R67), said
/// of the property that carries it.
///
/// # Errors
/// When the database fails.
pub(crate) fn judge<T: ReadTx + ?Sized>(
    tx: &mut T,
    tenant: TenantId,
    user: &User,
    property: &str,
    password: &str,
) -> Result<Vec<Violation>> {
    let organisation = tx.organisation(tenant)?.unwrap_or_default();
    let person = [&user.given_name, &user.surname].into_iter().flatten().map(String::as_str);
    let names: Vec<&str> = person.chain([organisation.display_name.as_str()]).collect();
    let weak_allowed = user.has_password_policy("DisableStrongPassword");
    let context = Context { names: &names, weak_allowed, ..Context::default() };
    let said = problems(password, &context).into_iter().map(|problem| {
        Violation::coded("PasswordPolicy", property, format!("'{property}' {problem}"))
    });
    Ok(said.collect())
}
