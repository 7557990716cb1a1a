//! Addresses in use: each is held once over users, contacts and groups (R44).

use super::syntax;
use crate::authz::Scope;
use crate::error::{Result, Violation};
use crate::id::{Id, TenantId};
use crate::limits::MAX_RECIPIENT_NAME;
use crate::ports::{ReadTx, WriteTx};
use uuid::Uuid;

/// Kinds of objects that hold addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HolderKind {
    /// A user.
    User,
    /// A shared contact.
    Contact,
    /// A group.
    Group,
}

impl HolderKind {
    /// Word in the database and in messages.
    pub const fn word(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Contact => "contact",
            Self::Group => "group",
        }
    }

    /// Reads [`Self::word`].
    pub fn parse(word: &str) -> Option<Self> {
        [Self::User, Self::Contact, Self::Group].into_iter().find(|kind| kind.word() == word)
    }
}

/// Who holds an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// Kind of object.
    pub kind: HolderKind,
    /// Its id.
    pub id: Uuid,
    /// Whether the address is only reserved as the holder's routing address (R104).
    pub routing_only: bool,
}

/// One address of an object, with all its uses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// As written.
    pub address: String,
    /// It is the sign-in name.
    pub upn: bool,
    /// It is the primary mail address.
    pub primary: bool,
    /// Mail to it arrives.
    pub proxy: bool,
    /// It is reserved at the initial domain.
    pub routing: bool,
}

impl Address {
    /// An address without a use yet.
    pub fn new(address: &str) -> Self {
        Self {
            address: address.to_owned(),
            upn: false,
            primary: false,
            proxy: false,
            routing: false,
        }
    }

    /// The form in which addresses are compared.
    pub fn key(&self) -> String {
        syntax::key(&self.address)
    }
}

/// Collects the addresses of one object, one entry an address.
#[derive(Clone, Debug, Default)]
pub struct AddressList(Vec<Address>);

impl AddressList {
    /// The entry of an address, added when missing.
    pub fn entry(&mut self, address: &str) -> &mut Address {
        let key = syntax::key(address);
        if !self.0.iter().any(|known| known.key() == key) {
            self.0.push(Address::new(address));
        }
        let found = self.0.iter_mut().find(|known| known.key() == key);
        found.unwrap_or_else(|| unreachable!("the entry was just added"))
    }

    /// The entries.
    pub fn into_vec(self) -> Vec<Address> {
        self.0
    }
}

/// Reading addresses.
pub trait AddressReads {
    /// Who holds an address (folded), in the organisation.
    ///
    /// # Errors
    /// When the database fails.
    fn holder(&mut self, tenant: TenantId, key: &str) -> Result<Option<Holder>>;

    /// Looks many addresses (folded) up at once. In the same transaction [`Self::holder`] then
    /// answers about them without asking the database again.
    ///
    /// # Errors
    /// When the database fails.
    fn preload_holders(&mut self, tenant: TenantId, keys: &[String]) -> Result<()>;
}

/// `local@domain`, or where it is held the same with four random digits behind `local`; none when
/// those tried are all held.
///
/// # Errors
/// When the database fails.
pub fn free_variant<T: WriteTx + ?Sized>(
    tx: &mut T,
    local: &str,
    domain: &str,
) -> Result<Option<String>> {
    let tenant = tx.tenant();
    let mut wanted = format!("{local}@{domain}");
    for _ in 0..20 {
        if tx.holder(tenant, &syntax::key(&wanted))?.is_none() {
            return Ok(Some(wanted));
        }
        let mut bytes = [0_u8; 4];
        tx.random(&mut bytes);
        let digits = u32::from_le_bytes(bytes).rem_euclid(10_000);
        wanted = format!("{local}{digits:04}@{domain}");
    }
    Ok(None)
}

/// How many digits make a free alias, try by try. Eight hit another alias less than once in a
/// million objects.
pub(crate) const DIGITS: [u32; 3] = [4, 8, 8];

/// An alias with up to so many random digits behind it.
pub(crate) fn numbered(tx: &mut dyn WriteTx, alias: &str, digits: u32) -> String {
    let mut bytes = [0_u8; 8];
    tx.random(&mut bytes);
    let number = u64::from_le_bytes(bytes).rem_euclid(10_u64.pow(digits));
    let start: String = alias.chars().take(MAX_RECIPIENT_NAME.saturating_sub(8)).collect();
    format!("{start}{number}")
}

/// Writing addresses.
pub trait AddressWrites {
    /// Adds the addresses of a new object, which holds none yet.
    ///
    /// # Errors
    /// When the database fails, or an address is held by another object.
    fn insert_addresses(&mut self, kind: HolderKind, id: Uuid, addresses: &[Address])
    -> Result<()>;

    /// Replaces all addresses of an object; an empty list releases them.
    ///
    /// # Errors
    /// When the database fails, or an address is held by another object.
    fn hold_addresses(&mut self, kind: HolderKind, id: Uuid, addresses: &[Address]) -> Result<()>;
}

/// The violation of an address that another object holds. It names the holder if the caller may
/// see it.
///
/// # Errors
/// When the database fails.
pub fn conflict<T: ReadTx + ?Sized>(
    tx: &mut T,
    scope: &Scope,
    property: &str,
    address: &Address,
    holder: &Holder,
) -> Result<Violation> {
    let mut message =
        format!("Another object with the same value for property {property} already exists");
    if let Some(name) = shown_name(tx, scope, holder)? {
        let kind = holder.kind.word();
        message.push_str(&format!(": {kind} {} '{name}'", holder.id));
    }
    message.push('.');
    if property == "proxyAddresses" {
        message.push_str(&format!(" It is the address {}.", address.address));
    }
    if holder.routing_only {
        // R103: geoff@initial first, then geoff@custom; the reverse order collides.
        message.push_str(
            " It is reserved as that user's address at the initial domain; create the user in \
             the initial domain first, or choose another name.",
        );
        return Ok(Violation::coded("ReservedByInitialDomain", property, message));
    }
    Ok(Violation::coded("ObjectConflict", property, message))
}

/// The display name of a holder that the caller may see.
fn shown_name<T: ReadTx + ?Sized>(
    tx: &mut T,
    scope: &Scope,
    holder: &Holder,
) -> Result<Option<String>> {
    let found = match holder.kind {
        HolderKind::User => tx
            .user(scope, Id::new(holder.id))?
            .filter(|user| scope.shows(user.is_visible(), holder.id))
            .map(|user| user.display_name),
        HolderKind::Contact => tx
            .contact(scope, Id::new(holder.id))?
            .filter(|contact| scope.shows(contact.is_visible(), holder.id))
            .map(|contact| contact.display_name),
        HolderKind::Group => tx.group(scope, Id::new(holder.id))?.map(|group| group.display_name),
    };
    Ok(found)
}
