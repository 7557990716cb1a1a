//! The first start: founds the organisation and tells its credentials, once.

use crate::config::Checked;
use crate::roster::Roster;
use crate::security::one_time::OneTimePassword;
use crate::security::secrets::{Secret, SecretDigest};
use roster_domain::clients::ClientId;
use roster_domain::id::TenantId;
use roster_domain::organisations::{self, FirstAdministrator, Founding};
use roster_domain::{Error, Kind, Result};
use roster_persistence::Lane;
use std::fmt;
use uuid::Uuid;
use zeroize::Zeroizing;

/// Local part of the first administrator's name.
const ADMINISTRATOR: &str = "admin";

/// What is told once.
pub struct Founded {
    /// Start of every link.
    pub public_url: String,
    /// User principal name of the first administrator.
    pub administrator: String,
    /// Its one-time password.
    pub password: Zeroizing<String>,
    /// The first API client.
    pub client_id: Uuid,
    /// Its secret; none when the operator chose it.
    pub client_secret: Option<Zeroizing<String>>,
    /// Whether users sign in with name and password.
    pub password_grant: bool,
}

/// Founds the organisation of the settings if the database has none.
///
/// # Errors
/// When the database fails.
pub async fn found_first(roster: &Roster, settings: &Checked) -> Result<Option<Founded>> {
    let store = &roster.store;
    let tenant = store.unlocked(store.inputs()?, |session| session.unfounded_tenant()).await?;
    let Some(tenant) = tenant else { return Ok(None) };
    found(roster, tenant, Draft::of_settings(settings)?).await
}

/// Founds a further organisation.
///
/// # Errors
/// 400 when the domain is not a name that users can have names in; 409 when it is verified in another
/// organisation; when the database fails.
pub async fn found_further(roster: &Roster, name: &str, domain: &str) -> Result<Option<Founded>> {
    let domain = organisations::initial_domain(domain).map_err(|wrong| {
        let message = format!("The initial domain '{domain}' {wrong}");
        Error::invalid_property("initialDomain", message)
    })?;
    let store = &roster.store;
    let tenant = store
        .unlocked(store.inputs()?, |session| {
            let id = TenantId::new(session.new_uuid());
            session.insert_tenant(id)?;
            Ok(id)
        })
        .await?;
    let founded = found(roster, tenant, Draft::new(name, &domain)?).await;
    // After any other failure it may have been founded all the same.
    if founded.as_ref().is_err_and(|error| error.kind == Kind::Conflict) {
        store.unlocked(store.inputs()?, move |session| session.remove_unfounded(tenant)).await?;
    }
    founded
}

/// An organisation on paper.
struct Draft {
    name: String,
    domain: String,
    client_id: Uuid,
    client_secret: Zeroizing<String>,
    /// Whether the operator knows the secret already.
    is_chosen: bool,
}

impl Draft {
    fn new(name: &str, domain: &str) -> Result<Self> {
        Ok(Self {
            name: name.to_owned(),
            domain: domain.to_owned(),
            client_id: Uuid::now_v7(),
            client_secret: Zeroizing::new(Secret::generate()?.expose().to_owned()),
            is_chosen: false,
        })
    }

    fn of_settings(settings: &Checked) -> Result<Self> {
        let mut draft = Self::new(&settings.organisation, &settings.initial_domain)?;
        if let Some(client) = &settings.bootstrap_client {
            draft.client_id = client.id;
            draft.client_secret = Zeroizing::new(client.secret.expose().to_owned());
            draft.is_chosen = true;
        }
        Ok(draft)
    }
}

async fn found(roster: &Roster, tenant: TenantId, draft: Draft) -> Result<Option<Founded>> {
    let password = OneTimePassword::generate()?;
    let founding = Founding {
        display_name: draft.name,
        initial_domain: draft.domain,
        administrator: FirstAdministrator {
            alias: ADMINISTRATOR.to_owned(),
            password_hash: roster.hasher.hash_one_time(&password)?.to_string(),
        },
        client_id: ClientId::new(draft.client_id),
        client_secret_hash: SecretDigest::of(&draft.client_secret).as_str().to_owned(),
    };
    let store = &roster.store;
    let administrator = store
        .write(Lane::Interactive, tenant, store.inputs()?, move |session| {
            organisations::found(session, &founding)
        })
        .await?;
    let Some(administrator) = administrator else { return Ok(None) };
    Ok(Some(Founded {
        public_url: roster.public_url.clone(),
        administrator: administrator.user_principal_name,
        password: Zeroizing::new(password.expose().to_owned()),
        client_id: draft.client_id,
        client_secret: Some(draft.client_secret).filter(|_| !draft.is_chosen),
        password_grant: roster.password_grant,
    }))
}

impl fmt::Display for Founded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { public_url, administrator, client_id, .. } = self;
        let password = self.password.as_str();
        let chosen = "$ROSTER_BOOTSTRAP_CLIENT_SECRET";
        let secret = self.client_secret.as_ref().map_or(chosen, |secret| secret.as_str());
        writeln!(f, "Roster is ready at {public_url} (documentation: {public_url}/docs)")?;
        writeln!(f, "\nThese credentials are shown once. Keep them.\n")?;
        writeln!(f, "  administrator      {administrator}")?;
        writeln!(f, "  one-time password  {password}")?;
        writeln!(f, "  client id          {client_id}")?;
        writeln!(f, "  client secret      {secret}")?;
        writeln!(f, "\nA token for the client, and the first request:\n")?;
        writeln!(
            f,
            "  TOKEN=$(curl -s {public_url}/oauth2/token -d grant_type=client_credentials \\\n    \
             -d client_id={client_id} -d client_secret={secret} | sed \
             's/.*\"access_token\":\"\\([^\"]*\\)\".*/\\1/')"
        )?;
        writeln!(f, "  curl -s {public_url}/v1.0/users -H \"Authorization: Bearer $TOKEN\"")?;
        writeln!(f, "\nThe administrator's own password, from the one-time password:\n")?;
        writeln!(
            f,
            "  curl -s {public_url}/v1.0/password/change -H 'Content-Type: application/json' \\\n    \
             -d '{{\"userPrincipalName\":\"{administrator}\",\"currentPassword\":\"{password}\",\
             \"newPassword\":\"…\"}}'"
        )?;
        if !self.password_grant {
            writeln!(
                f,
                "\nUsers sign in with name and password where ROSTER_PASSWORD_GRANT=true is set."
            )?;
        }
        Ok(())
    }
}
