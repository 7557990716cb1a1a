//! Restoring, below deleted items and where the object was before.

use crate::authentication::Seeking;
use crate::graph::links::entity_context;
use crate::graph::reply;
use crate::graph::schemas::DirectoryObjectSchema;
use crate::graph::typed::Projections;
use crate::graph::typed::Typed;
use crate::graph::users::shown_once;
use crate::http::conditional::entity_tag;
use crate::http::{Failure, OptionalJsonBody};
use crate::passwords;
use crate::roster::{Lane, Roster};
use actix_web::http::header;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};
use roster_domain::authz::{Grant, rights};
use roster_domain::objects::{self, ObjectKind, Restored};
use roster_domain::ports::WriteTx;
use roster_domain::users::deleted::Restore;
use roster_domain::{Error, Value};
use std::borrow::Cow;
use utoipa::ToSchema;

/// What a restore may name.
#[derive(ToSchema)]
#[schema(as = restoreRequest, rename_all = "camelCase")]
#[expect(dead_code, reason = "describes a body that is read elsewhere")]
struct RestoreRequest {
    /// A new sign-in name for a user, when the old one was given away.
    new_user_principal_name: Option<String>,
}

/// Handlers of restores, which differ in their path, their tag and the kind that it says.
macro_rules! restores {
    ($($(#[$words:meta])* $name:ident($path:literal, $tag:literal, $kind:expr);)*) => {$(
        $(#[$words])*
        #[utoipa::path(
            tag = $tag,
            params(("id" = String, Path, description = "Id")),
            request_body(content = Option<RestoreRequest>),
            responses((status = 200, description = "The object", body = DirectoryObjectSchema)),
            extensions(("x-permission" = json!({"anyOf": ["manage_users_and_groups"]})))
        )]
        #[post($path)]
        pub(super) async fn $name(
            roster: Data<Roster>,
            sought: Seeking<rights::ManageUsersAndGroups>,
            id: Path<String>,
            body: OptionalJsonBody,
        ) -> Result<HttpResponse, Failure> {
            restore(&roster, sought, id.into_inner(), &body, $kind).await
        }
    )*};
}

restores! {
    /// Restores a deleted object. A user gets a new one-time password, answered once, and no roles;
    /// a group its owners, members and memberships. Addresses given away meanwhile are dropped and
    /// the alias of a group is replaced, with a warning.
    restore_deleted_item("/v1.0/directory/deletedItems/{id}/restore", "deleted items", None);
    /// Restores a deleted object, as below deleted items.
    restore_directory_object("/v1.0/directoryObjects/{id}/restore", "directory objects", None);
    /// Restores a deleted user, as below deleted items.
    restore_user("/v1.0/users/{id}/restore", "users", Some(ObjectKind::User));
    /// Restores a deleted group, as below deleted items.
    restore_group("/v1.0/groups/{id}/restore", "groups", Some(ObjectKind::Group));
}

async fn restore(
    roster: &Roster,
    sought: Seeking<rights::ManageUsersAndGroups>,
    id: String,
    body: &OptionalJsonBody,
    kind: Option<ObjectKind>,
) -> Result<HttpResponse, Failure> {
    let grant = right_over(roster, sought, &id, kind).await?;
    let wanted = Restore { kind, ..Restore::read(body.0.as_ref())? };
    let (version, mut members) = bring_back(roster, Lane::Interactive, grant, id, wanted).await?;
    let context = Value::Text(entity_context(roster, "directoryObjects").into());
    members.insert(0, ("@odata.context".into(), context));
    let tag = (header::ETAG, entity_tag(version));
    Ok(HttpResponse::Ok().insert_header(tag).json(Value::Object(members)))
}

/// Restores an object; its version, and what is answered of it: type, default properties, the new
/// password of a user, and warnings.
pub(super) async fn bring_back(
    roster: &Roster,
    lane: Lane,
    grant: Grant<rights::ManageUsersAndGroups>,
    id: String,
    wanted: Restore,
) -> Result<(i64, Vec<(Cow<'static, str>, Value<'static>)>), Error> {
    let projections = Projections::read(None, &grant.scope())?;
    let secret = passwords::draw(roster)?;
    let hash = secret.hash.clone();
    let work = move |tx: &mut dyn WriteTx, grant: &Grant<rights::ManageUsersAndGroups>| {
        objects::restore(tx, grant, &id, &wanted, &hash)
    };
    let Restored { object, warnings } = roster.write_in(lane, grant, work).await?;
    let Value::Object(mut members) = Typed::item(&object, &projections).into_value() else {
        return Err(Error::internal("an object is no object"));
    };
    if object.kind() == ObjectKind::User
        && let Some(profile) = shown_once(&secret, true)
    {
        members.push(("passwordProfile".into(), profile));
    }
    if !warnings.is_empty() {
        members.push(("@roster.warnings".into(), reply::list(&warnings)));
    }
    Ok((object.version(), members))
}

/// The right over something in deleted items.
pub(super) async fn right_over(
    roster: &Roster,
    sought: Seeking<rights::ManageUsersAndGroups>,
    id: &str,
    kind: Option<ObjectKind>,
) -> Result<Grant<rights::ManageUsersAndGroups>, Error> {
    let (id, now) = (id.to_owned(), roster.now());
    sought.over(roster, move |tx, grant| objects::may_restore(tx, grant, &id, kind, now)).await
}
