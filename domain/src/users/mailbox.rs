//! The addresses of a user: sign-in name, mail, aliases and the routing address.

use super::User;
use crate::addresses::own::{self, proxies};
use crate::addresses::syntax::key;
use crate::addresses::{self, Address, AddressList};
use crate::authz::Scope;
use crate::error::{Result, Violation};
use crate::limits::MAX_ALIASES;
use crate::ports::WriteTx;
use crate::properties::Changes;
use crate::warning::Warning;

/// Brings a user's addresses in order after a change and checks them against the organisation's
/// domains and everybody's addresses. Returns all addresses the user holds.
pub(super) fn settle(
    tx: &mut dyn WriteTx,
    scope: &Scope,
    before: Option<&User>,
    user: &mut User,
    changes: &Changes<User>,
    violations: &mut Vec<Violation>,
) -> Result<Vec<Address>> {
    if user.user_principal_name.is_empty() {
        return Ok(Vec::new());
    }
    let aliases = wanted_aliases(before, user, changes, violations);
    if aliases.len() > MAX_ALIASES {
        violations.push(Violation::new(
            "proxyAddresses",
            format!("'proxyAddresses' has more than {MAX_ALIASES} aliases (R55)."),
        ));
    }
    if user.routing_address.is_none() && user.user_type != "Guest" {
        user.routing_address = reserve_routing_address(tx, user)?;
    }
    let list = collect(user, &aliases);
    check(tx, scope, user, &list, violations)?;
    user.proxy_addresses = proxies(&list);
    Ok(list)
}

/// Checks addresses against the organisation's domains and everybody's addresses.
pub(super) fn check(
    tx: &mut dyn WriteTx,
    scope: &Scope,
    user: &User,
    list: &[Address],
    violations: &mut Vec<Violation>,
) -> Result<()> {
    check_domains(tx, user, list, violations)?;
    check_holders(tx, scope, user, list, violations)
}

/// The addresses that a restored user gets back. Those given away meanwhile are dropped with a
/// warning (R77); the caller has made sure of the user principal name.
pub(super) fn reclaim(
    tx: &mut dyn WriteTx,
    user: &mut User,
) -> Result<(Vec<Address>, Vec<Warning>)> {
    let aliases: Vec<String> =
        user.proxy_addresses.iter().filter_map(|p| p.get(5..)).map(str::to_owned).collect();
    let mut lost = Vec::new();
    for address in collect(user, &aliases) {
        if !address.upn && is_taken(tx, user, &address)? {
            lost.push(address);
        }
    }
    let is_lost = |text: &str| lost.iter().any(|address| address.key() == key(text));
    if user.routing_address.as_deref().is_some_and(is_lost) {
        user.routing_address = None;
    }
    if user.routing_address.is_none() && user.user_type != "Guest" {
        user.routing_address = reserve_routing_address(tx, user)?;
    }
    let kept: Vec<String> = aliases.into_iter().filter(|alias| !is_lost(alias)).collect();
    if user.mail.as_deref().is_some_and(is_lost) {
        // Mail still reaches the person, at an address that is left or at the sign-in name.
        let next = kept.first().unwrap_or(&user.user_principal_name);
        user.mail = Some(next.clone());
    }
    let list = collect(user, &kept);
    user.proxy_addresses = proxies(&list);
    let warnings = lost.iter().map(|address| {
        let message = format!("{} now belongs to another object and was dropped.", address.address);
        Warning::new("AddressDropped", property_of(address), message)
    });
    Ok((list, warnings.collect()))
}

fn is_taken(tx: &mut dyn WriteTx, user: &User, address: &Address) -> Result<bool> {
    let tenant = tx.tenant();
    let holder = tx.holder(tenant, &address.key())?;
    Ok(holder.is_some_and(|holder| holder.id != user.id.uuid()))
}

/// Aliases besides the primary address. Naming `proxyAddresses` replaces them; otherwise former
/// ones stay, and so does a former primary address (R56).
fn wanted_aliases(
    before: Option<&User>,
    user: &mut User,
    changes: &Changes<User>,
    violations: &mut Vec<Violation>,
) -> Vec<String> {
    // Clients send back what they read: only what differs is a wish.
    let named = changes.get("proxyAddresses").is_some()
        && before.is_none_or(|before| before.proxy_addresses != user.proxy_addresses);
    let mail_named =
        changes.get("mail").is_some() && before.is_none_or(|before| before.mail != user.mail);
    if named {
        let mail = user.mail.as_deref().filter(|_| mail_named);
        user.mail = own::primary(&user.proxy_addresses, mail, violations).or(user.mail.take());
    }
    if let Some(before) = before {
        let follows =
            before.mail.as_deref() == Some(&before.user_principal_name) && !mail_named && !named;
        if follows {
            user.mail = Some(user.user_principal_name.clone());
        }
    }
    let mut aliases: Vec<String> =
        user.proxy_addresses.iter().filter_map(|p| p.get(5..)).map(str::to_owned).collect();
    if user.mail.is_none() {
        if named && !aliases.is_empty() {
            violations.push(Violation::new(
                "proxyAddresses",
                "'proxyAddresses' needs a primary address: give the user a 'mail', or write \
                 'SMTP:' in capitals before one of the addresses.",
            ));
        }
        return Vec::new();
    }
    aliases.extend(before.and_then(|before| before.mail.clone()));
    let primary = user.mail.as_deref().map(key);
    aliases.retain(|alias| Some(key(alias)) != primary);
    aliases
}

/// R104, R105: every user of a custom domain has `alias@initial-domain` reserved; on a clash four
/// digits are added. Once made it never changes.
fn reserve_routing_address(tx: &mut dyn WriteTx, user: &User) -> Result<Option<String>> {
    let tenant = tx.tenant();
    let Some(initial) = tx.domains(tenant)?.into_iter().find(|domain| domain.is_initial) else {
        return Ok(None);
    };
    let (local, domain) = user.user_principal_name.split_once('@').unwrap_or_default();
    if domain.eq_ignore_ascii_case(&initial.name) {
        return Ok(Some(user.user_principal_name.clone()));
    }
    addresses::free_variant(tx, local, &initial.name)
}

fn collect(user: &User, aliases: &[String]) -> Vec<Address> {
    let mut list = AddressList::default();
    list.entry(&user.user_principal_name).upn = true;
    if let Some(mail) = &user.mail {
        let primary = list.entry(mail);
        primary.primary = true;
        primary.proxy = true;
    }
    for alias in aliases {
        list.entry(alias).proxy = true;
    }
    if let Some(routing) = &user.routing_address {
        let routing = list.entry(routing);
        routing.routing = true;
        routing.proxy = user.mail.is_some();
    }
    list.into_vec()
}

fn property_of(address: &Address) -> &'static str {
    match address {
        Address { upn: true, .. } => "userPrincipalName",
        Address { primary: true, .. } => "mail",
        _ => "proxyAddresses",
    }
}

/// Names and addresses stand in verified domains of the organisation (R52, R55).
fn check_domains(
    tx: &mut dyn WriteTx,
    user: &User,
    list: &[Address],
    violations: &mut Vec<Violation>,
) -> Result<()> {
    let guest = user.user_type == "Guest";
    for address in list.iter().filter(|address| address.upn || !guest) {
        own::check_domain(tx, property_of(address), address, violations)?;
    }
    Ok(())
}

fn check_holders(
    tx: &mut dyn WriteTx,
    scope: &Scope,
    user: &User,
    list: &[Address],
    violations: &mut Vec<Violation>,
) -> Result<()> {
    for address in list {
        match tx.holder(scope.tenant(), &address.key())? {
            Some(holder) if holder.id != user.id.uuid() => {
                violations.push(addresses::conflict(
                    tx,
                    scope,
                    property_of(address),
                    address,
                    &holder,
                )?);
            }
            _ => {}
        }
    }
    Ok(())
}
