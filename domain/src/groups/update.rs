//! Changing a group.

use super::access::may_edit;
use super::create::{self, check_kind};
use super::read::find;
use super::{Group, Link, links, mailbox};
use crate::addresses::HolderKind;
use crate::authz::{Grant, rights};
use crate::changes::{self, Change};
use crate::error::{Error, Result, Violation};
use crate::ports::WriteTx;
use crate::properties::{self, Changes};
use crate::value::Value;

/// What a PATCH asks to change.
#[derive(Clone, Debug)]
pub struct Update {
    /// Plain properties and violations.
    pub changes: Changes<Group>,
    /// Ids or names of members to add.
    pub members: Vec<String>,
    /// Ids or names of owners to add.
    pub owners: Vec<String>,
}

impl Update {
    /// Reads a body; all violations that can be seen without the database are collected.
    pub fn read(body: Value<'static>) -> Self {
        let (changes, members, owners) = create::read(body);
        Self { changes, members, owners }
    }
}

/// Changes a group and adds members and owners, all or nothing. Returns its new version.
///
/// # Errors
/// 404; 403 for who neither manages nor owns it; 400 with every offending property; 412 when
/// `if_match` names another version.
pub fn update(
    tx: &mut dyn WriteTx,
    grant: &Grant<rights::UseGroups>,
    key: &str,
    update: &Update,
    if_match: &dyn Fn(i64) -> bool,
) -> Result<i64> {
    let before = find(tx, &grant.scope(), key)?;
    may_edit(tx, grant, &before)?;
    if !if_match(before.version) {
        return Err(Error::precondition_failed());
    }
    let mut violations = update.changes.violations.clone();
    let mut group = before.clone();
    violations.extend(update.changes.apply(&mut group).err().unwrap_or_default());
    check_fixed(&before, &group, &mut violations);
    check_kind(&group, &update.changes, &mut violations);
    let addresses = mailbox::settle(
        tx,
        &grant.scope(),
        Some(&before),
        &mut group,
        &update.changes,
        &mut violations,
    )?;
    if !violations.is_empty() {
        return Err(Error::violations(violations));
    }
    let changed = properties::differences(&before, &group);
    if !changed.is_empty() {
        group.version = group.version.saturating_add(1);
        tx.update_group(&group)?;
        if changed.iter().any(|property| property.name == "proxyAddresses") {
            tx.hold_addresses(HolderKind::Group, group.id.uuid(), &addresses)?;
        }
        let details = changes::changed(&before, &group);
        tx.record(Change::by(grant, "groups.update", "group", group.id, details))?;
        if before.moderation_enabled && !group.moderation_enabled {
            links::keep_restricted(tx, &group)?;
        }
    }
    links::put(tx, grant, &group, Link::Owner, &update.owners)?;
    links::put(tx, grant, &group, Link::Member, &update.members)?;
    Ok(group.version)
}

/// What is given at creation and never changed.
fn check_fixed(before: &Group, after: &Group, violations: &mut Vec<Violation>) {
    let flags = [
        ("mailEnabled", before.mail_enabled != after.mail_enabled),
        ("securityEnabled", before.security_enabled != after.security_enabled),
        ("groupTypes", before.unified != after.unified),
        (
            "visibility",
            before.visibility != after.visibility
                && (before.hides_members() || after.hides_members()),
        ),
    ];
    for (name, _) in flags.into_iter().filter(|(_, changed)| *changed) {
        let message = format!(
            "'{name}' is given when a group is created and cannot be changed like this; create a \
             new group."
        );
        violations.push(Violation::coded("ImmutableProperty", name, message));
    }
}
