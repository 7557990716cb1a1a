//! Objects of every kind in the database.

mod columns;
mod source;

use crate::contacts::{CONTACT_LOADED, ContactColumns, ContactLoaded};
use crate::groups::{GROUP_LOADED, GroupColumns, GroupLoaded};
use crate::query::{Columns, Joined, Sql, limit_to};
use crate::session::Session;
use crate::types::Guid;
use crate::users::{USER_LOADED, UserColumns, UserLoaded};
use columns::ObjectColumns;
use diesel::QueryableByName;
use roster_domain::Result;
use roster_domain::authz::Scope;
use roster_domain::contacts::{Contact, ContactField};
use roster_domain::groups::{Group, GroupField, GroupId};
use roster_domain::objects::{DirectoryObject, ObjectField, ObjectReads, Relation};
use roster_domain::paging::{Cursor, Page};
use roster_domain::query::Query;
use roster_domain::users::{User, UserField};
use std::collections::HashMap;
use uuid::Uuid;

/// Most ids in one statement.
const IDS: usize = 500;

/// The identifier of an object on a page.
#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = Guid)]
    id: Uuid,
}

impl From<Found> for Uuid {
    fn from(found: Found) -> Self {
        found.id
    }
}

impl ObjectReads for Session<'_> {
    fn objects(&mut self, scope: &Scope, ids: &[Uuid]) -> Result<Vec<DirectoryObject>> {
        let mut found = HashMap::new();
        for ids in ids.chunks(IDS) {
            let users = self.of_ids::<UserColumns>(USER_LOADED, scope, ids);
            for user in self.query::<UserLoaded>(&users.text, users.binds)? {
                let user = User::from(user);
                found.insert(user.id.uuid(), DirectoryObject::User(Box::new(user)));
            }
            let contacts = self.of_ids::<ContactColumns>(CONTACT_LOADED, scope, ids);
            for contact in self.query::<ContactLoaded>(&contacts.text, contacts.binds)? {
                let contact = Contact::from(contact);
                found.insert(contact.id.uuid(), DirectoryObject::Contact(Box::new(contact)));
            }
            let groups = self.of_ids::<GroupColumns>(GROUP_LOADED, scope, ids);
            for group in self.query::<GroupLoaded>(&groups.text, groups.binds)? {
                let group = Group::from(group);
                found.insert(group.id.uuid(), DirectoryObject::Group(Box::new(group)));
            }
        }
        Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
    }

    fn related(
        &mut self,
        scope: &Scope,
        relation: Relation,
        query: &Query<ObjectField>,
        after: Option<&Cursor>,
    ) -> Result<Page<DirectoryObject>> {
        let sql = self.objects_of("SELECT objects.id", scope, relation);
        let page = self.page_of::<ObjectColumns, Found, Uuid>(sql, query, after)?;
        Ok(Page { items: self.objects(scope, &page.items)?, more: page.more })
    }

    fn count_related(
        &mut self,
        scope: &Scope,
        relation: Relation,
        query: &Query<ObjectField>,
    ) -> Result<i64> {
        let sql = self.objects_of("SELECT count(*) AS n", scope, relation);
        self.count_of::<ObjectColumns>(sql, query)
    }

    fn receiving(
        &mut self,
        scope: &Scope,
        through: &[GroupId],
    ) -> Result<(Page<DirectoryObject>, i64)> {
        let mut from = |select: &str| {
            let mut sql = self.statement(select);
            source::receiving(&mut sql, scope, through);
            limit_to::<ObjectColumns>(&mut sql, scope);
            sql
        };
        let (first, all) = (from("SELECT objects.id"), from("SELECT count(*) AS n"));
        let query = Query::default();
        let page = self.page_of::<ObjectColumns, Found, Uuid>(first, &query, None)?;
        let items = self.objects(scope, &page.items)?;
        let total = self.count_of::<ObjectColumns>(all, &query)?;
        Ok((Page { items, more: page.more }, total))
    }

    fn related_users(
        &mut self,
        scope: &Scope,
        relation: Relation,
        query: &Query<UserField>,
        after: Option<&Cursor>,
    ) -> Result<Page<User>> {
        let sql = self.joined_to::<UserColumns>(USER_LOADED, scope, relation);
        self.page_of::<Joined<UserColumns>, UserLoaded, User>(sql, query, after)
    }

    fn count_related_users(
        &mut self,
        scope: &Scope,
        relation: Relation,
        query: &Query<UserField>,
    ) -> Result<i64> {
        let sql = self.joined_to::<UserColumns>("SELECT count(*) AS n", scope, relation);
        self.count_of::<Joined<UserColumns>>(sql, query)
    }

    fn related_contacts(
        &mut self,
        scope: &Scope,
        relation: Relation,
        query: &Query<ContactField>,
        after: Option<&Cursor>,
    ) -> Result<Page<Contact>> {
        let sql = self.joined_to::<ContactColumns>(CONTACT_LOADED, scope, relation);
        self.page_of::<Joined<ContactColumns>, ContactLoaded, Contact>(sql, query, after)
    }

    fn count_related_contacts(
        &mut self,
        scope: &Scope,
        relation: Relation,
        query: &Query<ContactField>,
    ) -> Result<i64> {
        let sql = self.joined_to::<ContactColumns>("SELECT count(*) AS n", scope, relation);
        self.count_of::<Joined<ContactColumns>>(sql, query)
    }

    fn related_groups(
        &mut self,
        scope: &Scope,
        relation: Relation,
        query: &Query<GroupField>,
        after: Option<&Cursor>,
    ) -> Result<Page<Group>> {
        let sql = self.joined_to::<GroupColumns>(GROUP_LOADED, scope, relation);
        self.page_of::<Joined<GroupColumns>, GroupLoaded, Group>(sql, query, after)
    }

    fn count_related_groups(
        &mut self,
        scope: &Scope,
        relation: Relation,
        query: &Query<GroupField>,
    ) -> Result<i64> {
        let sql = self.joined_to::<GroupColumns>("SELECT count(*) AS n", scope, relation);
        self.count_of::<Joined<GroupColumns>>(sql, query)
    }
}

impl Session<'_> {
    fn objects_of(&mut self, select: &str, scope: &Scope, relation: Relation) -> Sql {
        let mut sql = self.statement(select);
        source::objects(&mut sql, scope, relation);
        limit_to::<ObjectColumns>(&mut sql, scope);
        sql
    }

    fn joined_to<C: Columns>(&mut self, select: &str, scope: &Scope, relation: Relation) -> Sql {
        let mut sql = self.statement(select);
        source::joined(&mut sql, scope, relation, C::TABLE);
        limit_to::<C>(&mut sql, scope);
        sql
    }

    fn of_ids<C: Columns>(&mut self, select: &str, scope: &Scope, ids: &[Uuid]) -> Sql {
        let mut sql = self.within::<C>(&format!("{select} FROM {}", C::TABLE), scope);
        sql.push(&format!(" AND {}.id IN (", C::TABLE));
        sql.bind_ids(ids.iter().copied());
        sql.push(")");
        sql
    }
}
