//! `roster domain`

use super::{CommandError, print, settings};
use crate::cli::DomainAddArgs;
use crate::config::{Checked, Config};
use crate::start;
use actix_web::rt::System;
use roster_domain::{Result, domains};
use roster_persistence::{Lane, Options, Store};

/// Adds a domain to an organisation in the database: for operators, who need no DNS record.
///
/// # Errors
/// When the settings have mistakes or the domain cannot be added.
pub fn add(config: &Config, args: &DomainAddArgs) -> Result<(), CommandError> {
    let settings = settings(config)?;
    System::new().block_on(add_domain(&settings, args))?;
    print(&format!("Added {}.\n", args.name))
}

/// Adds a domain to an organisation in the database.
///
/// # Errors
/// 404 when no organisation has the domain that names it; when the domain cannot be added.
pub async fn add_domain(settings: &Checked, args: &DomainAddArgs) -> Result<()> {
    let url = start::database_url(settings)?;
    Store::migrate(&url)?;
    let store = Store::open(Options::new(url))?;
    let tenant = super::organisation(&store, settings, args.organisation.as_deref()).await?;
    let (name, verified) = (args.name.clone(), args.verified);
    let job =
        move |session: &mut roster_persistence::Session<'_>| domains::add(session, &name, verified);
    let added = store.write(Lane::Interactive, tenant, store.inputs()?, job).await;
    store.close();
    added
}
