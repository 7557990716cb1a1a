//! The limits of groups (R131), with members by the thousand, against both databases.

use crate::roles::Organisation;
use crate::support::{Database, on_each_database};
use roster_domain::groups::{self, GroupId, Link, NewGroup, Update};
use roster_domain::limits::{MAX_MEMBERS, RESTRICTED_FROM};
use roster_domain::ports::WriteTx;
use roster_domain::{Error, Result, Value};
use roster_persistence::{Bind, Session};

async fn contoso(database: &Database) -> Organisation {
    Organisation::found(&database.open(), "contoso.example").await
}

fn text(text: &str) -> Value<'static> {
    Value::Text(text.to_owned().into())
}

impl Organisation {
    /// A distribution group that the founder owns, with so many members.
    async fn distribution(&self, database: &Database, name: &str, members: i64) -> GroupId {
        let is_postgres = database.options().url.is_postgres();
        let random = if is_postgres { "gen_random_uuid()" } else { "randomblob(16)" };
        let owner = Value::List(vec![text(&self.founder.id.to_string())]);
        let new = NewGroup::read(Value::Object(vec![
            ("displayName".into(), text(name)),
            ("mailNickname".into(), text(name)),
            ("mailEnabled".into(), Value::Bool(true)),
            ("securityEnabled".into(), Value::Bool(false)),
            ("owners@odata.bind".into(), owner),
        ]));
        let grant = self.grant();
        let create = move |session: &mut Session<'_>| {
            let group = groups::create(session, &grant, &new)?.id;
            fill(session, random, group, members).map(|()| group)
        };
        self.write(self.store.inputs().unwrap(), create).await.unwrap()
    }

    async fn link(&self, group: GroupId, link: Link, object: &str) -> Result<()> {
        let (grant, object) = (self.grant(), object.to_owned());
        let work = move |session: &mut Session<'_>| {
            groups::link(session, &grant, &group.to_string(), link, &object)
        };
        self.write(self.store.inputs().unwrap(), work).await
    }

    async fn unlink(&self, group: GroupId, link: Link, object: &str) -> Result<()> {
        let (grant, object) = (self.grant(), object.to_owned());
        let work = move |session: &mut Session<'_>| {
            groups::unlink(session, &grant, &group.to_string(), link, &object)
        };
        self.write(self.store.inputs().unwrap(), work).await
    }

    async fn moderate(&self, group: GroupId, enabled: bool) -> Result<()> {
        let body = Value::Object(vec![("moderationEnabled".into(), Value::Bool(enabled))]);
        let (grant, update) = (self.grant(), Update::read(body));
        let work = move |session: &mut Session<'_>| {
            let updated = groups::update(session, &grant, &group.to_string(), &update, &|_| true);
            updated.map(|_| ())
        };
        self.write(self.store.inputs().unwrap(), work).await
    }

    async fn somebody(&self, name: &str) -> String {
        self.person(name, None).await.id.to_string()
    }
}

/// Gives a group members that nobody made; `random` is the database's expression for a new id.
fn fill(session: &mut Session<'_>, random: &str, group: GroupId, members: i64) -> Result<()> {
    let tenant = WriteTx::tenant(session);
    let ids = || vec![Bind::Guid(tenant.uuid()), Bind::Guid(group.uuid())];
    session.execute(
        &format!(
            "INSERT INTO group_links (tenant_id, group_id, relation, object_id, object_kind) \
             WITH RECURSIVE counted(n) AS \
             (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < {members}) \
             SELECT $1, $2, 'member', {random}, 'user' FROM counted"
        ),
        ids(),
    )?;
    let count = "UPDATE groups SET member_count = member_count +";
    let of = "WHERE tenant_id = $1 AND id = $2";
    session.execute(&format!("{count} {members} {of}"), ids()).map(|_| ())
}

/// The offending property and the message of a refusal.
fn refusal(result: Result<()>) -> (String, String) {
    let Error { violations, target, message, .. } = result.unwrap_err();
    let property = violations.first().map(|violation| violation.target.clone()).or(target);
    (property.unwrap_or_default(), message.into_owned())
}

#[test]
fn from_five_thousand_members_on_a_group_restricts_who_sends_to_it() {
    on_each_database(|database| async move {
        let contoso = contoso(&database).await;
        let crowd = contoso.distribution(&database, "crowd", RESTRICTED_FROM - 2).await;
        let (jan, eva) = (contoso.somebody("jan").await, contoso.somebody("eva").await);
        contoso.link(crowd, Link::Member, &jan).await.unwrap();
        let refused = refusal(contoso.link(crowd, Link::Member, &eva).await);
        assert_eq!(refused.0, "members");
        assert!(refused.1.contains("acceptedSenders"), "{}", refused.1);
        contoso.link(crowd, Link::AcceptedSender, &jan).await.unwrap();
        contoso.link(crowd, Link::Member, &eva).await.unwrap();
        let refused = refusal(contoso.unlink(crowd, Link::AcceptedSender, &jan).await);
        assert_eq!(refused.0, "acceptedSenders");
        contoso.moderate(crowd, true).await.unwrap();
        contoso.unlink(crowd, Link::AcceptedSender, &jan).await.unwrap();
        assert_eq!(refusal(contoso.moderate(crowd, false).await).0, "acceptedSenders");
        contoso.unlink(crowd, Link::Member, &eva).await.unwrap();
        contoso.moderate(crowd, false).await.unwrap();
        contoso.store.close();
    });
}

#[test]
fn members_of_groups_in_a_group_count_towards_five_thousand() {
    on_each_database(|database| async move {
        let contoso = contoso(&database).await;
        let inner = contoso.distribution(&database, "inner", RESTRICTED_FROM - 2).await;
        let outer = contoso.distribution(&database, "outer", 1).await;
        let (jan, eva) = (contoso.somebody("jan").await, contoso.somebody("eva").await);
        contoso.link(outer, Link::Member, &inner.to_string()).await.unwrap();
        // A group is no member itself, and nobody counts twice.
        contoso.link(inner, Link::Member, &jan).await.unwrap_err();
        contoso.moderate(outer, true).await.unwrap();
        contoso.link(inner, Link::Member, &jan).await.unwrap();
        contoso.link(outer, Link::Member, &jan).await.unwrap();
        let refused = refusal(contoso.moderate(outer, false).await);
        assert_eq!(refused.0, "acceptedSenders");
        contoso.unlink(outer, Link::Member, &inner.to_string()).await.unwrap();
        contoso.moderate(outer, false).await.unwrap();
        assert_eq!(
            refusal(contoso.link(outer, Link::Member, &inner.to_string()).await).0,
            "members"
        );
        assert_eq!(refusal(contoso.link(inner, Link::Member, &eva).await).0, "members");
        contoso.store.close();
    });
}

#[test]
fn a_large_group_whose_restriction_is_gone_takes_no_mail() {
    on_each_database(|database| async move {
        let contoso = contoso(&database).await;
        let reasons = async |group: GroupId| {
            let grant = contoso.grant();
            let check = move |session: &mut Session<'_>| {
                groups::check_delivery(session, &grant, &group.to_string(), "admin@contoso.example")
            };
            let delivery = contoso.store.read(check).await.unwrap();
            delivery.reasons.iter().map(|reason| reason.rule).collect::<Vec<_>>()
        };
        let crowd = contoso.distribution(&database, "crowd", RESTRICTED_FROM).await;
        assert_eq!(reasons(crowd).await, ["R131"]);
        contoso.moderate(crowd, true).await.unwrap();
        assert!(reasons(crowd).await.is_empty());
        let small = contoso.distribution(&database, "small", RESTRICTED_FROM - 1).await;
        assert!(reasons(small).await.is_empty());
    });
}

#[test]
fn no_group_has_more_than_a_hundred_thousand_members_each_counted_once() {
    on_each_database(|database| async move {
        let contoso = contoso(&database).await;
        let inner = contoso.distribution(&database, "inner", MAX_MEMBERS - 2).await;
        let outer = contoso.distribution(&database, "outer", 1).await;
        for group in [inner, outer] {
            contoso.moderate(group, true).await.unwrap();
        }
        contoso.link(outer, Link::Member, &inner.to_string()).await.unwrap();
        let (jan, eva) = (contoso.somebody("jan").await, contoso.somebody("eva").await);
        contoso.link(outer, Link::Member, &jan).await.unwrap();
        // Through the inner group the outer one would have one too many.
        let refused = refusal(contoso.link(inner, Link::Member, &eva).await);
        assert_eq!(refused.0, "members");
        assert!(refused.1.contains(&outer.to_string()), "{}", refused.1);
        assert_eq!(refusal(contoso.link(outer, Link::Member, &eva).await).0, "members");
        // Who is in it already does not count again.
        contoso.link(inner, Link::Member, &jan).await.unwrap();
        contoso.unlink(outer, Link::Member, &jan).await.unwrap();
        assert_eq!(refusal(contoso.link(outer, Link::Member, &eva).await).0, "members");
        contoso.unlink(inner, Link::Member, &jan).await.unwrap();
        contoso.link(outer, Link::Member, &eva).await.unwrap();
        contoso.store.close();
    });
}
