//! The answer to a question about a right, and its words.

use super::super::matrix::Permission;
use super::super::{Actor, RoleSet};
use crate::error::Refusal;
use crate::language::{Language, Words};

/// The answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Whether it would be allowed; none if that is open.
    pub allowed: Option<bool>,
    /// What decides.
    pub why: Why,
    /// The permission that allows it or is missing.
    pub permission: Permission,
    /// The limit that applies.
    pub limit: Option<Words>,
    /// The roles of which each alone would be enough.
    pub granting_roles: RoleSet,
}

/// What decides an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// The permission.
    Permission,
    /// What the actor is to the object, where that allows it and no role does.
    Relation(Relation),
    /// The actor cannot sign in: the account is blocked.
    Blocked,
    /// The actor cannot sign in: a guest who has not accepted the invitation yet.
    Pending,
    /// Roles of the target that the caller may not see; so it is open.
    HiddenRoles,
    /// The target, which is not named; so it is open.
    Target,
    /// The kind of group, which is not named; so it is open.
    Kind,
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

const BLOCKED: Words =
    Words::new("Refused: the account is blocked.", "Geweigerd: het account is geblokkeerd.");
const PENDING: Words = Words::new(
    "Refused: the guest has not accepted the invitation yet.",
    "Geweigerd: de gast heeft de uitnodiging nog niet aanvaard.",
);
const ALLOWED: Words = Words::new("Allowed by", "Toegestaan door");
const MISSING: Words = Words::new("Refused, for want of", "Geweigerd, want dit ontbreekt:");
const LIMITED: Words = Words::new("Refused by the limit of", "Geweigerd door de beperking van");
const HIDDEN_ROLES: Words = Words::new(
    "Depends on roles of the person that you may not see, by",
    "Hangt af van rollen van de persoon die u niet mag zien, door",
);
const TARGET: Words = Words::new(
    "Depends on the object: name it as 'target'. Allowed over every object by",
    "Hangt af van het object: noem het als 'target'. Over elk object toegestaan door",
);
const KIND: Words = Words::new(
    "Depends on the kind of group: name it as 'kind'. Allowed for every kind by",
    "Hangt af van het soort groep: noem het als 'kind'. Voor elk soort toegestaan door",
);
const ROW: Words = Words::new("row", "rij");
const GRANTING: Words = Words::new("Roles that grant it", "Rollen die het toestaan");

impl Verdict {
    pub(super) fn allowed(permission: Permission, actor: &Actor) -> Self {
        let limit = permission.granted(actor.roles()).limit();
        let refused = Self::refused(Refusal { limit, ..permission.missing() });
        Self { allowed: Some(true), ..refused }
    }

    /// Allowed by what the actor is to the object.
    pub(super) fn related(relation: Relation) -> Self {
        let why = Why::Relation(relation);
        Self { allowed: Some(true), why, ..Self::refused(Permission::ReadDirectory.missing()) }
    }

    /// Refused to somebody who cannot sign in. No role would change that.
    pub(super) fn locked_out(why: Why, permission: Permission) -> Self {
        let granting_roles = RoleSet::EMPTY;
        Self { why, ..Self::refused(Refusal { granting_roles, ..permission.missing() }) }
    }

    /// Open, because it would be refused in some cases.
    pub(super) fn open(why: Why, refusal: Refusal) -> Self {
        Self { allowed: None, why, ..Self::refused(refusal) }
    }

    pub(super) fn refused(refusal: Refusal) -> Self {
        let Refusal { permission, limit, granting_roles, .. } = refusal;
        Self { allowed: Some(false), why: Why::Permission, permission, limit, granting_roles }
    }

    /// The answer in words.
    pub fn message(&self, language: Language) -> String {
        match (self.why, self.allowed) {
            (Why::Blocked, _) => BLOCKED.of(language).to_owned(),
            (Why::Pending, _) => PENDING.of(language).to_owned(),
            (Why::Relation(relation), _) => relation.words().of(language).to_owned(),
            (Why::HiddenRoles, _) => self.reason(HIDDEN_ROLES, language),
            (Why::Target, _) => self.reason(TARGET, language),
            (Why::Kind, _) => self.reason(KIND, language),
            (Why::Permission, Some(false)) => {
                let begin = if self.limit.is_some() { LIMITED } else { MISSING };
                let roles = self.granting_roles.iter().map(|role| role.name().of(language));
                let roles = roles.collect::<Vec<_>>().join(", ");
                format!("{} {}: {roles}.", self.reason(begin, language), GRANTING.of(language))
            }
            (Why::Permission, _) => self.reason(ALLOWED, language),
        }
    }

    /// The permission, with the limit.
    fn reason(&self, begin: Words, language: Language) -> String {
        let (begin, permission) = (begin.of(language), self.permission.name().of(language));
        let row = self.permission.row().map(|row| format!("{} {row}, ", ROW.of(language)));
        let limit = self.limit.map(|limit| format!(" {}", limit.of(language)));
        let (row, limit) = (row.unwrap_or_default(), limit.unwrap_or_default());
        format!("{begin} {row}{permission}.{limit}")
    }
}
