//! Collections that hang on an object, as data: from one row follow the list, its `$count`, its
//! `$ref`, its casts and each of its objects, with their part of the document.

use super::links::encode;
use super::references::{self, Asked};
use super::schemas::{CountOptions, ExpandOption, ListOptions, SelectOption};
use crate::authentication::Authorized;
use crate::http::{Failure, QueryOptions};
use crate::roster::Roster;
use actix_web::dev::{AppService, HttpServiceFactory};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, guard, web};
use roster_domain::Error;
use roster_domain::authz::{Grant, rights};
use roster_domain::objects::{ObjectKind, Relation};
use roster_domain::ports::ReadTx;
use utoipa::IntoParams as _;
use utoipa::openapi::path::{
    HttpMethod, Operation, OperationBuilder, ParameterBuilder, ParameterIn, PathItem, Paths,
};
use utoipa::openapi::schema::Schema;
use utoipa::openapi::{ContentBuilder, Ref, RefOr, Required, ResponseBuilder};
use utoipa_actix_web::OpenApiFactory;

/// Finds the relation that a collection shows.
pub type Find =
    fn(&mut dyn ReadTx, &Grant<rights::ReadDirectory>, &str) -> roster_domain::Result<Relation>;

/// A collection that hangs on an object.
#[derive(Clone, Copy)]
pub struct Collection {
    /// Path of the collection: `/v1.0/groups/{id}/members`, or `/v1.0/me/memberOf`.
    pub path: &'static str,
    /// Name of the operation: `group_members`.
    pub name: &'static str,
    /// Tag in the document.
    pub tag: &'static str,
    /// What it holds.
    pub summary: &'static str,
    /// The relation behind it.
    pub find: Find,
    /// Kinds that it can be narrowed to.
    pub casts: &'static [ObjectKind],
}

/// One way to read a collection.
#[derive(Clone, Copy)]
enum View {
    Objects,
    Count,
    References,
    Cast(ObjectKind),
    CastCount(ObjectKind),
    /// One of the objects, by its id.
    Item,
}

/// The casts as paths spell them.
const fn cast_segment(kind: ObjectKind) -> &'static str {
    match kind {
        ObjectKind::User => "graph.user",
        ObjectKind::Contact => "graph.orgContact",
        ObjectKind::Group => "graph.group",
        ObjectKind::Role => "graph.directoryRole",
    }
}

impl View {
    fn of(casts: &'static [ObjectKind]) -> Vec<Self> {
        let mut views = vec![Self::Objects, Self::Count, Self::References];
        views.extend(casts.iter().flat_map(|kind| [Self::Cast(*kind), Self::CastCount(*kind)]));
        // The last one, because it takes any segment.
        views.push(Self::Item);
        views
    }

    fn path(self, base: &str) -> String {
        match self {
            Self::Objects => base.to_owned(),
            Self::Count => format!("{base}/$count"),
            Self::References => format!("{base}/$ref"),
            Self::Cast(kind) => format!("{base}/{}", cast_segment(kind)),
            Self::CastCount(kind) => format!("{base}/{}/$count", cast_segment(kind)),
            Self::Item => format!("{base}/{{object}}"),
        }
    }

    fn operation(self, of: &Collection) -> Operation {
        let (suffix, schema) = match self {
            Self::Objects => (String::new(), Some("directoryObjectCollection")),
            Self::Count => ("_count".to_owned(), None),
            Self::References => ("_ref".to_owned(), Some("referenceCollection")),
            Self::Cast(kind) => (format!("_{}", kind.word()), Some(collection_schema(kind))),
            Self::CastCount(kind) => (format!("_{}_count", kind.word()), None),
            Self::Item => ("_item".to_owned(), Some("directoryObject")),
        };
        let content = match schema {
            Some(name) => ("application/json", RefOr::Ref(Ref::from_schema_name(name))),
            None => ("text/plain", <String as utoipa::PartialSchema>::schema()),
        };
        let (verb, description) = match (self, schema) {
            (Self::Item, _) => ("get", "The object with its type"),
            (_, Some(_)) => ("list", "A page"),
            (_, None) => ("list", "Their number"),
        };
        let response = ResponseBuilder::new()
            .description(description)
            .content(content.0, ContentBuilder::new().schema(Some(content.1)).build());
        let place = || Some(ParameterIn::Query);
        let mut options = match self {
            Self::Count | Self::CastCount(_) => CountOptions::into_params(place),
            Self::Objects | Self::References | Self::Cast(_) => ListOptions::into_params(place),
            Self::Item => SelectOption::into_params(place),
        };
        match self {
            Self::References => options.retain(|option| option.name != "$select"),
            // Roles have no relations.
            Self::Cast(ObjectKind::Role)
            | Self::Objects
            | Self::Count
            | Self::CastCount(_)
            | Self::Item => {}
            Self::Cast(_) => options.extend(ExpandOption::into_params(place)),
        }
        let mut operation = OperationBuilder::new()
            .operation_id(Some(format!("{verb}_{}{suffix}", of.name)))
            .tag(of.tag)
            .summary(Some(of.summary))
            .response("200", response)
            .extensions(Some(permission()));
        let path = self.path(of.path);
        for name in
            ["id", "object"].into_iter().filter(|name| path.contains(&format!("{{{name}}}")))
        {
            let parameter = ParameterBuilder::new()
                .name(name)
                .parameter_in(ParameterIn::Path)
                .required(Required::True)
                .schema(Some(<String as utoipa::PartialSchema>::schema()));
            operation = operation.parameter(parameter);
        }
        options.into_iter().fold(operation, OperationBuilder::parameter).build()
    }
}

const fn collection_schema(kind: ObjectKind) -> &'static str {
    match kind {
        ObjectKind::User => "userCollection",
        ObjectKind::Contact => "orgContactCollection",
        ObjectKind::Group => "groupCollection",
        ObjectKind::Role => "directoryRoleCollection",
    }
}

fn permission() -> utoipa::openapi::extensions::Extensions {
    let right = serde_json::json!({"anyOf": ["read_directory"]});
    utoipa::openapi::extensions::Extensions::builder().add("x-permission", right).build()
}

impl OpenApiFactory for Collection {
    fn paths(&self) -> Paths {
        View::of(self.casts)
            .into_iter()
            .fold(Paths::builder(), |paths, view| {
                let item = PathItem::new(HttpMethod::Get, view.operation(self));
                paths.path(view.path(self.path), item)
            })
            .build()
    }

    fn schemas(&self, schemas: &mut Vec<(String, RefOr<Schema>)>) {
        references::schemas(schemas);
    }
}

impl HttpServiceFactory for Collection {
    fn register(self, config: &mut AppService) {
        for view in View::of(self.casts) {
            let handler = move |roster: Data<Roster>,
                                Authorized(grant): Authorized<rights::ReadDirectory>,
                                request: HttpRequest,
                                pairs: QueryOptions| async move {
                answer(&self, view, &roster, grant, &request, &pairs).await
            };
            let resource = web::resource(view.path(self.path)).guard(guard::Get()).to(handler);
            resource.register(config);
        }
    }
}

async fn answer(
    of: &Collection,
    view: View,
    roster: &Roster,
    grant: Grant<rights::ReadDirectory>,
    request: &HttpRequest,
    pairs: &QueryOptions,
) -> Result<HttpResponse, Failure> {
    let key = match request.match_info().get("id") {
        Some(id) => id.to_owned(),
        None => caller(&grant)?,
    };
    let find = of.find;
    let named = key.clone();
    let relation = roster.read(move |tx| find(tx, &grant, &named)).await?;
    let path = view.path(of.path).replace("{id}", &encode(&key));
    let path = path.trim_start_matches("/v1.0/");
    let asked = Asked { roster, path, grant, pairs, relation };
    match view {
        View::Objects => references::page(asked).await,
        View::Count => references::count(asked).await,
        View::References => references::reference_page(asked).await,
        View::Cast(kind) => references::cast_page(asked, kind).await,
        View::CastCount(kind) => references::cast_count(asked, kind).await,
        View::Item => references::item(asked, request.match_info().get("object")).await,
    }
}

/// `/me` is the caller, who must be a person.
///
/// # Errors
/// 400 for an API client.
pub(super) fn caller(grant: &Grant<rights::ReadDirectory>) -> Result<String, Error> {
    grant.actor().user().map(|user| user.to_string()).ok_or_else(|| {
        Error::invalid("/me needs the token of a user; this token belongs to an API client.")
    })
}
