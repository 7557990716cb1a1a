//! From whom an organisation bought its subscriptions (R88).

use crate::changes::Change;
use crate::error::{Error, Result};
use crate::ports::WriteTx;
use crate::value::Value;
use serde::{Deserialize, Serialize};

/// How the subscriptions were bought.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Purchase {
    /// From whom.
    pub channel: PurchaseChannel,
    /// Name and address of the seller, for those who ask about billing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seller: Option<String>,
}

/// From whom subscriptions were bought. Only who buys directly has billing administrators.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PurchaseChannel {
    /// Without an intermediary.
    #[default]
    Direct,
    /// From a seller, who does the billing.
    Reseller,
    /// There is no subscription.
    None,
}

impl PurchaseChannel {
    /// Word in the change record.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Direct => "direct",
            Self::Reseller => "reseller",
            Self::None => "none",
        }
    }
}

/// Notes how the organisation whose lock is held bought its subscriptions. Billing administrators
/// keep their role until it is taken away.
///
/// # Errors
/// 404 for an organisation that was never founded.
pub fn set_purchase(tx: &mut dyn WriteTx, purchase: &Purchase) -> Result<()> {
    let tenant = tx.tenant();
    let found = tx.organisation(tenant)?;
    let mut organisation = found.ok_or_else(|| Error::not_found(&tenant.to_string()))?;
    organisation.purchase = purchase.clone();
    tx.update_organisation(&organisation)?;
    let channel = Value::text(purchase.channel.word());
    let details = Value::Object(vec![("purchaseChannel".into(), channel)]);
    tx.record(Change::by_system("organisations.update", "organisation", tenant, details))
}
