//! Habits of the sources, kept as tests: which room imports what, how long files are, what is
//! never committed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Longest file, in lines; tables and generated text aside. Files aim at 120 and split at 400.
const MAX_LINES: usize = 420;

/// Long for a reason: one table each.
const TABLES: [&str; 3] = [
    "domain/src/users/properties.rs",
    "domain/src/properties.rs",
    "domain/src/passwords/common_words.txt",
];

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

/// Every file under version control, with its path from the root; all files without Git.
fn files() -> Vec<String> {
    let listed = Command::new("git").args(["ls-files", "-z"]).current_dir(root()).output();
    match listed {
        Ok(listed) if listed.status.success() => {
            let text = String::from_utf8(listed.stdout).expect("paths in UTF-8");
            text.split_terminator('\0').map(str::to_owned).collect()
        }
        _ => walk(root()).iter().filter_map(|path| relative(path)).collect(),
    }
}

fn relative(path: &Path) -> Option<String> {
    path.strip_prefix(root()).ok().map(|path| path.display().to_string())
}

fn walk(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        let (path, name) = (entry.path(), entry.file_name());
        if name == "target" || name.to_string_lossy().starts_with(".git") {
            continue;
        }
        if path.is_dir() { found.extend(walk(&path)) } else { found.push(path) }
    }
    found
}

fn sources(room: &str) -> Vec<(String, String)> {
    let start = format!("{room}/src/");
    let of_room = files().into_iter().filter(|path| path.starts_with(&start));
    of_room
        .filter(|path| path.ends_with(".rs"))
        .filter_map(|path| Some((path.clone(), fs::read_to_string(root().join(&path)).ok()?)))
        .collect()
}

/// The lines of code that name a crate; tests inside a file may use what they like.
fn lines_naming<'a>(source: &'a str, krate: &str) -> Vec<&'a str> {
    let code = source.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
    let (path, import) = (format!("{krate}::"), format!("use {krate}"));
    code.lines()
        .map(str::trim_start)
        .filter(|line| !line.starts_with("//"))
        .filter(|line| line.contains(&path) || line.starts_with(&import))
        .collect()
}

fn is_test(path: &str) -> bool {
    path.ends_with("/tests.rs") || path.contains("/tests/")
}

#[test]
fn the_domain_knows_neither_http_nor_sql_nor_time_nor_chance() {
    let foreign = [
        "actix_web",
        "diesel",
        "tokio",
        "serde_json",
        "reqwest",
        "rand",
        "rand_chacha",
        "getrandom",
        "roster_persistence",
        "roster_api",
        "std::fs",
        "std::net",
        "std::env",
    ];
    for (path, source) in sources("domain").iter().filter(|(path, _)| !is_test(path)) {
        for krate in foreign {
            let found = lines_naming(source, krate);
            assert!(found.is_empty(), "{path} names {krate}: {found:?}");
        }
        let code = source.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
        for clock in ["SystemTime::now", "Utc::now", "Instant::now", "now_v7", "new_v4"] {
            assert!(!code.contains(clock), "{path} reads the clock or chance: {clock}");
        }
    }
}

#[test]
fn the_persistence_knows_neither_http_nor_permissions() {
    for (path, source) in sources("persistence") {
        for krate in ["actix_web", "roster_api", "reqwest"] {
            assert!(lines_naming(&source, krate).is_empty(), "{path} names {krate}");
        }
        assert!(!source.contains("authorize("), "{path} decides on a permission");
    }
}

#[test]
fn only_the_composition_root_knows_the_persistence_and_nobody_in_api_knows_sql() {
    let roots = ["api/src/roster.rs", "api/src/start/", "api/src/commands/", "api/src/jobs/"];
    for (path, source) in sources("api").iter().filter(|(path, _)| !is_test(path)) {
        assert!(lines_naming(source, "diesel").is_empty(), "{path} names diesel");
        if !roots.iter().any(|root| path.starts_with(root)) {
            let found = lines_naming(source, "roster_persistence");
            assert!(found.is_empty(), "{path} names roster_persistence: {found:?}");
        }
    }
}

#[test]
fn black_box_tests_know_the_service_only() {
    let manifest = fs::read_to_string(root().join("tests/Cargo.toml")).expect("a manifest");
    for krate in ["roster-persistence", "roster-domain"] {
        assert!(!manifest.contains(krate), "tests/Cargo.toml names {krate}");
    }
}

#[test]
fn every_room_is_there() {
    for room in ["api", "domain", "persistence", "openapi", "tests"] {
        assert!(root().join(room).is_dir(), "{room}");
    }
}

#[test]
fn files_are_short() {
    let mut lengths = Vec::new();
    for path in files().iter().filter(|path| path.ends_with(".rs")) {
        let Ok(text) = fs::read_to_string(root().join(path)) else { continue };
        let length = text.lines().count();
        let allowed =
            length <= MAX_LINES || TABLES.contains(&path.as_str()) || path.ends_with("table.rs");
        assert!(allowed, "{path} has {length} lines, more than {MAX_LINES}: split it");
        lengths.push(length);
    }
    lengths.sort_unstable();
    let median = lengths.get(lengths.len() / 2).copied().unwrap_or_default();
    assert!(median <= 160, "the median file has {median} lines");
}

#[test]
fn nothing_of_a_machine_or_a_workplace_is_committed() {
    // Joined here, so that this file does not hold what it looks for.
    let never = [
        ["/wo", "rk/"].concat(),
        ["/ro", "ot/"].concat(),
        ["/ho", "me/"].concat(),
        ["crates", ".io/"].concat(),
        ["static.crates", ".io"].concat(),
        ["registry.npm", "js.org"].concat(),
        ["pypi", ".org"].concat(),
        ["BEGIN PRIVATE ", "KEY"].concat(),
        ["BEGIN RSA PRIVATE ", "KEY"].concat(),
    ];
    // Checksums name the registry; fixtures and pages are other people's text.
    let foreign = ["Cargo.lock", "tests/fixtures/", "openapi/", "deny.toml"];
    for path in files() {
        if foreign.iter().any(|start| path.starts_with(start)) {
            continue;
        }
        let Ok(text) = fs::read_to_string(root().join(&path)) else { continue };
        let found = never.iter().find(|never| text.contains(never.as_str()));
        assert!(found.is_none(), "{path} holds {found:?}");
    }
}

#[test]
fn the_checked_in_document_is_current() {
    use roster_api::openapi::{CHECKED_IN, Installation, document, text};
    let current = document(&Installation::default(), roster_api::commands::serve::REGISTER);
    let current = text(&current).expect("a document");
    let checked_in = fs::read_to_string(root().join(CHECKED_IN)).expect("the document");
    let line = checked_in.lines().zip(current.lines()).take_while(|(old, new)| old == new).count();
    assert!(
        checked_in == current,
        "{CHECKED_IN} is not current from line {} on: cargo run -p roster-api -- openapi > \
         {CHECKED_IN}",
        line + 1
    );
}

#[test]
fn every_setting_is_documented() {
    let given = fs::read_to_string(root().join("api/src/config/given.rs")).expect("the settings");
    let names: Vec<&str> =
        given.split("env = \"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert!(names.len() > 10, "{names:?}");
    let Ok(readme) = fs::read_to_string(root().join("README.md")) else {
        return roster_tests::say("skipped: there is no README.md yet to document the settings");
    };
    let missing: Vec<&&str> = names.iter().filter(|name| !readme.contains(**name)).collect();
    assert!(missing.is_empty(), "README.md says nothing of {missing:?}");
}
