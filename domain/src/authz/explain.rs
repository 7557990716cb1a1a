//! Explaining a decision: the same functions that decide, asked beforehand.

use super::actor::{Actor, Principal};
use super::grant::{Grant, authorize, prove};
use super::matrix::Permission;
use super::target::Touched;
use super::{RoleSet, rights};
use crate::clients::ClientId;
use crate::error::{Error, Refusal, Result};
use crate::language::{Language, Words};
use crate::ports::ReadTx;
use crate::users::{Found, UserId, resolve};

/// What is asked.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// User by id or user principal name, or client by id; none is the caller.
    pub actor: Option<String>,
    /// Permissions of the operation, of which one is enough.
    pub any_of: Vec<Permission>,
    /// Permissions that are needed besides, each of them.
    pub all_of: Vec<Permission>,
    /// What the operation does to a user.
    pub over: Over,
    /// The user it is done to, by id or user principal name.
    pub target: Option<String>,
}

/// What an operation does to a user, as far as the user's roles limit it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Over {
    /// Nothing that depends on the user's roles.
    #[default]
    Nothing,
    /// Changes it.
    Change(Touched),
    /// Deletes it.
    Delete,
    /// Shows its roles.
    SeeRoles,
}

/// The answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Whether it would be allowed; none if that depends on roles that the caller may not see.
    pub allowed: Option<bool>,
    /// The permission that allows it or is missing.
    pub permission: Permission,
    /// The limit that applies.
    pub limit: Option<Words>,
    /// Keys of the roles that would grant it.
    pub granting_roles: Vec<&'static str>,
    /// Whether the actor cannot sign in at all.
    pub blocked: bool,
}

/// Whether an actor may do something, and why. It changes nothing.
///
/// # Errors
/// 403 for a question about another without row 5; 404 for an unknown actor or target.
pub fn check(
    tx: &mut dyn ReadTx,
    grant: &Grant<rights::ReadDirectory>,
    asked: &Asked,
) -> Result<Verdict> {
    let first = asked.any_of.first().copied().unwrap_or(Permission::ReadDirectory);
    let target = match &asked.target {
        Some(key) if asked.over != Over::Nothing => Some(resolve(tx, &grant.scope(), key)?),
        _ => None,
    };
    let Some(actor) = supposed(tx, grant, asked.actor.as_deref())? else {
        let blocked = Verdict { blocked: true, ..Verdict::refused(first, None) };
        return Ok(blocked);
    };
    let held = prove(&actor, &asked.any_of).and_then(|held| {
        asked.all_of.iter().try_for_each(|each| prove(&actor, &[*each]).map(|_| ()))?;
        Ok(held)
    });
    let held = match held {
        Ok(held) => held,
        Err(error) => return Ok(Verdict::of_refusal(error.refusal.as_deref(), first, &actor)),
    };
    match target {
        Some(target) => over(grant, &actor, asked.over, &target, held),
        None => Ok(Verdict::allowed(held, &actor)),
    }
}

/// The one who is asked about; none if it could not sign in.
fn supposed(
    tx: &mut dyn ReadTx,
    grant: &Grant<rights::ReadDirectory>,
    key: Option<&str>,
) -> Result<Option<Actor>> {
    let caller = *grant.actor();
    let Some(key) = key else { return Ok(Some(caller)) };
    let principal = match ClientId::parse(key).map(Principal::Client) {
        Some(client) if tx.principal_state(grant.tenant(), client)?.is_some() => client,
        _ => Principal::User(resolve(tx, &grant.scope(), key)?.user.id),
    };
    if principal == caller.principal() {
        return Ok(Some(caller));
    }
    grant.also::<rights::ViewUsersAndRoles>()?;
    let state = tx.principal_state(grant.tenant(), principal)?;
    let state = state.ok_or_else(|| Error::not_found(key))?;
    Ok(caller.supposed(principal, state).ok())
}

fn over(
    caller: &Grant<rights::ReadDirectory>,
    actor: &Actor,
    over: Over,
    target: &Found,
    held: Permission,
) -> Result<Verdict> {
    let grant = authorize::<rights::ReadDirectory>(actor)?;
    let (id, name) = (target.user.id, target.user.user_principal_name.as_str());
    let decide = |roles| decision(&grant, over, id, roles, name);
    let known = caller.may_see_roles_of(id.uuid()) || over == Over::SeeRoles;
    let allowed =
        Grant::<rights::ReadDirectory>::decide(known, target.roles, |roles| decide(roles).is_ok());
    Ok(match (allowed, decide(target.roles)) {
        (Some(true), _) => {
            let only_password = matches!(over, Over::Change(t) if t.password && !t.profile);
            let reset = Permission::ResetUserPasswords;
            Verdict::allowed(if only_password { reset } else { held }, actor)
        }
        (Some(false), Err(error)) => Verdict::of_refusal(error.refusal.as_deref(), held, actor),
        (allowed, _) => {
            let permission = match over {
                Over::Delete => Permission::ManageUsersAndGroups,
                Over::Nothing | Over::Change(_) | Over::SeeRoles => Permission::ResetUserPasswords,
            };
            Verdict { allowed, ..Verdict::refused(permission, limit(permission, actor.roles())) }
        }
    })
}

/// The rule that limits what is done to a user.
fn decision(
    grant: &Grant<rights::ReadDirectory>,
    over: Over,
    target: UserId,
    roles: RoleSet,
    name: &str,
) -> Result<()> {
    match over {
        Over::Nothing => Ok(()),
        Over::Change(touched) => grant.may_change_user(roles, touched, name),
        Over::Delete => grant.may_delete(roles, name),
        Over::SeeRoles if grant.may_see_roles_of(target.uuid()) => Ok(()),
        Over::SeeRoles => grant.also::<rights::ViewUsersAndRoles>().map(|_| ()),
    }
}

/// The footnote of the cell by which the roles hold a permission.
fn limit(permission: Permission, roles: RoleSet) -> Option<Words> {
    permission.granted(roles).footnote().map(|(_, words)| words)
}

impl Verdict {
    fn allowed(permission: Permission, actor: &Actor) -> Self {
        let allowed = Some(true);
        Self { allowed, ..Self::refused(permission, limit(permission, actor.roles())) }
    }

    fn refused(permission: Permission, limit: Option<Words>) -> Self {
        let granting_roles = permission.granting_roles();
        Self { allowed: Some(false), permission, limit, granting_roles, blocked: false }
    }

    fn of_refusal(refusal: Option<&Refusal>, first: Permission, actor: &Actor) -> Self {
        let Some(refusal) = refusal else { return Self::refused(first, None) };
        let permission = Permission::parse(refusal.permission).unwrap_or(first);
        let limit = refusal.limit.and_then(|_| limit(permission, actor.roles()));
        Self { granting_roles: refusal.granting_roles.clone(), ..Self::refused(permission, limit) }
    }

    /// The answer in words.
    pub fn message(&self, language: Language) -> String {
        let permission = self.permission.name().of(language);
        let row = match (self.permission.row(), language) {
            (Some(row), Language::English) => format!("row {row}, {permission}"),
            (Some(row), Language::Dutch) => format!("rij {row}, {permission}"),
            (None, _) => permission.to_owned(),
        };
        let limit = self.limit.map(|limit| format!(" {}", limit.of(language))).unwrap_or_default();
        let roles = self.granting_roles.join(", ");
        let words = match (self.allowed, self.blocked) {
            (_, true) => Words::new(
                "Refused: the account is blocked.",
                "Geweigerd: het account is geblokkeerd.",
            ),
            (Some(true), _) => Words::new("Allowed by", "Toegestaan door"),
            (Some(false), _) if self.limit.is_some() => {
                Words::new("Refused by the limit of", "Geweigerd door de beperking van")
            }
            (Some(false), _) => {
                Words::new("Refused, for want of", "Geweigerd, want dit ontbreekt:")
            }
            (None, _) => Words::new(
                "Depends on roles of the person that you may not see, by",
                "Hangt af van rollen van de persoon die u niet mag zien, door",
            ),
        };
        let words = words.of(language);
        match (self.allowed, self.blocked, language) {
            (_, true, _) => words.to_owned(),
            (Some(false), _, Language::English) => {
                format!("{words} {row}.{limit} Roles that grant it: {roles}.")
            }
            (Some(false), _, Language::Dutch) => {
                format!("{words} {row}.{limit} Rollen die het toestaan: {roles}.")
            }
            _ => format!("{words} {row}.{limit}"),
        }
    }
}
