//! What handlers are registered at: it documents them, and leads each request to its own.
//!
//! The framework tries one pattern after the other, each a regular expression; with some two
//! hundred of them that cost more than the rest of a read. [`super::edge`] has looked the path up
//! already, so handlers stand behind guards that compare what was found: first by noun, then by
//! operation. Only the pattern of the right handler is matched, for its parameters.

use super::Context;
use actix_web::Scope;
use actix_web::dev::HttpServiceFactory;
use actix_web::guard::GuardContext;
use actix_web::http::Method;
use actix_web::web;
use utoipa::openapi::schema::Schema;
use utoipa::openapi::{Components, OpenApi, PathItem, Paths, RefOr};
use utoipa_actix_web::OpenApiFactory;

/// Collects handlers and their part of the document. Nouns, and the handlers of each, are tried in
/// the order in which they were added.
#[derive(Default)]
pub struct Services {
    nouns: Vec<(String, Vec<Scope>)>,
    paths: Paths,
    schemas: Vec<(String, RefOr<Schema>)>,
}

impl Services {
    /// Adds handlers, which serve exactly the operations that they document. All their paths start
    /// with the same noun.
    pub fn service<F>(&mut self, handlers: F) -> &mut Self
    where
        F: HttpServiceFactory + OpenApiFactory + 'static,
    {
        let paths = handlers.paths();
        handlers.schemas(&mut self.schemas);
        let operations = operations(&paths);
        let noun = operations.first().map(|(template, _)| noun(template)).unwrap_or_default();
        let noun = noun.to_owned();
        self.paths.merge(paths);
        let guard = move |request: &GuardContext<'_>| serves(&operations, request);
        let handlers = web::scope("").guard(guard).service(handlers);
        match self.nouns.iter_mut().find(|(known, _)| *known == noun) {
            Some((_, others)) => others.push(handlers),
            None => self.nouns.push((noun, vec![handlers])),
        }
        self
    }

    /// Adds what a function adds.
    pub fn configure(&mut self, register: impl FnOnce(&mut Self)) -> &mut Self {
        register(self);
        self
    }

    /// Completes a document by the handlers.
    pub fn document(self, mut document: OpenApi) -> OpenApi {
        document.paths.merge(self.paths);
        let components = document.components.get_or_insert_with(Components::new);
        components.schemas.extend(self.schemas);
        document
    }

    /// Hands the handlers to the framework.
    pub fn serve(self, app: &mut web::ServiceConfig) {
        for (noun, handlers) in self.nouns {
            app.service(handlers.into_iter().fold(of_noun(noun), Scope::service));
        }
    }
}

/// The start of a path that says what it is about: `/v1.0/users` of `/v1.0/users/{id}`.
fn noun(template: &str) -> &str {
    let end = template.match_indices('/').nth(2).map(|(at, _)| at);
    end.and_then(|end| template.get(..end)).unwrap_or(template)
}

fn of_noun(own: String) -> Scope {
    web::scope("").guard(move |request: &GuardContext<'_>| {
        template_of(request, |template| {
            let rest = template.strip_prefix(own.as_str());
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
    })
}

fn serves(operations: &[(String, Method)], request: &GuardContext<'_>) -> bool {
    let method = &request.head().method;
    template_of(request, |template| {
        operations.iter().any(|(path, allowed)| allowed == method && path == template)
    })
}

fn template_of(request: &GuardContext<'_>, is: impl FnOnce(&str) -> bool) -> bool {
    let data = request.req_data();
    let template = data.get::<Context>().and_then(|context| context.found().template());
    template.is_some_and(|template| is(template))
}

fn operations(paths: &Paths) -> Vec<(String, Method)> {
    let of_item = |(path, item): (&String, &PathItem)| {
        methods(item).into_iter().map(|method| (path.clone(), method)).collect::<Vec<_>>()
    };
    paths.paths.iter().flat_map(of_item).collect()
}

/// The methods of a path as handlers see them; HEAD reaches them as GET.
pub(super) fn methods(item: &PathItem) -> Vec<Method> {
    [
        (item.get.is_some(), Method::GET),
        (item.post.is_some(), Method::POST),
        (item.put.is_some(), Method::PUT),
        (item.patch.is_some(), Method::PATCH),
        (item.delete.is_some(), Method::DELETE),
    ]
    .into_iter()
    .filter_map(|(is_served, method)| is_served.then_some(method))
    .collect()
}
