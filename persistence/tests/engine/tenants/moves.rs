//! What people of one organisation do at random, to objects of both.

use super::{contact_body, group_body};
use crate::explained::text;
use crate::roles::{Organisation, body};
use roster_domain::authz::{Grant, Role, RoleSet, rights};
use roster_domain::contacts::{self, NewContact};
use roster_domain::groups::{self, Link, NewGroup};
use roster_domain::invitations::{self, Invite};
use roster_domain::join_requests::{self, NewJoinRequest};
use roster_domain::objects::{self, Relation};
use roster_domain::query::Query;
use roster_domain::roles::{self, Assign};
use roster_domain::user_views::{self, Draft};
use roster_domain::users::deleted::Restore;
use roster_domain::users::{self, NewUser, Update};
use roster_domain::{Error, Kind, Result, Value, managers};
use roster_persistence::{Inputs, Session};
use uuid::Uuid;

const MOVES: u32 = 6;
/// Number of kinds of moves.
pub(super) const KINDS: usize = 19;
/// The kind that must always be refused: a user under a domain of the other organisation.
pub(super) const FOREIGN_NAME: usize = 1;

/// Ids of what an organisation has.
#[derive(Clone, Debug, Default)]
pub(super) struct Everything {
    pub(super) people: Vec<Uuid>,
    pub(super) groups: Vec<Uuid>,
    pub(super) contacts: Vec<Uuid>,
    /// Users and groups in deleted items.
    pub(super) deleted: Vec<Uuid>,
    pub(super) views: Vec<Uuid>,
    /// Groups with members.
    pub(super) members: Vec<(Uuid, Uuid)>,
    /// Groups with requests to join them.
    pub(super) requests: Vec<(Uuid, Uuid)>,
}

impl Everything {
    fn has(&self, id: Uuid) -> bool {
        let requests = self.requests.iter().map(|(_, request)| request);
        let all = [&self.people, &self.groups, &self.contacts, &self.deleted, &self.views];
        all.into_iter().flatten().chain(requests).any(|each| *each == id)
    }

    /// What is there now, some of each, with everything of another organisation.
    fn with(session: &mut Session<'_>, rights: &Rights, foreign: &Self) -> Result<Self> {
        let mut all = foreign.clone();
        let (reads, sees, now) = (&rights.reads, rights.reads.also()?, session.now());
        let users = users::list(session, reads, &some(), None)?.items;
        // Who acts is left alone.
        let founder = reads.actor().user();
        let others = users.iter().filter(|user| Some(user.id) != founder);
        all.people.extend(others.map(|user| user.id.uuid()));
        for group in groups::list(session, reads, &some(), None)?.items {
            all.groups.push(group.id.uuid());
            let key = group.id.to_string();
            let waiting = join_requests::list(session, &rights.uses, &key, &some(), None)?.items;
            all.requests.extend(waiting.iter().map(|each| (group.id.uuid(), each.id.uuid())));
            let inside = Relation::Linked(group.id, Link::Member);
            let inside = objects::list_related(session, &reads.scope(), inside, &some(), None)?;
            all.members.extend(inside.items.iter().map(|each| (group.id.uuid(), each.uuid())));
        }
        let contacts = contacts::list(session, reads, &some(), None)?.items;
        all.contacts.extend(contacts.iter().map(|contact| contact.id.uuid()));
        let gone = users::deleted::list_deleted(session, &sees, &some(), None, now)?.items;
        all.deleted.extend(gone.iter().map(|user| user.id.uuid()));
        let gone = groups::deleted::list_deleted(session, &sees, &some(), None, now)?.items;
        all.deleted.extend(gone.iter().map(|group| group.id.uuid()));
        let (_, views) = user_views::list(session, &reads.also()?)?;
        all.views.extend(views.iter().map(|view| view.id.uuid()));
        Ok(all)
    }
}

fn some<F>() -> Query<F> {
    Query { top: 10, ..Query::default() }
}

/// The rights of a global administrator.
struct Rights {
    reads: Grant<rights::ReadDirectory>,
    uses: Grant<rights::UseGroups>,
    manages: Grant<rights::ManageUsersAndGroups>,
}

/// A number below `end`, out of the randomness of the work.
fn pick(session: &mut Session<'_>, end: usize) -> usize {
    let mut bytes = [0; 4];
    session.random(&mut bytes);
    u32::from_be_bytes(bytes) as usize % end
}

fn one(session: &mut Session<'_>, of: &[Uuid]) -> Uuid {
    of[pick(session, of.len())]
}

/// Makes moves in our organisation on objects of both; answers how many of each kind were not
/// refused.
pub(super) async fn sequence(
    ours: &Organisation,
    foreign: &Everything,
    number: u32,
) -> [u32; KINDS] {
    let mut seed = [7; 32];
    seed[..4].copy_from_slice(&number.to_be_bytes());
    let inputs = Inputs { now: ours.store.inputs().unwrap().now, seed };
    let foreign = foreign.clone();
    let rights = Rights { reads: ours.grant(), uses: ours.grant(), manages: ours.grant() };
    let founder = ours.founder.id.uuid();
    let work = move |session: &mut Session<'_>| {
        let mut done = [0; KINDS];
        let all = Everything::with(session, &rights, &foreign)?;
        for at in 0..MOVES {
            let kind = pick(session, KINDS);
            let name = format!("p{number}x{at}");
            let mut touched = Vec::new();
            let moved = session.attempt(|session| {
                let mut world = World { session, rights: &rights, all: &all, founder };
                world.make(kind, &name, &mut touched)
            });
            match moved {
                Ok(()) if touched.iter().any(|id| foreign.has(*id)) => {
                    return Err(Error::internal(format!("move {kind} reached {touched:?}")));
                }
                Ok(()) => done[kind] += 1,
                Err(error) if error.kind == Kind::Internal => return Err(error),
                Err(_) => {}
            }
        }
        Ok(done)
    };
    ours.write(inputs, work).await.unwrap()
}

/// One move among what is there.
struct World<'a, 's> {
    session: &'a mut Session<'s>,
    rights: &'a Rights,
    all: &'a Everything,
    founder: Uuid,
}

impl World<'_, '_> {
    fn one(&mut self, of: &[Uuid], touched: &mut Vec<Uuid>) -> String {
        let id = one(self.session, of);
        touched.push(id);
        id.to_string()
    }

    /// Notes what it touches before it is done.
    fn make(&mut self, kind: usize, name: &str, touched: &mut Vec<Uuid>) -> Result<()> {
        let all = self.all;
        let manages = &self.rights.manages;
        match kind {
            0 | FOREIGN_NAME => {
                let domain = if kind == 0 { "ours.example" } else { "theirs.example" };
                let new = NewUser::read(body(name, domain, Some("p@elsewhere.example")));
                users::create(self.session, manages, &new, "hash").map(drop)
            }
            2 => {
                let (principal, role) = (one(self.session, &all.people), self.role());
                touched.push(principal);
                let delegate = manages.also()?;
                roles::assign(self.session, &delegate, Assign { principal, role }).map(drop)
            }
            3 => {
                let (key, roles) = (self.one(&all.people, touched), self.role());
                let roles = RoleSet::EMPTY.with(roles);
                roles::replace(self.session, &manages.also()?, &key, roles).map(drop)
            }
            4 => {
                let key = self.one(&all.people, touched);
                users::delete(self.session, manages, &key, None)
            }
            5 => {
                let key = self.one(&all.people, touched);
                let change = Value::Object(vec![("city".into(), text(name))]);
                let update = Update::read(change);
                users::update(self.session, &manages.also()?, &key, &update, None, None).map(drop)
            }
            6 => {
                let (key, manager) =
                    (self.one(&all.people, touched), self.one(&all.people, touched));
                managers::set_of_user(self.session, manages, &key, &manager)
            }
            7 => {
                let key = self.one(&all.deleted, touched);
                let wanted = Restore::default();
                objects::restore(self.session, manages, &key, &wanted, "hash").map(drop)
            }
            8 => {
                let key = self.one(&all.deleted, touched);
                objects::purge(self.session, manages, &key)
            }
            9 => {
                let criteria = Value::Object(vec![("city".into(), text("Delft"))]);
                let members =
                    vec![("displayName".into(), text(name)), ("criteria".into(), criteria)];
                let draft = Draft::read(&Value::Object(members));
                user_views::create(self.session, manages, &draft).map(drop)
            }
            10 => {
                let key = self.one(&all.views, touched);
                user_views::delete(self.session, manages, &key, &|_| true)
            }
            11 => {
                let theirs = ["pia@theirs.example".to_owned(), format!("{name}@outside.example")];
                let email = text(theirs[pick(self.session, 2)].clone());
                let invite = Invite::read(&Value::Object(vec![
                    ("invitedUserEmailAddress".into(), email),
                    ("inviteRedirectUrl".into(), text("https://directory.example")),
                ]))?;
                invitations::invite(self.session, manages, &invite).map(drop)
            }
            _ => self.make_with_groups(kind, name, touched),
        }
    }

    fn make_with_groups(&mut self, kind: usize, name: &str, touched: &mut Vec<Uuid>) -> Result<()> {
        let (all, uses) = (self.all, &self.rights.uses);
        match kind {
            12 => {
                let mail = pick(self.session, 2) == 0;
                let owner = if pick(self.session, 2) == 0 {
                    self.founder
                } else {
                    one(self.session, &all.people)
                };
                touched.push(owner);
                let new = NewGroup::read(group_body(name, mail, owner));
                groups::create(self.session, &uses.also()?, &new).map(drop)
            }
            13 => {
                let group = self.one(&all.groups, touched);
                let object = match pick(self.session, 3) {
                    0 => self.one(&all.people, touched),
                    1 => self.one(&all.groups, touched),
                    _ => self.one(&all.contacts, touched),
                };
                let link = [Link::Member, Link::Owner][pick(self.session, 2)];
                groups::link(self.session, uses, &group, link, &object)
            }
            14 => {
                let (group, object) = all.members[pick(self.session, all.members.len())];
                touched.extend([group, object]);
                let (group, object) = (group.to_string(), object.to_string());
                groups::unlink(self.session, uses, &group, Link::Member, &object)
            }
            15 => {
                let key = self.one(&all.groups, touched);
                groups::delete(self.session, uses, &key, &|_| true)
            }
            16 => {
                let (contact, removes) = (name.to_owned(), pick(self.session, 2) == 0);
                if removes {
                    let key = self.one(&all.contacts, touched);
                    return contacts::delete(self.session, &uses.also()?, &key, None);
                }
                let new = NewContact::read(contact_body(&contact));
                contacts::create(self.session, &uses.also()?, &new).map(drop)
            }
            17 => {
                let key = self.one(&all.groups, touched);
                let new = NewJoinRequest::default();
                join_requests::ask(self.session, uses, &key, &new).map(drop)
            }
            _ => {
                let (of, request) = all.requests[pick(self.session, all.requests.len())];
                // The right group, or another one.
                let group = if pick(self.session, 2) == 0 { of } else { all.groups[0] };
                touched.extend([group, request]);
                let (group, request) = (group.to_string(), request.to_string());
                let decides =
                    [join_requests::approve, join_requests::deny, join_requests::withdraw];
                decides[pick(self.session, 3)](self.session, uses, &group, &request)
            }
        }
    }

    fn role(&mut self) -> Role {
        Role::ALL[pick(self.session, Role::ALL.len())]
    }
}
