//! What a right means for the person it is used on: the limits of the matrix.

use super::Grant;
use super::matrix::Permission;
use super::needs::{Need, explain, prove};
use super::role::RoleSet;
use crate::error::{Error, Refusal, Result};
use crate::properties::Property;
use crate::users::User;
use std::fmt::Display;
use uuid::Uuid;

/// What a change of a user touches.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Touched {
    /// Anything but the password.
    pub profile: bool,
    /// The password.
    pub password: bool,
    /// What would let somebody take the account over (R92).
    pub sensitive: bool,
}

impl Touched {
    /// Whether changing the property on an administrator needs row 3 over them (R92, A26). Mail
    /// addresses count: notices go there.
    pub const fn is_sensitive(property: &'static Property<User>) -> bool {
        property.sensitive
    }
}

impl Touched {
    /// What the change needs of whoever makes it, over somebody with these roles: row 6 for the
    /// profile, row 3 for the password, and row 3 over administrators for what would let the
    /// caller take over their account (R92, A26).
    pub(super) fn needs(self, target: RoleSet) -> Vec<Need<'static>> {
        let profile = self.profile.then_some(PROFILE);
        let resets = self.password || (self.sensitive && !target.is_empty());
        profile.into_iter().chain(resets.then_some(Need::Reset(target))).collect()
    }
}

const PROFILE: Need<'static> = Need::AnyOf(&[Permission::ManageUsersAndGroups]);
const DELEGATE: Need<'static> = Need::AnyOf(&[Permission::DelegateAdminRoles]);

impl<P> Grant<P> {
    /// Proves what something needs over a target, whose roles the caller may know or not. The
    /// refusal tells no hidden roles: what nobody's roles would allow is explained as for a person
    /// without any.
    fn prove_over(
        &self,
        target: (RoleSet, String),
        known: bool,
        needs: impl Fn(RoleSet) -> Vec<Need<'static>>,
    ) -> Result<()> {
        let (roles, name) = target;
        let plain = (!known).then_some(RoleSet::EMPTY);
        let decided = plain
            .into_iter()
            .chain([roles])
            .try_for_each(|roles| explain(self.actor(), &needs(roles)).map(drop));
        decided.map_err(|refusal| Error::forbidden(Refusal { target: Some(name), ..refusal }))
    }

    /// Row 3 over a target: a global administrator resets anyone, others only people without any
    /// role (A4). The same right guards an administrator's sensitive properties (R92).
    ///
    /// # Errors
    /// 403 with the limit that applied.
    pub fn may_reset_password_of(&self, target: RoleSet, name: impl Display) -> Result<()> {
        let known = self.holds(Permission::ViewUsersAndRoles);
        self.prove_over((target, name.to_string()), known, |roles| vec![Need::Reset(roles)])
    }

    /// Row 6 over a target to delete or restore: only a global administrator deletes a global
    /// administrator (A21).
    ///
    /// # Errors
    /// 403 with the limit that applied.
    pub fn may_delete(&self, target: RoleSet, name: impl Display) -> Result<()> {
        let known = self.holds(Permission::ViewUsersAndRoles);
        self.prove_over((target, name.to_string()), known, |roles| vec![Need::Delete(roles)])
    }

    /// Row 6 for the profile, row 3 for the password, and row 3 over administrators for what
    /// would let the caller take over their account (R92, A26).
    ///
    /// # Errors
    /// 403 with what was missing or the limit that applied.
    pub fn may_change_user(
        &self,
        id: Uuid,
        target: RoleSet,
        touched: Touched,
        name: impl Display,
    ) -> Result<()> {
        let known = self.may_see_roles_of(id);
        self.prove_over((target, name.to_string()), known, |roles| touched.needs(roles))
    }

    /// Row 6 to create somebody, and row 12 to make them an administrator at once (R94).
    ///
    /// # Errors
    /// 403.
    pub fn may_make(&self, roles: RoleSet) -> Result<()> {
        let delegates = (!roles.is_empty()).then_some(DELEGATE);
        let needs: Vec<_> = [PROFILE].into_iter().chain(delegates).collect();
        prove(self.actor(), &needs).map(drop)
    }

    /// Whether the actor may know the roles of a principal: with row 5, or its own (A2).
    pub fn may_see_roles_of(&self, principal: Uuid) -> bool {
        self.scope().shows_roles_of(principal)
    }

    /// A decision about a target whose roles are hidden from the actor unless `known`: what would
    /// tell them stays open.
    pub(super) fn decide(
        known: bool,
        roles: RoleSet,
        decision: impl Fn(RoleSet) -> bool,
    ) -> Option<bool> {
        if known {
            return Some(decision(roles));
        }
        let (plain, highest) = (decision(RoleSet::EMPTY), decision(RoleSet::ALL));
        (plain == highest).then_some(plain)
    }

    /// What the actor may do with a user.
    pub fn capabilities_over(&self, user: Uuid, roles: RoleSet) -> Capabilities {
        let known = self.may_see_roles_of(user);
        let profile = Touched { profile: true, ..Touched::default() };
        let decide = |decision: &dyn Fn(RoleSet) -> bool| Self::decide(known, roles, decision);
        Capabilities {
            can_update: decide(&|roles| self.may_change_user(user, roles, profile, user).is_ok()),
            can_delete: decide(&|roles| self.may_delete(roles, user).is_ok()),
            can_reset_password: decide(&|roles| self.may_reset_password_of(roles, user).is_ok()),
            can_assign_license: Some(self.holds(Permission::ManageUserLicenses)),
            can_assign_roles: Some(self.holds(Permission::DelegateAdminRoles)),
        }
    }
}

/// What an actor may do with an object. None where the answer would tell roles of a person that
/// the actor may not see (row 5), and for what has no meaning for the kind of object.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Capabilities {
    /// Change its profile.
    pub can_update: Option<bool>,
    /// Delete it.
    pub can_delete: Option<bool>,
    /// Set a new password.
    pub can_reset_password: Option<bool>,
    /// Change its licences.
    pub can_assign_license: Option<bool>,
    /// Change its roles.
    pub can_assign_roles: Option<bool>,
}

/// R93: an organisation always has an enabled global administrator. `others` is the number of
/// those besides the one who would be lost. Clients never count.
///
/// # Errors
/// 409 when there is no other.
pub fn keeps_global_administrator(others: i64, principal: Uuid) -> Result<()> {
    if others > 0 {
        return Ok(());
    }
    Err(Error::conflict(
        "LastGlobalAdministrator",
        "This is the organisation's last enabled global administrator. Make another user global \
         administrator first.",
    )
    .at(principal.to_string()))
}
