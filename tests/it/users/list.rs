//! Listing users: options, pages and what is wrong with them (S48, S49).

use futures_util::future::{join, join_all};
use roster_tests::{TestApp, on_both, person, upn};
use serde_json::{Value, json};
use std::collections::HashSet;

on_both! {
    what_nobody_knows_goes_along_in_the_link_and_does_no_harm,
    select_answers_exactly_what_it_names,
    filters_find_what_they_say,
    orders_are_the_same_on_both_databases,
    search_finds_words_in_any_order,
    count_is_honoured_on_the_first_page_and_alone,
    wrong_options_are_named_with_a_remedy,
    wildcards_of_the_database_are_ordinary_characters,
    a_skip_token_belongs_to_its_query_and_is_not_to_be_changed,
    pages_lose_and_double_nobody_while_others_insert,
    a_list_of_roles_or_users_never_shows_a_secret,
}

const PEOPLE: [(&str, &str, &str); 5] = [
    ("Jan Jansen", "Sales", "Amsterdam"),
    ("jan de vries", "Sales", "Delft"),
    ("Élodie Dupont", "Legal", "Gouda"),
    ("Zoë Bakker", "Sales", ""),
    ("Jan_Peter 100%", "IT", "Delft"),
];

async fn people(app: &TestApp) {
    for (name, department, city) in PEOPLE {
        let mut body = person(name);
        body["department"] = json!(department);
        body["city"] = json!(city);
        body["accountEnabled"] = json!(city != "Gouda");
        app.create(&body).await;
    }
}

async fn names(app: &TestApp, options: &[(&str, &str)]) -> Vec<String> {
    let client = app.client().await;
    let mut names = client.query("/v1.0/users", options).await.is(200).column("displayName");
    names.retain(|name| PEOPLE.iter().any(|(known, ..)| known == name));
    names
}

async fn select_answers_exactly_what_it_names(app: TestApp) {
    people(&app).await;
    let client = app.client().await;
    let page = client.get("/v1.0/users?$select=id,City&$top=1").await.is(200);
    let members: HashSet<&str> =
        page.items()[0].as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(members, HashSet::from(["@odata.etag", "id", "city"]));
    let alike = client.get("/v1.0/users?%24select=id,city&%24top=1").await.is(200);
    assert_eq!(alike.items(), page.items());
}

async fn filters_find_what_they_say(app: TestApp) {
    people(&app).await;
    let cases: [(&str, &[&str]); 14] = [
        ("startswith(displayName,'Jan')", &["Jan Jansen", "jan de vries", "Jan_Peter 100%"]),
        ("displayName eq 'JAN JANSEN'", &["Jan Jansen"]),
        ("department ne 'Sales'", &["Élodie Dupont", "Jan_Peter 100%"]),
        ("department in ('Legal','IT')", &["Élodie Dupont", "Jan_Peter 100%"]),
        ("city eq null and department eq 'Sales'", &["Zoë Bakker"]),
        ("city ne null and department eq 'Sales'", &["Jan Jansen", "jan de vries"]),
        ("accountEnabled eq false", &["Élodie Dupont"]),
        ("not (department eq 'Sales') and city eq 'Delft'", &["Jan_Peter 100%"]),
        ("department eq 'IT' or (city eq 'Gouda')", &["Élodie Dupont", "Jan_Peter 100%"]),
        ("displayName ge 'zoë'", &["Zoë Bakker", "Élodie Dupont"]),
        ("displayName lt 'jan e' and displayName gt 'jan b'", &["jan de vries"]),
        ("mail eq 'JANJANSEN@contoso.onroster.example'", &["Jan Jansen"]),
        ("createdDateTime le 2001-01-01T00:00:00Z", &[]),
        ("startswith(displayName,'élo')", &["Élodie Dupont"]),
    ];
    for (filter, expected) in cases {
        let found: HashSet<String> =
            names(&app, &[("$filter", filter)]).await.into_iter().collect();
        let expected: HashSet<String> = expected.iter().map(|name| (*name).to_owned()).collect();
        assert_eq!(found, expected, "{filter}");
        let count = app.client().await.query("/v1.0/users/$count", &[("$filter", filter)]).await;
        assert!(count.is(200).text.parse::<usize>().unwrap() >= expected.len(), "{filter}");
    }
}

async fn orders_are_the_same_on_both_databases(app: TestApp) {
    people(&app).await;
    let up = names(&app, &[("$orderby", "displayName")]).await;
    let expected = ["Élodie Dupont", "jan de vries", "Jan Jansen", "Jan_Peter 100%", "Zoë Bakker"];
    let mut sorted = up.clone();
    sorted.sort();
    let mut all = expected.map(str::to_owned).to_vec();
    all.sort();
    assert_eq!(sorted, all);
    let mut down = names(&app, &[("$orderby", "displayName desc")]).await;
    down.reverse();
    assert_eq!(up, down);
    insta::assert_snapshot!("order_of_names", up.join("\n"));
    let nulls = names(&app, &[("$orderby", "city,displayName desc"), ("$count", "true")]).await;
    insta::assert_snapshot!("order_of_cities", nulls.join("\n"));
    // The same order, a page at a time.
    let client = app.client().await;
    let paged = client.all("/v1.0/users?$orderby=city,displayName%20desc&$top=2").await;
    let mut paged: Vec<&str> =
        paged.iter().filter_map(|user| user["displayName"].as_str()).collect();
    paged.retain(|name| nulls.iter().any(|known| known == name));
    assert_eq!(paged, nulls);
}

async fn search_finds_words_in_any_order(app: TestApp) {
    people(&app).await;
    for (search, expected) in [
        ("\"displayName:jansen jan\"", vec!["Jan Jansen"]),
        ("\"displayName:elodie\"", vec!["Élodie Dupont"]),
        ("\"displayName:jan\" AND \"displayName:vri\"", vec!["jan de vries"]),
        ("\"displayName:ansen\"", vec![]),
    ] {
        assert_eq!(names(&app, &[("$search", search)]).await, expected, "{search}");
    }
}

async fn count_is_honoured_on_the_first_page_and_alone(app: TestApp) {
    people(&app).await;
    let client = app.client().await;
    let page = client.get("/v1.0/users?$count=true&$top=2").await.is(200);
    assert_eq!(page["@odata.count"], 6, "five people and the administrator");
    let second = client.get(&page.text_of("@odata.nextLink")).await.is(200);
    assert!(second.json.get("@odata.count").is_none(), "{second}");
    let alone = client.get("/v1.0/users/$count").await.is(200);
    assert_eq!((alone.text.as_str(), alone.header("content-type")), ("6", "text/plain"));
}

async fn wrong_options_are_named_with_a_remedy(app: TestApp) {
    let client = app.client().await;
    let long = "x".repeat(20_000);
    let deep = format!("{}city eq 'x'{}", "(".repeat(101), ")".repeat(101));
    let many = vec!["city eq 'x'"; 201].join(" or ");
    let cases: [(&str, &str); 24] = [
        ("$select", "shoeSize"),
        ("$select", "passwordProfile"),
        ("$orderby", "shoeSize"),
        ("$orderby", "displayName sideways"),
        ("$orderby", "businessPhones"),
        ("$top", "0"),
        ("$top", "1000"),
        ("$top", "-1"),
        ("$top", "many"),
        ("$count", "perhaps"),
        ("$skip", "5"),
        ("$skiptoken", "x"),
        ("$everything", "x"),
        ("$filter", "shoeSize eq 43"),
        ("$filter", "displayName eq"),
        ("$filter", "displayName eq 'x"),
        ("$filter", "displayName eq 5"),
        ("$filter", "contains(displayName,'x')"),
        ("$filter", "accountEnabled eq 'yes'"),
        ("$filter", "createdDateTime ge yesterday"),
        ("$filter", &long),
        ("$filter", &deep),
        ("$filter", &many),
        ("$search", "jan"),
    ];
    for (name, value) in cases {
        let refused = client.query("/v1.0/users", &[(name, value)]).await.is(400).enveloped();
        let target = refused["error"]["target"].as_str().unwrap_or_default();
        let named = [name, value].iter().any(|each| each.contains(target) || target.contains(each));
        assert!(!target.is_empty() && named, "{refused}");
    }
    client.get("/v1.0/users?$top=1&$top=2").await.is(400).enveloped();
}

async fn wildcards_of_the_database_are_ordinary_characters(app: TestApp) {
    people(&app).await;
    for (filter, expected) in [
        ("startswith(displayName,'Jan_')", vec!["Jan_Peter 100%"]),
        ("startswith(displayName,'%')", vec![]),
        ("startswith(displayName,'Jan_Peter 100%')", vec!["Jan_Peter 100%"]),
        ("startswith(displayName,'Jan\\')", vec![]),
        ("displayName eq 'x'' or ''1''=''1'", vec![]),
    ] {
        assert_eq!(names(&app, &[("$filter", filter)]).await, expected, "{filter}");
    }
}

async fn a_skip_token_belongs_to_its_query_and_is_not_to_be_changed(app: TestApp) {
    people(&app).await;
    let client = app.client().await;
    let page = client.get("/v1.0/users?$top=2&$orderby=displayName&$select=id").await.is(200);
    let link = page.text_of("@odata.nextLink");
    assert!(link.starts_with(&app.url) && link.contains("$orderby=displayName"), "{link}");
    let token = link.split("$skiptoken=").nth(1).expect("a token").to_owned();
    assert!(!link.contains("Jan") && !link.contains(&app.credentials.1), "{link}");
    client.get(&link).await.is(200);
    let other_order = link.replace("displayName", "city");
    client.get(&other_order).await.is(400).enveloped();
    let mut characters: Vec<char> = token.chars().collect();
    characters[10] = if characters[10] == 'A' { 'B' } else { 'A' };
    let changed: String = characters.into_iter().collect();
    client.get(&link.replace(&token, &changed)).await.is(400).enveloped();
    client.get(&link.replace(&token, &token[..20])).await.is(400).enveloped();
    app.other_tenant().await.get(&link).await.is(400).enveloped();
}

async fn pages_lose_and_double_nobody_while_others_insert(app: TestApp) {
    const PEOPLE: usize = 300;
    let client = app.client().await;
    let bodies: Vec<Value> = (0..PEOPLE).map(|n| person(&format!("Person {n:04}"))).collect();
    for some in bodies.chunks(50) {
        for made in join_all(some.iter().map(|body| client.post("/v1.0/users", body))).await {
            made.is(201);
        }
    }
    let insert = async {
        for number in 0..60 {
            let name = format!("Person {:04} late {number}", number * 5);
            client.post("/v1.0/users", &person(&name)).await.is(201);
        }
    };
    let path = "/v1.0/users?$top=17&$orderby=displayName&$select=id,displayName,userPrincipalName";
    let (listed, ()) = join(client.all(path), insert).await;
    let ids: HashSet<&str> = listed.iter().filter_map(|user| user["id"].as_str()).collect();
    assert_eq!(ids.len(), listed.len(), "nobody is doubled");
    let found: HashSet<&str> =
        listed.iter().filter_map(|user| user["userPrincipalName"].as_str()).collect();
    let lost: Vec<String> = (0..PEOPLE)
        .map(|n| upn(&format!("Person {n:04}")))
        .filter(|name| !found.contains(name.as_str()))
        .collect();
    assert!(lost.is_empty(), "nobody is lost: {lost:?}");
    let names: Vec<&str> = listed.iter().filter_map(|user| user["displayName"].as_str()).collect();
    let folded: Vec<String> = names.iter().map(|name| name.to_lowercase()).collect();
    assert!(folded.is_sorted(), "in order");
    let short = client.get("/v1.0/users?$top=999").await.is(200);
    assert!(short.json.get("@odata.nextLink").is_none());
    let full = client.get("/v1.0/users").await.is(200);
    assert_eq!(full.items().len(), 100, "the default page");
}

async fn a_list_of_roles_or_users_never_shows_a_secret(app: TestApp) {
    app.as_global().await;
    let client = app.client().await;
    let page = client.get("/v1.0/users?$top=999").await.is(200);
    for secret in ["passwordProfile", "argon2", "hash", roster_tests::PASSWORD] {
        assert!(!page.text.contains(secret), "{secret}");
    }
}

async fn what_nobody_knows_goes_along_in_the_link_and_does_no_harm(app: TestApp) {
    let client = app.client().await;
    app.person("Jan").await;
    let page = client.get("/v1.0/users?foo=1&a%26b=c%23&$top=1&$select=id").await.is(200);
    let link = page.text_of("@odata.nextLink");
    assert!(link.contains("?foo=1&a%26b=c%23&$top=1&"), "{link}");
    let next = client.get(link.strip_prefix(&app.url).unwrap()).await.is(200);
    assert_ne!(next.column("id"), page.column("id"));
}
