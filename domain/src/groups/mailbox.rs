//! Name, alias and addresses of a group that receives mail (R132).

use super::Group;
use crate::addresses::own::{self, proxies};
use crate::addresses::syntax::key;
use crate::addresses::{self, Address, AddressList, Holder, HolderKind};
use crate::authz::Scope;
use crate::error::{Error, Result, Violation};
use crate::id::TenantId;
use crate::limits::{MAX_ALIASES, MAX_RECIPIENT_NAME};
use crate::ports::{ReadTx, WriteTx};
use crate::properties::Changes;
use crate::text::fold;
use crate::warning::Warning;

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
    if group.mail_nickname.is_none() {
        violations.push(Violation::new(
            "mailNickname",
            "'mailNickname' cannot be null or cleared: mail-enabled groups have an alias.",
        ));
    }
    check_names(tx, scope, group, violations)?;
    let list = collect(tx, before, group, changes, violations)?;
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

/// Checks the name and the alias of a group that receives mail.
pub(super) fn check_names<T: ReadTx + ?Sized>(
    tx: &mut T,
    scope: &Scope,
    group: &Group,
    violations: &mut Vec<Violation>,
) -> Result<()> {
    if group.display_name.chars().count() > MAX_RECIPIENT_NAME {
        violations.push(Violation::new(
            "displayName",
            format!(
                "'displayName' of a mail-enabled group has at most {MAX_RECIPIENT_NAME} characters."
            ),
        ));
    }
    for (property, holder) in taken_names(tx, scope.tenant(), group)? {
        let value = match property {
            "displayName" => group.display_name.as_str(),
            _ => group.mail_nickname.as_deref().unwrap_or_default(),
        };
        let taken = Address::new(value);
        violations.push(addresses::conflict(tx, scope, property, &taken, &holder)?);
    }
    Ok(())
}

/// Which of its names others have, and who: its name another mail-enabled group, its alias one of
/// those or a contact (R42, R132). Aliases of users and of groups without mail may repeat, as in
/// Graph; what they stand for, the addresses, is held once over everybody.
fn taken_names<T: ReadTx + ?Sized>(
    tx: &mut T,
    tenant: TenantId,
    group: &Group,
) -> Result<Vec<(&'static str, Holder)>> {
    let held = |kind, id| Holder { kind, id, routing_only: false };
    let mut taken = Vec::new();
    if let Some(other) = tx.recipient_named(tenant, group.id, &fold(&group.display_name))? {
        taken.push(("displayName", held(HolderKind::Group, other.uuid())));
    }
    let Some(alias) = group.mail_nickname.as_deref().map(fold) else { return Ok(taken) };
    if let Some(other) = tx.recipient_with_alias(tenant, Some(group.id), &alias)? {
        taken.push(("mailNickname", held(HolderKind::Group, other.uuid())));
    } else if let Some(other) = tx.contact_with_alias(&Scope::of_service(tenant), &alias)? {
        taken.push(("mailNickname", held(HolderKind::Contact, other.uuid())));
    }
    Ok(taken)
}

/// The names of a restored group. Its name must not have been given away meanwhile (R78); for an
/// alias that was, as for addresses (R77), it gets another one like it, with a warning.
///
/// # Errors
/// 409 for the name.
pub(super) fn reclaim_names(tx: &mut dyn WriteTx, group: &mut Group) -> Result<Vec<Warning>> {
    let Some(alias) = group.mail_nickname.clone().filter(|_| group.mail_enabled) else {
        return Ok(Vec::new());
    };
    let tenant = tx.tenant();
    let mut taken = taken_names(tx, tenant, group)?;
    if taken.iter().any(|(property, _)| *property == "displayName") {
        let message = "Another group has the displayName of this group now. Give that group \
                       another one first, then restore.";
        return Err(Error::conflict("GroupNameTaken", message).at("displayName"));
    }
    if taken.is_empty() {
        return Ok(Vec::new());
    }
    let mut next = alias.clone();
    for digits in addresses::DIGITS {
        if taken.is_empty() {
            break;
        }
        next = addresses::numbered(tx, &alias, digits);
        group.mail_nickname = Some(next.clone());
        taken = taken_names(tx, tenant, group)?;
    }
    let message = format!(
        "Another object has the alias {alias} now; the group has {next} instead. Change \
         'mailNickname' for one that you prefer."
    );
    Ok(vec![Warning::new("AliasReplaced", "mailNickname", message)])
}

/// The addresses that a restored group gets back. Those given away meanwhile are dropped with a
/// warning (R77); where the primary one is among them, another takes its place.
pub(super) fn reclaim(
    tx: &mut dyn WriteTx,
    group: &mut Group,
) -> Result<(Vec<Address>, Vec<Warning>)> {
    if !group.mail_enabled {
        return Ok((Vec::new(), Vec::new()));
    }
    let (mut kept, mut warnings) = (Vec::new(), Vec::new());
    for address in group.proxy_addresses.iter().filter_map(|proxy| proxy.get(5..)) {
        let tenant = tx.tenant();
        if tx.holder(tenant, &key(address))?.is_none() {
            kept.push(address.to_owned());
            continue;
        }
        let primary = group.mail.as_deref().is_some_and(|mail| key(mail) == key(address));
        let property = if primary { "mail" } else { "proxyAddresses" };
        let message = format!("{address} now belongs to another object and was dropped.");
        warnings.push(Warning::new("AddressDropped", property, message));
    }
    let is_kept = |mail: &String| kept.iter().any(|kept| key(kept) == key(mail));
    group.mail = match group.mail.take().filter(is_kept).or_else(|| kept.first().cloned()) {
        Some(mail) => Some(mail),
        None => free_address(tx, group)?,
    };
    let list = listed(group.mail.as_deref(), &kept);
    group.proxy_addresses = proxies(&list);
    Ok((list, warnings))
}

/// The primary address and the aliases, each once.
fn listed(mail: Option<&str>, aliases: &[String]) -> Vec<Address> {
    let mut list = AddressList::default();
    if let Some(mail) = mail {
        let entry = list.entry(mail);
        entry.primary = true;
        entry.proxy = true;
    }
    for alias in aliases {
        list.entry(alias).proxy = true;
    }
    list.into_vec()
}

/// The primary address and the aliases. Naming `proxyAddresses` replaces the aliases; otherwise
/// former ones stay, and so does a former primary address.
fn collect(
    tx: &mut dyn WriteTx,
    before: Option<&Group>,
    group: &mut Group,
    changes: &Changes<Group>,
    violations: &mut Vec<Violation>,
) -> Result<Vec<Address>> {
    // Clients send back what they read: only what differs is a wish.
    let named = changes.get("proxyAddresses").is_some()
        && before.is_none_or(|before| before.proxy_addresses != group.proxy_addresses);
    if named {
        let mail_named = before.is_none_or(|before| before.mail != group.mail);
        let mail = changes.text("mail").filter(|_| mail_named);
        let primary = own::primary(&group.proxy_addresses, mail, violations);
        group.mail = primary.or(group.mail.take());
    }
    if group.mail.is_none() {
        let tenant = tx.tenant();
        let first = first_address(tx, tenant, group)?;
        group.mail = first.map(|(alias, domain)| format!("{alias}@{domain}"));
    }
    let former = before.and_then(|before| before.mail.clone()).filter(|_| !named);
    let aliases = group.proxy_addresses.iter().filter_map(|proxy| proxy.get(5..));
    let aliases: Vec<String> = aliases.map(str::to_owned).chain(former).collect();
    Ok(listed(group.mail.as_deref(), &aliases))
}

/// The alias and the default domain, or the initial one where the default is not verified: what
/// the first address is made of.
pub(super) fn first_address<T: ReadTx + ?Sized>(
    tx: &mut T,
    tenant: TenantId,
    group: &Group,
) -> Result<Option<(String, String)>> {
    let mut domains = tx.domains(tenant)?;
    domains.retain(|domain| domain.is_verified);
    domains.sort_by_key(|domain| (!domain.is_default, !domain.is_initial));
    let domain = domains.into_iter().next().map(|domain| domain.name);
    Ok(group.mail_nickname.clone().zip(domain))
}

/// The first address, or one like it where another object holds that.
fn free_address(tx: &mut dyn WriteTx, group: &Group) -> Result<Option<String>> {
    let tenant = tx.tenant();
    match first_address(tx, tenant, group)? {
        Some((alias, domain)) => addresses::free_variant(tx, &alias, &domain),
        None => Ok(None),
    }
}

fn check_address(
    tx: &mut dyn WriteTx,
    scope: &Scope,
    group: &Group,
    address: &Address,
    violations: &mut Vec<Violation>,
) -> Result<()> {
    let property = if address.primary { "mail" } else { "proxyAddresses" };
    own::check_domain(tx, property, address, violations)?;
    match tx.holder(scope.tenant(), &address.key())? {
        Some(holder) if holder.id != group.id.uuid() => {
            violations.push(addresses::conflict(tx, scope, property, address, &holder)?);
        }
        _ => {}
    }
    Ok(())
}
