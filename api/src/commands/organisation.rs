//! `roster organisation`

use super::{CommandError, print, settings};
use crate::cli::{OrganisationAddArgs, OrganisationSetArgs, PurchaseChannel};
use crate::config::{Checked, Config};
use crate::start;
use actix_web::rt::System;
use roster_domain::Result;
use roster_domain::organisations::{self, Purchase};
use roster_persistence::{Lane, Options, Store};
use std::sync::Arc;

/// Founds a further organisation in the database and prints its credentials, once.
///
/// # Errors
/// When the settings have mistakes or the organisation cannot be founded.
pub fn add(config: &Config, args: &OrganisationAddArgs) -> Result<(), CommandError> {
    let settings = settings(config)?;
    let founded = System::new().block_on(async {
        Store::migrate(&start::database_url(&settings)?)?;
        let url = settings.public_url(settings.listen);
        let roster = start::open(&settings, url, Arc::new(start::SystemClock)).await?;
        let founded = start::found_further(&roster, &args.name, &args.initial_domain).await;
        roster.store.close();
        founded
    })?;
    founded.map_or(Ok(()), |founded| print(&founded.to_string()))
}

/// Notes from whom an organisation bought its subscriptions: for operators, who know.
///
/// # Errors
/// When the settings have mistakes or the organisation is unknown.
pub fn set(config: &Config, args: &OrganisationSetArgs) -> Result<(), CommandError> {
    let settings = settings(config)?;
    System::new().block_on(set_purchase(&settings, args))?;
    print("Changed the organisation.\n")
}

/// Notes from whom an organisation bought its subscriptions.
///
/// # Errors
/// 404 when no organisation has the domain that names it.
pub async fn set_purchase(settings: &Checked, args: &OrganisationSetArgs) -> Result<()> {
    let url = start::database_url(settings)?;
    Store::migrate(&url)?;
    let store = Store::open(Options::new(url))?;
    let tenant = super::organisation(&store, settings, args.organisation.as_deref()).await?;
    let purchase = Purchase {
        channel: match args.purchase_channel {
            PurchaseChannel::Direct => organisations::PurchaseChannel::Direct,
            PurchaseChannel::Reseller => organisations::PurchaseChannel::Reseller,
            PurchaseChannel::None => organisations::PurchaseChannel::None,
        },
        seller: args.seller.clone(),
    };
    let job = move |session: &mut roster_persistence::Session<'_>| {
        organisations::set_purchase(session, &purchase)
    };
    let changed = store.write(Lane::Interactive, tenant, store.inputs()?, job).await;
    store.close();
    changed
}
