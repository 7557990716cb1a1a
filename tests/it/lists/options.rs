//! What options make of the answers of any collection.

use super::document::{Collection, Comes, Document};
use super::world::World;
use super::{members, with};
use roster_tests::Answer;
use serde_json::Value;
use std::collections::BTreeSet;

/// The options that lists have in general.
const OPTIONS: [(&str, &str); 7] = [
    ("$select", "id"),
    ("$filter", "id eq 'x'"),
    ("$orderby", "id"),
    ("$search", "\"displayName:x\""),
    ("$count", "true"),
    ("$expand", "manager"),
    ("$top", "1"),
];

/// Answers are as the document says, and `$select` and `$expand` give what they name.
pub(super) async fn project(world: &World<'_>, document: &Document, collection: &Collection) {
    let path = world.path(&collection.template);
    let page = world.caller.get(&path).await.is(200);
    conforms(document, collection, &page);
    let kinds = document.kinds(collection.item());
    if collection.takes("$select") {
        for kind in &kinds {
            let all = collection.selectable(document, kind);
            let half = |of: usize| all.iter().skip(of).step_by(2).copied().collect::<Vec<_>>();
            for names in [all.clone(), half(0), half(1), vec!["id"]] {
                select(world, document, collection, &names).await;
            }
        }
    }
    // What objects of several kinds are related to depends on the kind.
    let expands = !collection.is_mixed(document);
    let relations = collection.properties(kinds[0], Comes::Expanded);
    let relations = if expands { relations } else { Vec::new() };
    assert_eq!(!relations.is_empty(), collection.takes("$expand"), "{path}: {relations:?}");
    for relation in relations {
        let options = [("$expand", relation)];
        let page = world.caller.get(&with(&path, &options)).await.is(200);
        conforms(document, collection, &page);
        assert!(page.items().iter().all(|item| members(item).contains(relation)), "{page}");
    }
}

async fn select(world: &World<'_>, document: &Document, collection: &Collection, names: &[&str]) {
    let path = world.path(&collection.template);
    let page = world.caller.get(&with(&path, &[("$select", &names.join(","))])).await.is(200);
    conforms(document, collection, &page);
    for item in page.items() {
        if item.get("@odata.id").is_some() {
            assert!(members(item).is_empty(), "a reference has no properties: {item}");
            continue;
        }
        let kind = document.schema_of(collection.item(), item);
        let known = collection.selectable(document, kind);
        let chosen: BTreeSet<&str> =
            names.iter().copied().filter(|name| known.contains(name)).collect();
        assert_eq!(members(item), chosen, "{path}: {item}");
    }
}

fn conforms(document: &Document, collection: &Collection, page: &Answer) {
    let faults = document.faults(&collection.answer, &page.json, "");
    assert!(faults.is_empty(), "{}: {faults:#?}\n{page}", collection.template);
}

/// What a collection does not know is refused, all of it at once.
pub(super) async fn refuse(world: &World<'_>, document: &Document, collection: &Collection) {
    let path = world.path(&collection.template);
    names(world, &path, &[("$noSuch", "1"), ("$norThis", "2")], &["$norThis", "$noSuch"]).await;
    for (option, value) in OPTIONS {
        if !collection.takes(option) {
            names(world, &path, &[(option, value), ("$noSuch", "1")], &["$noSuch", option]).await;
        }
    }
    if collection.is_counted {
        let path = format!("{path}/$count");
        names(world, &path, &[("$noSuch", "1"), ("$norThis", "2")], &["$norThis", "$noSuch"]).await;
    }
    let unknown = [
        ("$select", "noSuch,id,norThis", &["norThis", "noSuch"][..]),
        ("$orderby", "noMore desc,neverThis", &["neverThis", "noMore"]),
        ("$filter", "nowhere eq 'x' and id eq 'x'", &["nowhere"]),
        ("$expand", "noRelation", &["$expand"]),
        ("$top", "0", &["$top"]),
        ("$count", "maybe", &["$count"]),
    ];
    let unknown: Vec<_> =
        unknown.into_iter().filter(|(option, ..)| collection.takes(option)).collect();
    for (option, value, targets) in &unknown {
        names(world, &path, &[(option, value)], targets).await;
    }
    let mut together: Vec<(&str, &str)> =
        unknown.iter().map(|(option, value, _)| (*option, *value)).collect();
    together.push(("$noSuch", "1"));
    let mut targets: Vec<&str> =
        unknown.iter().flat_map(|(.., targets)| *targets).copied().collect();
    targets.push("$noSuch");
    names(world, &path, &together, &targets).await;
    if collection.takes("$select") {
        unselectable(world, document, collection).await;
    }
    if collection.takes("$skiptoken") {
        misplaced(world, collection).await;
    }
}

/// A token goes on with the list that it was made for, and with no other one.
async fn misplaced(world: &World<'_>, collection: &Collection) {
    let path = world.path(&collection.template);
    let page = world.caller.query(&path, &[("$top", "1")]).await.is(200);
    let Some(link) = super::next(&page) else { return };
    let token = link.split("$skiptoken=").nth(1).expect("a token");
    for other in ["/v1.0/users", "/v1.0/groups"].into_iter().filter(|other| *other != path) {
        names(world, other, &[("$top", "1"), ("$skiptoken", token)], &["$skiptoken"]).await;
    }
}

/// What is only written or expanded cannot be selected.
async fn unselectable(world: &World<'_>, document: &Document, collection: &Collection) {
    let path = world.path(&collection.template);
    let kinds = document.kinds(collection.item());
    let of = |way| -> BTreeSet<&str> {
        kinds.iter().flat_map(|kind| collection.properties(kind, way)).collect()
    };
    let mut never = of(Comes::Expanded);
    if collection.is_mixed(document) {
        never.extend(of(Comes::Computed));
    }
    for name in never.difference(&of(Comes::Selected)) {
        names(world, &path, &[("$select", name)], &[name]).await;
    }
}

/// Asserts that a request is refused and the refusal names these.
async fn names(world: &World<'_>, path: &str, options: &[(&str, &str)], targets: &[&str]) {
    let refused = world.caller.query(path, options).await.is(400).enveloped();
    let mut named: BTreeSet<&str> = refused.targets().into_iter().collect();
    named.extend(refused["error"]["target"].as_str());
    let expected: BTreeSet<&str> = targets.iter().copied().collect();
    assert_eq!(named, expected, "{refused}");
}

/// A value that no schema is about.
#[test]
fn a_value_that_the_document_does_not_know_is_a_fault() {
    let document = Document::new(serde_json::json!({}));
    let schema = serde_json::json!({
        "type": "object", "required": ["id"],
        "properties": {"id": {"type": "string"}, "n": {"type": ["integer", "null"]}}
    });
    let faults = |value: &Value| document.faults(&schema, value, "");
    assert_eq!(faults(&serde_json::json!({"id": "x", "n": null})), Vec::<String>::new());
    assert_eq!(faults(&serde_json::json!({"n": "x"})).len(), 2);
    assert_eq!(
        faults(&serde_json::json!({"id": "x", "more": 1})),
        ["/more is not in the document"]
    );
}
