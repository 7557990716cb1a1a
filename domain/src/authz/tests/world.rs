//! A small world, walked breadth-first: whatever anyone does, rights stay inside the matrix.
//!
//! Organisation A has three places for users, organisation B two users. Some users are in the
//! hands of an adversary, who knows their passwords. Everybody moves in every way the service
//! offers, each move decided by the very functions that decide in the service. What B does inside
//! B mirrors what A does inside A, so B's users only try to act on A.
//!
//! * An adversary never gets hold of a role beyond those that were given to the adversary's users
//!   from the start or by an honest global administrator.
//! * An organisation never loses its last enabled global administrator.
//! * Nobody changes anything in the other organisation.

use super::{actor, grant};
use crate::authz::{Role, RoleSet, Touched, authorize, keeps_global_administrator, rights};
use std::collections::HashSet;
use uuid::Uuid;

/// Roles that decide over other people; the rest decide over nobody (see the laws).
const PALETTE: [Role; 3] = [Role::Global, Role::Password, Role::User];

/// Organisation A.
const A: [usize; 3] = [0, 1, 2];
/// All users; the last two are of organisation B.
const USERS: usize = 5;

fn organisation(user: usize) -> u8 {
    if A.contains(&user) { b'A' } else { b'B' }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Status {
    Absent,
    Enabled,
    Blocked,
    Deleted,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Person {
    status: Status,
    roles: RoleSet,
    /// Whether the adversary knows the password.
    captured: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct World {
    people: [Person; USERS],
    /// Roles that captured users of A were given.
    given: RoleSet,
}

#[derive(Clone, Copy, Debug)]
enum Move {
    Assign(Role),
    Revoke(Role),
    Bulk(Option<Role>),
    Reset,
    EditSensitive,
    Block,
    Unblock,
    Delete,
    Restore,
    Create(RoleSet),
}

fn sets() -> impl Iterator<Item = RoleSet> {
    (0..8).map(|bits| {
        let held = PALETTE.into_iter().enumerate().filter(move |(at, _)| bits >> at & 1 == 1);
        held.map(|(_, role)| role).collect()
    })
}

fn moves() -> Vec<Move> {
    let of_roles = PALETTE
        .into_iter()
        .flat_map(|role| [Move::Assign(role), Move::Revoke(role), Move::Bulk(Some(role))]);
    let plain = [
        Move::Bulk(None),
        Move::Reset,
        Move::EditSensitive,
        Move::Block,
        Move::Unblock,
        Move::Delete,
        Move::Restore,
    ];
    of_roles.chain(plain).chain(sets().map(Move::Create)).collect()
}

impl Move {
    /// Whether the decisions of the service allow the move to someone with these roles.
    fn is_allowed(self, by: RoleSet, target: RoleSet) -> bool {
        let grant = grant(by);
        let change = |touched| {
            authorize::<rights::UpdateUsers>(&actor(by))
                .and_then(|grant| {
                    grant.may_change_user(Uuid::from_u128(2), target, touched, "target")
                })
                .is_ok()
        };
        let sensitive = Touched { profile: true, password: false, sensitive: true };
        let manages = authorize::<rights::ManageUsersAndGroups>(&actor(by)).is_ok();
        match self {
            Self::Assign(_) | Self::Revoke(_) | Self::Bulk(_) => {
                authorize::<rights::DelegateAdminRoles>(&actor(by)).is_ok()
            }
            Self::Reset => change(Touched { password: true, ..Touched::default() }),
            Self::EditSensitive | Self::Block | Self::Unblock => change(sensitive),
            Self::Delete => manages && grant.may_delete(target, "target").is_ok(),
            Self::Restore => manages,
            Self::Create(roles) => manages && grant.may_make(roles).is_ok(),
        }
    }
}

impl World {
    fn globals(&self, of: u8, besides: Option<usize>) -> i64 {
        let people = self.people.iter().enumerate().filter(|(at, person)| {
            organisation(*at) == of
                && Some(*at) != besides
                && person.status == Status::Enabled
                && person.roles.contains(Role::Global)
        });
        i64::try_from(people.count()).unwrap()
    }

    /// The world after a move that was allowed; none if it is refused for the state it finds.
    fn after(&self, by: usize, target: usize, action: Move) -> Option<Self> {
        let mut world = *self;
        let person = &mut world.people[target];
        let captor = self.people[by].captured;
        let present = matches!(person.status, Status::Enabled | Status::Blocked);
        match action {
            Move::Restore if person.status == Status::Deleted => {
                *person = Person { status: Status::Enabled, captured: captor, ..*person };
            }
            Move::Create(roles) if person.status == Status::Absent => {
                *person = Person { status: Status::Enabled, roles, captured: captor };
            }
            Move::Restore | Move::Create(_) => return None,
            _ if !present => return None,
            Move::Assign(role) => person.roles = person.roles.with(role),
            Move::Revoke(role) => person.roles = person.roles.without(role),
            Move::Bulk(role) => person.roles = role.into_iter().collect(),
            // Whoever sets the password knows it; nobody else does any more.
            Move::Reset => person.captured = captor,
            // A recovery address or number of one's own leads to the password (R71).
            Move::EditSensitive => person.captured |= captor,
            Move::Block => person.status = Status::Blocked,
            Move::Unblock => person.status = Status::Enabled,
            Move::Delete => {
                *person = Person { status: Status::Deleted, roles: RoleSet::EMPTY, ..*person };
            }
        }
        let (before, after) = (self.people[target], world.people[target]);
        // An honest administrator who gives a captured user a role gives it to the adversary.
        if after.captured && !captor {
            let new = after.roles.iter().filter(|role| !before.roles.contains(*role));
            world.given = new.fold(world.given, RoleSet::with);
        }
        let was_global = before.status == Status::Enabled && before.roles.contains(Role::Global);
        let is_global = after.status == Status::Enabled && after.roles.contains(Role::Global);
        let of = organisation(target);
        if was_global && !is_global {
            keeps_global_administrator(self.globals(of, Some(target)), Uuid::nil()).ok()?;
        }
        Some(world)
    }

    /// Roles in the adversary's hands that nobody gave.
    fn widened(&self) -> RoleSet {
        if self.given.contains(Role::Global) {
            return RoleSet::EMPTY;
        }
        let captured = A.iter().map(|at| self.people[*at]).filter(|person| person.captured);
        let held = captured.flat_map(|person| person.roles.iter().collect::<Vec<_>>());
        held.filter(|role| !self.given.contains(*role)).collect()
    }
}

/// An honest founder, a second user with any roles, captured or not; and the other organisation
/// with a captured global administrator.
fn beginnings() -> impl Iterator<Item = World> {
    let enabled = |roles, captured| Person { status: Status::Enabled, roles, captured };
    let global = RoleSet::EMPTY.with(Role::Global);
    let absent = Person { status: Status::Absent, roles: RoleSet::EMPTY, captured: false };
    let other = [enabled(global, true), enabled(RoleSet::EMPTY, false)];
    sets().flat_map(move |roles| [(roles, true), (roles, false)]).map(move |(roles, captured)| {
        let second = enabled(roles, captured);
        World {
            people: [enabled(global, false), second, absent, other[0], other[1]],
            given: if captured { roles } else { RoleSet::EMPTY },
        }
    })
}

/// Number of [`moves`].
const ACTIONS: usize = 24;

/// Decisions by roles of the actor, roles of the target and move, each taken once.
struct Decisions(Vec<bool>);

impl Decisions {
    fn at(by: RoleSet, target: RoleSet, action: usize) -> usize {
        let bit = |roles: RoleSet, at: usize| usize::from(roles.contains(PALETTE[at])) << at;
        let place = |roles| bit(roles, 0) | bit(roles, 1) | bit(roles, 2);
        (place(by) * 8 + place(target)) * ACTIONS + action
    }

    fn take() -> Self {
        let pairs = sets().flat_map(|by| sets().map(move |target| (by, target)));
        let all = pairs.flat_map(|(by, target)| {
            moves().into_iter().map(move |action| action.is_allowed(by, target))
        });
        Self(all.collect())
    }
}

#[test]
#[expect(clippy::print_stdout, reason = "states and depth are part of the proof")]
fn no_path_widens_rights_or_loses_the_last_global_administrator() {
    let decisions = Decisions::take();
    let actions = moves();
    assert_eq!(actions.len(), ACTIONS);
    let mut seen: HashSet<World> = beginnings().collect();
    let mut edge: Vec<World> = seen.iter().copied().collect();
    let (mut depth, mut steps) = (0, 0_u64);
    while !edge.is_empty() {
        let mut next = Vec::new();
        for world in &edge {
            assert!(world.globals(b'A', None) > 0 && world.globals(b'B', None) > 0, "{world:?}");
            assert_eq!(world.widened(), RoleSet::EMPTY, "{world:?}");
            for (by, target) in (0..USERS).flat_map(|by| A.map(|target| (by, target))) {
                let able = world.people[by].status == Status::Enabled;
                // The scope of a grant is its organisation: everything else is not found.
                if !able || organisation(by) != organisation(target) {
                    continue;
                }
                let (roles, over) = (world.people[by].roles, world.people[target].roles);
                let start = Decisions::at(roles, over, 0);
                for (at, action) in actions.iter().enumerate() {
                    let after = decisions.0[start + at].then(|| world.after(by, target, *action));
                    let Some(after) = after.flatten() else { continue };
                    steps += 1;
                    assert_eq!(after.people[3..], world.people[3..], "B changed");
                    if seen.insert(after) {
                        next.push(after);
                    }
                }
            }
        }
        depth += usize::from(!next.is_empty());
        edge = next;
    }
    println!("{} states, depth {depth}, {steps} moves", seen.len());
    assert!(seen.len() > 10_000, "the world is smaller than it should be");
}

#[test]
fn the_model_would_notice_a_missing_limit() {
    // A user administrator who could reset administrators would capture the founder.
    let user = RoleSet::EMPTY.with(Role::User);
    let world = beginnings().find(|world| world.given == user).unwrap();
    let stolen = world.after(1, 0, Move::Reset).unwrap();
    assert_eq!(stolen.widened(), RoleSet::EMPTY.with(Role::Global));
    // The founder alone could block themselves if nobody counted.
    assert_eq!(world.after(0, 0, Move::Block), None);
}
