//! benches/RESULTS.md.

use crate::import::Imported;
use crate::machine::Machine;
use crate::rounds::Figures;
use std::fmt::Write as _;
use std::time::Duration;

/// The static answer.
pub(crate) const ANCHOR: &str = "static answer of 600 bytes (the anchor)";
/// Reading one user.
pub(crate) const READ: &str = "read a user by id";
/// Reading a page.
pub(crate) const LIST: &str = "list 100 users";
/// The first entries of the address book.
pub(crate) const BOOK: &str = "first 10 of the address book, by name";
/// Entries of the address book while a name is typed.
pub(crate) const TYPED: &str = "10 of the address book, while a name is typed";
/// Creating users, many at once.
pub(crate) const CREATE: &str = "create a user, durably";
/// Creating users one after another.
pub(crate) const CREATE_ALONE: &str = "create a user, one commit each";

/// What was measured on one database.
pub(crate) struct Measured {
    /// Name of the database.
    pub(crate) database: &'static str,
    /// The import that filled the directory, where the build has imports.
    pub(crate) imported: Option<Imported>,
    /// The scenarios.
    pub(crate) figures: Vec<Figures>,
    /// Time to the first answer: with an empty database, and with the one of the first start.
    pub(crate) starts: (Duration, Duration),
    /// Memory of the service at the end, in MiB.
    pub(crate) memory: f64,
}

const MEANING: &str = "\
## What the figures mean

* **CPU per request** is the time that all threads of the server process spent, in user mode and
  in the kernel, divided by the requests. It ranks better than requests per second: the load
  generator runs on the same cores. The CPU time of the PostgreSQL server is not in it.
* **Share of the anchor** is the CPU time of the anchor divided by that of the row, in the same
  round. The anchor is a second server, in a process of its own, with the same framework, settings
  and allocator, that answers 600 bytes of JSON and does nothing else: no token, no log, no
  request id. The service runs with its default settings, with one line of JSON in its log for
  every request.
* Each figure is the median of the rounds, with the smallest and the largest in parentheses. In a
  round all rows run one after another, so that whatever else the machine does meets them all.
* **Read by id** asks for another user each time; **list** walks through 20 pages. The **address
  book** holds the imported users; it is asked for ten entries, in the order of names and with
  every text that comes about while people type the names of 20 of them.
* **One commit each** sends the next user when the one before is answered, so every commit holds
  one user; **durably** has 32 users under way, which share commits. Both answer only after the
  disk has the data (SQLite: `synchronous=FULL`).
* The **import** is timed from the first byte of the file sent until its job is complete. Memory
  is what the process has of its own, without the pages of files that the kernel may take back;
  if it is the same in both halves, it does not grow with the file.
";

/// The report.
pub(crate) fn render(machine: &Machine, rounds: u32, all: &[Measured]) -> String {
    let mut text = String::from(
        "# Benchmark results\n\nWritten by `cargo xtask bench --write`; `--database URL` adds \
         PostgreSQL. Not edited by hand.\n\n",
    );
    let Machine { processor, cores, memory, kernel, compiler, commit, date, busy, sync } = machine;
    let _ = write!(
        text,
        "* {date}, commit {commit}, {compiler}, release build\n* {processor}, {cores} cores, \
         {memory:.0} GiB, Linux {kernel}; load average {busy} at the start\n* one small durable \
         write takes this disk {:.2} ms\n* {rounds} rounds\n\n",
        sync.as_secs_f64() * 1_000.0
    );
    for measured in all {
        section(&mut text, measured);
    }
    text.push_str(MEANING);
    text
}

fn section(text: &mut String, measured: &Measured) {
    let _ = write!(
        text,
        "## {}\n\n| | connections | CPU per request, µs | share of the anchor | per second | p50 ms \
         | p99 ms |\n| --- | --- | --- | --- | --- | --- | --- |\n",
        measured.database
    );
    let find = |name| measured.figures.iter().find(|figures| figures.name == name);
    let anchor = find(ANCHOR);
    for row in &measured.figures {
        let share = anchor.map(|anchor| format!("{:.3}", row.share_of(anchor)));
        let _ = writeln!(
            text,
            "| {} | {} | {:.1} | {} | {:.0} | {:.2} | {:.2} |",
            row.name,
            row.connections,
            row.cpu(),
            share.unwrap_or_default(),
            row.rate().median,
            row.p50().median,
            row.p99().median
        );
    }
    text.push('\n');
    if let (Some(anchor), Some(read)) = (anchor, find(READ)) {
        let share = read.share_of(anchor).median;
        verdict(text, "read by id, share of the anchor", share, 0.25);
    }
    for name in [BOOK, TYPED] {
        if let (Some(anchor), Some(book)) = (anchor, find(name)) {
            verdict(
                text,
                &format!("{name}, share of the anchor"),
                book.share_of(anchor).median,
                0.20,
            );
        }
    }
    if let (Some(create), Some(alone)) = (find(CREATE), find(CREATE_ALONE)) {
        let times = create.times_rate_of(alone).median;
        verdict(text, "durable creates, times the rate of one commit each", times, 4.0);
    }
    if let Some(imported) = &measured.imported {
        import(text, imported);
    }
    let (first, again) = measured.starts;
    let _ = write!(
        text,
        "* start to first answer: {} ms with an empty database, {} ms with an existing one\n\
         * memory of its own after the rounds: {:.0} MiB\n\n",
        first.as_millis(),
        again.as_millis(),
        measured.memory
    );
}

fn import(text: &mut String, imported: &Imported) {
    let rows = imported.rows;
    verdict(text, &format!("import of {rows} rows, rows per second"), imported.rate(), 5_000.0);
    let (first, second) = imported.halves();
    let _ = writeln!(
        text,
        "* CPU per row: {:.0} µs; most memory of its own: {first:.0} MiB in the first half of the \
         time, {second:.0} MiB in the second",
        imported.cpu.as_secs_f64() * 1_000_000.0 / f64::from(rows)
    );
}

fn verdict(text: &mut String, what: &str, is: f64, wanted: f64) {
    let met = if is >= wanted { "met" } else { "**not met**" };
    let _ = writeln!(text, "* {what}: {is:.2}, wanted {wanted:.2}: {met}");
}
