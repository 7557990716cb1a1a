//! The README tells the truth: its walk runs as written, its table is the published document.

use roster_tests::{TestApp, on_both, program, say};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::process::Stdio;
use tokio::io::AsyncWriteExt as _;
use tokio::process::Command;

const README: &str = include_str!("../../README.md");
const DOCUMENT: &str = include_str!("../../openapi/roster.json");
/// Printed before each step of the walk, to tell the answers apart.
const MARK: &str = "-- next step --";

on_both! { every_line_of_the_walk_answers_as_written }

async fn every_line_of_the_walk_answers_as_written(app: TestApp) {
    let steps = steps();
    let Some(output) = shell(&script(&steps, &app)).await else {
        return say("skipped: the walk through the README needs bash, curl and sed");
    };
    let answers: Vec<_> = output.split(MARK).skip(1).map(lines).collect();
    assert_eq!(answers.len(), steps.len(), "the walk ended early:\n{output}");
    for (step, answer) in steps.iter().zip(&answers) {
        assert!(
            matches(&step.answer, answer),
            "the README's step\n{}\nanswers\n{answer}\nand not\n{}",
            step.commands,
            step.answer
        );
    }
}

/// What one block of the walk types, and what its answers look like.
struct Step {
    commands: String,
    /// `…` stands for any text.
    answer: String,
}

fn steps() -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    for (language, block) in blocks() {
        match (language, steps.last_mut()) {
            ("sh", _) => steps.push(Step { commands: block.to_owned(), answer: String::new() }),
            ("json" | "text", Some(step)) => step.answer = lines(block),
            _ => {}
        }
    }
    assert!(steps.len() > 5, "the README has lost its walk");
    steps
}

/// The fenced blocks with their languages.
fn blocks() -> impl Iterator<Item = (&'static str, &'static str)> {
    README.split("\n```").skip(1).step_by(2).filter_map(|block| block.split_once('\n'))
}

/// Lines that are not empty: commands without an answer print an empty one.
fn lines(text: &str) -> String {
    text.lines().filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

/// The steps as one script, with what the service printed at its first start.
fn script(steps: &[Step], app: &TestApp) -> String {
    let mut script = "set -eu\n".to_owned();
    for step in steps {
        script += &format!("echo '{MARK}'\n{}\n", step.commands);
    }
    let (client_id, client_secret) = &app.credentials;
    let mut put = |placeholder: &str, value: &str| {
        assert!(script.contains(placeholder), "the walk does not say where {placeholder} goes");
        script = script.replace(placeholder, value);
    };
    put("http://127.0.0.1:8080", &app.url);
    put("target/release/roster", &program().display().to_string());
    put("'CLIENT ID'", client_id);
    put("'CLIENT SECRET'", client_secret);
    put("'ONE-TIME PASSWORD'", &app.administrator.1);
    script
}

/// What a script prints; none where the machine has no bash or no curl.
async fn shell(script: &str) -> Option<String> {
    let has_curl = Command::new("curl").arg("--version").stdout(Stdio::null()).status().await;
    has_curl.ok()?;
    let mut bash = Command::new("bash")
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
        .env("NO_PROXY", "127.0.0.1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .ok()?;
    let mut input = bash.stdin.take().unwrap();
    input.write_all(script.as_bytes()).await.unwrap();
    drop(input);
    let output = bash.wait_with_output().await.unwrap();
    Some(String::from_utf8(output.stdout).unwrap())
}

/// Whether a text has the parts of a pattern in their order and nothing else around them.
fn matches(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('…');
    let Some(mut rest) = parts.next().and_then(|first| text.strip_prefix(first)) else {
        return false;
    };
    let Some(last) = parts.next_back() else { return rest.is_empty() };
    for part in parts {
        let Some((_, after)) = rest.split_once(part) else { return false };
        rest = after;
    }
    rest.ends_with(last)
}

#[test]
fn an_ellipsis_stands_for_any_text() {
    for (pattern, text, expected) in [
        ("a…c", "abc", true),
        ("a…c", "ac", true),
        ("a…c", "abcd", false),
        ("…b…", "abc", true),
        ("ab", "abc", false),
        ("", "", true),
        ("a…b…c", "a c b", false),
    ] {
        assert_eq!(matches(pattern, text), expected, "{pattern} {text}");
    }
}

#[test]
fn the_table_of_what_is_served_is_the_published_document() {
    let (served, told) = (document(), table());
    let missing: Vec<_> = served
        .iter()
        .filter(|(path, methods)| told.get(*path) != Some(methods) && !is_implied(path, &told))
        .map(|(path, methods)| format!("| `{path}` | {methods} |"))
        .collect();
    assert!(missing.is_empty(), "rows for the README's table:\n{}", missing.join("\n"));
    let in_vain: Vec<_> = told.keys().filter(|path| !served.contains_key(*path)).collect();
    assert!(in_vain.is_empty(), "the README promises what is not served: {in_vain:#?}");
}

/// Whether the words above the table cover a path: counts, references, casts, and `/me`.
fn is_implied(path: &str, told: &BTreeMap<String, String>) -> bool {
    let own = path.replacen("/me/", "/users/{id}/", 1);
    let mut base = own.as_str();
    while let Some((start, last)) = base.rsplit_once('/') {
        let is_form = ["$count", "$ref", "{object}", "{member}"].contains(&last);
        if !is_form && !last.starts_with("graph.") {
            break;
        }
        base = start;
        if told.contains_key(base) {
            return true;
        }
    }
    own != path && told.contains_key(&own)
}

/// Methods in one order.
fn sorted<'a>(methods: impl Iterator<Item = &'a str>) -> String {
    let methods: BTreeSet<_> = methods.map(str::to_uppercase).collect();
    methods.into_iter().collect::<Vec<_>>().join(" ")
}

/// Paths below `/v1.0` with their methods, as the document has them.
fn document() -> BTreeMap<String, String> {
    let document: Value = serde_json::from_str(DOCUMENT).unwrap();
    let paths = document["paths"].as_object().unwrap().iter();
    let below = paths.filter_map(|(path, item)| {
        let methods = sorted(item.as_object()?.keys().map(String::as_str));
        Some((path.strip_prefix("/v1.0")?.to_owned(), methods))
    });
    below.collect()
}

/// Paths with their methods, as the README's table has them; a row may have several paths.
fn table() -> BTreeMap<String, String> {
    let rows = README.lines().filter(|line| line.starts_with("| `/")).flat_map(|line| {
        let cells: Vec<_> = line.split('|').map(str::trim).collect();
        let methods = sorted(cells[2].split(' '));
        let paths = cells[1].split(", ").map(|path| path.trim_matches('`').to_owned());
        paths.map(|path| (path, methods.clone())).collect::<Vec<_>>()
    });
    rows.collect()
}
