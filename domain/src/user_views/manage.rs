//! Reading and writing views: row 5 reads them, whoever manages users writes them (A2).

use super::criteria::no_criteria;
use super::{Criteria, MAX_VIEWS, Standard, UserView, UserViewId};
use crate::addresses::syntax::key;
use crate::authz::{Grant, Role, rights};
use crate::changes::Change;
use crate::error::{Error, Result, Violation};
use crate::organisations::PurchaseChannel;
use crate::paging::{Cursor, Page};
use crate::ports::{ReadTx, WriteTx};
use crate::query::{Filter, Literal, Query};
use crate::roles;
use crate::text::{fold, is_blank};
use crate::users::{User, UserField};
use crate::value::Value;

/// What a body asks for.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    display_name: Option<String>,
    criteria: Option<Criteria>,
    /// The identifier as it was read, which stays what it is.
    id: Option<String>,
    violations: Vec<Violation>,
}

impl Draft {
    /// Reads `{displayName, criteria}`.
    pub fn read(body: &Value<'static>) -> Self {
        let mut draft = Self::default();
        let Value::Object(members) = body else {
            draft.violations.push(Violation::new("body", "The body must be a JSON object."));
            return draft;
        };
        for (name, value) in members.iter().filter(|(name, _)| !name.contains('@')) {
            match (name.as_ref(), value) {
                ("displayName", Value::Text(text))
                    if !is_blank(text) && text.chars().count() <= 64 =>
                {
                    draft.display_name = Some(text.trim().to_owned());
                }
                ("displayName", _) => draft.violations.push(Violation::new(
                    "displayName",
                    "'displayName' must be a text of 1 to 64 characters.",
                )),
                ("criteria", value) => {
                    draft.criteria = Some(Criteria::read(value, &mut draft.violations));
                }
                ("id", Value::Text(id)) => draft.id = Some(id.to_string()),
                // What was read is sent back: nobody writes a standard view.
                ("isBuiltIn", Value::Bool(false)) | ("id" | "isBuiltIn", Value::Null) => {}
                ("id" | "isBuiltIn", _) => draft.violations.push(read_only(name)),
                (name, _) => draft.violations.push(Violation::coded(
                    "UnknownProperty",
                    name,
                    format!("'{name}' is not a property of userView that can be written."),
                )),
            }
        }
        draft
    }
}

/// The standard views that the organisation has, and all saved ones.
///
/// # Errors
/// When the database fails.
pub fn list(
    tx: &mut dyn ReadTx,
    grant: &Grant<rights::ViewUsersAndRoles>,
) -> Result<(Vec<Standard>, Vec<UserView>)> {
    let mut standard = Vec::new();
    for view in Standard::ALL {
        if is_shown(tx, grant, view)? {
            standard.push(view);
        }
    }
    Ok((standard, tx.user_views(grant.tenant())?))
}

/// A standard view that the organisation has, by its identifier.
///
/// # Errors
/// When the database fails.
pub fn standard(
    tx: &mut dyn ReadTx,
    grant: &Grant<rights::ViewUsersAndRoles>,
    id: &str,
) -> Result<Option<Standard>> {
    match Standard::parse(id) {
        Some(view) if is_shown(tx, grant, view)? => Ok(Some(view)),
        _ => Ok(None),
    }
}

/// R88: where a seller does the billing there is no view of billing administrators.
fn is_shown(
    tx: &mut dyn ReadTx,
    grant: &Grant<rights::ViewUsersAndRoles>,
    view: Standard,
) -> Result<bool> {
    if view.role() != Some(Role::Billing) {
        return Ok(true);
    }
    let organisation = tx.organisation(grant.tenant())?.unwrap_or_default();
    Ok(organisation.purchase.channel == PurchaseChannel::Direct)
}

/// One saved view.
///
/// # Errors
/// 404.
pub fn get(
    tx: &mut dyn ReadTx,
    grant: &Grant<rights::ViewUsersAndRoles>,
    id: &str,
) -> Result<UserView> {
    find(&tx.user_views(grant.tenant())?, id)
}

fn find(views: &[UserView], id: &str) -> Result<UserView> {
    let wanted = UserViewId::parse(id);
    let found = views.iter().find(|view| Some(view.id) == wanted).cloned();
    found.ok_or_else(|| Error::not_found(id))
}

/// A saved view to write.
///
/// # Errors
/// 404; 409 for a standard view, which nobody changes (R140).
fn saved(views: &[UserView], id: &str) -> Result<UserView> {
    if Standard::parse(id).is_some() {
        return Err(Error::conflict(
            "StandardView",
            "Standard views cannot be changed or removed. Save a view of your own instead.",
        ));
    }
    find(views, id)
}

/// Saves a view.
///
/// # Errors
/// 400 with every offending property, or when the organisation has 50 views.
pub fn create(
    tx: &mut dyn WriteTx,
    grant: &Grant<rights::ManageUsersAndGroups>,
    draft: &Draft,
) -> Result<UserView> {
    let tenant = tx.tenant();
    let views = tx.user_views(tenant)?;
    if views.len() >= MAX_VIEWS {
        return Err(Error::invalid(format!(
            "An organisation has at most {MAX_VIEWS} saved views. Delete one first."
        )));
    }
    let view = UserView {
        id: UserViewId::new(tx.new_uuid()),
        created: tx.now(),
        version: 0,
        display_name: draft.display_name.clone().unwrap_or_default(),
        criteria: draft.criteria.clone().unwrap_or_default(),
    };
    save(tx, grant, draft, &views, view, "userViews.create")
}

/// Changes a view.
///
/// # Errors
/// 404; 400 with every offending property; 409 for a standard view; 412 when `if_match` names
/// another version.
pub fn update(
    tx: &mut dyn WriteTx,
    grant: &Grant<rights::ManageUsersAndGroups>,
    id: &str,
    draft: &Draft,
    if_match: &dyn Fn(i64) -> bool,
) -> Result<UserView> {
    let tenant = tx.tenant();
    let views = tx.user_views(tenant)?;
    let mut view = saved(&views, id)?;
    if !if_match(view.version) {
        return Err(Error::precondition_failed());
    }
    if let Some(name) = &draft.display_name {
        view.display_name.clone_from(name);
    }
    if let Some(criteria) = &draft.criteria {
        view.criteria.clone_from(criteria);
    }
    save(tx, grant, draft, &views, view, "userViews.update")
}

fn save(
    tx: &mut dyn WriteTx,
    grant: &Grant<rights::ManageUsersAndGroups>,
    draft: &Draft,
    views: &[UserView],
    mut view: UserView,
    operation: &'static str,
) -> Result<UserView> {
    let mut violations = draft.violations.clone();
    if view.display_name.is_empty() && violations.is_empty() {
        let message = "'displayName' is required.";
        violations.push(Violation::coded("MissingProperty", "displayName", message));
    }
    let is_named = |one: &Violation| one.target.starts_with("criteria");
    if view.criteria == Criteria::default() && !violations.iter().any(is_named) {
        violations.push(no_criteria());
    }
    check_domain(tx, draft, &mut violations)?;
    let same_name = |other: &UserView| fold(&other.display_name) == fold(&view.display_name);
    if views.iter().any(|other| other.id != view.id && same_name(other)) {
        let message = "Another view with the same value for property displayName already exists.";
        violations.push(Violation::coded("ObjectConflict", "displayName", message));
    }
    // A new view has no identifier that a body could know.
    let own = |id: &String| view.version > 0 && UserViewId::parse(id) == Some(view.id);
    if draft.id.as_ref().is_some_and(|id| !own(id)) {
        violations.push(read_only("id"));
    }
    if !violations.is_empty() {
        return Err(Error::violations(violations));
    }
    view.version = view.version.saturating_add(1);
    tx.put_user_view(&view)?;
    tx.record(Change::by(grant, operation, "userView", view.id, Value::Object(vec![])))?;
    Ok(view)
}

fn read_only(name: &str) -> Violation {
    let message = format!("'{name}' is read-only; leave it out.");
    Violation::coded("ReadOnlyProperty", name, message)
}

/// A view of a domain that nobody here has would stay empty.
fn check_domain(
    tx: &mut dyn WriteTx,
    draft: &Draft,
    violations: &mut Vec<Violation>,
) -> Result<()> {
    let Some(name) = draft.criteria.as_ref().and_then(|criteria| criteria.domain.as_deref()) else {
        return Ok(());
    };
    let tenant = tx.tenant();
    if tx.domain(tenant, &key(name))?.is_none() {
        let message = "'criteria/domain' must be one of the domains of this organisation.";
        violations.push(Violation::new("criteria/domain", message));
    }
    Ok(())
}

/// Deletes a view.
///
/// # Errors
/// 404; 409 for a standard view; 412 when `if_match` names another version.
pub fn delete(
    tx: &mut dyn WriteTx,
    grant: &Grant<rights::ManageUsersAndGroups>,
    id: &str,
    if_match: &dyn Fn(i64) -> bool,
) -> Result<()> {
    let tenant = tx.tenant();
    let view = saved(&tx.user_views(tenant)?, id)?;
    if !if_match(view.version) {
        return Err(Error::precondition_failed());
    }
    tx.delete_user_view(view.id)?;
    tx.record(Change::by(grant, "userViews.delete", "userView", view.id, Value::Object(vec![])))
}

/// The users of a standard or saved view, as far as a query finds them.
///
/// # Errors
/// 404.
pub fn users(
    tx: &mut dyn ReadTx,
    grant: &Grant<rights::ViewUsersAndRoles>,
    id: &str,
    query: &Query<UserField>,
    after: Option<&Cursor>,
) -> Result<Page<User>> {
    let query = narrowed(tx, grant, id, query)?;
    tx.users(&grant.scope(), &query, after)
}

/// How many users of a standard or saved view a query finds.
///
/// # Errors
/// 404.
pub fn count_users(
    tx: &mut dyn ReadTx,
    grant: &Grant<rights::ViewUsersAndRoles>,
    id: &str,
    query: &Query<UserField>,
) -> Result<i64> {
    let query = narrowed(tx, grant, id, query)?;
    tx.count_users(&grant.scope(), &query)
}

/// A query among the users of a view.
fn narrowed(
    tx: &mut dyn ReadTx,
    grant: &Grant<rights::ViewUsersAndRoles>,
    id: &str,
    query: &Query<UserField>,
) -> Result<Query<UserField>> {
    let shown = shown(tx, grant, id)?;
    let filter = match query.filter.clone() {
        Some(filter) => shown.and(filter),
        None => shown,
    };
    Ok(Query { filter: Some(filter), ..query.clone() })
}

fn shown(
    tx: &mut dyn ReadTx,
    grant: &Grant<rights::ViewUsersAndRoles>,
    id: &str,
) -> Result<Filter<UserField>> {
    let Some(standard) = standard(tx, grant, id)? else {
        return Ok(get(tx, grant, id)?.criteria.filter());
    };
    let Some(role) = standard.role() else { return Ok(standard.filter()) };
    let holders = roles::all_holders(tx, grant.tenant(), Some(role))?;
    let values: Vec<Literal> = holders.into_iter().map(Literal::Id).collect();
    if values.is_empty() {
        return Ok(Filter::Const(false));
    }
    Ok(Filter::In { field: UserField::Id, values })
}
