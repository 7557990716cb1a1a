//! The answer to a question about a right, and its words.

use super::super::matrix::Permission;
use super::super::{Actor, RoleSet};
use crate::error::Refusal;
use crate::language::{Language, Words};

/// The answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Whether it would be allowed; none if that depends on roles that the caller may not see.
    pub allowed: Option<bool>,
    /// The permission that allows it or is missing.
    pub permission: Permission,
    /// The limit that applies.
    pub limit: Option<Words>,
    /// Keys of the roles that would grant it.
    pub granting_roles: Vec<&'static str>,
    /// Whether the actor cannot sign in at all.
    pub blocked: bool,
    /// What the actor is to the object, where that allows it and no role does.
    pub relation: Option<Relation>,
}

/// What makes an object somebody's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// The group is theirs.
    Owner,
    /// It is about themselves, and everybody may.
    Oneself,
    /// They are in the group.
    Member,
}

impl Relation {
    /// Stable key.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Oneself => "oneself",
            Self::Member => "member",
        }
    }

    /// Why it is allowed.
    const fn words(self) -> Words {
        match self {
            Self::Owner => Words::new(
                "Allowed as an owner of the group.",
                "Toegestaan als eigenaar van de groep.",
            ),
            Self::Oneself => Words::new(
                "Allowed to everybody for themselves.",
                "Toegestaan aan iedereen voor zichzelf.",
            ),
            Self::Member => {
                Words::new("Allowed as a member of the group.", "Toegestaan als lid van de groep.")
            }
        }
    }
}

/// The footnote of the cell by which the roles hold a permission.
pub(super) fn limit(permission: Permission, roles: RoleSet) -> Option<Words> {
    permission.granted(roles).footnote().map(|(_, words)| words)
}

impl Verdict {
    pub(super) fn allowed(permission: Permission, actor: &Actor) -> Self {
        let allowed = Some(true);
        Self { allowed, ..Self::refused(permission, limit(permission, actor.roles())) }
    }

    /// Allowed by what the actor is to the object.
    pub(super) fn related(relation: Relation) -> Self {
        let (allowed, relation) = (Some(true), Some(relation));
        Self { allowed, relation, ..Self::refused(Permission::ReadDirectory, None) }
    }

    pub(super) fn refused(permission: Permission, limit: Option<Words>) -> Self {
        let granting_roles = permission.granting_roles();
        let allowed = Some(false);
        Self { allowed, permission, limit, granting_roles, blocked: false, relation: None }
    }

    pub(super) fn of_refusal(refusal: Option<&Refusal>, first: Permission, actor: &Actor) -> Self {
        let Some(refusal) = refusal else { return Self::refused(first, None) };
        let permission = Permission::parse(refusal.permission).unwrap_or(first);
        let limit = refusal.limit.and_then(|_| limit(permission, actor.roles()));
        Self { granting_roles: refusal.granting_roles.clone(), ..Self::refused(permission, limit) }
    }

    /// The answer in words.
    pub fn message(&self, language: Language) -> String {
        if let Some(relation) = self.relation {
            return relation.words().of(language).to_owned();
        }
        let permission = self.permission.name().of(language);
        let row = match (self.permission.row(), language) {
            (Some(row), Language::English) => format!("row {row}, {permission}"),
            (Some(row), Language::Dutch) => format!("rij {row}, {permission}"),
            (None, _) => permission.to_owned(),
        };
        let limit = self.limit.map(|limit| format!(" {}", limit.of(language))).unwrap_or_default();
        let roles = self.granting_roles.join(", ");
        let words = match (self.allowed, self.blocked) {
            (_, true) => Words::new(
                "Refused: the account is blocked.",
                "Geweigerd: het account is geblokkeerd.",
            ),
            (Some(true), _) => Words::new("Allowed by", "Toegestaan door"),
            (Some(false), _) if self.limit.is_some() => {
                Words::new("Refused by the limit of", "Geweigerd door de beperking van")
            }
            (Some(false), _) => {
                Words::new("Refused, for want of", "Geweigerd, want dit ontbreekt:")
            }
            (None, _) => Words::new(
                "Depends on roles of the person that you may not see, by",
                "Hangt af van rollen van de persoon die u niet mag zien, door",
            ),
        };
        let words = words.of(language);
        match (self.allowed, self.blocked, language) {
            (_, true, _) => words.to_owned(),
            (Some(false), _, Language::English) => {
                format!("{words} {row}.{limit} Roles that grant it: {roles}.")
            }
            (Some(false), _, Language::Dutch) => {
                format!("{words} {row}.{limit} Rollen die het toestaan: {roles}.")
            }
            _ => format!("{words} {row}.{limit}"),
        }
    }
}
