//! Who reports to whom: a user or contact has at most one manager, a user or contact.

pub(crate) mod bind;
mod write;

pub use bind::Wish;
pub(crate) use write::{assign_to_contact, forget};
pub use write::{clear_of_contact, clear_of_user, set_of_contact, set_of_user};

use crate::addresses::syntax;
use crate::authz::{Grant, Scope, rights};
use crate::contacts;
use crate::error::{Error, Result};
use crate::objects::{self, DirectoryObject, Expanded, ObjectKind, Relation};
use crate::ports::ReadTx;
use crate::query::{Filter, Literal, Op, Query};
use crate::text::fold;
use crate::users::{self, UserField};
use std::collections::HashMap;
use uuid::Uuid;

/// Name of the relation.
pub const MANAGER: &str = "manager";

/// Names of the relations of whoever may have a manager.
pub(crate) const RELATIONS: &[&str] = &[MANAGER, "directReports", "memberOf"];

/// Writing what concerns managers of every kind.
pub trait ManagerWrites {
    /// Takes a manager from all who report to it, deleted ones too, and gives each its next
    /// version. Returns who they are.
    ///
    /// # Errors
    /// When the database fails.
    fn forget_manager(&mut self, manager: Uuid) -> Result<Vec<(ObjectKind, Uuid)>>;
}

/// A visible user, by id or user principal name, or contact, by id.
///
/// # Errors
/// 404.
pub fn resolve<T: ReadTx + ?Sized>(
    tx: &mut T,
    scope: &Scope,
    kind: ObjectKind,
    key: &str,
) -> Result<DirectoryObject> {
    match kind {
        ObjectKind::User => {
            let user = users::resolve(tx, scope, key)?.user;
            Ok(DirectoryObject::User(Box::new(user)))
        }
        ObjectKind::Contact => {
            let contact = contacts::resolve(tx, scope, key)?;
            Ok(DirectoryObject::Contact(Box::new(contact)))
        }
        ObjectKind::Group | ObjectKind::Role => Err(Error::not_found(key)),
    }
}

/// The manager of a user or contact.
///
/// # Errors
/// 404 when there is none or the caller does not see it.
pub fn get(
    tx: &mut dyn ReadTx,
    grant: &Grant<rights::ReadDirectory>,
    kind: ObjectKind,
    key: &str,
) -> Result<DirectoryObject> {
    let scope = grant.scope();
    let report = resolve(tx, &scope, kind, key)?;
    let found = match report.manager() {
        Some(manager) => tx.objects(&scope, &[manager])?.pop(),
        None => None,
    };
    found.ok_or_else(|| Error::not_found(MANAGER))
}

/// What a relation leads to for each user or contact of a page, given by its identifier and that of
/// its manager.
///
/// # Errors
/// When the database fails.
pub(crate) fn expand(
    tx: &mut dyn ReadTx,
    scope: &Scope,
    relation: &str,
    page: impl Iterator<Item = (Uuid, Option<Uuid>)>,
) -> Result<Vec<Expanded>> {
    if relation == MANAGER {
        return of_page(tx, scope, page.map(|(_, manager)| manager));
    }
    let is_reports = relation == "directReports";
    let relations = page.map(|(id, _)| match is_reports {
        true => Relation::DirectReports(id),
        false => Relation::MemberOf(id),
    });
    relations.map(|relation| objects::first_of(tx, scope, relation)).collect()
}

/// The managers of the objects of a page, each as far as the caller sees it.
///
/// # Errors
/// When the database fails.
pub fn of_page(
    tx: &mut dyn ReadTx,
    scope: &Scope,
    managers: impl Iterator<Item = Option<Uuid>>,
) -> Result<Vec<Expanded>> {
    let managers: Vec<Option<Uuid>> = managers.collect();
    let mut ids: Vec<Uuid> = managers.iter().flatten().copied().collect();
    ids.sort_unstable();
    ids.dedup();
    let found = tx.objects(scope, &ids)?;
    let found: HashMap<Uuid, _> = found.into_iter().map(|object| (object.uuid(), object)).collect();
    let one = |id: Option<Uuid>| Expanded::One(id.and_then(|id| found.get(&id).cloned()));
    Ok(managers.into_iter().map(one).collect())
}

/// The one whom a file names as a manager (R40): the contact of this name, else the user of this
/// user principal name, else the only user of this display name.
///
/// # Errors
/// When the database fails.
pub fn named<T: ReadTx + ?Sized>(tx: &mut T, scope: &Scope, name: &str) -> Result<Option<Uuid>> {
    if let Some(contact) = tx.contact_named(scope, &fold(name))? {
        return Ok(Some(contact.uuid()));
    }
    if let Some(user) = tx.user_by_name(scope, &syntax::key(name))? {
        return Ok(Some(user.id.uuid()));
    }
    let filter = Filter::Compare {
        field: UserField::DisplayName,
        op: Op::Eq,
        value: Literal::Text(fold(name)),
    };
    let query = Query { filter: Some(filter), top: 2, ..Query::default() };
    Ok(match tx.users(scope, &query, None)?.items.as_slice() {
        [only] => Some(only.id.uuid()),
        _ => None,
    })
}

impl DirectoryObject {
    /// Its manager, if its kind can have one.
    pub const fn manager(&self) -> Option<Uuid> {
        match self {
            Self::User(user) => user.manager,
            Self::Contact(contact) => contact.manager,
            Self::Group(_) | Self::Role(_) => None,
        }
    }
}
