//! The permission matrix that the service shows, against the documentation, in both languages.

use super::rows;
use roster_tests::{Answer, ROLES, TestApp, on_both};
use serde_json::{Value, json};

on_both! {
    the_matrix_is_the_documented_one_cell_by_cell,
    the_words_of_the_documentation_stand_in_the_dutch_matrix,
    the_page_shows_the_same_cells_to_people,
    browsers_get_a_page_and_programs_get_json,
    everybody_reads_the_matrix_without_a_token_too,
}

const PATH: &str = "/v1.0/permissions/matrix";

fn texts<'a>(items: &'a Value, name: &str) -> Vec<&'a str> {
    items.as_array().unwrap().iter().map(|item| item[name].as_str().unwrap()).collect()
}

async fn the_matrix_is_the_documented_one_cell_by_cell(app: TestApp) {
    let matrix = app.as_member().await.get(PATH).await.is(200);
    assert_eq!(texts(&matrix["roles"], "key"), ROLES.map(|(key, _)| key));
    assert_eq!(texts(&matrix["roles"], "templateId"), ROLES.map(|(_, id)| id));
    let told = matrix["rows"].as_array().unwrap();
    assert_eq!(told.len(), 15);
    let mut granted = 0;
    for (number, (row, (key, _, cells))) in told.iter().zip(rows()).enumerate() {
        assert_eq!((&row["number"], &row["permission"]), (&json!(number + 1), &json!(key)));
        assert_eq!(texts(&row["cells"], "value"), cells, "{key}");
        assert_eq!(texts(&row["cells"], "role"), ROLES.map(|(key, _)| key), "{key}");
        granted += cells.iter().filter(|cell| **cell != "no").count();
        for cell in row["cells"].as_array().unwrap() {
            let letter = match cell["value"].as_str().unwrap() {
                "view" => json!("a"),
                "non-admins" => json!("b"),
                "limited" => json!("c"),
                _ => Value::Null,
            };
            assert_eq!(cell["footnote"], letter, "{key}: {cell}");
        }
    }
    assert_eq!(granted, 52, "cells of the documentation that say yes");
    assert_eq!(texts(&matrix["beside"], "permission"), ["manage_contacts", "manage_recipients"]);
    assert_eq!(texts(&matrix["footnotes"], "letter"), ["a", "b", "c"]);
}

async fn the_words_of_the_documentation_stand_in_the_dutch_matrix(app: TestApp) {
    let member = app.as_member().await;
    let dutch = member.with("Accept-Language", "nl").get(PATH).await.is(200);
    assert_eq!((dutch.header("content-language"), &dutch["language"]), ("nl", &json!("nl")));
    let documented: Vec<String> = rows().map(|(_, words, _)| words).collect();
    assert_eq!(texts(&dutch["rows"], "displayName"), documented);
    let english = member.get(PATH).await.is(200);
    assert_eq!((english.header("content-language"), &english["language"]), ("en", &json!("en")));
    let pairs = texts(&english["rows"], "displayName").into_iter().zip(&documented);
    for (english, dutch) in pairs {
        assert_ne!(english, dutch);
    }
    let no = |matrix: &Answer| matrix["rows"][14]["cells"][0]["text"].as_str().unwrap().to_owned();
    assert_eq!((no(&english), no(&dutch)), ("No".to_owned(), "Nee".to_owned()));
}

/// Texts of the body cells of the first table of a page.
fn cells(page: &str) -> Vec<String> {
    let table = page.split("</table>").next().unwrap();
    let cells = table.split("<td").skip(1).map(|cell| {
        let text = cell.split("</td>").next().unwrap().split_once('>').unwrap().1;
        match text.split_once('>') {
            Some((_, linked)) => linked.trim_end_matches("</a>").to_owned(),
            None => text.to_owned(),
        }
    });
    cells.collect()
}

async fn the_page_shows_the_same_cells_to_people(app: TestApp) {
    let member = app.as_member().await.with("Accept", "text/html");
    for (language, words) in [
        ("en", ["Yes", "No", "Yes (a)", "Limited (b)", "Limited (c)"]),
        ("nl", ["Ja", "Nee", "Ja (a)", "Beperkt (b)", "Beperkt (c)"]),
    ] {
        let page = member.with("Accept-Language", language).get(PATH).await.is(200);
        assert!(page.text.contains(&format!("<html lang=\"{language}\">")), "{page}");
        assert_eq!(page.header("content-language"), language);
        let expected: Vec<&str> = rows()
            .flat_map(|(_, _, cells)| cells)
            .map(|cell| match cell {
                "yes" => words[0],
                "no" => words[1],
                "view" => words[2],
                "non-admins" => words[3],
                _ => words[4],
            })
            .collect();
        assert_eq!(cells(&page.text), expected, "{language}");
    }
    let dutch = member.with("Accept-Language", "nl").get(PATH).await.text;
    for (_, words, _) in rows() {
        assert!(dutch.contains(&format!(". {words}</th>")), "{words}");
    }
    assert!(dutch.contains("Alleen voor mensen zonder beheerdersrol."), "footnote (b)");
}

async fn browsers_get_a_page_and_programs_get_json(app: TestApp) {
    let member = app.as_member().await;
    let browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
    for (accept, is_page) in [
        (browser, true),
        ("text/html", true),
        ("application/json", false),
        ("application/json, text/html;q=0.1", false),
        ("*/*", false),
    ] {
        let answer = member.with("Accept", accept).get(PATH).await.is(200);
        let kind = if is_page { "text/html" } else { "application/json" };
        assert!(answer.header("content-type").starts_with(kind), "{accept}: {answer}");
        assert!(answer.header("vary").contains("Accept-Language"), "{accept}");
        let policy = answer.header("content-security-policy");
        assert_eq!(is_page, policy.contains("style-src"), "{accept}: {policy}");
        assert!(!answer.text.contains("<script"), "the page has no scripts");
    }
}

async fn everybody_reads_the_matrix_without_a_token_too(app: TestApp) {
    let stranger = app.anonymous();
    let told = stranger.get(PATH).await.is(200);
    for (name, client) in app.everyone().await {
        assert_eq!(client.get(PATH).await.is(200).json, told.json, "{name}");
    }
    assert_eq!(app.other_tenant().await.get(PATH).await.is(200).json, told.json);
    // A token that is no longer good changes nothing either.
    app.bearer("expired").get(PATH).await.is(200);
    let page = stranger.with("Accept", "text/html").with("Accept-Language", "nl").get(PATH).await;
    let page = page.is(200);
    assert!(page.text.contains("<h1>Machtigingen per rol</h1>"), "{page}");
    assert_eq!(page.header("x-content-type-options"), "nosniff", "{page}");
    // Everything else stays closed.
    for path in ["/v1.0/directoryRoles", "/v1.0/roleManagement/directory/roleDefinitions"] {
        stranger.get(path).await.refuses(401, "InvalidAuthenticationToken");
    }
}
