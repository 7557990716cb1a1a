//! Organisations do not notice each other, whatever happens in one of them (F22).

mod moves;
mod observed;

use crate::explained::text;
use crate::roles::{Organisation, body};
use crate::support::on_each_database;
use moves::{Everything, sequence};
use observed::{everything, hidden};
use roster_domain::authz::rights;
use roster_domain::contacts::{self, NewContact};
use roster_domain::groups::{self, Link, NewGroup};
use roster_domain::join_requests::{self, NewJoinRequest};
use roster_domain::user_views::{self, Draft};
use roster_domain::users::{self, NewUser};
use roster_domain::{Value, managers};
use roster_persistence::Session;
use uuid::Uuid;

const SEQUENCES: u32 = 1_000;

/// The body of a security group, or of a distribution group whose owners approve who joins it.
fn group_body(name: &str, mail: bool, owner: Uuid) -> Value<'static> {
    let owner = Value::List(vec![text(owner.to_string())]);
    let mut members = vec![
        ("displayName".into(), text(name)),
        ("mailNickname".into(), text(name)),
        ("mailEnabled".into(), Value::Bool(mail)),
        ("securityEnabled".into(), Value::Bool(!mail)),
        ("owners@odata.bind".into(), owner),
    ];
    if mail {
        members.push(("memberJoinRestriction".into(), text("ApprovalRequired")));
    }
    Value::Object(members)
}

fn contact_body(name: &str) -> Value<'static> {
    Value::Object(vec![
        ("displayName".into(), text(name)),
        ("mail".into(), text(format!("{name}@outside.example"))),
    ])
}

/// One of everything, by the functions of the service; returns the ids.
async fn furnish(of: &Organisation) -> Everything {
    let domain = of.domain;
    let (manage, groups_of) = (of.grant::<rights::ManageUsersAndGroups>(), of.grant());
    let (contacts_of, uses) = (of.grant(), of.grant::<rights::UseGroups>());
    let founder = of.founder.id.uuid();
    let work = move |session: &mut Session<'_>| {
        let mut made = Everything { people: vec![founder], ..Everything::default() };
        for name in ["pia", "pim", "gone"] {
            let new = NewUser::read(body(name, domain, Some("p@elsewhere.example")));
            made.people.push(users::create(session, &manage, &new, "hash")?.user.id.uuid());
        }
        let people: Vec<String> = made.people.iter().map(Uuid::to_string).collect();
        managers::set_of_user(session, &manage, &people[1], &people[2])?;
        for (name, mail) in [("bakers", true), ("cooks", true), ("past", false)] {
            let new = NewGroup::read(group_body(name, mail, founder));
            made.groups.push(groups::create(session, &groups_of, &new)?.id.uuid());
        }
        let first = made.groups[0].to_string();
        groups::link(session, &uses, &first, Link::Member, &people[1])?;
        made.members.push((made.groups[0], made.people[1]));
        let asked =
            join_requests::ask(session, &uses, &first, &NewJoinRequest::default())?.id.uuid();
        made.requests.push((made.groups[0], asked));
        let new = NewContact::read(contact_body("pablo"));
        made.contacts.push(contacts::create(session, &contacts_of, &new)?.contact.id.uuid());
        let criteria = Value::Object(vec![("city".into(), text("Delft"))]);
        let members = vec![("displayName".into(), text("Bakers")), ("criteria".into(), criteria)];
        let draft = Draft::read(&Value::Object(members));
        made.views.push(user_views::create(session, &manage, &draft)?.id.uuid());
        users::delete(session, &manage, &people[3], None)?;
        groups::delete(session, &uses, &made.groups[2].to_string(), &|_| true)?;
        made.deleted = vec![made.people.remove(3), made.groups.remove(2)];
        Ok(made)
    };
    of.write(of.store.inputs().unwrap(), work).await.unwrap()
}

#[test]
fn a_thousand_random_sequences_in_one_organisation_change_nothing_in_another() {
    on_each_database(|database| async move {
        let store = database.open();
        let ours = Organisation::found(&store, "ours.example").await;
        let theirs = Organisation::found(&store, "theirs.example").await;
        furnish(&ours).await;
        let foreign = furnish(&theirs).await;
        let before = everything(&theirs).await;
        for name in ["pia", "pim", "pablo", "bakers", "past", "gone", "Bakers"] {
            assert!(before.contains(name), "{name} is not observed: {before}");
        }
        let seq = crate::support::last_seq(&store, theirs.tenant).await;
        let mut done = [0; moves::KINDS];
        for number in 0..SEQUENCES {
            for (kind, times) in sequence(&ours, &foreign, number).await.into_iter().enumerate() {
                done[kind] += times;
            }
        }
        assert_eq!(everything(&theirs).await, before);
        assert_eq!(crate::support::last_seq(&store, theirs.tenant).await, seq);
        hidden(&ours, &theirs).await;
        // A user with a name of the other organisation is never made; everything else happens.
        assert_eq!(done[moves::FOREIGN_NAME], 0);
        let never: Vec<_> = done.iter().enumerate().filter(|(_, times)| **times == 0).collect();
        assert_eq!(never.len(), 1, "these moves never did anything: {never:?}");
    });
}
