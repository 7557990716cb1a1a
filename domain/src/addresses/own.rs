//! The addresses of an object that receives mail: which is the primary one, how they are written,
//! and in which domains they may stand.

use super::Address;
use super::syntax::key;
use crate::error::{Result, Violation};
use crate::ports::WriteTx;

/// The primary address that `proxyAddresses` of a body names, which becomes the mail address. A
/// body that names two, or another one as `mail`, contradicts itself.
pub(crate) fn primary(
    proxies: &[String],
    mail: Option<&str>,
    violations: &mut Vec<Violation>,
) -> Option<String> {
    let mut primaries = proxies.iter().filter_map(|proxy| proxy.strip_prefix("SMTP:"));
    let primary = primaries.next()?;
    if primaries.next().is_some() {
        violations.push(Violation::new(
            "proxyAddresses",
            "'proxyAddresses' has more than one primary address; write 'SMTP:' in capitals before \
             one of them only.",
        ));
    }
    if mail.is_some_and(|mail| key(mail) != key(primary)) {
        violations.push(Violation::new(
            "proxyAddresses",
            "The primary address of 'proxyAddresses' ('SMTP:' in capitals) differs from 'mail'; \
             send one of the two, or the same address in both.",
        ));
    }
    Some(primary.to_owned())
}

/// The addresses at which mail arrives, as `proxyAddresses` has them: the primary one first.
pub(crate) fn proxies(list: &[Address]) -> Vec<String> {
    let mut proxies: Vec<&Address> = list.iter().filter(|address| address.proxy).collect();
    proxies.sort_by_key(|address| !address.primary);
    let mark = |address: &Address| if address.primary { "SMTP:" } else { "smtp:" };
    proxies.into_iter().map(|address| format!("{}{}", mark(address), address.address)).collect()
}

/// Addresses stand in verified domains of the organisation (R52, R55, R132).
///
/// # Errors
/// When the database fails.
pub(crate) fn check_domain(
    tx: &mut dyn WriteTx,
    property: &'static str,
    address: &Address,
    violations: &mut Vec<Violation>,
) -> Result<()> {
    let tenant = tx.tenant();
    let name = key(address.address.rsplit('@').next().unwrap_or_default());
    if !tx.domain(tenant, &name)?.is_some_and(|domain| domain.is_verified) {
        violations.push(Violation::coded(
            "DomainNotVerified",
            property,
            format!(
                "The domain '{name}' of '{property}' is not a verified domain of this \
                 organisation. Add and verify it, or use one of the verified domains."
            ),
        ));
    }
    Ok(())
}
