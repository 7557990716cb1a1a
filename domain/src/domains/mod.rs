//! Domain names of an organisation.

use crate::addresses::syntax;
use crate::changes::Change;
use crate::error::{Error, Result, Violation};
use crate::id::{Id, TenantId};
use crate::ports::WriteTx;
use crate::time::Timestamp;
use crate::value::Value;
use std::borrow::Cow;

/// A domain name of an organisation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Domain {
    /// The name, in lower case.
    pub name: String,
    /// Made at sign-up; cannot be renamed or removed (R100).
    pub is_initial: bool,
    /// New users get it unless another is named (R106).
    pub is_default: bool,
    /// May be used in names and addresses (R101). Verified in one organisation only (R102).
    pub is_verified: bool,
    /// Days a password is valid; none means for ever (A11, A33).
    pub password_validity_days: Option<i32>,
    /// Days before expiry at which notice is given.
    pub password_notice_days: i32,
    /// When it was added.
    pub created: Timestamp,
}

/// Days a password is valid unless the domain says otherwise (A11).
pub const DEFAULT_PASSWORD_VALIDITY_DAYS: i32 = 90;
/// Days before expiry at which notice is given unless the domain says otherwise (A11).
pub const DEFAULT_PASSWORD_NOTICE_DAYS: i32 = 14;
/// Most domains of an organisation (A25).
pub const MAX_DOMAINS: usize = 900;

impl Domain {
    /// A domain with the default password settings.
    pub fn new(name: &str, created: Timestamp) -> Self {
        Self {
            name: name.to_ascii_lowercase(),
            is_initial: false,
            is_default: false,
            is_verified: false,
            password_validity_days: Some(DEFAULT_PASSWORD_VALIDITY_DAYS),
            password_notice_days: DEFAULT_PASSWORD_NOTICE_DAYS,
            created,
        }
    }
}

/// Reading domains.
pub trait DomainReads {
    /// One domain of an organisation, by its name in lower case.
    ///
    /// # Errors
    /// When the database fails.
    fn domain(&mut self, tenant: TenantId, name: &str) -> Result<Option<Domain>>;

    /// All domains of an organisation, by name.
    ///
    /// # Errors
    /// When the database fails.
    fn domains(&mut self, tenant: TenantId) -> Result<Vec<Domain>>;

    /// The organisation that verified a name.
    ///
    /// # Errors
    /// When the database fails.
    fn tenant_of_domain(&mut self, name: &str) -> Result<Option<TenantId>>;
}

/// Writing domains.
pub trait DomainWrites {
    /// Adds a domain.
    ///
    /// # Errors
    /// When the database fails, or the name is verified in another organisation (R102).
    fn insert_domain(&mut self, domain: &Domain) -> Result<()>;
}

/// Adds a domain on behalf of the operator of the installation.
///
/// # Errors
/// 400 for a name that is no domain or is taken, 409 when another organisation verified it (R102) or
/// the organisation has [`MAX_DOMAINS`].
pub fn add(tx: &mut dyn WriteTx, name: &str, verified: bool) -> Result<()> {
    let name = syntax::domain_name(name, syntax::MAX_USER_DOMAIN)
        .map_err(|wrong| Error::invalid_property("name", format!("'name' {wrong}")))?;
    let tenant = tx.tenant();
    if tx.domain(tenant, &name)?.is_some() {
        return Err(Error::violations(vec![Violation::coded(
            "ObjectConflict",
            "name",
            "The organisation has this domain already.",
        )]));
    }
    if tx.domains(tenant)?.len() >= MAX_DOMAINS {
        let message = format!(
            "The organisation has {MAX_DOMAINS} domains, the most there may be. Found another \
             organisation for more."
        );
        return Err(Error::conflict("TooManyDomains", message).at(name));
    }
    if verified && tx.tenant_of_domain(&name)?.is_some() {
        return Err(Error::conflict(
            "DomainVerifiedElsewhere",
            "The domain is verified in another organisation.",
        )
        .at(name));
    }
    let domain = Domain { is_verified: verified, ..Domain::new(&name, tx.now()) };
    tx.insert_domain(&domain)?;
    let id = Id::<Domain>::new(tx.new_uuid());
    let details = Value::Object(vec![(Cow::Borrowed("name"), Value::Text(Cow::Owned(name)))]);
    tx.record(Change::by_system("domains.create", "domain", id, details))
}
