//! What must hold before someone becomes an administrator (R74, R75, R88, A19, A20).

use crate::authz::{Role, RoleSet};
use crate::domains::Domain;
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

/// The roles in a service, beside one of which the service role stands (A19).
const SERVICES: [Role; 3] = [Role::Exchange, Role::SharePoint, Role::Skype];

/// What is wanted and, if that is the service role alone, those of the held ones that it needs
/// (A19).
pub(super) fn with_prerequisites(held: RoleSet, wanted: RoleSet) -> RoleSet {
    if keeps_company(wanted) {
        return wanted;
    }
    wanted.iter().chain(SERVICES.into_iter().filter(|role| held.contains(*role))).collect()
}

fn keeps_company(roles: RoleSet) -> bool {
    !roles.contains(Role::Service) || SERVICES.iter().any(|role| roles.contains(*role))
}

/// A19. Also asked when a role is taken away.
pub(crate) fn check_prerequisite(roles: RoleSet) -> Result<()> {
    if keeps_company(roles) {
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
    if is_within(email, &tx.domains(tenant)?) {
        violations.push(Violation::new(
            "alternateEmail",
            "'alternateEmail' must be an address outside the organisation's own domains.",
        ));
    }
    Ok(())
}

/// Whether an address is in one of the organisation's own domains, which mail reaches no longer
/// when the administrator is locked out. What is below a verified domain is verified too (R101).
pub(super) fn is_within(email: &str, domains: &[Domain]) -> bool {
    let domain = crate::addresses::syntax::key(email.rsplit('@').next().unwrap_or_default());
    let mut own = domains.iter().filter(|own| own.is_verified);
    own.any(|own| {
        let above = domain.strip_suffix(own.name.as_str());
        above.is_some_and(|above| above.is_empty() || above.ends_with('.'))
    })
}

/// Whether there is a mobile number that cannot be dialled from anywhere.
fn lacks_country_code(user: &User) -> bool {
    user.mobile_phone.as_deref().is_some_and(|mobile| !phones::has_country_code(mobile))
}

/// R74: a mobile number that is given to an administrator has its country code; none is needed
/// (A20).
pub(crate) fn check_mobile(user: &User, violations: &mut Vec<Violation>) {
    if lacks_country_code(user) {
        violations.push(Violation::new(
            "mobilePhone",
            "'mobilePhone' of an administrator must start with '+' and the country code, as in \
             +31 6 12345678: password recovery sends text messages to it.",
        ));
    }
}

/// The same of a number that was there before the role. The grant does not wait for it (A20), and
/// the report on administrators' contacts names it.
fn mobile_warning(user: &User) -> Option<Warning> {
    lacks_country_code(user).then(|| {
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
    if adding.contains(Role::Global) && !held.contains(Role::Global) {
        warnings.extend(crowd_warning(tx, user)?);
    }
    Ok(warnings)
}

/// Whether there are more enabled global administrators than advised, with one more (R75).
pub(crate) fn crowd_warning(tx: &mut dyn WriteTx, another: &User) -> Result<Option<Warning>> {
    let tenant = tx.tenant();
    let others = tx.enabled_holders(tenant, Role::Global, another.id.uuid())?;
    let now = others.saturating_add(1);
    Ok((now > ADVISED_GLOBAL_ADMINISTRATORS).then(|| {
        Warning::new(
            "ManyGlobalAdministrators",
            "roles",
            format!("{now} global administrators are enabled; two to four are advised."),
        )
    }))
}
