//! Whether names of a group would be taken, before anybody sends them (R132).

use super::access::may_edit;
use super::read::find;
use super::{Group, mailbox};
use crate::addresses::Address;
use crate::authz::{Grant, Scope, rights};
use crate::error::{Error, Kind, Result, Violation};
use crate::members::Members;
use crate::ports::ReadTx;
use crate::properties::Changes;
use crate::value::Value;
use std::borrow::Cow;
use uuid::Uuid;

/// The properties that are checked.
const NAMES: [&str; 2] = ["displayName", "mailNickname"];

/// Names that a group might have.
#[derive(Clone, Debug)]
pub struct Names(Changes<Group>);

impl Names {
    /// Reads `{displayName, mailNickname, onBehalfOfUserId}`. Names are the same for everybody, so
    /// on whose behalf they are asked about does not matter.
    ///
    /// # Errors
    /// 400 with every member that is unknown or no text.
    pub fn read(body: &Value<'static>) -> Result<Self> {
        Self::read_among(body, &["displayName", "mailNickname", "onBehalfOfUserId"])
    }

    /// [`Names::read`] with an `entityType`, where the path says nothing about it.
    ///
    /// # Errors
    /// As there; 400 for another kind than `Group`.
    pub fn read_of_kind(body: &Value<'static>) -> Result<Self> {
        Self::read_among(body, &["entityType", "displayName", "mailNickname", "onBehalfOfUserId"])
    }

    fn read_among(body: &Value<'static>, known: &[&str]) -> Result<Self> {
        let mut members = Members::of(body, known, "this question")?;
        if members
            .optional_text("entityType")
            .is_some_and(|kind| !kind.eq_ignore_ascii_case("group"))
        {
            members.refuse("entityType", "must be Group: names of others are not checked ahead.");
        }
        let user = members.optional_text("onBehalfOfUserId");
        if user.is_some_and(|id| Uuid::try_parse(id).is_err()) {
            members.refuse("onBehalfOfUserId", "must be the id of a user.");
        }
        let mut names = Vec::new();
        for name in NAMES {
            if let Some(text) = members.optional_text(name) {
                let text = Value::Text(Cow::Owned(text.to_owned()));
                names.push((Cow::Borrowed(name), text));
            }
        }
        members.made(Some(Self(Changes::read(Value::Object(names), &[]))))
    }

    /// The group with these names, and what is wrong with them by themselves.
    fn of(&self, mut group: Group) -> (Group, Vec<Violation>) {
        let mut violations = self.0.violations.clone();
        violations.extend(self.0.apply(&mut group).err().unwrap_or_default());
        (group, violations)
    }
}

/// Whether a new group that receives mail could have these names.
///
/// # Errors
/// 422 with every name that it could not have.
pub fn validate(
    tx: &mut dyn ReadTx,
    grant: &Grant<rights::ManageGroups>,
    names: &Names,
) -> Result<()> {
    let scope = grant.scope();
    let group = Group { mail_enabled: true, unified: true, ..Group::default() };
    let (group, mut violations) = names.of(group);
    mailbox::check_names(tx, &scope, &group, &mut violations)?;
    check_first_address(tx, &scope, &group, &mut violations)?;
    told(violations)
}

/// Whether a group could have these names instead of its own.
///
/// # Errors
/// 404; 403 for who neither manages nor owns it; 422 with every name that it could not have.
pub fn validate_for(
    tx: &mut dyn ReadTx,
    grant: &Grant<rights::UseGroups>,
    key: &str,
    names: &Names,
) -> Result<()> {
    let scope = grant.scope();
    let group = find(tx, &scope, key)?;
    may_edit(tx, grant, &group)?;
    let (group, mut violations) = names.of(group);
    if group.mail_enabled {
        mailbox::check_names(tx, &scope, &group, &mut violations)?;
    }
    told(violations)
}

/// A new group gets its first address from its alias.
fn check_first_address(
    tx: &mut dyn ReadTx,
    scope: &Scope,
    group: &Group,
    violations: &mut Vec<Violation>,
) -> Result<()> {
    let Some((alias, domain)) = mailbox::first_address(tx, scope.tenant(), group)? else {
        return Ok(());
    };
    let address = Address::new(&format!("{alias}@{domain}"));
    if let Some(holder) = tx.holder(scope.tenant(), &address.key())? {
        violations.push(crate::addresses::conflict(tx, scope, "mailNickname", &address, &holder)?);
    }
    Ok(())
}

fn told(mut violations: Vec<Violation>) -> Result<()> {
    // An alias that another group has, and whose address it has, is told once.
    violations.dedup_by(|one, other| (one.code, &one.target) == (other.code, &other.target));
    if violations.is_empty() {
        return Ok(());
    }
    let told = Error::violations(violations);
    Err(Error { kind: Kind::Unprocessable, code: "Request_UnprocessableEntity", ..told })
}
