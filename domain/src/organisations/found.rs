//! Founding an organisation: its domain, its first user and its first client (R87, R100).

use super::Organisation;
use crate::addresses::{HolderKind, syntax};
use crate::authz::Role;
use crate::changes::{self, Change};
use crate::clients::{Client, ClientId};
use crate::credentials::Credential;
use crate::domains::Domain;
use crate::error::{Error, Result};
use crate::id::Id;
use crate::ports::WriteTx;
use crate::roles::{self, RoleAssignment, RoleAssignmentId};
use crate::users::{User, UserId};
use crate::value::Value;

/// What is needed to found an organisation.
#[derive(Clone)]
pub struct Founding {
    /// Name for people.
    pub display_name: String,
    /// The initial domain, verified from the start.
    pub initial_domain: String,
    /// The first user, who becomes global administrator.
    pub administrator: FirstAdministrator,
    /// The first API client.
    pub client_id: ClientId,
    /// Keyed hash of its secret.
    pub client_secret_hash: String,
}

/// The first user.
#[derive(Clone)]
pub struct FirstAdministrator {
    /// Local part of the user principal name.
    pub alias: String,
    /// Hash of the one-time password.
    pub password_hash: String,
}

/// Reads the name of an initial domain into its one stored form. Users have names in it, so it has
/// their limit (A13).
///
/// # Errors
/// What is wrong and how to mend it.
pub fn initial_domain(text: &str) -> std::result::Result<String, String> {
    syntax::domain_name(text, syntax::MAX_USER_DOMAIN)
}

/// Fills a new organisation, whose lock is held, and returns its first user; none when another
/// process was quicker.
///
/// # Errors
/// 409 when the domain is verified elsewhere (R102).
pub fn found(tx: &mut dyn WriteTx, founding: &Founding) -> Result<Option<User>> {
    let tenant = tx.tenant();
    if !tx.domains(tenant)?.is_empty() {
        return Ok(None);
    }
    let organisation = Organisation {
        id: tenant,
        created: tx.now(),
        display_name: founding.display_name.clone(),
        ..Organisation::default()
    };
    tx.update_organisation(&organisation)?;
    let domain = Domain {
        is_initial: true,
        is_default: true,
        is_verified: true,
        ..Domain::new(&founding.initial_domain, tx.now())
    };
    if tx.tenant_of_domain(&domain.name)?.is_some() {
        return Err(Error::conflict(
            "DomainVerifiedElsewhere",
            "The initial domain is verified in another organisation; choose another name.",
        )
        .at(domain.name));
    }
    tx.insert_domain(&domain)?;
    let user = first_administrator(tx, founding, &domain)?;
    first_client(tx, founding)?;
    let details = Value::Object(vec![]);
    tx.record(Change::by_system("organisations.found", "organisation", organisation.id, details))?;
    Ok(Some(user))
}

fn first_administrator(tx: &mut dyn WriteTx, founding: &Founding, domain: &Domain) -> Result<User> {
    let id: UserId = Id::new(tx.new_uuid());
    let name = format!("{}@{}", founding.administrator.alias, domain.name);
    let user = User {
        id,
        version: 1,
        created: tx.now(),
        user_principal_name: name.clone(),
        display_name: "Global Administrator".to_owned(),
        account_enabled: true,
        user_type: "Member".to_owned(),
        mail: Some(name.clone()),
        mail_nickname: Some(founding.administrator.alias.clone()),
        proxy_addresses: vec![format!("SMTP:{name}")],
        routing_address: Some(name.clone()),
        last_password_change: Some(tx.now()),
        ..User::default()
    };
    tx.insert_user(&user)?;
    let mut addresses = crate::addresses::AddressList::default();
    let address = addresses.entry(&name);
    address.upn = true;
    address.primary = true;
    address.proxy = true;
    address.routing = true;
    tx.insert_addresses(HolderKind::User, id.uuid(), &addresses.into_vec())?;
    let credential = Credential::given(&founding.administrator.password_hash, true, tx.now(), 0);
    tx.insert_credential(id, &credential)?;
    tx.record(Change::by_system("users.create", "user", id, changes::created(&user)))?;
    grant_global(tx, id.uuid(), roles::HolderKind::User)?;
    Ok(user)
}

fn first_client(tx: &mut dyn WriteTx, founding: &Founding) -> Result<()> {
    let client = Client {
        id: founding.client_id,
        tenant: tx.tenant(),
        name: "Bootstrap client".to_owned(),
        secret_hash: founding.client_secret_hash.clone(),
        enabled: true,
        created: tx.now(),
    };
    tx.insert_client(&client)?;
    let details = Value::Object(vec![]);
    tx.record(Change::by_system("clients.create", "client", client.id, details))?;
    grant_global(tx, client.id.uuid(), roles::HolderKind::Client)
}

fn grant_global(
    tx: &mut dyn WriteTx,
    principal: uuid::Uuid,
    holder: roles::HolderKind,
) -> Result<()> {
    let id = RoleAssignmentId::new(tx.new_uuid());
    let role = Role::Global;
    tx.insert_role_assignment(&RoleAssignment { id, principal, holder, role, created: tx.now() })?;
    let target = Id::<()>::new(principal);
    let details = Value::Object(vec![]);
    tx.record(Change::by_system("roles.assign", holder.word(), target, details))
}
