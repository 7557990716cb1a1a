//! Groups and directory roles that objects are in: collections below users and `/me`, and the
//! questions that clients ask of any object.

use super::links::collection_context;
use super::relations::{Collection, caller};
use crate::authentication::Authorized;
use crate::http::{Failure, JsonBody, Services};
use crate::roster::Roster;
use actix_web::dev::{AppService, HttpServiceFactory};
use actix_web::web::{self, Data};
use actix_web::{HttpRequest, HttpResponse, guard};
use roster_domain::authz::{Grant, rights};
use roster_domain::groups::Memberships;
use roster_domain::objects::{self, ObjectKind, Relation};
use roster_domain::ports::ReadTx;
use roster_domain::{Error, Result, Value};
use serde::Serialize;
use utoipa::openapi::path::{
    HttpMethod, OperationBuilder, ParameterBuilder, ParameterIn, PathItem, Paths,
};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::schema::Schema;
use utoipa::openapi::{ContentBuilder, Ref, RefOr, Required, ResponseBuilder};
use utoipa::{PartialSchema, ToSchema};
use utoipa_actix_web::OpenApiFactory;
use uuid::Uuid;

const GROUPS: &[ObjectKind] = &[ObjectKind::Group];
const GROUPS_AND_ROLES: &[ObjectKind] = &[ObjectKind::Group, ObjectKind::Role];

/// Declares the ways to find relations of one kind of object.
macro_rules! finds {
    ($($name:ident: $kind:ident of $relation:ident;)*) => {$(
        fn $name(
            tx: &mut dyn ReadTx,
            grant: &Grant<rights::ReadDirectory>,
            key: &str,
        ) -> Result<Relation> {
            let found = objects::find_of(tx, &grant.scope(), ObjectKind::$kind, key)?;
            Ok(Relation::$relation(found.uuid()))
        }
    )*};
}

finds! {
    user_member_of: User of MemberOf;
    user_transitive_member_of: User of TransitiveMemberOf;
    user_owned: User of OwnedObjects;
    contact_member_of: Contact of MemberOf;
    contact_transitive_member_of: Contact of TransitiveMemberOf;
}

/// What hangs on users and contacts.
const COLLECTIONS: [Collection; 8] = [
    Collection {
        path: "/v1.0/users/{id}/memberOf",
        name: "user_member_of",
        tag: "users",
        summary: "Groups and directory roles that a user is a member of.",
        find: user_member_of,
        casts: GROUPS_AND_ROLES,
    },
    Collection {
        path: "/v1.0/users/{id}/transitiveMemberOf",
        name: "user_transitive_member_of",
        tag: "users",
        summary: "Groups that a user is in, directly or through others, and directory roles.",
        find: user_transitive_member_of,
        casts: GROUPS_AND_ROLES,
    },
    Collection {
        path: "/v1.0/users/{id}/ownedObjects",
        name: "user_owned_objects",
        tag: "users",
        summary: "Groups that a user owns.",
        find: user_owned,
        casts: GROUPS,
    },
    Collection {
        path: "/v1.0/contacts/{id}/memberOf",
        name: "contact_member_of",
        tag: "contacts",
        summary: "Groups that a contact is a member of.",
        find: contact_member_of,
        casts: GROUPS,
    },
    Collection {
        path: "/v1.0/contacts/{id}/transitiveMemberOf",
        name: "contact_transitive_member_of",
        tag: "contacts",
        summary: "Groups that a contact is in, directly or through others.",
        find: contact_transitive_member_of,
        casts: GROUPS,
    },
    Collection {
        path: "/v1.0/me/memberOf",
        name: "my_member_of",
        tag: "users",
        summary: "Groups and directory roles that the caller is a member of.",
        find: user_member_of,
        casts: GROUPS_AND_ROLES,
    },
    Collection {
        path: "/v1.0/me/transitiveMemberOf",
        name: "my_transitive_member_of",
        tag: "users",
        summary: "Groups that the caller is in, directly or through others, and directory roles.",
        find: user_transitive_member_of,
        casts: GROUPS_AND_ROLES,
    },
    Collection {
        path: "/v1.0/me/ownedObjects",
        name: "my_owned_objects",
        tag: "users",
        summary: "Groups that the caller owns.",
        find: user_owned,
        casts: GROUPS,
    },
];

/// Registers the handlers.
pub fn register(services: &mut Services) {
    for collection in COLLECTIONS {
        services.service(collection);
    }
    for base in [
        "/v1.0/users/{id}",
        "/v1.0/me",
        "/v1.0/contacts/{id}",
        "/v1.0/groups/{id}",
        "/v1.0/directoryObjects/{id}",
    ] {
        for question in Question::ALL {
            services.service(Asking { base, question });
        }
    }
}

/// What clients ask about the groups of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Question {
    CheckGroups,
    CheckObjects,
    Groups,
    Objects,
}

impl Question {
    const ALL: [Self; 4] = [Self::CheckGroups, Self::CheckObjects, Self::Groups, Self::Objects];

    const fn name(self) -> &'static str {
        match self {
            Self::CheckGroups => "checkMemberGroups",
            Self::CheckObjects => "checkMemberObjects",
            Self::Groups => "getMemberGroups",
            Self::Objects => "getMemberObjects",
        }
    }

    const fn summary(self) -> &'static str {
        match self {
            Self::CheckGroups => "Tells which of some groups an object is in.",
            Self::CheckObjects => "Tells which of some groups and directory roles an object is in.",
            Self::Groups => "Answers the ids of all groups that an object is in.",
            Self::Objects => {
                "Answers the ids of all groups and directory roles that an object is in."
            }
        }
    }

    const fn about(self) -> Memberships {
        match self {
            Self::CheckGroups | Self::Groups => Memberships::Groups,
            Self::CheckObjects | Self::Objects => Memberships::Objects,
        }
    }

    fn answer(
        self,
        tx: &mut dyn ReadTx,
        grant: &Grant<rights::ReadDirectory>,
        key: &str,
        body: &Value<'static>,
    ) -> Result<Vec<Uuid>> {
        let about = self.about();
        match self {
            Self::CheckGroups | Self::CheckObjects => {
                let name = about.argument();
                about.among(tx, grant, key, &read_ids(name, body.member(name))?)
            }
            Self::Groups | Self::Objects => {
                let security_only = match body.member("securityEnabledOnly") {
                    None | Some(Value::Null) => false,
                    Some(value) => value.as_bool().ok_or_else(|| {
                        Error::invalid_property(
                            "securityEnabledOnly",
                            "'securityEnabledOnly' must be true or false.",
                        )
                    })?,
                };
                about.of(tx, grant, key, security_only)
            }
        }
    }
}

/// Reads a collection of ids.
///
/// # Errors
/// 400 when it is none.
pub(super) fn read_ids(name: &str, value: Option<&Value<'static>>) -> Result<Vec<Uuid>> {
    let items = value.and_then(Value::as_list);
    let ids = items.map(|items| {
        let ids = items.iter().map(|item| item.as_text().and_then(|id| Uuid::try_parse(id).ok()));
        ids.collect::<Option<Vec<_>>>()
    });
    ids.flatten().ok_or_else(|| {
        Error::invalid_property(name, format!("'{name}' must be a collection of ids."))
    })
}

/// A question asked below one path.
#[derive(Clone, Copy)]
struct Asking {
    base: &'static str,
    question: Question,
}

/// Ids of groups and directory roles.
#[derive(Serialize, ToSchema)]
#[schema(as = idCollection)]
struct Ids {
    #[serde(rename = "@odata.context")]
    context: String,
    value: Vec<Uuid>,
}

/// What to check.
#[derive(ToSchema)]
#[schema(as = membershipQuestion, rename_all = "camelCase")]
#[expect(dead_code, reason = "describes a body that is read elsewhere")]
struct Body {
    /// Groups to check, at most 20 (`checkMemberGroups`).
    group_ids: Option<Vec<Uuid>>,
    /// Objects to check, at most 20 (`checkMemberObjects`).
    ids: Option<Vec<Uuid>>,
    /// Only groups that rights may be given to (`getMemberGroups`, `getMemberObjects`).
    security_enabled_only: Option<bool>,
}

impl Asking {
    fn path(self) -> String {
        format!("{}/{}", self.base, self.question.name())
    }

    /// The kind of object that the path names; none where it is any.
    fn kind(self) -> Option<ObjectKind> {
        match self.base.split('/').nth(2) {
            Some("groups") => Some(ObjectKind::Group),
            Some("contacts") => Some(ObjectKind::Contact),
            Some("directoryObjects") => None,
            _ => Some(ObjectKind::User),
        }
    }

    fn tag(self) -> &'static str {
        match self.kind() {
            Some(ObjectKind::Group) => "groups",
            Some(ObjectKind::Contact) => "contacts",
            Some(_) => "users",
            None => "directory objects",
        }
    }
}

impl OpenApiFactory for Asking {
    fn paths(&self) -> Paths {
        let json = |name| {
            let schema = RefOr::Ref(Ref::from_schema_name(name));
            ContentBuilder::new().schema(Some(schema)).build()
        };
        let right = serde_json::json!({"anyOf": ["read_directory"]});
        let extensions =
            utoipa::openapi::extensions::Extensions::builder().add("x-permission", right).build();
        let body = RequestBodyBuilder::new()
            .content("application/json", json("membershipQuestion"))
            .required(Some(Required::True));
        let response = ResponseBuilder::new()
            .description("Ids")
            .content("application/json", json("idCollection"));
        let segments: Vec<_> = self.base.split('/').collect();
        let noun = segments.get(2).copied().unwrap_or_default();
        let mut operation = OperationBuilder::new()
            .operation_id(Some(format!("{noun}_{}", self.question.name())))
            .tag(self.tag())
            .summary(Some(self.question.summary()))
            .request_body(Some(body.build()))
            .response("200", response)
            .extensions(Some(extensions));
        if self.base.contains("{id}") {
            let id = ParameterBuilder::new()
                .name("id")
                .parameter_in(ParameterIn::Path)
                .required(Required::True)
                .schema(Some(<String as PartialSchema>::schema()));
            operation = operation.parameter(id);
        }
        let item = PathItem::new(HttpMethod::Post, operation.build());
        Paths::builder().path(self.path(), item).build()
    }

    fn schemas(&self, schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((Body::name().into(), Body::schema()));
        schemas.push((Ids::name().into(), Ids::schema()));
    }
}

impl HttpServiceFactory for Asking {
    fn register(self, config: &mut AppService) {
        let (question, kind) = (self.question, self.kind());
        let handler = move |roster: Data<Roster>,
                            Authorized(grant): Authorized<rights::ReadDirectory>,
                            request: HttpRequest,
                            JsonBody(body): JsonBody| async move {
            let key = match request.match_info().get("id") {
                Some(id) => id.to_owned(),
                None => caller(&grant)?,
            };
            let answer = move |tx: &mut dyn ReadTx| {
                if let Some(kind) = kind {
                    objects::find_of(tx, &grant.scope(), kind, &key)?;
                }
                question.answer(tx, &grant, &key, &body)
            };
            let found = roster.read(answer).await?;
            Ok::<_, Failure>(HttpResponse::Ok().json(Ids {
                context: collection_context(&roster, "Collection(Edm.String)"),
                value: found,
            }))
        };
        let resource = web::resource(self.path()).guard(guard::Post()).to(handler);
        HttpServiceFactory::register(resource, config);
    }
}
