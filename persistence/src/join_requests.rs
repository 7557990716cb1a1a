//! Requests to join groups in the database.

use crate::errors::map;
use crate::query::{Column, Columns, Sql};
use crate::schema::join_requests;
use crate::session::Session;
use crate::types::{At, Guid, Instant, Key};
use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text};
use roster_domain::groups::GroupId;
use roster_domain::join_requests::{
    JoinRequest, JoinRequestField, JoinRequestId, JoinRequestReads, JoinRequestWrites, Waiting,
};
use roster_domain::paging::{Cursor, Page};
use roster_domain::query::Query;
use roster_domain::users::UserId;
use roster_domain::{Result, Timestamp};

/// The table of requests.
enum RequestColumns {}

impl Columns for RequestColumns {
    type Field = JoinRequestField;
    const TABLE: &'static str = "join_requests";
    // Whose person is deleted is left out by the join with the people.
    const PRESENT: &'static str = "";

    fn words(_: JoinRequestField) -> Option<&'static str> {
        None
    }

    fn column(field: JoinRequestField) -> Column {
        use JoinRequestField as F;
        let plain = |name| Column::Plain { name, nullable: false };
        match field {
            F::Id => plain("id"),
            F::GroupId => plain("group_id"),
            F::RequestorId => plain("requestor_id"),
            F::CreatedDateTime => plain("created_at"),
            F::Justification => Column::Absent,
        }
    }
}

#[derive(QueryableByName)]
struct RequestLoaded {
    #[diesel(sql_type = Guid)]
    id: JoinRequestId,
    #[diesel(sql_type = Guid)]
    group_id: GroupId,
    #[diesel(sql_type = Guid)]
    requestor_id: UserId,
    #[diesel(sql_type = Instant)]
    created_at: Timestamp,
    #[diesel(sql_type = Nullable<Text>)]
    justification: Option<String>,
}

/// The columns of [`RequestLoaded`].
const LOADED: &str = "SELECT join_requests.id, join_requests.group_id, join_requests.requestor_id, \
     join_requests.created_at, join_requests.justification";

impl From<RequestLoaded> for JoinRequest {
    fn from(row: RequestLoaded) -> Self {
        Self {
            id: row.id,
            group: row.group_id,
            requestor: row.requestor_id,
            created: row.created_at,
            justification: row.justification,
        }
    }
}

#[derive(Insertable)]
#[diesel(table_name = join_requests)]
struct NewRow {
    tenant_id: Key,
    group_id: Key,
    requestor_id: Key,
    id: Key,
    created_at: At,
    justification: Option<String>,
}

impl JoinRequestReads for Session<'_> {
    fn join_requests(
        &mut self,
        waiting: &Waiting,
        query: &Query<JoinRequestField>,
        after: Option<&Cursor>,
    ) -> Result<Page<JoinRequest>> {
        let sql = self.waiting(LOADED, waiting);
        self.page_of::<RequestColumns, RequestLoaded, JoinRequest>(sql, query, after)
    }

    fn count_join_requests(
        &mut self,
        waiting: &Waiting,
        query: &Query<JoinRequestField>,
    ) -> Result<i64> {
        let sql = self.waiting("SELECT count(*) AS n", waiting);
        self.count_of::<RequestColumns>(sql, query)
    }

    fn join_request(
        &mut self,
        waiting: &Waiting,
        id: JoinRequestId,
    ) -> Result<Option<JoinRequest>> {
        let mut sql = self.waiting(LOADED, waiting);
        sql.push(" AND join_requests.id = ");
        sql.bind_id(id.uuid());
        let found = self.query::<RequestLoaded>(&sql.text, sql.binds)?;
        Ok(found.into_iter().next().map(JoinRequest::from))
    }
}

impl Session<'_> {
    fn waiting(&mut self, select: &str, waiting: &Waiting) -> Sql {
        let mut sql = self.statement(&format!(
            "{select} FROM join_requests JOIN users ON users.tenant_id = join_requests.tenant_id \
             AND users.id = join_requests.requestor_id AND users.deleted_at IS NULL \
             WHERE join_requests.tenant_id = "
        ));
        sql.bind_id(waiting.tenant.uuid());
        sql.push(" AND join_requests.group_id = ");
        sql.bind_id(waiting.group.uuid());
        if let Some(requestor) = waiting.requestor {
            sql.push(" AND join_requests.requestor_id = ");
            sql.bind_id(requestor.uuid());
        }
        sql
    }
}

impl JoinRequestWrites for Session<'_> {
    fn insert_join_request(&mut self, request: &JoinRequest) -> Result<()> {
        let row = NewRow {
            tenant_id: self.write_tenant()?.into(),
            group_id: request.group.into(),
            requestor_id: request.requestor.into(),
            id: request.id.into(),
            created_at: request.created.into(),
            justification: request.justification.clone(),
        };
        diesel::insert_into(join_requests::table).values(row).execute(self.conn()).map_err(map)?;
        Ok(())
    }

    fn delete_join_request(&mut self, group: GroupId, requestor: UserId) -> Result<()> {
        let key = (Key::from(self.write_tenant()?), Key::from(group), Key::from(requestor));
        diesel::delete(join_requests::table.find(key)).execute(self.conn()).map_err(map)?;
        Ok(())
    }
}
