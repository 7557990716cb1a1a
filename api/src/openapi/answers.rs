//! What answers have in common: refusals and headers.

use crate::http::envelope;
use std::collections::BTreeMap;
use utoipa::openapi::path::Operation;
use utoipa::openapi::schema::{SchemaType, Type};
use utoipa::openapi::{Header, HeaderBuilder, ObjectBuilder, OpenApi, Ref, RefOr, Response};

/// The headers, by name, with their meaning.
const HEADERS: [(&str, &str); 5] = [
    ("request-id", "Identifier of the answer; the service's log has it too."),
    ("client-request-id", "The identifier that the request carried, or that of the answer."),
    ("ETag", "Entity tag of the object, for `If-Match`."),
    ("Location", "Address of what was made."),
    ("Retry-After", "Seconds to wait before the next try; with 429 and 503."),
];

/// Schemas of objects that carry an entity tag.
const TAGGED: [&str; 3] = ["user", "orgContact", "group"];

/// Describes refusals and headers. Every operation may refuse; one that says more about a status
/// keeps its own words.
pub(super) fn describe(document: &mut OpenApi) {
    let components = document.components.get_or_insert_default();
    envelope::describe(components);
    components.headers.extend(HEADERS.map(|(name, text)| (name.to_owned(), header(text).into())));
    if let Some(RefOr::T(refusal)) = components.responses.get_mut(envelope::REFUSAL) {
        refusal.headers = refer(&["request-id", "client-request-id", "Retry-After"]);
    }
    for item in document.paths.paths.values_mut() {
        let is_tagged = item.get.as_ref().is_some_and(answers_tagged);
        for (method, operation) in super::operations(item) {
            for range in ["4XX", "5XX"] {
                let refusal = || Ref::from_response_name(envelope::REFUSAL).into();
                operation.responses.responses.entry(range.to_owned()).or_insert_with(refusal);
            }
            let changes = method == "PATCH" && is_tagged;
            for (status, response) in &mut operation.responses.responses {
                let RefOr::T(response) = response else { continue };
                response.headers.extend(refer(&headers(status, response, changes)));
            }
        }
    }
}

/// The headers of an answer; `changes` tells whether the operation changes an object with a tag.
fn headers(status: &str, response: &Response, changes: bool) -> Vec<&'static str> {
    let mut names = vec!["request-id", "client-request-id"];
    if is_tagged(response) || changes && status == "204" {
        names.push("ETag");
    }
    if status == "201" || status == "202" {
        names.push("Location");
    }
    names
}

fn answers_tagged(operation: &Operation) -> bool {
    let found = operation.responses.responses.get("200");
    matches!(found, Some(RefOr::T(response)) if is_tagged(response))
}

fn is_tagged(response: &Response) -> bool {
    response.content.values().any(|content| {
        let RefOr::T(content) = content else { return false };
        let Some(RefOr::Ref(schema)) = &content.schema else { return false };
        let name = schema.ref_location.rsplit('/').next().unwrap_or_default();
        TAGGED.contains(&name)
    })
}

fn header(text: &str) -> Header {
    let schema = ObjectBuilder::new().schema_type(SchemaType::new(Type::String)).build();
    HeaderBuilder::new().schema(Some(schema)).description(Some(text)).build()
}

fn refer(names: &[&str]) -> BTreeMap<String, RefOr<Header>> {
    let reference = |name: &&str| {
        let place = format!("#/components/headers/{name}");
        ((*name).to_owned(), RefOr::Ref(Ref::new(place)))
    };
    names.iter().map(reference).collect()
}
