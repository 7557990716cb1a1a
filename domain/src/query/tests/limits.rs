//! Hostile sizes.

use super::{filter, query};
use crate::limits::{MAX_FILTER_DEPTH, MAX_FILTER_TERMS, MAX_OPTION_LENGTH};
use crate::query::evaluate;
use std::time::{Duration, Instant};

fn nested(open: &str, inner: &str, close: &str, times: usize) -> String {
    format!("{}{inner}{}", open.repeat(times), close.repeat(times))
}

/// Whether a filter is refused for its depth.
fn too_deep(text: &str) -> bool {
    match filter(text) {
        Ok(_) => false,
        Err(error) => {
            assert!(error.message.contains("nested more than"), "{}", error.message);
            true
        }
    }
}

#[test]
fn a_hundred_nestings_are_read_and_one_more_is_refused() {
    for (open, close) in [("(", ")"), ("not (", ")"), ("NOT(", ")"), ("not not (", ")")] {
        assert!(!too_deep(&nested(open, "enabled", close, MAX_FILTER_DEPTH)), "{open}");
        assert!(too_deep(&nested(open, "enabled", close, MAX_FILTER_DEPTH + 1)), "{open}");
    }
    let right = nested("true or (", "enabled", ")", MAX_FILTER_DEPTH);
    assert!(!too_deep(&right));
    assert!(evaluate(&filter(&right).unwrap(), &super::people()[0]) == Some(true));
}

#[test]
fn the_parser_does_not_recurse_with_the_input() {
    let small_stack = std::thread::Builder::new().stack_size(128 * 1024);
    let parse = || {
        for open in ["(", "not (", "not ", "aliases/any(a:", "enabled or (", "true eq (not "] {
            let text = open.repeat(MAX_OPTION_LENGTH / open.len());
            assert!(filter(&text).is_err(), "{open}");
            let search = text.replace("enabled", "\"mail:x\"").replace("or", "OR");
            assert!(query(&[("$search", &search)]).is_err(), "{open}");
        }
    };
    small_stack.spawn(parse).unwrap().join().unwrap();
}

#[test]
fn ten_thousand_nestings_are_refused() {
    assert!(filter(&nested("(", "enabled", ")", 10_000)).is_err());
    let levels = MAX_OPTION_LENGTH / 2 - 10;
    assert!(too_deep(&nested("(", "enabled", ")", levels)));
}

#[test]
fn comparisons_and_listed_values_are_counted() {
    let chain = |times| vec!["mail eq 'x'"; times].join(" or ");
    assert!(filter(&chain(MAX_FILTER_TERMS)).is_ok());
    assert!(filter(&chain(MAX_FILTER_TERMS + 1)).unwrap_err().message.contains("more than 200"));
    let list = |times| format!("mail in ({})", vec!["'x'"; times].join(","));
    assert!(filter(&list(MAX_FILTER_TERMS)).is_ok());
    assert!(filter(&list(MAX_FILTER_TERMS + 1)).is_err());
    let bare = |times| vec!["enabled"; times].join(" and ");
    assert!(filter(&bare(MAX_FILTER_TERMS)).is_ok());
    assert!(filter(&bare(MAX_FILTER_TERMS + 1)).is_err());
    let words = |times| {
        let words: Vec<_> = (0..times).map(|n| format!("a{}", "b".repeat(n))).collect();
        format!("\"displayName:{}\"", words.join(" "))
    };
    assert!(query(&[("$search", &words(20))]).is_ok());
    let clauses = vec!["\"mail:x\""; MAX_FILTER_TERMS + 1].join(" OR ");
    assert!(query(&[("$search", &clauses)]).is_err());
}

#[test]
fn the_longest_inputs_are_judged_in_no_time() {
    let shapes = [
        "(",
        "not ",
        "not(",
        "'",
        "''",
        "a/",
        "mail eq 'x' or ",
        "enabled eq true eq ",
        "1 ",
        "aliases/any(",
        "-",
        "+",
        "\"mail:x\" OR ",
        "\\",
        "id,",
        "manager(",
        "é",
        "\u{301}",
    ];
    let start = Instant::now();
    for shape in shapes {
        let text = shape.repeat(MAX_OPTION_LENGTH / shape.len());
        for option in ["$filter", "$search", "$select", "$orderby", "$expand"] {
            let _judged = query(&[(option, &text)]);
        }
        let quoted = format!("\"displayName:{}\"", &text[..text.len() / 2 - 20].replace('"', ""));
        let _judged = query(&[("$search", &quoted)]);
    }
    assert!(start.elapsed() < Duration::from_secs(2), "took {:?}", start.elapsed());
}
