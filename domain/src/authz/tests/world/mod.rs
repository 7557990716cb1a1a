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
//! * Nobody but a global administrator brings back or erases one who was deleted (V22).
//! * Nobody changes anything in the other organisation.
//!
//! People are interchangeable, so worlds that differ in their order only are one state. What groups
//! lend is walked in a world of its own (`group_world`).

mod moves;

use crate::authz::{Role, RoleSet, keeps_global_administrator};
use moves::{Fault, Move, moves, sets};
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

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Status {
    Absent,
    Enabled,
    Blocked,
    Deleted,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Person {
    status: Status,
    /// Roles; of who is deleted, those held before, which nothing gives back.
    roles: RoleSet,
    /// Whether the adversary knows the password.
    captured: bool,
    /// Whether a row of a file made them and the result with their one-time password still lies
    /// with an uploader of the adversary's.
    sealed: bool,
}

impl Person {
    const fn new(status: Status, roles: RoleSet, captured: bool) -> Self {
        Self { status, roles, captured, sealed: false }
    }

    /// Any order, to name worlds by one of their orders.
    fn rank(&self) -> (Status, [bool; 3], bool, bool) {
        let bits = PALETTE.map(|role| self.roles.contains(role));
        (self.status, bits, self.captured, self.sealed)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct World {
    people: [Person; USERS],
    /// Roles that captured users of A were given.
    given: RoleSet,
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
                *person = Person::new(Status::Enabled, RoleSet::EMPTY, captor);
            }
            Move::Purge if person.status == Status::Deleted => {
                *person = Person::new(Status::Absent, RoleSet::EMPTY, false);
            }
            Move::Create(roles) if person.status == Status::Absent => {
                *person = Person::new(Status::Enabled, roles, captor);
            }
            Move::Import if person.status == Status::Absent => {
                let made = Person::new(Status::Enabled, RoleSet::EMPTY, false);
                *person = Person { sealed: captor, ..made };
            }
            Move::Restore | Move::Purge | Move::Create(_) | Move::Import => return None,
            _ if !present => return None,
            Move::Assign(role) => person.roles = person.roles.with(role),
            Move::Revoke(role) => person.roles = person.roles.without(role),
            Move::Bulk(role) => person.roles = role.into_iter().collect(),
            // Whoever sets the password knows it; nobody else does any more.
            Move::Reset => {
                person.captured = captor;
                person.sealed = false;
            }
            // Whichever of the adversary's users uploaded it: more than the service grants.
            Move::Take if person.sealed => {
                person.captured |= captor;
                person.sealed = false;
            }
            Move::Take => return None,
            // A recovery address or number of one's own leads to the password (R71).
            Move::EditSensitive => person.captured |= captor,
            Move::Block => person.status = Status::Blocked,
            Move::Unblock => person.status = Status::Enabled,
            Move::Delete => *person = Person::new(Status::Deleted, person.roles, false),
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

    /// The world by the one of its orders that names it. To whom all was given nothing is widened:
    /// then it is no matter any more who is in whose hands.
    fn named(mut self) -> Self {
        if self.given.contains(Role::Global) {
            self.given = RoleSet::ALL;
            for person in &mut self.people[..A.len()] {
                *person = Person::new(person.status, person.roles, false);
            }
        }
        self.people[..A.len()].sort_by_key(Person::rank);
        self
    }

    /// Roles in the adversary's hands that nobody gave.
    fn widened(&self) -> RoleSet {
        if self.given.contains(Role::Global) {
            return RoleSet::EMPTY;
        }
        let captured = A.iter().map(|at| self.people[*at]).filter(|person| person.captured);
        debug_assert!(captured.clone().all(|person| person.status != Status::Deleted));
        let held = captured.flat_map(|person| person.roles.iter().collect::<Vec<_>>());
        held.filter(|role| !self.given.contains(*role)).collect()
    }
}

/// An honest founder, a second user with any roles, captured or not; and the other organisation
/// with a captured global administrator.
fn beginnings() -> impl Iterator<Item = World> {
    let enabled = |roles, captured| Person::new(Status::Enabled, roles, captured);
    let global = RoleSet::EMPTY.with(Role::Global);
    let absent = Person::new(Status::Absent, RoleSet::EMPTY, false);
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
const ACTIONS: usize = 27;

/// Decisions by roles of the actor, roles of the target and move, each taken once.
struct Decisions(Vec<bool>);

impl Decisions {
    fn at(by: RoleSet, target: RoleSet, action: usize) -> usize {
        let bit = |roles: RoleSet, at: usize| usize::from(roles.contains(PALETTE[at])) << at;
        let place = |roles| bit(roles, 0) | bit(roles, 1) | bit(roles, 2);
        (place(by) * 8 + place(target)) * ACTIONS + action
    }

    fn take(fault: Fault) -> Self {
        let pairs = sets().flat_map(|by| sets().map(move |target| (by, target)));
        let all = pairs.flat_map(|(by, target)| {
            moves().into_iter().map(move |action| action.is_allowed(by, target, fault))
        });
        Self(all.collect())
    }
}

/// What a walk has seen.
#[derive(Default)]
struct Walked {
    states: usize,
    depth: usize,
    moves: u64,
}

/// Walks every world that can be reached.
///
/// # Errors
/// The first world that breaks an invariant, and which.
fn walk(fault: Fault) -> Result<Walked, String> {
    let (decisions, actions) = (Decisions::take(fault), moves());
    assert_eq!(actions.len(), ACTIONS);
    let mut seen: HashSet<World> = beginnings().map(World::named).collect();
    let mut edge: Vec<World> = seen.iter().copied().collect();
    let mut walked = Walked::default();
    while !edge.is_empty() {
        let mut next = Vec::new();
        for world in &edge {
            world.check()?;
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
                    walked.moves += 1;
                    let touches = matches!(action, Move::Restore | Move::Purge);
                    if touches && over.contains(Role::Global) && !roles.contains(Role::Global) {
                        return Err(format!("{action:?} of a former global administrator"));
                    }
                    if after.people[3..] != world.people[3..] {
                        return Err(format!("{action:?} changed B: {world:?}"));
                    }
                    if after == *world {
                        continue;
                    }
                    let after = after.named();
                    if seen.insert(after) {
                        next.push(after);
                    }
                }
            }
        }
        walked.depth += usize::from(!next.is_empty());
        edge = next;
    }
    walked.states = seen.len();
    Ok(walked)
}

impl World {
    /// # Errors
    /// The invariant that does not hold.
    fn check(&self) -> Result<(), String> {
        if self.globals(b'A', None) == 0 || self.globals(b'B', None) == 0 {
            return Err(format!("no global administrator: {self:?}"));
        }
        match self.widened() {
            RoleSet::EMPTY => Ok(()),
            widened => Err(format!("{widened:?} without being given: {self:?}")),
        }
    }
}

#[test]
#[expect(clippy::print_stdout, reason = "states and depth are part of the proof")]
fn no_path_widens_rights_or_loses_the_last_global_administrator() {
    let walked = walk(Fault::None).unwrap();
    println!("{} states, depth {}, {} moves", walked.states, walked.depth, walked.moves);
    assert!(walked.states > 10_000, "the world is smaller than it should be");
}

#[test]
fn the_walk_notices_each_guard_that_is_taken_out() {
    for fault in [
        Fault::ResetsAnyone,
        Fault::EditsSensitive,
        Fault::CreatesAdministrators,
        Fault::RestoresAnyone,
        Fault::PurgesAnyone,
        Fault::TakesAnything,
    ] {
        assert!(walk(fault).is_err(), "nothing is wrong without the guard of {fault:?}");
    }
    // The founder alone could block themselves if nobody counted.
    let world = beginnings().next().unwrap();
    assert_eq!(world.after(0, 0, Move::Block), None);
}
