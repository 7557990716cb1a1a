//! Who may do what: roles, the permission matrix, and grants as proofs.
//!
//! A use case takes a [`Grant`]; the only maker of a grant is [`authorize`]. What a role may do
//! is data in [`matrix`]; limits on the target are methods of the grant.

mod actor;
mod explain;
mod grant;
pub mod matrix;
mod needs;
mod role;
mod target;
#[cfg(test)]
mod tests;

pub use actor::{Access, Actor, Claims, Policy, Principal, PrincipalState, Scope, confirm};
pub use explain::{Asked, Over, Relation, TargetKind, Verdict, Why, check};
pub use grant::{Grant, Proof, Right, authorize, rights};
pub use matrix::{Cell, Permission};
pub use role::{Role, RoleSet};
pub use target::{Capabilities, Touched, keeps_global_administrator};
