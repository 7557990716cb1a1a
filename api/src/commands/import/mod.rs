//! `roster import`

mod service;

use super::{CommandError, print};
use crate::cli::ImportArgs;
use indicatif::{ProgressBar, ProgressStyle};
use service::{Job, Service};
use std::fs::{self, File, OpenOptions};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

/// Pause between two looks at the job.
const LOOK: Duration = Duration::from_millis(200);

/// Sends a file to a running service, shows how the import goes on and keeps its result.
///
/// # Errors
/// When the file cannot be read, the service refuses it, or rows were refused.
pub fn run(args: &ImportArgs) -> Result<(), CommandError> {
    let result = args.result.clone().unwrap_or_else(|| beside(&args.file));
    let unreadable = |error| CommandError::Io(args.file.display().to_string(), error);
    let file = File::open(&args.file).map_err(unreadable)?;
    let size = file.metadata().map_err(unreadable)?.len();
    let mut output = create(&result)?;
    let outcome = import(args, file, size).and_then(|(mut service, job)| {
        service.download(&job, &mut output)?;
        Ok(job)
    });
    if output.metadata().is_ok_and(|written| written.len() == 0) {
        // Nothing came; the name is free for the next attempt.
        let _ = fs::remove_file(&result);
    }
    report(&outcome?, &result)
}

/// `people.result.csv` for `people.csv`.
fn beside(file: &Path) -> PathBuf {
    file.with_extension("result.csv")
}

/// A new file for the owner only: it will hold passwords. An old one is never overwritten, as its
/// passwords exist nowhere else.
fn create(result: &Path) -> Result<File, CommandError> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true).mode(0o600).open(result).map_err(|error| {
        let hint = "choose another file for the result with --result";
        CommandError::Io(format!("{} ({hint})", result.display()), error)
    })
}

fn import(args: &ImportArgs, file: File, size: u64) -> Result<(Service, Job), CommandError> {
    let mut service = Service::sign_in(&args.url, &args.client_id, &args.client_secret)?;
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

/// Tells what became of the rows; rows that were refused make the command fail.
fn report(job: &Job, result: &Path) -> Result<(), CommandError> {
    let counts = &job.counts;
    let summary = format!(
        "{} rows: {} created, {} existed, {} failed. Result with one-time passwords: {}\n",
        counts.rows,
        counts.created,
        counts.exists,
        counts.failed,
        result.display()
    );
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
        assert_eq!(beside(Path::new("a/people.csv")), Path::new("a/people.result.csv"));
        assert_eq!(beside(Path::new("people")), Path::new("people.result.csv"));
    }

    #[test]
    fn the_result_is_for_the_owner_only_and_never_overwrites_an_older_one() {
        let folder = tempfile::tempdir().unwrap();
        let result = folder.path().join("people.result.csv");
        let file = create(&result).unwrap();
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        assert!(create(&result).unwrap_err().to_string().contains("--result"));
    }
}
