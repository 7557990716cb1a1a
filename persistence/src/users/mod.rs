//! Users in the database.

mod columns;
mod row;

use crate::errors::map;
use crate::schema::{addresses, credentials, users};
use crate::session::Session;
use crate::types::{At, Guid, Instant, Json, Key};
use columns::DeletedUserColumns;
pub(crate) use columns::UserColumns;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable};
use roster_domain::authz::Scope;
use roster_domain::paging::{Cursor, Page};
use roster_domain::query::Query;
use roster_domain::users::{User, UserField, UserId, UserReads, UserWrites};
use roster_domain::{Error, Result, Timestamp};
pub(crate) use row::UserRow;
use uuid::Uuid;

/// What is read of a user: everything its properties are made from.
#[derive(Queryable, QueryableByName, Selectable)]
#[diesel(table_name = users)]
pub(crate) struct UserLoaded {
    #[diesel(sql_type = Guid)]
    id: UserId,
    #[diesel(sql_type = BigInt)]
    version: i64,
    #[diesel(sql_type = Instant)]
    created_at: Timestamp,
    #[diesel(sql_type = Nullable<Instant>)]
    deleted_at: Option<Timestamp>,
    #[diesel(sql_type = Nullable<Guid>)]
    manager_id: Option<Uuid>,
    #[diesel(sql_type = crate::types::JsonDoc)]
    doc: Json<User>,
}

/// The columns of [`UserLoaded`].
pub(crate) const USER_LOADED: &str = "SELECT users.id, users.version, users.created_at, users.deleted_at, \
     users.manager_id, users.doc";

impl From<UserLoaded> for User {
    fn from(row: UserLoaded) -> Self {
        let Json(user) = row.doc;
        Self {
            id: row.id,
            version: row.version,
            created: row.created_at,
            deleted: row.deleted_at,
            manager: row.manager_id,
            ..user
        }
    }
}

impl UserReads for Session<'_> {
    fn user(&mut self, scope: &Scope, id: UserId) -> Result<Option<User>> {
        let query = users::table
            .find((Key::from(scope.tenant()), Key::from(id)))
            .filter(users::deleted_at.is_null())
            .select((
                users::id,
                users::version,
                users::created_at,
                users::deleted_at,
                users::manager_id,
                users::doc,
            ));
        Ok(self.one::<_, UserLoaded>(query)?.map(User::from))
    }

    fn users_by_id(&mut self, scope: &Scope, ids: &[UserId]) -> Result<Vec<User>> {
        let found = users::table
            .filter(users::tenant_id.eq(Key::from(scope.tenant())))
            .filter(users::id.eq_any(ids.iter().map(|id| Key::from(*id))))
            .filter(users::deleted_at.is_null())
            .select(UserLoaded::as_select())
            .load(self.conn());
        Ok(found.map_err(map)?.into_iter().map(User::from).collect())
    }

    fn user_by_name(&mut self, scope: &Scope, key: &str) -> Result<Option<User>> {
        let holder = addresses::table
            .find((Key::from(scope.tenant()), key))
            .filter(addresses::is_upn.eq(true))
            .select(addresses::holder_id)
            .get_result::<UserId>(self.conn())
            .optional();
        match holder.map_err(map)? {
            Some(id) => self.user(scope, id),
            None => Ok(None),
        }
    }

    fn users(
        &mut self,
        scope: &Scope,
        query: &Query<UserField>,
        after: Option<&Cursor>,
    ) -> Result<Page<User>> {
        let sql = self.within::<UserColumns>(&format!("{USER_LOADED} FROM users"), scope);
        self.page_of::<UserColumns, UserLoaded, User>(sql, query, after)
    }

    fn count_users(&mut self, scope: &Scope, query: &Query<UserField>) -> Result<i64> {
        let sql = self.within::<UserColumns>("SELECT count(*) AS n FROM users", scope);
        self.count_of::<UserColumns>(sql, query)
    }

    fn deleted_user(
        &mut self,
        scope: &Scope,
        id: UserId,
        since: Timestamp,
    ) -> Result<Option<User>> {
        let found = users::table
            .find((Key::from(scope.tenant()), Key::from(id)))
            .filter(users::deleted_at.gt(Some(At(since))))
            .select(UserLoaded::as_select())
            .get_result::<UserLoaded>(self.conn())
            .optional();
        Ok(found.map_err(map)?.map(User::from))
    }

    fn deleted_users(
        &mut self,
        scope: &Scope,
        since: Timestamp,
        query: &Query<UserField>,
        after: Option<&Cursor>,
    ) -> Result<Page<User>> {
        let from = format!("{USER_LOADED} FROM users");
        let sql = self.deleted::<DeletedUserColumns>(&from, scope, since);
        self.page_of::<DeletedUserColumns, UserLoaded, User>(sql, query, after)
    }

    fn count_deleted_users(
        &mut self,
        scope: &Scope,
        since: Timestamp,
        query: &Query<UserField>,
    ) -> Result<i64> {
        let from = "SELECT count(*) AS n FROM users";
        let sql = self.deleted::<DeletedUserColumns>(from, scope, since);
        self.count_of::<DeletedUserColumns>(sql, query)
    }
}

impl UserWrites for Session<'_> {
    fn insert_user(&mut self, user: &User) -> Result<()> {
        let row = UserRow::new(self.write_tenant()?, user);
        match self.later() {
            Some(later) => later.users.push(row),
            None => self.insert(diesel::insert_into(users::table).values(row))?,
        }
        Ok(())
    }

    fn update_user(&mut self, user: &User) -> Result<()> {
        let tenant = self.write_tenant()?;
        let row = UserRow::new(tenant, user);
        let update =
            diesel::update(users::table.find((Key::from(tenant), Key::from(user.id)))).set(row);
        match update.execute(self.conn()).map_err(map)? {
            1 => Ok(()),
            rows => Err(Error::internal(format!("the update of a user changed {rows} rows"))),
        }
    }

    fn expired_users(&mut self, before: Timestamp, at_most: usize) -> Result<Vec<UserId>> {
        let tenant = self.write_tenant()?;
        users::table
            .filter(users::tenant_id.eq(Key::from(tenant)))
            .filter(users::deleted_at.le(Some(At(before))))
            .limit(i64::try_from(at_most).unwrap_or(i64::MAX))
            .select(users::id)
            .load(self.conn())
            .map_err(map)
    }

    fn erase_user(&mut self, id: UserId) -> Result<()> {
        let key = (Key::from(self.write_tenant()?), Key::from(id));
        diesel::delete(credentials::table.find(key)).execute(self.conn()).map_err(map)?;
        diesel::delete(users::table.find(key)).execute(self.conn()).map_err(map)?;
        Ok(())
    }
}
