//! `roster import`

mod service;

use super::{CommandError, print};
use crate::cli::ImportArgs;
use crate::config::SecretText;
use indicatif::{ProgressBar, ProgressStyle};
use service::{Job, Service};
use std::fs::{self, File, OpenOptions};
use std::io::ErrorKind;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

/// Pause between two looks at the job.
const LOOK: Duration = Duration::from_millis(200);
/// Results that may stand beside one file.
const MOST_RESULTS: u32 = 1_000;
const NO_ID: &str = "The id of the API client is missing: give --client-id or ROSTER_CLIENT_ID.";
const NO_SECRET: &str =
    "The secret of the API client is missing: give --client-secret or ROSTER_CLIENT_SECRET.";

/// Sends a file to a running service, shows how the import goes on and keeps its result.
///
/// # Errors
/// When the client is not named, the file cannot be read, the service refuses it, or rows were
/// refused.
pub fn run(args: &ImportArgs) -> Result<(), CommandError> {
    let (client_id, client_secret) = client(args)?;
    let unreadable = |error| CommandError::Io(args.file.display().to_string(), error);
    let file = File::open(&args.file).map_err(unreadable)?;
    let size = file.metadata().map_err(unreadable)?.len();
    let (result, mut output) = match &args.result {
        Some(named) => (named.clone(), create(named)?),
        None => beside(&args.file)?,
    };
    let outcome = Service::sign_in(&args.url, client_id, client_secret)
        .and_then(|service| import(service, args, file, size))
        .and_then(|(mut service, job)| {
            // A file that failed as a whole has no lines to tell of.
            if job.counts.done() > 0 {
                service.download(&job, &mut output)?;
            }
            Ok(job)
        });
    let is_empty = output.metadata().is_ok_and(|written| written.len() == 0);
    if is_empty {
        // Nothing came; the name is free for the next attempt.
        let _ = fs::remove_file(&result);
    }
    report(&outcome?, (!is_empty).then_some(&result))
}

/// Id and secret of the client, or what is missing of them.
fn client(args: &ImportArgs) -> Result<(&str, &SecretText), CommandError> {
    let id = args.client_id.as_deref().filter(|id| !id.is_empty());
    let secret = args.client_secret.as_ref().filter(|secret| !secret.expose().is_empty());
    let missing = |what: &str| {
        CommandError::Failed(format!("{what}\nThe first start of the service printed both."))
    };
    match (id, secret) {
        (Some(id), Some(secret)) => Ok((id, secret)),
        (None, Some(_)) => Err(missing(NO_ID)),
        (Some(_), None) => Err(missing(NO_SECRET)),
        (None, None) => Err(missing(&format!("{NO_ID}\n{NO_SECRET}"))),
    }
}

/// A new file beside the one that is sent: `people.result.csv` for `people.csv`, with the next
/// free number where results of earlier runs are.
fn beside(file: &Path) -> Result<(PathBuf, File), CommandError> {
    let mut number: u32 = 1;
    loop {
        let result = numbered(file, number);
        if number < MOST_RESULTS && result.exists() {
            number = number.saturating_add(1);
        } else {
            let output = create(&result)?;
            return Ok((result, output));
        }
    }
}

fn numbered(file: &Path, number: u32) -> PathBuf {
    match number {
        1 => file.with_extension("result.csv"),
        number => file.with_extension(format!("result-{number}.csv")),
    }
}

/// A new file for the owner only: it will hold passwords. An old one is never overwritten, as its
/// passwords exist nowhere else.
fn create(result: &Path) -> Result<File, CommandError> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true).mode(0o600).open(result).map_err(|error| {
        let name = result.display();
        if error.kind() == ErrorKind::AlreadyExists {
            return CommandError::Failed(format!(
                "{name} is there already and may be the only place of its one-time passwords. \
                 Move it away, or name another file with --result."
            ));
        }
        let hint = "choose another file for the result with --result";
        CommandError::Io(format!("{name} ({hint})"), error)
    })
}

fn import(
    mut service: Service,
    args: &ImportArgs,
    file: File,
    size: u64,
) -> Result<(Service, Job), CommandError> {
    let sending = bar(size, "sending    {bar:40} {bytes}/{total_bytes}");
    let mut options = Vec::new();
    if let Some(country) = &args.usage_location {
        options.push(("usageLocation", country.as_str()));
    }
    if args.disabled {
        options.push(("accountEnabled", "false"));
    }
    let mut job = service.upload(sending.wrap_read(file), size, &options)?;
    sending.finish();
    let importing = bar(0, "importing  {bar:40} {pos}/{len} rows, {per_sec}, {eta} left");
    while !job.has_ended() {
        thread::sleep(LOOK);
        job = service.job(&job.id)?;
        importing.set_length(job.counts.rows);
        importing.set_position(job.counts.done());
    }
    importing.finish();
    Ok((service, job))
}

/// A progress bar on standard error; nothing where that is no terminal.
fn bar(length: u64, template: &str) -> ProgressBar {
    let bar = ProgressBar::new(length);
    match ProgressStyle::with_template(template) {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

/// Tells what became of the rows, and where their result is if there is one; rows that were refused
/// make the command fail.
fn report(job: &Job, result: Option<&PathBuf>) -> Result<(), CommandError> {
    let counts = &job.counts;
    let mut summary = format!(
        "{} rows: {} created, {} existed, {} failed.",
        counts.rows, counts.created, counts.exists, counts.failed,
    );
    if let Some(result) = result {
        summary.push_str(&format!(" Result with one-time passwords: {}", result.display()));
    }
    summary.push('\n');
    if job.is_sound() {
        return print(&summary);
    }
    let mut text = summary;
    for wrong in &job.file_errors {
        text.push_str(&format!("Line {}: {} ({})\n", wrong.line, wrong.message, wrong.code));
    }
    if let Some(failure) = &job.failure {
        text.push_str(&format!("{failure}\n"));
    }
    if counts.failed > 0 {
        text.push_str("The result tells for each row what is wrong.\n");
    }
    Err(CommandError::Failed(text.trim_end().to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;

    #[test]
    fn the_result_stands_beside_the_file() {
        assert_eq!(numbered(Path::new("a/people.csv"), 1), Path::new("a/people.result.csv"));
        assert_eq!(numbered(Path::new("people"), 1), Path::new("people.result.csv"));
    }

    #[test]
    fn the_result_is_for_the_owner_only_and_never_overwrites_an_older_one() {
        let folder = tempfile::tempdir().unwrap();
        let people = folder.path().join("people.csv");
        let (first, file) = beside(&people).unwrap();
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        let (second, _) = beside(&people).unwrap();
        assert_eq!(first, folder.path().join("people.result.csv"));
        assert_eq!(second, folder.path().join("people.result-2.csv"));
        let message = create(&first).unwrap_err().to_string();
        assert!(message.contains("--result") && !message.contains("os error"), "{message}");
    }

    #[test]
    fn a_missing_id_or_secret_is_named_with_its_flag_and_its_variable() {
        let args = |id: Option<&str>, secret: Option<&str>| ImportArgs {
            file: PathBuf::from("people.csv"),
            url: "http://127.0.0.1:1".to_owned(),
            client_id: id.map(str::to_owned),
            client_secret: secret.map(SecretText::new),
            usage_location: None,
            disabled: false,
            result: None,
        };
        for (id, secret, named, other) in [
            (None, Some("s"), "ROSTER_CLIENT_ID", "ROSTER_CLIENT_SECRET"),
            (Some(""), Some("s"), "ROSTER_CLIENT_ID", "ROSTER_CLIENT_SECRET"),
            (Some("i"), None, "ROSTER_CLIENT_SECRET", "ROSTER_CLIENT_ID"),
        ] {
            let message = run(&args(id, secret)).unwrap_err().to_string();
            assert!(message.contains(named) && !message.contains(other), "{message}");
        }
        let message = run(&args(None, None)).unwrap_err().to_string();
        assert!(
            message.contains("--client-id") && message.contains("--client-secret"),
            "{message}"
        );
    }
}
