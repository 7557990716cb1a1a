//! What every collection of the published document keeps to, whichever handler answers it: pages,
//! numbers, projections, orders and refusals.
//!
//! The collections are found in the document. One that the tests cannot fill fails them: say in
//! [`world`] how an object gets into it.

mod document;
mod options;
mod pages;
mod world;

use document::{Collection, Document};
use futures_util::FutureExt as _;
use roster_tests::{Answer, TestApp, on_both};
use serde_json::Value;
use std::collections::BTreeSet;
use std::panic::AssertUnwindSafe;
use world::World;

on_both! {
    pages_give_each_object_once_while_others_come_and_go,
    numbers_agree_with_what_is_listed,
    orders_are_total,
    answers_hold_what_is_chosen_and_nothing_the_document_does_not_know,
    every_unknown_option_and_property_is_refused_by_name,
}

/// Runs a body over every collection of a filled directory; names all that fail.
async fn over_every_collection(
    app: &TestApp,
    body: impl AsyncFn(&World<'_>, &Document, &Collection),
) {
    let document = Document::new(app.anonymous().get("/openapi.json").await.is(200).json);
    let collections = document.collections();
    let mut world = World::new(app).await;
    for collection in &collections {
        world.fill(collection).await;
    }
    let mut failed = Vec::new();
    for collection in &collections {
        let tried = AssertUnwindSafe(body(&world, &document, collection)).catch_unwind();
        if tried.await.is_err() {
            failed.push(&collection.template);
        }
    }
    let all = collections.len();
    assert!(failed.is_empty(), "{} of {all} collections, see above: {failed:#?}", failed.len());
}

async fn pages_give_each_object_once_while_others_come_and_go(app: TestApp) {
    over_every_collection(&app, async |world, _, collection| {
        pages::give_each_object_once(world, collection).await;
    })
    .await;
}

async fn numbers_agree_with_what_is_listed(app: TestApp) {
    over_every_collection(&app, pages::count).await;
}

async fn orders_are_total(app: TestApp) {
    over_every_collection(&app, pages::order).await;
}

async fn answers_hold_what_is_chosen_and_nothing_the_document_does_not_know(app: TestApp) {
    over_every_collection(&app, options::project).await;
}

async fn every_unknown_option_and_property_is_refused_by_name(app: TestApp) {
    over_every_collection(&app, options::refuse).await;
}

/// What tells an item of a collection from the others.
fn identity(item: &Value) -> String {
    let reference = item["@odata.id"].as_str().and_then(|address| address.rsplit('/').next());
    let id = item["id"].as_str().or(reference).map(str::to_owned);
    id.unwrap_or_else(|| format!("{} {}", item["service"], item["role"]))
}

/// The identities of the items of a page, in their order.
fn identities(items: &[Value]) -> Vec<String> {
    items.iter().map(identity).collect()
}

/// The names of an object's members without annotations.
fn members(item: &Value) -> BTreeSet<&str> {
    let members = item.as_object().expect("an object").keys().map(String::as_str);
    members.filter(|name| !name.contains('@')).collect()
}

/// The path of a collection with options.
fn with(path: &str, options: &[(&str, &str)]) -> String {
    let options: Vec<String> =
        options.iter().map(|(name, value)| format!("{name}={value}").replace(' ', "%20")).collect();
    if options.is_empty() { path.to_owned() } else { format!("{path}?{}", options.join("&")) }
}

/// The link to the next page.
fn next(page: &Answer) -> Option<String> {
    let link = page.json.get("@odata.nextLink")?;
    let link = link.as_str().unwrap_or_else(|| panic!("a null link: {page}"));
    assert!(link.starts_with("http"), "{page}");
    assert!(!page.items().is_empty(), "an empty page with a link ends iterators early: {page}");
    Some(link.to_owned())
}
