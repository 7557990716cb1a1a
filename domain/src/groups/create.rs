//! Creating a group (R126, R127, R132, A1, A17).

use super::access::may_manage;
use super::{Group, GroupId, GroupKind, HIDDEN_MEMBERSHIP, Link, links, mailbox};
use crate::addresses::HolderKind;
use crate::authz::{Grant, rights};
use crate::changes::{self, Change};
use crate::error::{Error, Result, Violation};
use crate::id::Id;
use crate::limits::MAX_BIND;
use crate::objects::last_segment;
use crate::ports::WriteTx;
use crate::properties::Changes;
use crate::value::Value;

/// What a body asks to create.
#[derive(Clone, Debug)]
pub struct NewGroup {
    /// Plain properties and violations.
    pub changes: Changes<Group>,
    /// Ids or names of the first members.
    pub members: Vec<String>,
    /// Ids or names of the owners.
    pub owners: Vec<String>,
}

/// Members of a body that are no plain properties.
const SPECIAL: [&str; 4] =
    ["members@odata.bind", "owners@odata.bind", "membershipRule", "membershipRuleProcessingState"];

/// Reads a body with its references.
pub(super) fn read(body: Value<'static>) -> (Changes<Group>, Vec<String>, Vec<String>) {
    let mut changes = Changes::read(body, &SPECIAL);
    let members = read_bind(&mut changes, "members@odata.bind");
    let owners = read_bind(&mut changes, "owners@odata.bind");
    limit_bound(&mut changes, [&members, &owners]);
    for name in ["membershipRule", "membershipRuleProcessingState"] {
        if changes.take_special(name).is_some_and(|value| !value.is_null()) {
            changes.violations.push(Violation::new(
                name,
                "Dynamic membership is not served: leave the rule out and add members by \
                 reference.",
            ));
        }
    }
    (changes, members, owners)
}

fn read_bind(changes: &mut Changes<Group>, name: &str) -> Vec<String> {
    let Some(value) = changes.take_special(name) else { return Vec::new() };
    let segment = |item: &Value<'static>| item.as_text().and_then(last_segment).map(str::to_owned);
    let named: Option<Vec<String>> =
        value.as_list().and_then(|items| items.iter().map(segment).collect());
    named.unwrap_or_else(|| {
        let wrong = format!("'{name}' must be a collection of addresses of objects.");
        changes.violations.push(Violation::new(name, wrong));
        Vec::new()
    })
}

/// References of one body are counted over all its lists, as Graph does.
fn limit_bound(changes: &mut Changes<Group>, [members, owners]: [&Vec<String>; 2]) {
    if members.len().saturating_add(owners.len()) <= MAX_BIND {
        return;
    }
    let lists = [("members@odata.bind", members), ("owners@odata.bind", owners)];
    for (name, _) in lists.into_iter().filter(|(_, named)| !named.is_empty()) {
        let wrong = format!(
            "The references of a body, members and owners together, are at most {MAX_BIND}; add \
             the others of '{name}' in parts."
        );
        changes.violations.push(Violation::new(name, wrong));
    }
}

impl NewGroup {
    /// Reads a body; all violations that can be seen without the database are collected.
    pub fn read(body: Value<'static>) -> Self {
        let (mut changes, members, owners) = read(body);
        changes.refuse_relations();
        for name in ["displayName", "mailNickname", "mailEnabled", "securityEnabled"] {
            let missing = changes.get(name).is_none_or(Value::is_null)
                || changes.get(name).is_some_and(|value| value.as_text() == Some(""));
            if missing && !changes.is_refused(name) {
                let message = format!("'{name}' is required.");
                changes.violations.push(Violation::coded("MissingProperty", name, message));
            }
        }
        Self { changes, members, owners }
    }
}

/// Whether the caller may create a group of this kind. It changes nothing.
///
/// # Errors
/// 403 by the kind of group (A1).
pub fn may_create<P>(grant: &Grant<P>, new: &NewGroup) -> Result<()> {
    let mut group = Group::default();
    // What is wrong with the body is told to whoever may send it.
    new.changes.apply(&mut group).ok();
    may_manage(grant, group.kind(), None).map(drop)
}

/// Creates a group with its addresses, owners and first members, all or nothing.
///
/// # Errors
/// 403 by the kind of group (A1); 400 with every offending property; 404 for an owner or member
/// that does not exist.
pub fn create(
    tx: &mut dyn WriteTx,
    grant: &Grant<rights::ManageGroups>,
    new: &NewGroup,
) -> Result<Group> {
    let grant = &grant.also::<rights::UseGroups>()?;
    let id: GroupId = Id::new(tx.new_uuid());
    let mut group = Group { id, version: 1, created: tx.now(), ..Group::default() };
    let mut violations = new.changes.violations.clone();
    violations.extend(new.changes.apply(&mut group).err().unwrap_or_default());
    may_manage(grant, group.kind(), None)?;
    match group.kind() {
        Some(kind) => fill_defaults(&mut group, kind, &new.changes),
        None => violations.push(no_such_kind(&group)),
    }
    check_kind(&group, &new.changes, &mut violations);
    let addresses =
        mailbox::settle(tx, &grant.scope(), None, &mut group, &new.changes, &mut violations)?;
    let owners = owners(tx, grant, &group, &new.owners, &mut violations)?;
    if !violations.is_empty() {
        return Err(Error::violations(violations));
    }
    tx.insert_group(&group)?;
    tx.insert_addresses(HolderKind::Group, id.uuid(), &addresses)?;
    tx.record(Change::by(grant, "groups.create", "group", id, changes::created(&group)))?;
    links::put(tx, grant, &group, Link::Owner, &owners)?;
    links::put(tx, grant, &group, Link::Member, &new.members)?;
    Ok(group)
}

fn no_such_kind(group: &Group) -> Violation {
    let message = if group.unified {
        "A Microsoft 365 group must have mailEnabled true."
    } else {
        "A group is mail-enabled, security-enabled or both; set 'mailEnabled' or \
         'securityEnabled' to true."
    };
    Violation::new("mailEnabled", message)
}

/// A17: joining is closed; leaving is open where members come and go by themselves.
fn fill_defaults(group: &mut Group, kind: GroupKind, changes: &Changes<Group>) {
    let by_hand = matches!(kind, GroupKind::Security | GroupKind::MailEnabledSecurity);
    if by_hand && changes.get("memberDepartRestriction").is_none() {
        group.depart_restriction = "Closed".to_owned();
    }
    if kind == GroupKind::Microsoft365 && group.visibility.is_none() {
        group.visibility = Some("Public".to_owned());
    }
}

/// What a kind of group cannot have.
pub(super) fn check_kind(group: &Group, changes: &Changes<Group>, violations: &mut Vec<Violation>) {
    let Some(kind) = group.kind() else { return };
    if kind == GroupKind::MailEnabledSecurity {
        let restrictions = [
            (&group.join_restriction, "memberJoinRestriction"),
            (&group.depart_restriction, "memberDepartRestriction"),
        ];
        for (_, name) in restrictions.into_iter().filter(|(word, _)| *word == "Open") {
            let message =
                format!("'{name}' of a mail-enabled security group cannot be Open (R127).");
            violations.push(Violation::new(name, message));
        }
    }
    if group.hides_members() && group.join_restriction == "Open" {
        let message = "'memberJoinRestriction' of a group with hidden members cannot be Open: \
                       whoever joins sees them. Set ApprovalRequired or Closed.";
        violations.push(Violation::new("memberJoinRestriction", message));
    }
    if kind == GroupKind::Security {
        let named = GroupKind::MAIL_ONLY.into_iter();
        for name in named.filter(|name| changes.get(name).is_some_and(is_set)) {
            let message = format!("A security group receives no mail; leave '{name}' out.");
            violations.push(Violation::new(name, message));
        }
    }
    if kind == GroupKind::Security && group.visibility.as_deref() == Some(HIDDEN_MEMBERSHIP) {
        let message = "'visibility' HiddenMembership is for groups that receive mail.";
        violations.push(Violation::new("visibility", message));
    }
}

/// Whether a body gives a value of its own, not what clients send back that they read.
fn is_set(value: &Value<'static>) -> bool {
    match value {
        Value::Null | Value::Bool(false) => false,
        Value::List(items) => !items.is_empty(),
        _ => true,
    }
}

/// R126: the creator owns the group unless owners are named; a distribution or mail-enabled
/// security group has at least one.
fn owners(
    tx: &mut dyn WriteTx,
    grant: &Grant<rights::UseGroups>,
    group: &Group,
    named: &[String],
    violations: &mut Vec<Violation>,
) -> Result<Vec<String>> {
    if !named.is_empty() || group.kind() == Some(GroupKind::Security) {
        return Ok(named.to_vec());
    }
    let creator = match grant.actor().user() {
        Some(id) => tx.user(&grant.scope(), id)?,
        None => None,
    };
    let creator = creator.filter(|user| !group.is_recipient() || user.mail.is_some());
    match creator {
        Some(user) => Ok(vec![user.id.to_string()]),
        None if group.is_recipient() => {
            violations.push(Violation::coded(
                "MissingProperty",
                "owners@odata.bind",
                "A distribution or mail-enabled security group needs an owner with a mail \
                 address; name one in 'owners@odata.bind'.",
            ));
            Ok(Vec::new())
        }
        None => Ok(Vec::new()),
    }
}
