//! Creating a user (R51–R56, R60–R61, R92–R94, R103–R105, A31).

use super::mailbox;
use super::{User, UserId};
use crate::addresses::HolderKind;
use crate::authz::{Grant, Role, RoleSet, rights};
use crate::changes::Change;
use crate::credentials::Credential;
use crate::error::{Error, Result, Violation};
use crate::id::Id;
use crate::managers::{self, Wish};
use crate::passwords;
use crate::ports::WriteTx;
use crate::properties::Changes;
use crate::roles;
use crate::value::Value;
use crate::warning::Warning;

/// What a body asks to create. Everything wrong with it is in `changes.violations`.
#[derive(Clone)]
pub struct NewUser {
    /// Plain properties and violations.
    pub changes: Changes<User>,
    /// Roles to grant at once (R94).
    pub roles: RoleSet,
    /// The given password; none asks for a generated one (R53).
    pub password: Option<String>,
    /// Whether the first sign-in must change the password.
    pub must_change_password: bool,
    /// Id or name of the manager.
    pub manager: Option<Wish>,
}

impl std::fmt::Debug for NewUser {
    /// Never shows the password.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewUser").field("changes", &self.changes).finish_non_exhaustive()
    }
}

/// A user just made.
#[derive(Clone, Debug)]
pub struct Created {
    /// The user.
    pub user: User,
    /// What the caller should know although it worked.
    pub warnings: Vec<Warning>,
}

impl NewUser {
    /// Reads a body; all violations that can be seen without the database are collected.
    pub fn read(body: Value<'static>) -> Self {
        let mut changes = Changes::read(body, &["passwordProfile", "roles", managers::bind::BIND]);
        let roles = read_roles(&mut changes);
        let manager = managers::bind::take(&mut changes);
        changes.refuse_relations();
        let profile = passwords::Profile::take(&mut changes);
        for name in ["displayName", "userPrincipalName"] {
            if changes.text(name).is_none() && !changes.is_refused(name) {
                let message = format!("'{name}' is required.");
                changes.violations.push(Violation::coded("MissingProperty", name, message));
            }
        }
        both_spellings_agree(&mut changes);
        Self {
            roles,
            password: profile.password,
            must_change_password: profile.must_change.unwrap_or(true),
            manager,
            changes,
        }
    }
}

/// `alternateEmail` is the first entry of `otherMails`; a body may name both if they agree.
pub(super) fn both_spellings_agree(changes: &mut Changes<User>) {
    let (Some(alternate), Some(others)) =
        (changes.get("alternateEmail"), changes.get("otherMails"))
    else {
        return;
    };
    let blank = |text: &&str| !text.trim().is_empty();
    let alternate = alternate.as_text().filter(blank);
    let first = others.as_list().unwrap_or_default().first().and_then(Value::as_text);
    let agree = match (alternate, first) {
        (Some(alternate), Some(first)) => first.eq_ignore_ascii_case(alternate),
        (None, None) => true,
        (Some(_), None) | (None, Some(_)) => false,
    };
    if !agree {
        changes.violations.push(Violation::new(
            "alternateEmail",
            "'alternateEmail' differs from the first entry of 'otherMails', which is the same \
             property; send only one of them.",
        ));
    }
}

fn read_roles(changes: &mut Changes<User>) -> RoleSet {
    let Some(value) = changes.take_special("roles") else { return RoleSet::EMPTY };
    let items = match &value {
        Value::Null => return RoleSet::EMPTY,
        Value::List(items) => items.as_slice(),
        _ => &[Value::Null],
    };
    let parsed: Option<RoleSet> =
        items.iter().map(|item| item.as_text().and_then(Role::parse)).collect();
    parsed.unwrap_or_else(|| {
        let keys: Vec<_> = Role::ALL.iter().map(|role| role.key()).collect();
        changes.violations.push(Violation::new(
            "roles",
            format!(
                "'roles' must be a collection of role keys ({}) or role template ids.",
                keys.join(", ")
            ),
        ));
        RoleSet::EMPTY
    })
}

/// Creates a user with its addresses, credential and roles, all or nothing.
///
/// # Errors
/// 403 when roles are named without the right to delegate them (R94); 400 with every offending
/// property; 409 when the service role lacks its prerequisite (A19).
pub fn create(
    tx: &mut dyn WriteTx,
    grant: &Grant<rights::ManageUsersAndGroups>,
    new: &NewUser,
    password_hash: &str,
) -> Result<Created> {
    grant.may_make(new.roles)?;
    let mut user = blank(tx);
    let mut violations = new.changes.violations.clone();
    violations.extend(new.changes.apply(&mut user).err().unwrap_or_default());
    fill_defaults(&mut user, &new.changes);
    let scope = grant.scope();
    let addresses = mailbox::settle(tx, &scope, None, &mut user, &new.changes, &mut violations)?;
    user.manager = managers::bind::find(tx, &scope, new.manager.as_ref(), &mut violations)?;
    if let Some(password) = &new.password {
        let tenant = grant.tenant();
        violations.extend(passwords::judge(tx, tenant, &user, passwords::PASSWORD, password)?);
    }
    if !new.roles.is_empty() {
        roles::check_mobile(&user, &mut violations);
    }
    let warnings = roles::check_grants(tx, &user, RoleSet::EMPTY, new.roles, &mut violations)?;
    if !violations.is_empty() {
        return Err(Error::violations(violations));
    }
    roles::check_roles(tx, RoleSet::EMPTY, new.roles)?;
    user.last_password_change = Some(tx.now());
    tx.insert_user(&user)?;
    tx.insert_addresses(HolderKind::User, user.id.uuid(), &addresses)?;
    let credential = Credential::given(password_hash, new.must_change_password, tx.now(), 0);
    tx.insert_credential(user.id, &credential)?;
    let details = managers::bind::created(&user, user.manager);
    tx.record(Change::by(grant, "users.create", "user", user.id, details))?;
    for role in new.roles.iter() {
        roles::add(tx, grant.actor(), user.id.uuid(), roles::HolderKind::User, role)?;
    }
    Ok(Created { user, warnings })
}

fn blank(tx: &mut dyn WriteTx) -> User {
    let id: UserId = Id::new(tx.new_uuid());
    User {
        id,
        version: 1,
        created: tx.now(),
        account_enabled: true,
        user_type: "Member".to_owned(),
        ..User::default()
    }
}

/// R52, A31: the alias defaults to the user part, the mail address to the user principal name
/// unless the body names one or null. Nobody signs in as a room unless the body says so.
fn fill_defaults(user: &mut User, changes: &Changes<User>) {
    if user.user_principal_name.is_empty() {
        return;
    }
    if user.purpose.is_some() && changes.get("accountEnabled").is_none() {
        user.account_enabled = false;
    }
    let local = user.user_principal_name.split('@').next().unwrap_or_default();
    if user.mail_nickname.is_none() {
        user.mail_nickname = Some(local.to_owned());
    }
    if changes.get("mail").is_none() && !changes.is_refused("mail") {
        user.mail = Some(user.user_principal_name.clone());
    }
}
