//! The eight administrator roles.

use serde::{Deserialize, Serialize};
use uuid::{Uuid, uuid};

/// An administrator role (seed 002). Everyone signed in is a member besides. Serialised it is
/// its [`Role::key`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Buys products, manages subscriptions.
    Billing,
    /// May do everything; the only one who assigns roles (R87).
    Global,
    /// Resets passwords of people without a role.
    Password,
    /// Opens tickets, sees service health (R90).
    Service,
    /// Manages users and groups.
    User,
    /// Manages mail recipients.
    Exchange,
    /// Manages sites.
    SharePoint,
    /// Manages telephony and meetings.
    Skype,
}

impl Role {
    /// All roles, in the order of the matrix columns.
    pub const ALL: [Self; 8] = [
        Self::Billing,
        Self::Global,
        Self::Password,
        Self::Service,
        Self::User,
        Self::Exchange,
        Self::SharePoint,
        Self::Skype,
    ];

    /// Key in the matrix and in `roles` of a user.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Billing => "billing",
            Self::Global => "global",
            Self::Password => "password",
            Self::Service => "service",
            Self::User => "user",
            Self::Exchange => "exchange",
            Self::SharePoint => "sharepoint",
            Self::Skype => "skype",
        }
    }

    /// The well-known role template id, as it stands in `wids` and `roleDefinitionId`.
    pub const fn template_id(self) -> Uuid {
        match self {
            Self::Billing => uuid!("b0f54661-2d74-4c50-afa3-1ec803f12efe"),
            Self::Global => uuid!("62e90394-69f5-4237-9190-012177145e10"),
            Self::Password => uuid!("966707d0-3269-4727-9be2-8c3a10f19b9d"),
            Self::Service => uuid!("f023fd81-a637-4b56-95fd-791ac0226033"),
            Self::User => uuid!("fe930be7-5e62-47db-91af-98c3a49a38b1"),
            Self::Exchange => uuid!("29232cdf-9323-42fd-ade2-1d097af3e4de"),
            Self::SharePoint => uuid!("f28a1f50-f6e7-4571-818b-6a12f2af6b6c"),
            Self::Skype => uuid!("75941009-915a-4869-abe7-691bff18279e"),
        }
    }

    /// The role with this template id.
    pub fn of_template(id: Uuid) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.template_id() == id)
    }

    /// Reads a key or a template id.
    pub fn parse(text: &str) -> Option<Self> {
        let named = |role: &Self| role.key().eq_ignore_ascii_case(text);
        let key = Self::ALL.into_iter().find(named);
        key.or_else(|| Self::of_template(Uuid::try_parse(text).ok()?))
    }

    const fn bit(self) -> u8 {
        match self {
            Self::Billing => 1,
            Self::Global => 2,
            Self::Password => 4,
            Self::Service => 8,
            Self::User => 16,
            Self::Exchange => 32,
            Self::SharePoint => 64,
            Self::Skype => 128,
        }
    }
}

/// A set of roles (A23). Its order never matters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(from = "Vec<Role>", into = "Vec<Role>")]
pub struct RoleSet(u8);

impl RoleSet {
    /// No role.
    pub const EMPTY: Self = Self(0);

    /// Every role.
    pub const ALL: Self = Self(u8::MAX);

    /// Whether the role is held.
    pub const fn contains(self, role: Role) -> bool {
        self.0 & role.bit() != 0
    }

    /// With one more role.
    #[must_use]
    pub const fn with(self, role: Role) -> Self {
        Self(self.0 | role.bit())
    }

    /// Without a role.
    #[must_use]
    pub const fn without(self, role: Role) -> Self {
        Self(self.0 & !role.bit())
    }

    /// Roles in both sets: what a token claims and the database confirms.
    #[must_use]
    pub const fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// How many roles are held.
    pub const fn len(self) -> u32 {
        self.0.count_ones()
    }

    /// Whether no role is held: the person is no administrator.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Keys of the roles, in matrix order.
    pub fn keys(self) -> Vec<&'static str> {
        self.iter().map(Role::key).collect()
    }

    /// The roles, in matrix order.
    pub fn iter(self) -> impl Iterator<Item = Role> {
        Role::ALL.into_iter().filter(move |role| self.contains(*role))
    }
}

impl From<RoleSet> for Vec<Role> {
    fn from(roles: RoleSet) -> Self {
        roles.iter().collect()
    }
}

impl From<Vec<Role>> for RoleSet {
    fn from(roles: Vec<Role>) -> Self {
        roles.into_iter().collect()
    }
}

impl FromIterator<Role> for RoleSet {
    fn from_iter<I: IntoIterator<Item = Role>>(roles: I) -> Self {
        roles.into_iter().fold(Self::EMPTY, Self::with)
    }
}
