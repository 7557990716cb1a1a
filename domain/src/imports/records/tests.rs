use super::*;

fn all(file: &[u8]) -> Vec<(Position, Cells)> {
    let position = Position { byte: 0, line: 1, record: 0 };
    let mut records = Records::new(file, Encoding::Utf8, position);
    std::iter::from_fn(|| records.next().unwrap()).collect()
}

fn parses(file: &[u8], expected: &[&[&str]]) {
    let found: Vec<Vec<String>> =
        all(file).into_iter().map(|(_, fields)| fields.unwrap()).collect();
    assert_eq!(found, expected);
}

macro_rules! spectrum {
    ($name:literal) => {
        include_bytes!(concat!("../../../../tests/fixtures/csv-spectrum/", $name, ".csv"))
    };
}

#[test]
fn the_spectrum_of_csv_files_is_read() {
    parses(
        spectrum!("comma_in_quotes"),
        &[
            &["first", "last", "address", "city", "zip"],
            &["John", "Doe", "120 any st.", "Anytown, WW", "08123"],
        ],
    );
    let empty: &[&[&str]] = &[&["a", "b", "c"], &["1", "", ""], &["2", "3", "4"]];
    parses(spectrum!("empty"), empty);
    parses(spectrum!("empty_crlf"), empty);
    parses(spectrum!("escaped_quotes"), &[&["a", "b"], &["1", "ha \"ha\" ha"], &["3", "4"]]);
    let json = "{\"type\": \"Point\", \"coordinates\": [102.0, 0.5]}";
    parses(spectrum!("json"), &[&["key", "val"], &["1", json]]);
    parses(
        spectrum!("location_coordinates"),
        &[
            &["Contact Phone Number", "Location Coordinates", "Cities", "Counties"],
            &["2095257564", "37\u{fffd}36'37.8\"N 121\u{fffd}2'17.9\"W", "Modesto", "Stanislaus"],
        ],
    );
    let first: &[&str] = &["a", "b", "c"];
    let (second, last): (&[&str], &[&str]) = (&["1", "2", "3"], &["7", "8", "9"]);
    parses(spectrum!("newlines"), &[first, second, &["Once upon \na time", "5", "6"], last]);
    parses(spectrum!("newlines_crlf"), &[first, second, &["Once upon \r\na time", "5", "6"], last]);
    parses(
        spectrum!("quotes_and_newlines"),
        &[&["a", "b"], &["1", "ha \n\"ha\" \nha"], &["3", "4"]],
    );
    parses(spectrum!("simple"), &[first, second]);
    parses(spectrum!("simple_crlf"), &[first, second]);
    parses(spectrum!("utf8"), &[first, second, &["4", "5", "ʤ"]]);
}

#[test]
fn positions_are_those_of_the_first_character() {
    for file in ["a,b\r\n\r\n\"x\r\ny\",z\r\nc,d", "a,b\n\n\"x\ny\",z\nc,d\n"] {
        let places: Vec<(u64, u64, u64)> =
            all(file.as_bytes()).iter().map(|(at, _)| (at.byte, at.line, at.record)).collect();
        let byte = |needle: &str| file.find(needle).unwrap() as u64;
        assert_eq!(places, [(0, 1, 0), (byte("\"x"), 3, 1), (byte("c,d"), 5, 2)], "{file:?}");
    }
}

#[test]
fn a_record_over_the_limit_is_dropped_and_the_next_one_read() {
    let long = |length| format!("{}\nc\n", "x".repeat(length));
    assert!(all(long(MAX_IMPORT_RECORD - 1).as_bytes())[0].1.is_ok());
    for length in [MAX_IMPORT_RECORD, MAX_IMPORT_RECORD + 1, 10 * MAX_IMPORT_RECORD] {
        let records = all(long(length).as_bytes());
        assert_eq!(records[0].1, Err(Malformed::TooLong), "{length}");
        assert_eq!(records[1].1, Ok(vec!["c".to_owned()]), "{length}");
        assert_eq!(records[1].0.line, 2);
    }
    let quotes = format!("\"{}\"\nc\n", "\"\"".repeat(MAX_IMPORT_RECORD / 2 + 1));
    assert_eq!(all(quotes.as_bytes())[0].1, Err(Malformed::TooLong));
}

#[test]
fn a_record_with_too_many_fields_is_dropped_and_the_next_one_read() {
    for commas in [64, 65, 127, 128, 5000] {
        let file = format!("{}\nc,d\n", ",".repeat(commas));
        let records = all(file.as_bytes());
        assert_eq!(records[0].1, Err(Malformed::TooManyFields), "{commas}");
        assert_eq!(records[1].1.as_ref().unwrap().len(), 2, "{commas}");
    }
    assert_eq!(all(",".repeat(63).as_bytes())[0].1.as_ref().unwrap().len(), 64);
}

#[test]
fn bytes_that_are_no_text_spoil_their_own_record_only() {
    let records = all(b"a,\xFF\nb,\xC3\nc,\0\n\xC3,\xA9\nd,e\n");
    let wrong: Vec<Option<Malformed>> = records.iter().map(|(_, f)| f.clone().err()).collect();
    let (unicode, nul) = (Some(Malformed::NotUnicode), Some(Malformed::Nul));
    assert_eq!(wrong, [unicode, unicode, nul, unicode, None]);
}
