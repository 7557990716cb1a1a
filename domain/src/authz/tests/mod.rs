//! Laws of the decisions, over every set of roles, and a model of a small world.

mod group_world;
mod laws;
mod limits;
mod scope;
mod world;

use super::{Actor, Claims, Grant, Policy, Principal, PrincipalState, RoleSet, authorize, rights};
use crate::id::TenantId;
use crate::users::UserId;
use uuid::Uuid;

/// The id of the actor in these tests.
const ACTOR: Uuid = Uuid::from_u128(1);

/// A signed-in user with these roles.
fn actor(roles: RoleSet) -> Actor {
    let principal = Principal::User(UserId::new(ACTOR));
    let claims = Claims { tenant: TenantId::new(Uuid::from_u128(9)), principal, roles, epoch: 0 };
    let state = PrincipalState { enabled: true, roles, epoch: 0 };
    Actor::signed_in(claims, Some(state), Policy::default(), Uuid::nil()).unwrap()
}

/// What every member holds, to ask about targets.
fn grant(roles: RoleSet) -> Grant<rights::ReadDirectory> {
    authorize(&actor(roles)).unwrap()
}
