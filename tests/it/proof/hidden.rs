//! What a member may not read is in no answer and decides none: properties, people, groups and
//! memberships that are hidden, over every operation that reads (S36, S39, V14).

use super::document;
use crate::matrix::{Operation, objects, operations};
use roster_tests::{Answer, Client, INITIAL_DOMAIN, TestApp, on_both, person};
use serde_json::{Value, json};
use std::collections::HashMap;

on_both! {
    no_reading_operation_shows_what_is_hidden,
    no_option_reaches_a_property_that_is_hidden,
}

/// Marks of what members may not read; each is seen by a global administrator.
const MARKS: [&str; 11] = [
    "canary-other",
    "canary-employee",
    "canary-type",
    "canary-division",
    "canary-extension",
    "canary-anchor",
    "canary-alias",
    "canary-nickname",
    "canary-person",
    "canary-group",
    "canary-contact",
];

/// A person whom everybody sees, but not in the group with hidden members.
const INSIDE: &str = "canary inside";

/// A directory with marks, seen by somebody without a role.
struct Marked {
    /// The ids of what everybody sees, by the path of the collection.
    shown: HashMap<&'static str, String>,
    /// Everything, shown or not.
    ids: Vec<String>,
    /// The person whose properties are marked.
    jan: String,
    /// The group with hidden members.
    closed: String,
}

async fn made(client: &Client, path: &str, body: &Value) -> String {
    client.post(path, body).await.is(201).id()
}

/// A user whose restricted properties are marked.
fn marked_person() -> Value {
    let mut body = person("Jan Jansen");
    for (name, value) in [
        ("otherMails", json!(["canary-other@elsewhere.example"])),
        ("employeeId", json!("canary-employee")),
        ("employeeType", json!("canary-type")),
        ("employeeOrgData", json!({"division": "canary-division"})),
        ("onPremisesExtensionAttributes", json!({"extensionAttribute7": "canary-extension"})),
        ("onPremisesImmutableId", json!("canary-anchor")),
        ("mailNickname", json!("canary-nickname")),
        ("proxyAddresses", json!([format!("smtp:canary-alias@{INITIAL_DOMAIN}")])),
    ] {
        body[name] = value;
    }
    body
}

impl Marked {
    async fn new(app: &TestApp, member: &str) -> Self {
        let client = app.client().await;
        let address =
            |id: &str| json!({"@odata.id": format!("{}/v1.0/directoryObjects/{id}", app.url)});
        let jan = made(&client, "/v1.0/users", &marked_person()).await;
        let mut hidden = person("canary-person");
        hidden["showInAddressList"] = json!(false);
        let hidden = made(&client, "/v1.0/users", &hidden).await;
        let contact = json!({"displayName": "Pablo", "mail": "pablo@elsewhere.example"});
        let contact = made(&client, "/v1.0/contacts", &contact).await;
        let secret = json!({
            "displayName": "canary-contact", "mail": "canary-contact@elsewhere.example",
            "hiddenFromAddressListsEnabled": true,
        });
        let secret = made(&client, "/v1.0/contacts", &secret).await;
        let inside = made(&client, "/v1.0/users", &person(INSIDE)).await;
        let group = |name: &str, owners: &[&str], with: Value| {
            let owners: Vec<_> = owners.iter().map(|id| address(id)["@odata.id"].clone()).collect();
            let mut body = json!({
                "displayName": name, "mailNickname": name, "mailEnabled": true,
                "groupTypes": ["Unified"], "securityEnabled": false,
                "owners@odata.bind": owners,
            });
            body.as_object_mut().unwrap().extend(with.as_object().unwrap().clone());
            body
        };
        let shown = group("bakers", &[&jan, &hidden], json!({}));
        let shown = made(&client, "/v1.0/groups", &shown).await;
        let unlisted = group("canary-group", &[&jan], json!({"hideFromAddressLists": true}));
        let unlisted = made(&client, "/v1.0/groups", &unlisted).await;
        let closed = group("cooks", &[&jan], json!({"visibility": "HiddenMembership"}));
        let closed = made(&client, "/v1.0/groups", &closed).await;
        for (at, place, id) in [
            (&shown, "members", &jan),
            (&shown, "members", &hidden),
            (&shown, "acceptedSenders", &secret),
            (&shown, "rejectedSenders", &hidden),
            (&unlisted, "members", &jan),
            (&closed, "members", &inside),
        ] {
            let path = format!("/v1.0/groups/{at}/{place}/$ref");
            client.post(&path, &address(id)).await.is(204);
        }
        for (of, manager) in [
            (format!("users/{jan}"), &hidden),
            (format!("users/{hidden}"), &jan),
            (format!("users/{member}"), &hidden),
            (format!("contacts/{contact}"), &secret),
            (format!("contacts/{secret}"), &contact),
        ] {
            let put = client.request("PUT", &format!("/v1.0/{of}/manager/$ref"));
            client.send(put.json(&address(manager))).await.is(204);
        }
        let ids = [&jan, &hidden, &contact, &secret, &inside, &shown, &unlisted, &closed];
        let ids = ids.map(Clone::clone).to_vec();
        let shown = HashMap::from([
            ("/v1.0/users", jan.clone()),
            ("/v1.0/directoryObjects", jan.clone()),
            ("/v1.0/contacts", contact),
            ("/v1.0/groups", shown),
        ]);
        Self { shown, ids, jan, closed }
    }

    /// The paths of an operation on what is shown; below it, with each of all.
    fn paths(&self, operation: &Operation) -> Vec<String> {
        let Some((collection, rest)) = operation.template.split_once("/{") else {
            return vec![operation.template.clone()];
        };
        let rest = rest.split_once('}').map_or("", |(_, rest)| rest);
        let first = match self.shown.get(collection) {
            Some(id) if rest.contains('{') => vec![format!("{collection}/{id}{rest}")],
            // What is hidden itself is asked for too.
            Some(_) => self.ids.iter().map(|id| format!("{collection}/{id}{rest}")).collect(),
            None => vec![format!("{collection}/{}{rest}", self.ids[0])],
        };
        let each = |path: String| -> Vec<String> {
            match (path.find('{'), path.find('}')) {
                (Some(from), Some(to)) => self
                    .ids
                    .iter()
                    .map(|id| format!("{}{id}{}", &path[..from], &path[to + 1..]))
                    .collect(),
                _ => vec![path],
            }
        };
        first.into_iter().flat_map(each).collect()
    }
}

/// Names of the options that an operation takes.
fn options(document: &Value, operation: &Operation) -> Vec<String> {
    let parameters = &document["paths"][&operation.template][&operation.method]["parameters"];
    let names = parameters.as_array().into_iter().flatten();
    names.filter_map(|each| each["name"].as_str()).map(str::to_owned).collect()
}

/// Filters and orders by properties that groups and contacts have too, and that members may not
/// read of users.
const ORACLES: [&str; 3] = [
    "startswith(mailNickname,'canary-n')",
    "proxyAddresses/any(x:startswith(x,'smtp:canary-a'))",
    "createdDateTime ge 2000-01-01T00:00:00Z",
];

/// The options of one request.
type Options = Vec<(&'static str, &'static str)>;

/// What is asked of an operation: plainly, with each relation, and by words and filters.
fn asked(path: &str, options: &[String]) -> Vec<Options> {
    let mut asked = vec![vec![]];
    for relation in ["manager", "directReports", "memberOf", "members", "owners", "principal"] {
        asked.push(vec![("$expand", relation)]);
    }
    let search = if path.contains("addressBook") { "canary" } else { "\"displayName:canary\"" };
    asked.push(vec![("$search", search)]);
    asked.push(vec![("$select", "id,mailNickname,proxyAddresses,createdDateTime")]);
    asked.extend(ORACLES.map(|filter| vec![("$filter", filter)]));
    asked.retain(|asked| asked.iter().all(|(name, _)| options.iter().any(|known| known == name)));
    asked
}

/// What an answer shows of what is hidden.
fn shown(answer: &Answer, options: &[(&str, &str)], path: &str, marked: &Marked) -> Vec<String> {
    let mut shown: Vec<_> = MARKS.iter().filter(|mark| answer.text.contains(**mark)).collect();
    if path.contains(&marked.closed) && answer.text.contains(INSIDE) {
        shown.push(&INSIDE);
    }
    // Whoever is found by a property is shown to have it.
    let of_oneself = path.contains(&marked.jan);
    let filtered = options.iter().find(|(name, _)| *name == "$filter");
    if let Some((_, filter)) = filtered
        && answer.status == 200
        && (answer.text.contains(&marked.jan) && !of_oneself
            || answer.text == "1" && !filter.starts_with("created"))
    {
        shown.push(filter);
    }
    shown.iter().map(|mark| format!("{mark} {options:?}: {answer}")).collect()
}

/// Questions that are asked with a body.
fn questions(ids: &[String]) -> Vec<(String, Value)> {
    let mut all = vec![
        ("/v1.0/directoryObjects/getByIds".to_owned(), json!({"ids": ids})),
        ("/v1.0/permissions/check".to_owned(), json!({"operation": "update_me"})),
    ];
    for id in ids {
        let checks = [
            ("getMemberGroups", json!({"securityEnabledOnly": false})),
            ("getMemberObjects", json!({"securityEnabledOnly": false})),
            ("checkMemberGroups", json!({"groupIds": ids})),
            ("checkMemberObjects", json!({"ids": ids})),
        ];
        for (check, body) in checks {
            all.push((format!("/v1.0/directoryObjects/{id}/{check}"), body));
        }
        let operation = json!({"operation": "update_user", "target": id});
        all.push(("/v1.0/permissions/check".to_owned(), operation));
    }
    all
}

async fn no_reading_operation_shows_what_is_hidden(app: TestApp) {
    let document = document(&app).await;
    let (id, member) = app.holder("Member", &[]).await;
    let marked = Marked::new(&app, &id).await;
    let global = app.as_global().await;
    let (mut seen, mut failed) = (String::new(), Vec::new());
    for operation in operations(&document).iter().filter(|each| each.method == "get") {
        let options = options(&document, operation);
        for path in marked.paths(operation) {
            for asked in asked(&path, &options) {
                let answer = member.query(&path, &asked).await;
                failed.extend(shown(&answer, &asked, &path, &marked));
                if asked.is_empty() {
                    seen += &global.get(&path).await.text;
                }
            }
        }
    }
    for (path, body) in questions(&marked.ids) {
        let answer = member.post(&path, &body).await;
        failed.extend(shown(&answer, &[], &path, &marked));
    }
    assert!(failed.is_empty(), "{}: {failed:#?}", failed.len());
    let all = "otherMails,employeeId,employeeType,employeeOrgData,onPremisesExtensionAttributes,\
               onPremisesImmutableId,mailNickname,proxyAddresses";
    seen += &global.query("/v1.0/users", &[("$select", all)]).await.is(200).text;
    for mark in MARKS.iter().chain([&INSIDE]) {
        assert!(seen.contains(mark), "nobody sees {mark}, so the test proves nothing");
    }
}

/// The properties of users that members may not read and that nothing else has.
fn restricted(document: &Value) -> Vec<String> {
    let of = |entity: &str| document["components"]["schemas"][entity]["properties"].as_object();
    let others = ["group", "orgContact", "addressBookEntry", "directoryRole", "roleHolder"];
    let has = |entity: &str, name: &str| of(entity).is_some_and(|of| of.contains_key(name));
    let restricted = of("user").expect("a schema").iter().filter(|(name, schema)| {
        let text = schema["description"].as_str().unwrap_or_default();
        let own = !others.iter().any(|entity| has(entity, name));
        let written = ["passwordProfile", "roles"].contains(&name.as_str());
        own && !written && !name.contains('@') && !text.contains("Every member may read it")
    });
    restricted.map(|(name, _)| name.clone()).collect()
}

async fn no_option_reaches_a_property_that_is_hidden(app: TestApp) {
    let document = document(&app).await;
    let member = app.as_member().await;
    let restricted = restricted(&document);
    assert!(restricted.len() > 30, "{restricted:?}");
    let (mut refused, mut failed, mut made) = (0, Vec::new(), HashMap::new());
    for operation in operations(&document).iter().filter(|each| each.method == "get") {
        let options = options(&document, operation);
        let path = match operation.template.contains('{') {
            true => objects::path(&app, &operation.template, &mut made).await,
            false => operation.template.clone(),
        };
        // Everything where there are people only, else a text and a collection.
        let of_people = ["/v1.0/users", "/v1.0/users/$count", "/v1.0/users/{id}", "/v1.0/me"];
        let all = of_people.contains(&operation.template.as_str());
        let one = |name: &&String| ["employeeId", "otherMails"].contains(&&***name);
        for (option, value) in
            restricted.iter().filter(|name| all || one(name)).flat_map(|name| attempts(name))
        {
            // In the address book words are searched, and no properties named.
            let words = option == "$search" && path.contains("addressBook");
            if words || !options.iter().any(|known| known == option) {
                continue;
            }
            let answer = member.query(&path, &[(option, &value)]).await;
            if ![400, 403, 404].contains(&answer.status) {
                failed.push(format!("{} with {option}={value}: {answer}", operation.key()));
            }
            refused += usize::from(answer.status != 404);
        }
    }
    assert!(failed.is_empty(), "{}: {failed:#?}", failed.len());
    assert!(refused > 1_000, "only {refused} requests were refused");
}

/// The ways to name a property.
fn attempts(name: &str) -> Vec<(&'static str, String)> {
    vec![
        ("$select", format!("id,{name}")),
        ("$filter", format!("{name} eq null")),
        ("$filter", format!("not (id eq '{}' or {name} ne null)", super::RANDOM)),
        ("$filter", format!("{name}/any(x:x eq 'a')")),
        ("$filter", format!("manager/{name} eq null")),
        ("$filter", format!("startswith({name},'canary')")),
        ("$orderby", format!("displayName,{name} desc")),
        ("$search", format!("\"{name}:canary\"")),
        ("$expand", format!("manager($select={name})")),
        ("$expand", format!("directReports($select={name})")),
        ("$expand", format!("members($select={name})")),
    ]
}
