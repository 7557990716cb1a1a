//! Saved user views in the database.

use crate::errors::map;
use crate::schema::user_views;
use crate::session::Session;
use crate::types::{At, Json, Key};
use diesel::prelude::*;
use roster_domain::id::TenantId;
use roster_domain::user_views::{UserView, UserViewId, UserViewReads, UserViewWrites};
use roster_domain::{Result, Timestamp};

#[derive(Insertable)]
#[diesel(table_name = user_views)]
struct NewView {
    tenant_id: Key,
    id: Key,
    created_at: At,
    doc: Json<UserView>,
}

impl UserViewReads for Session<'_> {
    fn user_views(&mut self, tenant: TenantId) -> Result<Vec<UserView>> {
        let rows = user_views::table
            .filter(user_views::tenant_id.eq(Key::from(tenant)))
            .order(user_views::id)
            .select((user_views::id, user_views::created_at, user_views::doc))
            .load::<(UserViewId, Timestamp, Json<UserView>)>(self.conn());
        let rows = rows.map_err(map)?.into_iter();
        Ok(rows.map(|(id, created, Json(view))| UserView { id, created, ..view }).collect())
    }
}

impl UserViewWrites for Session<'_> {
    fn put_user_view(&mut self, view: &UserView) -> Result<()> {
        self.delete_user_view(view.id)?;
        let row = NewView {
            tenant_id: self.write_tenant()?.into(),
            id: view.id.into(),
            created_at: view.created.into(),
            doc: Json(view.clone()),
        };
        let insert = diesel::insert_into(user_views::table).values(row);
        insert.execute(self.conn()).map_err(map)?;
        Ok(())
    }

    fn delete_user_view(&mut self, id: UserViewId) -> Result<()> {
        let key = (Key::from(self.write_tenant()?), Key::from(id));
        diesel::delete(user_views::table.find(key)).execute(self.conn()).map_err(map)?;
        Ok(())
    }
}
