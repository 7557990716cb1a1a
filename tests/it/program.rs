//! The program as its operator meets it: what commands say, and what they leave behind.

use roster_tests::{Database, INITIAL_DOMAIN, Place, TestApp, on_both, program};
use std::fs;
use std::path::Path;
use tokio::process::Command;

on_both! {
    a_file_that_fails_as_a_whole_leaves_no_result_and_may_be_sent_again,
    a_file_is_sent_twice_and_no_result_is_overwritten,
    a_row_is_refused_in_the_words_of_the_file,
    an_organisation_whose_domain_is_taken_is_refused_in_words,
}

/// What a command said, and whether it succeeded.
struct Said {
    success: bool,
    text: String,
}

async fn said(command: &mut Command) -> Said {
    let output = command.output().await.expect("the program runs");
    let text = [output.stdout, output.stderr].concat();
    Said { success: output.status.success(), text: String::from_utf8(text).expect("UTF-8") }
}

/// A command without variables of whoever runs the tests.
fn roster(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(program());
    command.current_dir(folder).args(arguments).env_clear();
    command
}

async fn import(app: &TestApp, folder: &Path, arguments: &[&str]) -> Said {
    let mut command = roster(folder, &[&["import", "people.csv"], arguments].concat());
    command.env("ROSTER_URL", &app.url).env("ROSTER_CLIENT_ID", &app.credentials.0);
    said(command.env("ROSTER_CLIENT_SECRET", &app.credentials.1)).await
}

fn file(person: &str) -> String {
    let people =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/people-1000.csv"));
    let people = people.expect("the fixture");
    let headings = people.lines().next().expect("headings");
    format!("{headings}\n{person}@{INITIAL_DOMAIN},Jan,Jansen,Jan Jansen{}\n", ",".repeat(12))
}

fn results(folder: &Path) -> Vec<String> {
    let names = fs::read_dir(folder).expect("the folder");
    let mut names: Vec<_> = names
        .map(|entry| entry.expect("an entry").file_name().into_string().expect("UTF-8"))
        .filter(|name| name.contains("result"))
        .collect();
    names.sort();
    names
}

async fn a_file_that_fails_as_a_whole_leaves_no_result_and_may_be_sent_again(app: TestApp) {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("people.csv"), file("jan").replace(',', ";")).unwrap();
    for _ in 0..2 {
        let answer = import(&app, folder.path(), &[]).await;
        assert!(!answer.success && answer.text.contains("(wrongColumnCount)"), "{}", answer.text);
        assert!(!answer.text.contains("Result with one-time passwords"), "{}", answer.text);
        assert_eq!(results(folder.path()), [""; 0]);
    }
    fs::write(folder.path().join("people.csv"), file("jan")).unwrap();
    let answer = import(&app, folder.path(), &[]).await;
    assert!(answer.success && answer.text.contains(": people.result.csv"), "{}", answer.text);
    assert_eq!(results(folder.path()), ["people.result.csv"]);
}

async fn a_file_is_sent_twice_and_no_result_is_overwritten(app: TestApp) {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("people.csv"), file("jan")).unwrap();
    assert!(import(&app, folder.path(), &[]).await.success);
    let first = fs::read_to_string(folder.path().join("people.result.csv")).unwrap();
    let answer = import(&app, folder.path(), &[]).await;
    assert!(answer.success && answer.text.contains(": people.result-2.csv"), "{}", answer.text);
    assert_eq!(fs::read_to_string(folder.path().join("people.result.csv")).unwrap(), first);
    let answer = import(&app, folder.path(), &["--result", "people.result.csv"]).await;
    assert!(!answer.success && answer.text.contains("Move it away"), "{}", answer.text);
    assert_eq!(fs::read_to_string(folder.path().join("people.result.csv")).unwrap(), first);
}

async fn a_row_is_refused_in_the_words_of_the_file(app: TestApp) {
    let folder = tempfile::tempdir().unwrap();
    let rows = file("jan").replace(INITIAL_DOMAIN, "elsewhere.example");
    fs::write(folder.path().join("people.csv"), rows).unwrap();
    let answer = import(&app, folder.path(), &[]).await;
    assert!(!answer.success, "{}", answer.text);
    let result = fs::read_to_string(folder.path().join("people.result.csv")).unwrap();
    let row = result.lines().nth(1).unwrap();
    assert!(row.contains("domainNotVerified,User Name"), "{result}");
    assert!(row.contains("of 'User Name' is not") && !row.contains("userPrincipalName"), "{row}");
}

async fn an_organisation_whose_domain_is_taken_is_refused_in_words(app: TestApp) {
    let add = ["organisation", "add", "Fabrikam", "--initial-domain"];
    let refused = said(&mut app.operator(&[&add[..], &[INITIAL_DOMAIN]].concat())).await;
    assert!(!refused.success && refused.text.contains("choose another name"), "{}", refused.text);
    let added = said(&mut app.operator(&[&add[..], &["fabrikam.example"]].concat())).await;
    assert!(added.success && added.text.contains("admin@fabrikam.example"), "{}", added.text);
}

#[test]
fn a_domain_is_added_only_once_the_organisation_is_founded_and_the_command_says_so() {
    roster_tests::block_on(async {
        let place = Place::new(Database::Sqlite).unwrap();
        let command = |arguments: &[&str]| {
            let mut command = roster(place.folder(), arguments);
            command.env("DATABASE_URL", &place.url);
            command
        };
        assert!(said(&mut command(&["migrate"])).await.success);
        let answer = said(&mut command(&["domain", "add", "foo.example", "--verified"])).await;
        assert!(!answer.success, "{}", answer.text);
        for words in [INITIAL_DOMAIN, "Start the server once first", "--organisation"] {
            assert!(answer.text.contains(words), "{words}: {}", answer.text);
        }
    });
}

#[test]
fn check_config_names_a_variable_that_nothing_reads() {
    roster_tests::block_on(async {
        let folder = tempfile::tempdir().unwrap();
        let mut command = roster(folder.path(), &["check-config"]);
        command.env("ROSTER_LISTN", "1").env("ROSTER_URL", "http://x").env("ROSTER_PROGRAM", "x");
        let answer = said(&mut command).await;
        assert!(answer.success && answer.text.contains("ROSTER_LISTN"), "{}", answer.text);
        for read in ["ROSTER_URL", "ROSTER_PROGRAM"] {
            assert!(!answer.text.contains(read), "{}", answer.text);
        }
    });
}
