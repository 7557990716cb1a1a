//! What filters mean: each case tells whether it is true, false or null (`?`) of the three people.

use super::{filter, people};
use crate::query::evaluate;

fn meaning(text: &str) -> String {
    let filter = filter(text).unwrap_or_else(|error| panic!("{text}: {}", error.message));
    let letter = |person| match evaluate(&filter, person) {
        Some(true) => 'T',
        Some(false) => 'F',
        None => '?',
    };
    people().iter().map(letter).collect()
}

fn check(cases: &[(&str, &str)]) {
    let wrong: Vec<_> = cases
        .iter()
        .map(|(text, expected)| (text, expected, meaning(text)))
        .filter(|(_, expected, found)| *expected != found)
        .collect();
    assert!(wrong.is_empty(), "filter, expected, found: {wrong:#?}");
}

#[test]
fn comparisons_ignore_case_and_compare_by_type() {
    check(&[
        ("displayName eq 'Ann Smit'", "TFF"),
        ("displayName eq 'ann smit'", "TFF"),
        ("displayName eq 'céline'", "FFT"),
        ("displayName eq 'celine'", "FFF"),
        ("displayName eq 'Bob O''Neil'", "FTF"),
        ("displayName ne 'ann smit'", "FTT"),
        ("displayName gt 'Bob'", "FTT"),
        ("displayName lt 'bob'", "TFF"),
        ("displayName ge 'ANN SMIT'", "TTT"),
        ("displayName le 'ann smit'", "TFF"),
        ("'bob' gt displayName", "TFF"),
        ("'ann smit' eq displayName", "TFF"),
        ("userType eq 'member'", "TFF"),
        ("userType ne 'Guest'", "TFT"),
        ("enabled eq true", "TFF"),
        ("enabled eq FALSE", "FTF"),
        ("enabled ne true", "FTT"),
        ("created eq 2026-01-01T10:00:00Z", "TFF"),
        ("created eq 2026-01-01T11:00:00+01:00", "TFF"),
        ("created ge 2026-02-01", "FTF"),
        ("created lt 2026-02-01T00:00:00Z", "TFF"),
        ("created le '2026-02-01'", "TTF"),
        ("id eq 00000000-0000-0000-0000-0000000000a1", "TFF"),
        ("id eq '00000000-0000-0000-0000-0000000000A1'", "TFF"),
        ("id gt 00000000-0000-0000-0000-0000000000a1", "FTT"),
        ("manager/id eq '00000000-0000-0000-0000-0000000000b0'", "TFF"),
        ("Manager/Id eq null", "FTT"),
    ]);
}

#[test]
fn eq_and_ne_take_null_for_a_value_and_the_other_comparisons_are_false() {
    check(&[
        ("mail eq null", "FTF"),
        ("mail ne null", "TFT"),
        ("null eq mail", "FTF"),
        ("mail ne 'x'", "TTT"),
        ("mail gt ''", "TFT"),
        ("mail gt null", "FFF"),
        ("mail le null", "FFF"),
        ("created lt null", "FFF"),
        ("not (created gt 2026-01-15)", "TFT"),
        ("not (mail eq null)", "TFT"),
        ("enabled eq null", "FFT"),
        ("enabled ne null", "TTF"),
        ("mail in (null,'ann@contoso.com')", "TTF"),
        ("mail in ('ann@contoso.com')", "TFF"),
        ("mail in (null)", "FTF"),
        ("not (mail in ('x'))", "TTT"),
    ]);
}

#[test]
fn functions_of_null_are_null_and_so_is_a_boolean_property_alone() {
    check(&[
        ("startswith(mail,'ANN')", "T?F"),
        ("startswith(mail,'')", "T?T"),
        ("endswith(mail,'.COM')", "T?T"),
        ("endswith(mail,'contoso.com')", "T?F"),
        ("not startswith(mail,'ann')", "F?T"),
        ("not(startswith(mail,'ann'))", "F?T"),
        ("startswith(mail,'ann') eq true", "TFF"),
        ("startswith(mail,'ann') eq false", "FFT"),
        ("startswith(mail,'ann') ne true", "FTT"),
        ("startswith(mail,'ann') eq null", "FTF"),
        ("true eq startswith(mail,'ann')", "TFF"),
        ("enabled", "TF?"),
        ("not enabled", "FT?"),
        ("not (enabled eq true)", "FTT"),
        ("enabled and true", "TF?"),
        ("enabled and false", "FFF"),
        ("enabled or true", "TTT"),
        ("enabled or false", "TF?"),
        ("enabled or startswith(mail,'c')", "T?T"),
        ("enabled and startswith(mail,'c')", "FF?"),
        ("true", "TTT"),
        ("not false", "TTT"),
    ]);
}

#[test]
fn operators_bind_as_the_standard_says() {
    check(&[
        ("not enabled eq true", "FTF"),
        ("not enabled eq null", "FFT"),
        ("(enabled) eq true", "TFF"),
        ("(enabled eq true) eq false", "FTT"),
        ("enabled eq true eq false", "FTT"),
        ("mail eq null eq true", "FTF"),
        ("displayName gt 'b' eq true", "FTT"),
        ("not displayName in ('ann smit')", "FTT"),
        ("not not enabled", "TF?"),
        ("not (mail eq null) and enabled", "TF?"),
        ("mail eq null or enabled eq true and userType eq 'Guest'", "FTF"),
        ("(mail eq null or enabled eq true) and userType eq 'Guest'", "FTF"),
        ("enabled eq true or mail ne null and userType eq 'Guest'", "TFF"),
        ("(enabled eq true or mail ne null) and userType eq 'Guest'", "FFF"),
        ("true or false and false", "TTT"),
        ("(true or false) and false", "FFF"),
        ("not (true or false)", "FFF"),
        ("not true or true", "TTT"),
        ("((((displayName)))) eq ('ann smit')", "TFF"),
    ]);
}

#[test]
fn conditions_on_collections_hold_for_any_item_and_are_never_null() {
    check(&[
        ("aliases/any()", "TFT"),
        ("not aliases/any()", "FTF"),
        ("aliases/any(a:a eq 'SIP:ann')", "TFF"),
        ("aliases/any(a:startswith(a,'smtp:'))", "TFT"),
        ("not(aliases/any(a:startswith(a,'smtp:')))", "FTF"),
        ("aliases/any(a:endswith(a,'@x.nl') and startswith(a,'smtp:ann'))", "TFF"),
        ("aliases/any(a:a in ('sip:ann','nothing'))", "TFF"),
        ("aliases/any(a:not(startswith(a,'smtp:')))", "TFF"),
        ("aliases/any(a:startswith(a,'smtp:')) and not enabled", "FF?"),
        ("Addresses/ANY(a:a/CITY eq 'DELFT')", "TFF"),
        ("addresses/any(a:a/city eq 'leiden')", "TTF"),
        ("addresses/any(a:a/city eq 'leiden' and a/main)", "FTF"),
        ("addresses/any(a:a/city eq 'leiden') and addresses/any(b:b/main)", "TTF"),
        ("addresses/any(a:a/city eq null)", "FFT"),
        ("addresses/any(mail:mail/city eq 'delft')", "TFF"),
        ("addresses/any(a:startswith(a/city,'l') eq null)", "FFT"),
        ("aliases/$count eq 0", "FTF"),
        ("aliases/$count ne 0", "TFT"),
        ("aliases/$count gt 1", "TFF"),
        ("1 lt aliases/$count", "TFF"),
        ("aliases/$count ge -1", "TTT"),
    ]);
}

#[test]
fn spelling_is_as_free_as_clients_need_it() {
    check(&[
        ("DISPLAYNAME EQ 'Ann Smit'", "TFF"),
        ("  displayName   eq\t'Ann Smit'  ", "TFF"),
        ("displayName+eq+'Ann Smit'", "TFF"),
        ("displayName eq'Ann Smit'", "TFF"),
        ("NOT(enabled eq true)", "FTT"),
        ("not(enabled eq true)AND(mail eq null)", "FTF"),
        ("StartsWith( displayName , 'ann' )", "TFF"),
        ("mail In ( 'ann@contoso.com' , 'x' )", "TFF"),
        ("enabled eq True", "TFF"),
        ("created ge 2026-02-01T00:00:00+00:00 and mail eq null", "FTF"),
        ("created+ge+2026-02-01T01:00:00+01:00+and+mail+eq+null", "FTF"),
        ("displayName eq '' or mail eq ''", "FFF"),
        ("displayName eq 'a and b or (c'", "FFF"),
    ]);
}
