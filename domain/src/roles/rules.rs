//! What must hold before someone becomes an administrator (R74, R75, R88, A19, A20).

use crate::authz::{Role, RoleSet};
use crate::error::{Error, Result, Violation};
use crate::organisations::PurchaseChannel;
use crate::phones;
use crate::ports::WriteTx;
use crate::users::User;
use crate::warning::Warning;

/// More enabled global administrators than this are worth a warning (R75).
const ADVISED_GLOBAL_ADMINISTRATORS: i64 = 4;

/// Rules of the roles that someone would hold in the end, whoever it is: the service role stands
/// beside exchange, sharepoint or skype (A19); billing goes to nobody where a seller does it (R88).
pub(crate) fn check_roles(tx: &mut dyn WriteTx, held: RoleSet, wanted: RoleSet) -> Result<()> {
    check_prerequisite(wanted)?;
    if wanted.contains(Role::Billing) && !held.contains(Role::Billing) {
        check_purchase_channel(tx)?;
    }
    Ok(())
}

/// A19. Also asked when a role is taken away.
pub(crate) fn check_prerequisite(roles: RoleSet) -> Result<()> {
    let services = [Role::Exchange, Role::SharePoint, Role::Skype];
    if !roles.contains(Role::Service) || services.iter().any(|role| roles.contains(*role)) {
        return Ok(());
    }
    Err(Error::conflict(
        "ServiceRolePrerequisite",
        "The service administrator role goes together with the exchange, sharepoint or skype \
         role. Assign one of these first; remove the service role before the last of them.",
    ))
}

/// R88.
fn check_purchase_channel(tx: &mut dyn WriteTx) -> Result<()> {
    let tenant = tx.tenant();
    let organisation = tx.organisation(tenant)?.unwrap_or_default();
    let remedy = match (organisation.purchase.channel, &organisation.purchase.seller) {
        (PurchaseChannel::Direct, _) => return Ok(()),
        (PurchaseChannel::Reseller, Some(seller)) => {
            format!("its billing is done by the seller, {seller}. Turn to them.")
        }
        (PurchaseChannel::Reseller, None) => "its billing is done by the seller. Turn to the \
             administrator of the organisation that sold the subscription."
            .to_owned(),
        (PurchaseChannel::None, _) => "it has no subscription. Buy one directly first.".to_owned(),
    };
    let message = "The billing role is not available: this organisation bought no subscription \
                   directly;";
    Err(Error::conflict("BillingRoleUnavailable", format!("{message} {remedy}")))
}

/// A20, R74: an administrator has an alternate e-mail address outside the organisation.
pub(crate) fn check_alternate_email(
    tx: &mut dyn WriteTx,
    user: &User,
    violations: &mut Vec<Violation>,
) -> Result<()> {
    let Some(email) = user.alternate_email() else {
        violations.push(Violation::coded(
            "MissingProperty",
            "alternateEmail",
            "'alternateEmail' (the first entry of 'otherMails') is required for administrators.",
        ));
        return Ok(());
    };
    let tenant = tx.tenant();
    let domain = crate::addresses::syntax::key(email.rsplit('@').next().unwrap_or_default());
    if tx.domain(tenant, &domain)?.is_some_and(|domain| domain.is_verified) {
        violations.push(Violation::new(
            "alternateEmail",
            "'alternateEmail' must be an address outside the organisation's own domains.",
        ));
    }
    Ok(())
}

/// Whether an administrator's mobile number, where there is one, can be dialled from anywhere
/// (R74, A20).
pub(crate) fn mobile_warning(user: &User) -> Option<Warning> {
    let mobile = user.mobile_phone.as_deref()?;
    (!phones::has_country_code(mobile)).then(|| {
        Warning::new(
            "MobilePhoneWithoutCountryCode",
            "mobilePhone",
            "The mobile number of an administrator should start with '+' and the country code, \
             as in +31 6 12345678: password recovery sends text messages to it.",
        )
    })
}

/// Rules of granting roles to a user; collects violations and returns warnings.
pub(crate) fn check_grants(
    tx: &mut dyn WriteTx,
    user: &User,
    held: RoleSet,
    adding: RoleSet,
    violations: &mut Vec<Violation>,
) -> Result<Vec<Warning>> {
    if adding.is_empty() {
        return Ok(Vec::new());
    }
    check_alternate_email(tx, user, violations)?;
    let mut warnings: Vec<Warning> = mobile_warning(user).into_iter().collect();
    if !adding.contains(Role::Global) || held.contains(Role::Global) {
        return Ok(warnings);
    }
    let tenant = tx.tenant();
    let others = tx.enabled_holders(tenant, Role::Global, user.id.uuid())?;
    if others >= ADVISED_GLOBAL_ADMINISTRATORS {
        let now = others.saturating_add(1);
        warnings.push(Warning::new(
            "ManyGlobalAdministrators",
            "roles",
            format!("{now} global administrators are enabled; two to four are advised."),
        ));
    }
    Ok(warnings)
}
