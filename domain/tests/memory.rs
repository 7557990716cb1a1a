//! Large files need no more memory than small ones. In a program of its own, so that the memory of
//! other tests does not count.
#![allow(clippy::unwrap_used, clippy::panic)]

use roster_domain::imports::{JobKind, Layout, Reader, Survey};
use std::fs;
use std::hash::RandomState;
use std::io::{self, Read};

/// A file of people that exists only while it is read.
struct Synthetic {
    rows: u64,
    made: u64,
    row: Vec<u8>,
    taken: usize,
}

impl Synthetic {
    fn new(rows: u64) -> Self {
        let headings: Vec<&str> = Layout::Users15.columns().map(|column| column.heading).collect();
        let row = (headings.join(",") + "\r\n").into_bytes();
        Self { rows, made: 0, row, taken: 0 }
    }
}

impl Read for Synthetic {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.taken == self.row.len() && self.made < self.rows {
            let street = "Kade ".repeat(200);
            let row = format!("u{}@contoso.com,,,U,,,,,,,{street},,,,\r\n", self.made);
            (self.made, self.row, self.taken) = (self.made + 1, row.into_bytes(), 0);
        }
        let read = self.row.get(self.taken..).unwrap_or_default().read(buffer)?;
        self.taken += read;
        Ok(read)
    }
}

/// Most memory that this process has used, in KiB.
fn peak() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

#[test]
fn a_file_of_twenty_megabytes_is_read_in_less_than_eight() {
    const ROWS: u64 = 20_000;
    let before = peak();
    let survey = Survey::of(Synthetic::new(ROWS), JobKind::Users, &RandomState::new())
        .unwrap_or_else(|stop| panic!("{stop:?}"));
    assert_eq!((survey.valid, survey.invalid), (ROWS, 0));
    let mut source = Synthetic::new(ROWS);
    io::copy(&mut source.by_ref().take(survey.rows_at.position.byte), &mut io::sink()).unwrap();
    let reader = Reader::resume(source, survey.rows_at);
    assert_eq!(reader.filter(|row| matches!(row, Ok(Ok(_)))).count(), 20_000);
    let used = peak() - before;
    assert!(used < 8 * 1024, "{used} KiB");
}
