//! `manager@odata.bind`: the manager named in the body that makes a user or contact.

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

/// Takes the id or name of the manager out of a body.
pub(crate) fn take<E: Entity>(changes: &mut Changes<E>) -> Option<String> {
    let value = changes.take_special(BIND).filter(|value| !value.is_null())?;
    let named = value.as_text().and_then(last_segment).map(str::to_owned);
    if named.is_none() {
        let message = format!("'{BIND}' must be the address of a user or contact.");
        changes.violations.push(Violation::new(BIND, message));
    }
    named
}

/// The user or contact that a body names.
pub(crate) fn find(
    tx: &mut dyn WriteTx,
    scope: &Scope,
    named: Option<&str>,
    violations: &mut Vec<Violation>,
) -> Result<Option<Uuid>> {
    let Some(key) = named else { return Ok(None) };
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
    let mut details = changes::created(entity);
    if let (Value::Object(members), Some(manager)) = (&mut details, manager) {
        let after = vec![("after".into(), Value::Text(manager.to_string().into()))];
        members.push((MANAGER.into(), Value::Object(after)));
    }
    details
}
