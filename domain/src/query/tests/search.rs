//! `$search` and its words.

use super::{Field, Person, people, query};
use crate::error::Kind;
use crate::query::tokens::{found, index_tokens, query_tokens};
use crate::query::{Search, found_by};

fn hits(text: &str) -> String {
    let search = query(&[("$search", text)]).unwrap().search.expect("a search was given");
    let letter = |person| if found_by::<Person>(&search, person) { 'T' } else { 'F' };
    people().iter().map(letter).collect()
}

#[test]
fn names_are_found_by_their_words_and_other_texts_by_their_start() {
    for (text, expected) in [
        (r#""displayName:ann""#, "TFF"),
        (r#""displayName:SMIT ann""#, "TFF"),
        (r#""displayName:smi""#, "TFF"),
        (r#""displayName:mit""#, "FFF"),
        (r#""displayName:ann bob""#, "FFF"),
        (r#""displayName:celine""#, "FFT"),
        (r#""displayName:Céline""#, "FFT"),
        (r#""displayName:o'neil""#, "FTF"),
        (r#""displayName:oneil""#, "FTF"),
        (r#""displayName:neil""#, "FTF"),
        (r#""mail:ANN@""#, "TFF"),
        (r#""mail:contoso""#, "FFF"),
        (r#""displayName:ann" AND "mail:c""#, "FFF"),
        (r#""displayName:ann" OR "mail:c""#, "TFT"),
        (r#""displayName:bob" OR "displayName:ann" AND "mail:c""#, "FTF"),
        (r#"("displayName:bob" OR "displayName:ann") AND "mail:c""#, "FFF"),
        (r#" ( ( "DISPLAYNAME : Bob" ) ) "#, "FTF"),
    ] {
        assert_eq!(hits(text), expected, "{text}");
    }
}

#[test]
fn a_backslash_keeps_quotes_and_backslashes_and_only_the_first_colon_separates() {
    let search = query(&[("$search", r#""mail:a\"b\\c:d""#)]).unwrap().search;
    assert_eq!(search, Some(Search::Prefix { field: Field::Mail, text: r#"a"b\c:d"#.into() }));
}

#[test]
fn what_is_no_search_is_refused_with_the_right_form() {
    for (text, expected) in [
        ("", "a clause is missing"),
        ("ann", "'ann' stands outside double quotes"),
        ("displayName:ann", "'displayName' stands outside double quotes"),
        (r#""ann""#, "\"ann\" does not say which property"),
        (r#""displayName:ann"#, "never closed"),
        (r#""displayName:ann" "mail:x""#, "join clauses with AND or OR"),
        (r#""displayName:ann" and "mail:x""#, "'and' stands outside"),
        (r#""displayName:ann" AND"#, "a clause is missing"),
        (r#""displayName:ann")"#, "')' closes nothing"),
        (r#"("displayName:ann""#, "closing parenthesis"),
        (r#""displayName:""#, "no letter or digit"),
        (r#""displayName:***""#, "no letter or digit"),
        (r#""mail: ""#, "no letter or digit"),
        (r#""foo:x""#, "Could not find a property named 'foo'"),
    ] {
        let error = query(&[("$search", text)]).unwrap_err();
        assert_eq!(error.kind, Kind::Invalid);
        assert!(error.message.contains(expected), "{text}: {}", error.message);
    }
    for name in ["note", "enabled", "userType", "aliases"] {
        let error = query(&[("$search", &format!("\"{name}:x\""))]).unwrap_err();
        assert_eq!(error.kind, Kind::UnsupportedQuery);
        assert_eq!(error.target.as_deref(), Some(name));
    }
}

#[test]
fn words_split_at_spaces_symbols_digits_and_rising_case() {
    for (text, parts) in [
        ("Jan de Vries", "de jan vries"),
        ("OneVideo", "one video"),
        ("Room101b", "101 b room"),
        ("hello-world_x", "hello world x"),
        ("HTTPServer", "httpserver"),
        ("Søren Łódź Straße Ægir", "aegir lodz soren strasse"),
        ("ＪＡＮ ﬁne İstanbul", "fine istanbul jan"),
        ("Зоя Ёлкина 東京", "елкина зоя 東京"),
        ("  ", ""),
    ] {
        assert_eq!(query_tokens(text).join(" "), parts, "{text}");
    }
    assert_eq!(
        index_tokens("O'Neil-McDonald").join(" "),
        "donald mc mcdonald neil o oneilmcdonald"
    );
}

#[test]
fn a_name_is_found_however_it_is_joined() {
    for (name, query) in [
        ("McDonald", "mcdonald"),
        ("McDonald", "donald"),
        ("2McDonald", "mcdonald"),
        ("Jean-Luc Picard", "picard jeanluc"),
        ("Room101", "room101"),
        ("Łukasz Żółć", "lukasz zolc"),
        ("MÜLLER", "Muller"),
    ] {
        assert!(found(name, &query_tokens(query)), "{name} by {query}");
    }
    assert!(!found("Jan Smit", &query_tokens("jan smits")));
}
