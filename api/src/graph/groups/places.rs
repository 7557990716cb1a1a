//! Adding to and removing from what a group names, by reference.

use super::super::references::{read_reference, schemas};
use crate::authentication::Authorized;
use crate::http::{Failure, JsonBody, QueryOptions};
use crate::roster::Roster;
use actix_web::dev::{AppService, HttpServiceFactory};
use actix_web::web::{self, Data, Path};
use actix_web::{HttpResponse, guard};
use roster_domain::Error;
use roster_domain::authz::{Grant, rights};
use roster_domain::groups::{self, Link};
use roster_domain::objects::last_segment;
use utoipa::openapi::path::{
    HttpMethod, Operation, OperationBuilder, ParameterBuilder, ParameterIn, PathItem, Paths,
};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::schema::Schema;
use utoipa::openapi::{ContentBuilder, Ref, RefOr, Required, ResponseBuilder};
use utoipa_actix_web::OpenApiFactory;

/// What stands in one place of groups.
#[derive(Clone, Copy)]
pub(super) struct Place(Link);

impl Place {
    /// Every place.
    pub(super) const ALL: [Self; 6] = [
        Self(Link::Member),
        Self(Link::Owner),
        Self(Link::AcceptedSender),
        Self(Link::RejectedSender),
        Self(Link::Moderator),
        Self(Link::ExemptSender),
    ];

    fn references(self) -> String {
        format!("/v1.0/groups/{{id}}/{}/$ref", self.0.collection())
    }

    fn reference(self) -> String {
        format!("/v1.0/groups/{{id}}/{}/{{object}}/$ref", self.0.collection())
    }

    fn operation(self, verb: &str, parameters: &[(&str, ParameterIn)]) -> OperationBuilder {
        let place = self.0.collection();
        let right = serde_json::json!({
            "anyOf": ["manage_users_and_groups", "manage_recipients"],
            "orRelation": if self.0 == Link::Member { "owner or oneself" } else { "owner" },
        });
        let extensions =
            utoipa::openapi::extensions::Extensions::builder().add("x-permission", right).build();
        let operation = OperationBuilder::new()
            .operation_id(Some(format!("{verb}_group_{place}")))
            .tag("groups")
            .summary(Some(format!("{verb} one of the {place} of a group.")))
            .response("204", ResponseBuilder::new().description("Done"))
            .extensions(Some(extensions));
        parameters.iter().fold(operation, |operation, (name, place)| {
            operation.parameter(
                ParameterBuilder::new()
                    .name(*name)
                    .parameter_in(place.clone())
                    .required(Required::True)
                    .schema(Some(<String as utoipa::PartialSchema>::schema())),
            )
        })
    }

    fn add(self) -> Operation {
        let schema = RefOr::Ref(Ref::from_schema_name("reference"));
        let content = ContentBuilder::new().schema(Some(schema)).build();
        let body = RequestBodyBuilder::new().content("application/json", content);
        let body = body.required(Some(Required::True)).build();
        self.operation("add", &[("id", ParameterIn::Path)]).request_body(Some(body)).build()
    }
}

impl OpenApiFactory for Place {
    fn paths(&self) -> Paths {
        let (id, object) = (("id", ParameterIn::Path), ("object", ParameterIn::Path));
        let by_option = self.operation("drop", &[id.clone(), ("@id", ParameterIn::Query)]);
        let by_path = self.operation("remove", &[id, object]);
        Paths::builder()
            .path(self.references(), PathItem::new(HttpMethod::Post, self.add()))
            .path(self.references(), PathItem::new(HttpMethod::Delete, by_option.build()))
            .path(self.reference(), PathItem::new(HttpMethod::Delete, by_path.build()))
            .build()
    }

    fn schemas(&self, into: &mut Vec<(String, RefOr<Schema>)>) {
        schemas(into);
    }
}

impl HttpServiceFactory for Place {
    fn register(self, config: &mut AppService) {
        let Self(link) = self;
        let add = move |roster: Data<Roster>,
                        Authorized(grant): Authorized<rights::UseGroups>,
                        id: Path<String>,
                        JsonBody(body): JsonBody| async move {
            let object = read_reference(&body)?;
            change(&roster, grant, (id.into_inner(), link, object), groups::link).await
        };
        let drop = move |roster: Data<Roster>,
                         Authorized(grant): Authorized<rights::UseGroups>,
                         id: Path<String>,
                         pairs: QueryOptions| async move {
            let object = named(&pairs)?;
            change(&roster, grant, (id.into_inner(), link, object), groups::unlink).await
        };
        let remove = move |roster: Data<Roster>,
                           Authorized(grant): Authorized<rights::UseGroups>,
                           path: Path<(String, String)>| async move {
            let (id, object) = path.into_inner();
            change(&roster, grant, (id, link, object), groups::unlink).await
        };
        let resource = |path: String, guarding| web::resource(path).guard(guarding);
        HttpServiceFactory::register(
            resource(self.references(), guard::Method(actix_web::http::Method::POST)).to(add),
            config,
        );
        HttpServiceFactory::register(
            resource(self.references(), guard::Method(actix_web::http::Method::DELETE)).to(drop),
            config,
        );
        HttpServiceFactory::register(
            resource(self.reference(), guard::Method(actix_web::http::Method::DELETE)).to(remove),
            config,
        );
    }
}

/// The object of `?@id=URL`.
fn named(pairs: &QueryOptions) -> Result<String, Failure> {
    let url = pairs.0.one("@id")?.or(pairs.0.one("$id")?);
    let object = url.and_then(last_segment).map(str::to_owned);
    Ok(object.ok_or_else(|| {
        Error::invalid_property("@id", "Name the reference to remove: …/$ref?@id=ADDRESS.")
    })?)
}

type UseCase = fn(
    &mut dyn roster_domain::ports::WriteTx,
    &Grant<rights::UseGroups>,
    &str,
    Link,
    &str,
) -> roster_domain::Result<()>;

async fn change(
    roster: &Roster,
    grant: Grant<rights::UseGroups>,
    (id, link, object): (String, Link, String),
    work: UseCase,
) -> Result<HttpResponse, Failure> {
    roster.write(grant, move |tx, grant| work(tx, grant, &id, link, &object)).await?;
    Ok(HttpResponse::NoContent().finish())
}
