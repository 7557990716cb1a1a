//! `manager@odata.bind`: the manager named in the body that makes or changes a user or contact.

use super::MANAGER;
use crate::authz::Scope;
use crate::changes;
use crate::error::{Kind, Result, Violation};
use crate::objects::{self, ObjectKind, last_segment};
use crate::ports::WriteTx;
use crate::properties::{Changes, Entity};
use crate::value::Value;
use uuid::Uuid;

/// The member of a body.
pub(crate) const BIND: &str = "manager@odata.bind";

/// What a body wants of the manager.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wish {
    /// None.
    Nobody,
    /// The user or contact of this id, or the user of this user principal name.
    Named(String),
}

/// Takes the wish out of a body; none where it says nothing.
pub(crate) fn take<E: Entity>(changes: &mut Changes<E>) -> Option<Wish> {
    let value = changes.take_special(BIND)?;
    if value.is_null() {
        return Some(Wish::Nobody);
    }
    let named = value.as_text().and_then(last_segment).map(str::to_owned);
    if named.is_none() {
        let message = format!("'{BIND}' must be the address of a user or contact, or null.");
        changes.violations.push(Violation::new(BIND, message));
    }
    named.map(Wish::Named)
}

/// The manager of a user or contact after a change. A body may have the manager that `$expand`
/// shows besides, as long as it is the one there is.
pub(crate) fn settle<E: Entity>(
    tx: &mut dyn WriteTx,
    scope: &Scope,
    (own, current): (Uuid, Option<Uuid>),
    (changes, wish): (&Changes<E>, Option<&Wish>),
    violations: &mut Vec<Violation>,
) -> Result<Option<Uuid>> {
    if let Some(sent) = changes.relation(MANAGER) {
        let shown = match current {
            Some(current) => tx.objects(scope, &[current])?.pop().map(|found| found.uuid()),
            None => None,
        };
        let sent = sent.member("id").and_then(Value::as_text).map(Uuid::try_parse);
        if sent != shown.map(Ok) {
            let message = format!("'{MANAGER}' is changed by '{BIND}' or {MANAGER}/$ref.");
            violations.push(Violation::new(MANAGER, message));
        }
    }
    if wish.is_none() {
        return Ok(current);
    }
    let manager = find(tx, scope, wish, violations)?;
    if manager == Some(own) && manager != current {
        let message = format!("'{BIND}': nobody is their own manager; name another one.");
        violations.push(Violation::new(BIND, message));
    }
    Ok(manager)
}

/// The user or contact that a body names.
pub(crate) fn find(
    tx: &mut dyn WriteTx,
    scope: &Scope,
    wish: Option<&Wish>,
    violations: &mut Vec<Violation>,
) -> Result<Option<Uuid>> {
    let Some(Wish::Named(key)) = wish else { return Ok(None) };
    let wrong = match objects::find(tx, scope, key) {
        Ok(object) if object.kind() != ObjectKind::Group => return Ok(Some(object.uuid())),
        Ok(_) => "names a group; a manager is a user or a contact.",
        Err(error) if error.kind == Kind::NotFound => "names nobody who exists.",
        Err(error) => return Err(error),
    };
    violations.push(Violation::new(BIND, format!("'{BIND}' {wrong}")));
    Ok(None)
}

/// Details of a new user or contact, with its manager.
pub(crate) fn created<E: Entity>(entity: &E, manager: Option<Uuid>) -> Value<'static> {
    with_manager(changes::created(entity), (None, manager))
}

/// Details of a change, with that of the manager.
pub(crate) fn with_manager(
    mut details: Value<'static>,
    (before, after): (Option<Uuid>, Option<Uuid>),
) -> Value<'static> {
    if before != after
        && let Value::Object(members) = &mut details
    {
        let text = |id: Uuid| Value::Text(id.to_string().into());
        let sides = [("before", before), ("after", after)];
        let sides = sides.into_iter().filter_map(|(name, id)| Some((name.into(), text(id?))));
        members.push((MANAGER.into(), Value::Object(sides.collect())));
    }
    details
}
