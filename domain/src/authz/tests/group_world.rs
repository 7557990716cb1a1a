//! What groups lend: a small world of an adversary and four groups, in every state.
//!
//! Groups own groups, and groups stand in groups, so who joins one may come to manage another. A
//! group counts as an owner only if it is security-enabled, and only through what is
//! security-enabled in it: anybody can enter an open distribution group.
//!
//! * The adversary edits no group that is outside their control.
//! * Nothing that the adversary does takes a further group under their control. What others do may:
//!   they give what is theirs.
//!
//! Roles decide by the functions that decide in the service, and the rules of the kinds say what may
//! stand where. Ownership is the rule of the service written once more.

use super::actor;
use crate::authz::needs::{Need, explain};
use crate::authz::{Role, RoleSet};
use crate::groups::access::managing;
use crate::groups::{Group, GroupKind, Link};
use crate::objects::DirectoryObject;
use crate::users::User;

/// The groups: an open distribution group, a mail-enabled security group that may own others, a
/// distribution group and a security group.
const KINDS: [GroupKind; 4] = [
    GroupKind::Distribution,
    GroupKind::MailEnabledSecurity,
    GroupKind::Distribution,
    GroupKind::Security,
];
const OPEN: usize = 0;

/// Sets of things: a bit for each group, by its number, and one for the adversary.
type Set = u8;
const ADVERSARY: usize = KINDS.len();

/// A guard that is taken out, to see that the walk notices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    None,
    /// Ownership counts through groups that are not security-enabled.
    OwnsThroughMailOnly,
    /// Everybody may put themselves into a closed group.
    JoinsClosed,
    /// A1 covers security groups.
    RecipientsCoverSecurity,
    /// Whoever is in a group edits it.
    MembersEdit,
}

/// One thing in one place of one group.
#[derive(Clone, Copy, Debug)]
struct Edge {
    group: usize,
    link: Link,
    thing: usize,
}

fn object(thing: usize) -> DirectoryObject {
    if thing == ADVERSARY {
        let mail = Some("adversary@x.example".to_owned());
        return DirectoryObject::User(Box::new(User { mail, ..User::default() }));
    }
    let kind = KINDS[thing];
    let (mail_enabled, security_enabled) = (kind != GroupKind::Security, is_security(kind));
    let group = Group { mail_enabled, security_enabled, ..Group::default() };
    assert_eq!(group.kind(), Some(kind));
    DirectoryObject::Group(Box::new(group))
}

const fn is_security(kind: GroupKind) -> bool {
    matches!(kind, GroupKind::Security | GroupKind::MailEnabledSecurity)
}

/// Everything that the rules of the kinds admit; nothing stands in itself.
fn edges() -> Vec<Edge> {
    let all = (0..KINDS.len()).flat_map(|group| {
        let places = [Link::Member, Link::Owner].into_iter();
        places.flat_map(move |link| (0..=ADVERSARY).map(move |thing| Edge { group, link, thing }))
    });
    let admitted = |edge: &Edge| KINDS[edge.group].admits(edge.link, &object(edge.thing)).is_ok();
    all.filter(|edge| edge.thing != edge.group).filter(admitted).collect()
}

/// A state of the world: what stands where.
#[derive(Clone, Copy, Debug, Default)]
struct World {
    members: [Set; KINDS.len()],
    owners: [Set; KINDS.len()],
}

const fn has(set: Set, thing: usize) -> bool {
    set >> thing & 1 == 1
}

impl World {
    fn turned(mut self, edge: &Edge) -> Self {
        let place = if edge.link == Link::Member { &mut self.members } else { &mut self.owners };
        place[edge.group] ^= 1 << edge.thing;
        self
    }

    /// A set with everything that is in its groups, as far as they count.
    fn inside(&self, mut set: Set, counting: Set) -> Set {
        loop {
            let before = set;
            for (group, members) in self.members.iter().enumerate() {
                if has(set & counting, group) {
                    set |= members;
                }
            }
            if set == before {
                return set;
            }
        }
    }

    /// Whether a group contains itself, by however many steps (R129).
    fn is_cyclic(&self) -> bool {
        let inside = |(group, members): (usize, &Set)| has(self.inside(*members, Set::MAX), group);
        self.members.iter().enumerate().any(inside)
    }

    /// Those who own a group, and the groups through which they do.
    fn owning(&self, group: usize, counting: Set) -> Set {
        self.inside(self.owners[group], counting)
    }
}

/// The groups that count as owners.
const SECURITY: Set = {
    let mut set = 0;
    let mut at = 0;
    while at < KINDS.len() {
        if is_security(KINDS[at]) {
            set |= 1 << at;
        }
        at += 1;
    }
    set
};

/// What roles alone let the adversary edit: as the service decides it, and as the matrix has it
/// (row 6 all, A1 those with mail).
fn by_roles(roles: RoleSet, fault: Fault) -> (Set, Set) {
    let decided = |group: &usize| {
        let covers = fault == Fault::RecipientsCoverSecurity;
        let kind = if covers { GroupKind::Distribution } else { KINDS[*group] };
        explain(&actor(roles), &[Need::AnyOf(managing(Some(kind)))]).is_ok()
    };
    let documented = |group: &usize| {
        let mail = KINDS[*group] != GroupKind::Security && roles.contains(Role::Exchange);
        mail || roles.contains(Role::User)
    };
    let set = |groups: Vec<usize>| groups.into_iter().fold(0, |set, group| set | 1 << group);
    let all = || 0..KINDS.len();
    (set(all().filter(decided).collect()), set(all().filter(documented).collect()))
}

impl World {
    /// Whether the service lets the adversary, who edits some groups by roles, put a thing into a
    /// place or take it out.
    fn moves(&self, edge: &Edge, by_role: Set, fault: Fault) -> bool {
        let group = edge.group;
        let counting = if fault == Fault::OwnsThroughMailOnly { Set::MAX } else { SECURITY };
        let edits = has(by_role, group)
            || has(self.owning(group, counting), ADVERSARY)
            || fault == Fault::MembersEdit && has(self.members[group], ADVERSARY);
        let oneself = edge.link == Link::Member && edge.thing == ADVERSARY;
        edits || oneself && (group == OPEN || fault == Fault::JoinsClosed)
    }

    /// The groups that are the adversary's: by the matrix, as an owner, or because an owner is
    /// theirs or has them in it.
    fn control(&self, by_role: Set) -> Set {
        let mut theirs = by_role | 1 << ADVERSARY;
        loop {
            let before = theirs;
            for group in 0..KINDS.len() {
                let owning = self.owning(group, SECURITY);
                let groups = owning & SECURITY & theirs;
                if groups != 0 || has(owning, ADVERSARY) {
                    theirs |= 1 << group;
                }
            }
            if theirs == before {
                return theirs;
            }
        }
    }
}

/// Walks every state, with every role that decides over groups.
///
/// # Errors
/// The first move that breaks an invariant.
fn walk(fault: Fault) -> Result<(u32, u64), String> {
    let edges = edges();
    let (mut states, mut moved) = (0, 0);
    for roles in [None, Some(Role::Exchange), Some(Role::User)] {
        let roles = roles.into_iter().collect();
        let (decided, documented) = by_roles(roles, fault);
        for stands in 0..1_u32 << edges.len() {
            let standing = edges.iter().enumerate().filter(|(at, _)| stands >> at & 1 == 1);
            let world = standing.fold(World::default(), |world, (_, edge)| world.turned(edge));
            if world.is_cyclic() {
                continue;
            }
            states += 1;
            let control = world.control(documented);
            for edge in edges.iter().filter(|edge| world.moves(edge, decided, fault)) {
                moved += 1;
                let joins = edge.group == OPEN && edge.thing == ADVERSARY;
                if !has(control, edge.group) && !joins {
                    return Err(format!("{edge:?} by {roles:?} in {world:?}"));
                }
                let after = world.turned(edge);
                if after.control(documented) & !control != 0 && !after.is_cyclic() {
                    return Err(format!("{edge:?} by {roles:?} in {world:?} takes a group"));
                }
            }
        }
    }
    Ok((states, moved))
}

#[test]
#[expect(clippy::print_stdout, reason = "states are part of the proof")]
fn no_membership_nesting_or_ownership_takes_a_group_that_was_not_given() {
    let (states, moves) = walk(Fault::None).unwrap();
    // Every state is begun in, so that one move from each is every path.
    println!("{} edges, {states} states, depth 1 from each, {moves} moves", edges().len());
    assert!(states > 10_000, "the world is smaller than it should be");
}

#[test]
fn the_walk_notices_each_guard_over_groups_that_is_taken_out() {
    for fault in [
        Fault::OwnsThroughMailOnly,
        Fault::JoinsClosed,
        Fault::RecipientsCoverSecurity,
        Fault::MembersEdit,
    ] {
        assert!(walk(fault).is_err(), "nothing is wrong with {fault:?}");
    }
}
