//! Name, alias and addresses of a group that receives mail (R132).

use super::Group;
use crate::addresses::syntax::key;
use crate::addresses::{self, Address, AddressList};
use crate::authz::Scope;
use crate::error::{Result, Violation};
use crate::limits::{MAX_ALIASES, MAX_RECIPIENT_NAME};
use crate::ports::WriteTx;
use crate::properties::Changes;
use crate::text::fold;

/// Brings a group's addresses in order after a change and checks them and its name against the
/// organisation's domains and everybody's. Returns all addresses the group holds.
pub(super) fn settle(
    tx: &mut dyn WriteTx,
    scope: &Scope,
    before: Option<&Group>,
    group: &mut Group,
    changes: &Changes<Group>,
    violations: &mut Vec<Violation>,
) -> Result<Vec<Address>> {
    if !group.mail_enabled {
        group.mail = None;
        group.proxy_addresses = Vec::new();
        return Ok(Vec::new());
    }
    check_names(tx, group, violations)?;
    let list = collect(tx, before, group, changes)?;
    if list.len() > MAX_ALIASES + 1 {
        violations.push(Violation::new(
            "proxyAddresses",
            format!("'proxyAddresses' has more than {MAX_ALIASES} aliases."),
        ));
    }
    for address in &list {
        check_address(tx, scope, group, address, violations)?;
    }
    group.proxy_addresses = proxies(&list);
    Ok(list)
}

fn check_names(tx: &mut dyn WriteTx, group: &Group, violations: &mut Vec<Violation>) -> Result<()> {
    if group.display_name.chars().count() > MAX_RECIPIENT_NAME {
        violations.push(Violation::new(
            "displayName",
            format!(
                "'displayName' of a mail-enabled group has at most {MAX_RECIPIENT_NAME} characters."
            ),
        ));
    }
    let tenant = tx.tenant();
    let alias = group.mail_nickname.as_deref().map(fold).unwrap_or_default();
    let taken = tx.recipient_named(tenant, group.id, &fold(&group.display_name), &alias)?;
    for (taken, property) in [(taken.0, "displayName"), (taken.1, "mailNickname")] {
        if taken {
            violations.push(Violation::coded(
                "ObjectConflict",
                property,
                format!(
                    "Another object with the same value for property {property} already exists: \
                     a mail-enabled group. Choose another value."
                ),
            ));
        }
    }
    Ok(())
}

/// The primary address and the aliases. Naming `proxyAddresses` replaces the aliases; otherwise
/// former ones stay, and so does a former primary address.
fn collect(
    tx: &mut dyn WriteTx,
    before: Option<&Group>,
    group: &mut Group,
    changes: &Changes<Group>,
) -> Result<Vec<Address>> {
    let named = changes.get("proxyAddresses").is_some();
    let primary = group.proxy_addresses.iter().find_map(|proxy| proxy.strip_prefix("SMTP:"));
    if let Some(primary) = primary.filter(|_| named) {
        group.mail = Some(primary.to_owned());
    }
    if group.mail.is_none() {
        group.mail = first_address(tx, group)?;
    }
    let mut list = AddressList::default();
    if let Some(mail) = &group.mail {
        let entry = list.entry(mail);
        entry.primary = true;
        entry.proxy = true;
    }
    let former = before.and_then(|before| before.mail.clone()).filter(|_| !named);
    let aliases = group.proxy_addresses.iter().filter_map(|proxy| proxy.get(5..));
    for alias in aliases.chain(former.as_deref()) {
        list.entry(alias).proxy = true;
    }
    Ok(list.into_vec())
}

/// `alias@` the default domain, or the initial one where the default is not verified.
fn first_address(tx: &mut dyn WriteTx, group: &Group) -> Result<Option<String>> {
    let tenant = tx.tenant();
    let mut domains = tx.domains(tenant)?;
    domains.retain(|domain| domain.is_verified);
    domains.sort_by_key(|domain| (!domain.is_default, !domain.is_initial));
    let alias = group.mail_nickname.as_deref();
    Ok(alias.zip(domains.first()).map(|(alias, domain)| format!("{alias}@{}", domain.name)))
}

fn check_address(
    tx: &mut dyn WriteTx,
    scope: &Scope,
    group: &Group,
    address: &Address,
    violations: &mut Vec<Violation>,
) -> Result<()> {
    let tenant = tx.tenant();
    let property = if address.primary { "mail" } else { "proxyAddresses" };
    let name = key(address.address.rsplit('@').next().unwrap_or_default());
    if !tx.domain(tenant, &name)?.is_some_and(|domain| domain.is_verified) {
        violations.push(Violation::coded(
            "DomainNotVerified",
            property,
            format!(
                "The domain '{name}' of '{property}' is not a verified domain of this \
                 organisation. Add and verify it, or use one of the verified domains."
            ),
        ));
    }
    match tx.holder(tenant, &address.key())? {
        Some(holder) if holder.id != group.id.uuid() => {
            violations.push(addresses::conflict(tx, scope, property, &holder)?);
        }
        _ => {}
    }
    Ok(())
}

fn proxies(list: &[Address]) -> Vec<String> {
    let mut sorted: Vec<&Address> = list.iter().collect();
    sorted.sort_by_key(|address| !address.primary);
    let mark = |address: &Address| if address.primary { "SMTP:" } else { "smtp:" };
    sorted.into_iter().map(|address| format!("{}{}", mark(address), address.address)).collect()
}
