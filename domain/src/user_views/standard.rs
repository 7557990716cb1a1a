//! The standard views; nobody changes or removes them (R95, R140).

use super::{Criteria, SignIn};
use crate::authz::Role;
use crate::query::{Filter, Literal, Op};
use crate::users::UserField;

/// A standard view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standard {
    /// Everybody.
    All,
    /// Guests.
    Guests,
    /// Sign-in allowed.
    SignInAllowed,
    /// Sign-in blocked.
    SignInBlocked,
    /// With a licence.
    Licensed,
    /// Without a licence.
    Unlicensed,
    /// Whom synchronising or providing a service went wrong for.
    WithErrors,
    /// Holders of a role.
    Holders(Role),
}

impl Standard {
    /// All of them.
    pub const ALL: [Self; 12] = [
        Self::All,
        Self::Licensed,
        Self::Guests,
        Self::SignInAllowed,
        Self::SignInBlocked,
        Self::Unlicensed,
        Self::WithErrors,
        Self::Holders(Role::Billing),
        Self::Holders(Role::Global),
        Self::Holders(Role::Password),
        Self::Holders(Role::Service),
        Self::Holders(Role::User),
    ];

    /// Identifier in requests.
    pub const fn id(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Guests => "guests",
            Self::SignInAllowed => "signInAllowed",
            Self::SignInBlocked => "signInBlocked",
            Self::Licensed => "licensed",
            Self::Unlicensed => "unlicensed",
            Self::WithErrors => "withErrors",
            Self::Holders(Role::Billing) => "billingAdministrators",
            Self::Holders(Role::Password) => "passwordAdministrators",
            Self::Holders(Role::Service) => "serviceAdministrators",
            Self::Holders(Role::User) => "userAdministrators",
            Self::Holders(_) => "globalAdministrators",
        }
    }

    /// Name for people.
    pub const fn display_name(self) -> &'static str {
        match self {
            Self::All => "All users",
            Self::Guests => "Guest users",
            Self::SignInAllowed => "Sign-in allowed",
            Self::SignInBlocked => "Sign-in blocked",
            Self::Licensed => "Licensed users",
            Self::Unlicensed => "Unlicensed users",
            Self::WithErrors => "Users with errors",
            Self::Holders(Role::Billing) => "Billing administrators",
            Self::Holders(Role::Password) => "Password administrators",
            Self::Holders(Role::Service) => "Service administrators",
            Self::Holders(Role::User) => "User management administrators",
            Self::Holders(_) => "Global administrators",
        }
    }

    /// The view with an identifier.
    pub fn parse(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|view| view.id().eq_ignore_ascii_case(id))
    }

    /// The role whose holders it shows.
    pub const fn role(self) -> Option<Role> {
        match self {
            Self::Holders(role) => Some(role),
            _ => None,
        }
    }

    /// The condition on users, besides the role.
    pub fn filter(self) -> Filter<UserField> {
        let none = Criteria::default();
        let status = |status| Criteria { sign_in_status: Some(status), ..Criteria::default() };
        match self {
            Self::All | Self::Holders(_) => none.filter(),
            Self::SignInAllowed => status(SignIn::Allowed).filter(),
            Self::SignInBlocked => status(SignIn::Blocked).filter(),
            Self::Licensed => Criteria { licensed: Some(true), ..none }.filter(),
            Self::Unlicensed => Criteria { licensed: Some(false), ..none }.filter(),
            Self::WithErrors => Criteria { with_errors: Some(true), ..none }.filter(),
            Self::Guests => Filter::Compare {
                field: UserField::UserType,
                op: Op::Eq,
                value: Literal::Word("Guest"),
            },
        }
    }
}
