use super::*;
use crate::imports::{Stop, user_row};
use proptest::prelude::*;
use std::time::{Duration, Instant};

const USERS_NL: &[u8] = include_bytes!("../../../../tests/fixtures/csv/users-15-nl.csv");
const USERS_16: &[u8] = include_bytes!("../../../../tests/fixtures/csv/users-16.csv");
const CONTACTS: &[u8] = include_bytes!("../../../../tests/fixtures/csv/contacts.csv");

/// A file of users in 15 columns with these rows.
fn users(rows: &str) -> Vec<u8> {
    let headings: Vec<&str> = Layout::Users15.columns().map(|column| column.heading).collect();
    format!("{}\n{rows}", headings.join(",")).into_bytes()
}

fn open(file: &[u8]) -> Reader<&[u8]> {
    Reader::open(file, Kind::Users).unwrap_or_else(|stop| panic!("{stop:?}")).0
}

fn rows(file: &[u8]) -> Vec<Result<Row, RowOutcome>> {
    open(file).map(|row| row.unwrap()).collect()
}

fn refused(file: &[u8], kind: Kind) -> (u64, FileCode, String) {
    match Reader::open(file, kind) {
        Err(Stop::File(error)) => (error.line, error.code, error.message),
        Err(Stop::Source(error)) => panic!("{error}"),
        Ok(_) => panic!("accepted"),
    }
}

fn utf16(file: &[u8], bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    let text = std::str::from_utf8(file).unwrap();
    "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(bytes).collect()
}

/// Counts what is read of an endless file.
struct Endless<'a>(&'a [u8], u8, &'a mut usize);

impl Read for Endless<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = match self.0.read(buffer)? {
            0 => {
                buffer.fill(self.1);
                buffer.len()
            }
            read => read,
        };
        *self.2 += read;
        Ok(read)
    }
}

#[test]
fn dutch_and_english_headings_are_read_in_silence() {
    for (file, kind, layout, count) in [
        (USERS_NL, Kind::Users, Layout::Users15, 2),
        (USERS_16, Kind::Users, Layout::Users16, 3),
        (CONTACTS, Kind::Contacts, Layout::Contacts22, 2),
    ] {
        let (reader, warnings) = Reader::open(file, kind).unwrap_or_else(|_| panic!("refused"));
        assert_eq!(reader.layout(), layout);
        assert_eq!(warnings, []);
        assert_eq!(reader.filter(|row| matches!(row, Ok(Ok(_)))).count(), count);
    }
}

#[test]
fn cells_are_trimmed_and_quoted_commas_kept() {
    let rows = rows(USERS_NL);
    let zoe = rows[0].as_ref().unwrap();
    assert_eq!((zoe.line, zoe.record), (2, 1));
    assert_eq!(zoe.cells[9], "");
    assert_eq!(zoe.cells[10], "Kade 7, 2e etage");
    assert_eq!(zoe.cells[11], "'s-Gravenhage");
    let bram = user_row(Layout::Users15, rows[1].as_ref().unwrap()).unwrap();
    assert_eq!((bram.first_name, bram.country), (None, None));
}

#[test]
fn every_unicode_encoding_gives_the_same_rows() {
    let expected = rows(USERS_NL);
    let marked = [b"\xEF\xBB\xBF", USERS_NL].concat();
    assert_eq!(rows(&marked), expected);
    assert_eq!(rows(&utf16(USERS_NL, u16::to_le_bytes)), expected);
    assert_eq!(rows(&utf16(USERS_NL, u16::to_be_bytes)), expected);
}

#[test]
fn line_breaks_may_be_of_any_system() {
    let unix = String::from_utf8(USERS_16.to_vec()).unwrap();
    let expected = rows(unix.as_bytes());
    assert_eq!(rows(unix.replace('\n', "\r\n").as_bytes()), expected);
    assert_eq!(rows(unix.trim_end().as_bytes()), expected);
    assert_eq!(rows(unix.replace('\n', "\r").as_bytes()).len(), expected.len());
}

#[test]
fn other_headings_are_read_by_position_with_a_warning_each() {
    let file = users("a@contoso.com,,,A,,,,,,,,,,,\n");
    let text = String::from_utf8(file).unwrap();
    let text = text.replace("User Name", " USERNAME ").replace("Last Name", "First Name");
    let text = text.replace("Fax", "Téléco\u{7}pie");
    let (reader, warnings) =
        Reader::open(text.as_bytes(), Kind::Users).unwrap_or_else(|_| panic!());
    let columns: Vec<usize> = warnings.iter().map(|warning| warning.column).collect();
    assert_eq!(columns, [3, 10], "the second First Name, and French");
    assert!(warnings[0].message.contains("'First Name'; it is read as Last Name"));
    assert!(warnings[1].message.contains("'Télécopie'; it is read as Fax"));
    assert_eq!(reader.count(), 1);
}

#[test]
fn a_wrong_number_of_columns_fails_the_whole_file() {
    for width in [1, 14, 17, 22, 65, 5000] {
        let file = format!("{}\na\n", vec!["x"; width].join(","));
        let (line, code, message) = refused(file.as_bytes(), Kind::Users);
        assert_eq!((line, code), (1, FileCode::WrongColumnCount), "{width}");
        if width < 65 {
            assert!(message.contains("15 or 16") && message.contains("User Name,First Name"));
        }
    }
    let (_, code, message) = refused(USERS_16, Kind::Contacts);
    assert_eq!(code, FileCode::WrongColumnCount);
    assert!(message.contains("22 are expected: ExternalEmailAddress,"), "{message}");
    let semicolons = String::from_utf8(USERS_NL.to_vec()).unwrap().replace(',', ";");
    assert!(refused(semicolons.as_bytes(), Kind::Users).2.ends_with("by commas."));
}

#[test]
fn a_file_without_headings_is_refused() {
    let file = String::from_utf8(USERS_NL.to_vec()).unwrap();
    let (_, rows) = file.split_once('\n').unwrap();
    assert_eq!(refused(rows.as_bytes(), Kind::Users).1, FileCode::MissingHeadings);
}

#[test]
fn an_empty_file_and_one_with_headings_only_are_refused() {
    for file in [&b""[..], b"\xEF\xBB\xBF", b"\xFF\xFE", b"\r\n\n"] {
        assert_eq!(refused(file, Kind::Users).1, FileCode::EmptyFile, "{file:?}");
    }
    for rest in ["", "\n\n", ",,,,,,,,,,,,,,\n , , , , , , , , , , , , , ,\n"] {
        assert_eq!(refused(&users(rest), Kind::Users).1, FileCode::NoRows, "{rest:?}");
    }
}

#[test]
fn what_is_no_text_is_refused() {
    let starts: [&[u8]; 9] = [
        b"\x1F\x8B\x08\0",
        b"PK\x03\x04",
        b"\xD0\xCF\x11\xE0",
        b"%PDF-1.7",
        b"BZh9",
        b"\xFD7zXZ\0",
        b"\x28\xB5\x2F\xFD",
        b"7z\xBC\xAF\x27\x1C",
        b"Rar!\x1A",
    ];
    for start in starts {
        let file = [start, USERS_NL].concat();
        assert_eq!(refused(&file, Kind::Users).1, FileCode::NotCsv, "{start:?}");
    }
    let unmarked = &utf16(USERS_NL, u16::to_le_bytes)[2..];
    assert_eq!(refused(unmarked, Kind::Users).1, FileCode::NotCsv);
    assert_eq!(refused(b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR", Kind::Users).1, FileCode::NotCsv);
}

#[test]
fn a_malformed_row_is_told_with_its_line_and_the_next_one_is_read() {
    let good = "a@contoso.com,,,A,,,,,,,,,,,";
    let mut file = users(&format!("{good}\nb@contoso.com,B\n{good},\n"));
    file.extend(b"\xFF,,,,,,,,,,,,,,\n\0,,,,,,,,,,,,,,\n");
    file.extend(format!("{}\n{good}\n", "x".repeat(70_000)).bytes());
    let found: Vec<(u64, RowCode, bool)> = rows(&file)
        .into_iter()
        .map(|row| match row {
            Ok(row) => (row.line, RowCode::Exists, row.cells.len() == 15),
            Err(outcome) => (outcome.line, outcome.code, outcome.column.is_none()),
        })
        .collect();
    let (fine, bad) = (RowCode::Exists, RowCode::MalformedRow);
    let expected = [(2, fine), (3, bad), (4, bad), (5, bad), (6, bad), (7, bad), (8, fine)];
    assert_eq!(found, expected.map(|(line, code)| (line, code, true)));
}

#[test]
fn a_lone_surrogate_spoils_its_row_only() {
    let mut file = utf16(&users(""), u16::to_le_bytes);
    let good = "a@contoso.com,,,A,,,,,,,,,,,\n".encode_utf16().flat_map(u16::to_le_bytes);
    let good: Vec<u8> = good.collect();
    file.extend(b"\x00\xD8");
    file.extend(good.iter().chain(&good));
    let rows = rows(&file);
    assert!(rows[0].is_err() && rows[1].is_ok());
}

#[test]
fn blank_rows_are_passed_over() {
    let blank = ",,, ,,,,,,,,,,,\n\n  \n";
    let good = "a@contoso.com,,,A,,,,,,,,,,,\n";
    let rows = rows(&users(&format!("{blank}{good}{blank}")));
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].as_ref().unwrap().line, 5);
}

#[test]
fn a_neutralised_export_comes_back_as_it_was() {
    let values = ["a@contoso.com", "=1+1", "'=1", "'t Hart", "-", "@x", "O'Neill", "+31 20 555"];
    let mut cells: Vec<&str> = values.to_vec();
    cells.resize(15, "");
    let mut writer = crate::imports::export::Writer::new(Vec::new());
    writer.row(Layout::Users15.columns().map(|column| column.heading)).unwrap();
    writer.row(cells.iter().copied()).unwrap();
    let file = writer.finish().unwrap();
    assert!(String::from_utf8_lossy(&file).contains(",'=1+1,''=1,'t Hart,'-,'@x,"));
    assert_eq!(rows(&file)[0].as_ref().unwrap().cells, cells);
}

#[test]
fn an_endless_cell_or_row_stops_the_file_without_being_kept() {
    for byte in [b'x', b',', b'"', b'\0'] {
        let file = users("\"");
        let mut read = 0;
        let stop = Reader::open(Endless(&file, byte, &mut read), Kind::Users).err();
        let Some(Stop::File(error)) = stop else { panic!("{byte}") };
        assert_eq!((error.line, error.code), (2, FileCode::RecordTooLong), "{byte}");
        assert!(read < 2 * 1024 * 1024, "{byte}: {read}");
    }
    for byte in [b'x', b','] {
        let mut read = 0;
        let stop = Reader::open(Endless(b"", byte, &mut read), Kind::Users).err();
        assert!(matches!(stop, Some(Stop::File(_))), "{byte}");
        assert!(read < 2 * 1024 * 1024, "{byte}: {read}");
    }
}

#[test]
fn after_a_stop_there_are_no_more_rows() {
    let file = users(&format!("a@contoso.com,,,A,,,,,,,,,,,\n\"{}", "x".repeat(2_000_000)));
    let mut reader = open(&file);
    assert!(matches!(reader.next(), Some(Ok(Ok(_)))));
    assert!(matches!(reader.next(), Some(Err(Stop::File(_)))));
    assert!(reader.next().is_none());
}

#[test]
fn a_failing_source_is_no_fault_of_the_file() {
    struct Failing;
    impl Read for Failing {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("disk"))
        }
    }
    assert!(matches!(Reader::open(Failing, Kind::Users), Err(Stop::Source(_))));
    let file = users("a@contoso.com,,,A");
    let stop = Reader::open(file.as_slice().chain(Failing), Kind::Users).err();
    assert!(matches!(stop, Some(Stop::Source(_))));
}

#[test]
fn hostile_shapes_are_read_in_time_that_grows_with_their_length_only() {
    for part in ["\"", "\"\"", ",", "\n", "\r", "\"\n", "a\n", ",\"", "'", "\"a\"b"] {
        let file = users(&part.repeat(1_000_000 / part.len()));
        let started = Instant::now();
        if let Ok((reader, _)) = Reader::open(file.as_slice(), Kind::Users) {
            reader.for_each(drop);
        }
        assert!(started.elapsed() < Duration::from_secs(5), "{part:?}");
    }
}

/// Rows of the bytes that matter to a parser.
fn hostile() -> impl Strategy<Value = Vec<u8>> {
    let part = prop::sample::select(vec![
        &b"a@contoso.com,,,A,,,,,,,,,,,\n"[..],
        b",",
        b"\"",
        b"\n",
        b"\r\n",
        b"\r",
        b"'",
        b"=",
        b" ",
        b"x",
        b"\0",
        b"\xFF",
        b"\xC3\xA9",
        b"\xF0\x9F\x98\x80",
        b",,,,,,,,,,,,,,",
    ]);
    prop::collection::vec(part, 0..40).prop_map(|parts| parts.concat())
}

proptest! {
    #[test]
    fn no_bytes_are_too_odd_to_read(bytes: Vec<u8>, rest in hostile()) {
        for file in [bytes, users(""), rest] {
            for kind in [Kind::Users, Kind::Contacts] {
                if let Ok((reader, _)) = Reader::open(file.as_slice(), kind) {
                    reader.for_each(drop);
                }
            }
        }
    }

    #[test]
    fn a_job_can_go_on_after_any_row(rest in hostile(), wide: bool) {
        let mut file = users("");
        file.extend(rest);
        if wide {
            let text = String::from_utf8_lossy(&file).into_owned();
            file = utf16(text.as_bytes(), u16::to_le_bytes);
        }
        if let Ok((mut reader, _)) = Reader::open(file.as_slice(), Kind::Users) {
            let expected = rows(&file);
            let mut read = 0;
            loop {
                let checkpoint = reader.checkpoint();
                let start = usize::try_from(checkpoint.position.byte).unwrap();
                let resumed = Reader::resume(&file[start..], checkpoint);
                let found: Vec<_> = resumed.map(|row| row.unwrap()).collect();
                prop_assert_eq!(&found, &expected[read..]);
                if reader.next().is_none() {
                    break;
                }
                read += 1;
            }
        }
    }

    #[test]
    fn no_value_ends_in_a_blank(rest in hostile()) {
        let mut file = users("");
        file.extend(rest);
        if let Ok((reader, _)) = Reader::open(file.as_slice(), Kind::Users) {
            for row in reader.filter_map(|row| row.unwrap().ok()) {
                prop_assert_eq!(row.cells.len(), 15);
                prop_assert!(row.cells.iter().all(|cell| cell.trim_end() == cell));
                let _ = user_row(Layout::Users15, &row);
            }
        }
    }
}
