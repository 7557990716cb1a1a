//! Pages, numbers and orders of any collection.

use super::document::{Collection, Document};
use super::world::World;
use super::{identities, next, with};
use serde_json::Value;
use std::collections::HashSet;

/// Every page of a collection; at most so many objects on each.
async fn pages(world: &World<'_>, first: &str, top: usize) -> Vec<Vec<String>> {
    let mut pages = Vec::new();
    let mut path = Some(first.to_owned());
    while let Some(here) = path {
        let page = world.caller.get(&here).await.is(200);
        assert!(page.items().len() <= top, "more than $top={top}: {page}");
        path = next(&page);
        pages.push(identities(page.items()));
    }
    pages
}

/// All objects of a collection, in its order.
async fn all(world: &World<'_>, path: &str) -> Vec<String> {
    pages(world, path, usize::MAX).await.concat()
}

/// A size with which there are several pages.
fn part(objects: usize) -> usize {
    (objects / 4).max(1)
}

/// Objects that stay are listed once, whatever comes and goes between the pages.
pub(super) async fn give_each_object_once(world: &World<'_>, collection: &Collection) {
    let (path, template) = (world.path(&collection.template), &collection.template);
    let mut added = Vec::new();
    for _ in 0..3 {
        added.extend(world.add(collection).await);
    }
    let before = all(world, &path).await;
    assert!(!before.is_empty(), "{template} is empty");
    let distinct: HashSet<&String> = before.iter().collect();
    assert_eq!(distinct.len(), before.len(), "{template} names an object twice: {before:?}");
    assert!(added.iter().all(|id| distinct.contains(id)), "{template} lacks what was added");
    if !collection.takes("$top") {
        assert!(!collection.takes("$skiptoken"), "{template} has pages without $top");
        return;
    }
    let top = part(before.len());
    let paged = pages(world, &with(&path, &[("$top", &top.to_string())]), top).await;
    assert_eq!(paged.concat(), before, "{template} with $top={top}");
    if !added.is_empty() {
        while_others_come_and_go(world, collection, &before, &added).await;
    }
}

/// Pages through a collection in which objects are added and deleted after the first page; among
/// them the one at which the first page ends.
async fn while_others_come_and_go(
    world: &World<'_>,
    collection: &Collection,
    before: &[String],
    added: &[String],
) {
    let (path, template) = (world.path(&collection.template), &collection.template);
    let mut added: Vec<(usize, &String)> =
        before.iter().enumerate().filter(|(_, id)| added.contains(id)).collect();
    let unseen = added.pop().expect("three were added").1;
    let (last, at_the_end) = *added.first().expect("three were added");
    let top = last + 1;
    let mut page = world.caller.get(&with(&path, &[("$top", &top.to_string())])).await.is(200);
    let mut seen = identities(page.items());
    assert_eq!(seen, before[..top], "{template}: {page}");
    let passing = world.add(collection).await.expect("what can be added");
    let mut gone = HashSet::new();
    for id in [at_the_end, unseen, &passing] {
        if world.remove(collection, id).await {
            gone.insert(id.clone());
        }
    }
    let late = world.add(collection).await;
    while let Some(link) = next(&page) {
        page = world.caller.get(&link).await.is(200);
        assert!(page.items().len() <= top, "more than $top={top}: {page}");
        let found = identities(page.items());
        assert!(found.iter().all(|id| !gone.contains(id)), "{template} gives what is gone: {page}");
        seen.extend(found);
    }
    let distinct: HashSet<&String> = seen.iter().collect();
    assert_eq!(distinct.len(), seen.len(), "{template} gives an object twice: {seen:?}");
    let lost = before.iter().filter(|id| !gone.contains(*id) && !distinct.contains(id));
    let lost: Vec<_> = lost.collect();
    assert!(lost.is_empty(), "{template} loses {lost:?} of {before:?} with $top={top}");
    // Some places admit few objects.
    for id in late.iter().chain(added.iter().map(|(_, id)| *id)) {
        if !gone.contains(id) {
            world.remove(collection, id).await;
        }
    }
}

/// `$count=true` and `…/$count` tell how many objects are listed, of a part of them too where ids can
/// be filtered by.
pub(super) async fn count(world: &World<'_>, document: &Document, collection: &Collection) {
    let path = world.path(&collection.template);
    let listed = all(world, &path).await;
    if !collection.takes("$count") {
        assert!(!collection.is_counted, "{path}/$count is served, $count=true is not");
        return;
    }
    let some = listed.iter().take(2).map(|id| format!("'{id}'")).collect::<Vec<_>>().join(",");
    let of_some = [("$filter", format!("id in ({some})"))];
    let unserved = |kind: &&Value| {
        let id = &kind["properties"]["id"];
        id.is_object() && !id["description"].to_string().contains("Supports `$filter`.")
    };
    let mut parts = vec![(&[][..], listed.len())];
    if !document.kinds(collection.item()).iter().any(unserved) {
        parts.push((&of_some[..], listed.len().min(2)));
    }
    for (filter, number) in parts {
        let filter: Vec<_> = filter.iter().map(|(name, text)| (*name, text.as_str())).collect();
        let asked = [&filter[..], &[("$count", "true"), ("$top", "1")]].concat();
        let page = world.caller.get(&with(&path, &asked)).await.is(200);
        assert_eq!(page["@odata.count"], number, "{page}");
        if let Some(link) = next(&page) {
            let second = world.caller.get(&link).await.is(200);
            assert_eq!(second.json.get("@odata.count"), None, "{second}");
        }
        if collection.is_counted {
            let alone = world.caller.get(&with(&format!("{path}/$count"), &filter)).await.is(200);
            assert_eq!(alone.text, number.to_string(), "{alone}");
        }
    }
    let page = world.caller.get(&with(&path, &[("$count", "false")])).await.is(200);
    assert_eq!(page.json.get("@odata.count"), None::<&Value>, "{page}");
}

/// Whatever is sorted by, and though many objects are alike in it, pages add up to the whole.
pub(super) async fn order(world: &World<'_>, document: &Document, collection: &Collection) {
    if !collection.takes("$orderby") {
        return;
    }
    let path = world.path(&collection.template);
    let objects: HashSet<String> = all(world, &path).await.into_iter().collect();
    let top = part(objects.len());
    let kinds = document.kinds(collection.item());
    let sorted = collection.marked(&kinds, "Supports `$orderby`.");
    // What can be sorted by depends on the kind of object, so one collection of each tries all.
    let few = if collection.template.contains("/{id}/") || collection.template.contains("/me/") {
        2
    } else {
        usize::MAX
    };
    for name in sorted.into_iter().take(few) {
        for order in [name.to_owned(), format!("{name} desc")] {
            let whole = all(world, &with(&path, &[("$orderby", &order)])).await;
            let top_text = top.to_string();
            let options = [("$orderby", order.as_str()), ("$top", &top_text)];
            let paged = pages(world, &with(&path, &options), top).await;
            assert_eq!(paged.concat(), whole, "{path} by {order}, pages of {top}");
            assert_eq!(whole.len(), objects.len(), "{path} by {order}");
            assert_eq!(whole.into_iter().collect::<HashSet<_>>(), objects, "{path} by {order}");
        }
    }
}
