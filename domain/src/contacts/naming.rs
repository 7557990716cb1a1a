//! Names, aliases and the address of a contact, against those of everybody (R42–R44).

use super::Contact;
use crate::addresses::{self, Address, Holder, HolderKind, syntax};
use crate::authz::Scope;
use crate::error::{Result, Violation};
use crate::ports::WriteTx;
use crate::text::fold;
use crate::warning::Warning;
use unicode_normalization::UnicodeNormalization;

/// Most characters of a name and of an alias (R42).
const MAX_NAME: usize = 64;

/// What a contact holds after a change.
pub(super) struct Settled {
    /// Its address.
    pub(super) address: Address,
    /// What the caller should know.
    pub(super) warnings: Vec<Warning>,
}

/// Fills in names that were not given and checks all of them.
pub(super) fn settle(
    tx: &mut dyn WriteTx,
    scope: &Scope,
    contact: &mut Contact,
    violations: &mut Vec<Violation>,
) -> Result<Settled> {
    if contact.name.is_empty() {
        contact.name = shortened(&contact.display_name);
    }
    check_name(tx, scope, contact, violations)?;
    if contact.mail_nickname.is_empty() {
        contact.mail_nickname = free_alias(tx, scope, contact)?;
    } else if let Some(holder) = alias_holder(tx, scope, contact, &contact.mail_nickname)? {
        let alias = Address::new(&contact.mail_nickname);
        let mut taken = addresses::conflict(tx, scope, "mailNickname", &alias, &holder)?;
        taken.message.push_str(" Choose another alias, or leave it out to have one made.");
        violations.push(taken);
    }
    let mut address = Address::new(&contact.mail);
    address.primary = true;
    address.proxy = true;
    match tx.holder(scope.tenant(), &address.key())? {
        Some(holder) if holder.id != contact.id.uuid() => {
            violations.push(addresses::conflict(tx, scope, "mail", &address, &holder)?);
        }
        _ => {}
    }
    let warnings = internal_address(tx, scope, contact)?;
    Ok(Settled { address, warnings })
}

fn shortened(text: &str) -> String {
    let short: String = text.chars().take(MAX_NAME).collect();
    short.trim().to_owned()
}

fn check_name(
    tx: &mut dyn WriteTx,
    scope: &Scope,
    contact: &Contact,
    violations: &mut Vec<Violation>,
) -> Result<()> {
    if contact.name.is_empty() {
        return Ok(());
    }
    match tx.contact_named(scope, &fold(&contact.name))? {
        Some(other) if other != contact.id => violations.push(Violation::coded(
            "ObjectConflict",
            "name",
            format!(
                "Another object with the same value for property name already exists: contact \
                 {other}. Send a 'name' of its own; 'displayName' may be the same."
            ),
        )),
        _ => {}
    }
    Ok(())
}

/// Who has an alias: another contact or a mail-enabled group (R42, R132), or who holds its address
/// in the initial domain, where users and groups have theirs reserved (R104).
fn alias_holder(
    tx: &mut dyn WriteTx,
    scope: &Scope,
    contact: &Contact,
    alias: &str,
) -> Result<Option<Holder>> {
    let holder = |kind, id| Ok(Some(Holder { kind, id, routing_only: false }));
    let other = tx.contact_with_alias(scope, &fold(alias))?;
    if let Some(other) = other.filter(|other| *other != contact.id) {
        return holder(HolderKind::Contact, other.uuid());
    }
    if let Some(group) = tx.recipient_with_alias(scope.tenant(), None, &fold(alias))? {
        return holder(HolderKind::Group, group.uuid());
    }
    let domains = tx.domains(scope.tenant())?;
    let Some(initial) = domains.into_iter().find(|domain| domain.is_initial) else {
        return Ok(None);
    };
    let address = syntax::key(&format!("{alias}@{}", initial.name));
    match tx.holder(scope.tenant(), &address)? {
        Some(other) if other.id != contact.id.uuid() => holder(other.kind, other.id),
        _ => Ok(None),
    }
}

/// An alias made of the name, with digits behind it where others have it already.
fn free_alias(tx: &mut dyn WriteTx, scope: &Scope, contact: &Contact) -> Result<String> {
    let base = alias_of(&contact.name);
    let mut alias = base.clone();
    for digits in addresses::DIGITS {
        if alias_holder(tx, scope, contact, &alias)?.is_none() {
            break;
        }
        alias = addresses::numbered(tx, &base, digits);
    }
    Ok(alias)
}

/// Letters and digits of a name without accents, and dots between its words.
fn alias_of(name: &str) -> String {
    let plain: String = name.nfkd().filter(|c| c.is_ascii() || c.is_whitespace()).collect();
    let words = plain.split(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '_'));
    let words: Vec<_> = words.filter(|word| !word.is_empty()).collect();
    let alias: String = words.join(".").chars().take(MAX_NAME).collect();
    let alias = alias.trim_end_matches('.');
    if alias.is_empty() { "contact".to_owned() } else { alias.to_owned() }
}

/// A24: an address inside the organisation is accepted, but rarely meant.
fn internal_address(
    tx: &mut dyn WriteTx,
    scope: &Scope,
    contact: &Contact,
) -> Result<Vec<Warning>> {
    let domain = syntax::key(contact.mail.rsplit('@').next().unwrap_or_default());
    if !tx.domain(scope.tenant(), &domain)?.is_some_and(|domain| domain.is_verified) {
        return Ok(Vec::new());
    }
    let message = format!(
        "'{domain}' is a domain of this organisation; contacts usually have an address outside it."
    );
    Ok(vec![Warning::new("AddressInVerifiedDomain", "mail", message)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_alias_is_made_of_the_letters_and_digits_of_a_name() {
        for (name, alias) in [
            ("Pilar Pinilla", "Pilar.Pinilla"),
            ("José  García-López", "Jose.Garcia-Lopez"),
            ("O'Neill & Sons, Ltd.", "O.Neill.Sons.Ltd"),
            ("山田", "contact"),
            ("..", "contact"),
        ] {
            assert_eq!(alias_of(name), alias);
            assert_eq!(syntax::mail_nickname(alias), Ok(()));
        }
        assert_eq!(alias_of(&"a b".repeat(40)).chars().count(), 64);
    }
}
