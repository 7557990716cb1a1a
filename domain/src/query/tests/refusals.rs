//! What is refused, and what the client is told.

use super::{Person, filter, query};
use crate::authz::{Permission, RoleSet};
use crate::error::{Error, Kind, Refusal};
use crate::query::{LIST, parse};

/// The one text of a refusal, with its kind checked.
fn refusal(kind: Kind, result: Result<impl std::fmt::Debug, Error>) -> (String, String) {
    let error = result.expect_err("this should be refused");
    assert_eq!(error.kind, kind, "{}", error.message);
    (error.target.unwrap_or_default(), error.message.into_owned())
}

fn check(kind: Kind, cases: &[(&str, &str, &str)]) {
    for (text, target, message) in cases {
        let (found_target, found) = refusal(kind, filter(text));
        assert!(found.contains(message), "{text}\nexpected {message}\nfound    {found}");
        assert_eq!(found_target, *target, "{text}");
    }
}

#[test]
fn a_syntax_error_says_where_and_what_was_expected() {
    check(
        Kind::Invalid,
        &[
            ("", "$filter", "character 1: found the end, expected a property"),
            ("displayName eq", "$filter", "character 15: found the end"),
            ("displayName eq 'x", "$filter", "character 16: the quote is never closed"),
            ("displayName eq \"x\"", "$filter", "text stands in single quotes"),
            ("displayName = 'x'", "$filter", "unexpected character '='"),
            ("(displayName eq 'x'", "$filter", "character 20: found the end, expected ')'"),
            ("displayName eq 'x')", "$filter", "character 19: found ')'"),
            ("displayName eq 'x' mail eq 'y'", "$filter", "character 20: found 'mail'"),
            ("displayName like 'x'", "$filter", "found 'like', expected an operator"),
            ("and enabled", "and", "Could not find a property named 'and'"),
            ("mail in 'x'", "$filter", "expected '(' after in"),
            ("mail in ()", "$filter", "expected a constant"),
            ("mail in ('x'", "$filter", "expected ',' or ')'"),
            ("mail in (displayName)", "$filter", "text needs single quotes"),
            ("startswith(mail)", "$filter", "expected ','"),
            ("startswith('x',mail)", "$filter", "first argument must be a text property"),
            ("aliases/", "$filter", "expected a name after '/'"),
            ("aliases/any(", "$filter", "expected a variable"),
            ("aliases/any(a)", "$filter", "expected ':'"),
            ("é eq 'x'", "é", "Could not find"),
            ("mail eq 'é' ?", "$filter", "character 13: unexpected character '?'"),
        ],
    );
}

#[test]
fn a_name_that_is_no_property_is_named() {
    check(
        Kind::Invalid,
        &[
            ("foo eq 1", "foo", "Could not find a property named 'foo' on person."),
            ("mail eq bob", "bob", "character 9 of $filter; if it is meant as text"),
            ("mail eq NULL", "NULL", "Could not find"),
            ("manager/foo eq 'x'", "manager/foo", "Could not find"),
            ("aliases/$Count eq 0", "aliases/$Count", "Could not find"),
            ("displayName eq 'x' and bar", "bar", "character 24"),
            ("addresses/any(a:a/zip eq 'x')", "$filter", "can be compared: a/city, a/main."),
            ("addresses/any(a:a eq 'x')", "$filter", "can be compared: a/city, a/main."),
            ("aliases/any(a:a/x eq 'x')", "$filter", "compare 'a' itself"),
            ("aliases/any(a:A eq 'x')", "$filter", "only its variable 'a' can be used, not 'A'"),
            ("aliases/any(a:mail eq 'x')", "$filter", "Move other comparisons outside"),
            ("aliases/any(a:a eq 'x') and a eq 'x'", "a", "Could not find a property named 'a'"),
        ],
    );
    let several =
        "(foo eq 1 or mail eq 'x') and not (Bar in ('x')) and foo ne 2 and manager/baz eq 3";
    let error = filter(several).unwrap_err();
    let targets: Vec<_> = error.violations.iter().map(|named| named.target.as_str()).collect();
    assert_eq!(targets, ["foo", "Bar"], "the path behind them is not looked at");
    let long = "x".repeat(1_000);
    let (_, message) = refusal(Kind::Invalid, filter(&long));
    assert!(message.len() < 300, "a long name is repeated in full: {message}");
}

#[test]
fn a_literal_of_another_type_names_property_problem_and_remedy() {
    check(
        Kind::Invalid,
        &[
            ("mail eq 5", "mail", "'mail' is compared with text in single quotes"),
            ("mail eq true", "mail", "text in single quotes"),
            ("enabled eq 'true'", "enabled", "'enabled' is Boolean; compare it with true, false"),
            ("created gt 'soon'", "created", "2026-01-31T08:00:00Z"),
            ("created gt 2026-02-30", "created", "date-time"),
            ("created gt '-0044-03-15'", "created", "date-time"),
            ("id eq 'ann'", "id", "'id' is compared with an id"),
            ("id eq true", "id", "'id' is compared with an id"),
            ("userType eq 'Boss'", "userType", "one of: 'Member', 'Guest'"),
            ("aliases eq 'x'", "aliases", "is a collection; write aliases/any(x:x eq …)"),
            ("addresses eq null", "addresses", "write addresses/any(x:x/city eq …)"),
            ("startswith(aliases,'x')", "aliases", "is a collection"),
            ("startswith(mail,null)", "mail", "text in single quotes"),
            ("aliases/$count eq 'x'", "aliases", "compared with a number"),
            ("aliases/$count", "$filter", "compare the number"),
            ("mail/any(x:x eq 'x')", "$filter", "'mail' is no collection"),
            ("mail/$count eq 1", "$filter", "'mail' is no collection"),
            ("displayName", "$filter", "'displayName' alone is no condition"),
            ("not displayName eq 'x'", "$filter", "write not(property eq 'value')"),
            ("'x'", "$filter", "a constant alone is no condition"),
            ("null", "$filter", "a constant alone is no condition"),
            ("'x' eq 'x'", "$filter", "one side of a comparison must be a property"),
            ("true eq true", "$filter", "one side of a comparison must be a property"),
            ("(mail eq 'x') gt true", "$filter", "only be compared by eq or ne"),
            ("(mail eq 'x') eq 'x'", "$filter", "only be compared by eq or ne"),
            ("(mail eq 'x') in (true)", "$filter", "a property must stand before 'in'"),
        ],
    );
}

#[test]
fn what_is_not_served_says_what_to_use_instead() {
    check(
        Kind::UnsupportedQuery,
        &[
            ("contains(displayName,'x')", "$filter", "or $search, which finds words"),
            ("tolower(mail) eq 'x'", "$filter", "Comparisons ignore case"),
            ("length(mail) eq 1", "$filter", "These are: startswith, endswith, any."),
            ("aliases/all(a:a eq 'x')", "$filter", "Write not(items/any(x:not(condition)))"),
            ("mail has 'x'", "$filter", "'has' is not served. These are: eq, ne"),
            ("aliases/$count add 1 eq 2", "$filter", "'add' is not served"),
            ("mail eq displayName", "$filter", "One side must be a constant."),
            ("enabled eq startswith(mail,'x')", "$filter", "One side must be a constant."),
            ("enabled gt false", "enabled", "'enabled' only takes eq, ne and in."),
            ("userType ge 'Guest'", "userType", "only takes eq, ne and in."),
            ("startswith(userType,'G')", "userType", "is no free text"),
            ("note eq 'x'", "note", "'note' is not served in $filter on person. These are: id,"),
        ],
    );
}

#[test]
fn what_the_caller_may_not_read_can_be_neither_selected_filtered_sorted_nor_searched() {
    let options = [
        ("$select", "id,mail"),
        ("$filter", "enabled or mail eq null"),
        ("$filter", "startswith(MAIL,'x')"),
        ("$orderby", "displayName,mail desc"),
        ("$search", "\"mail:x\""),
    ];
    for option in options {
        let result = parse::<Person>(LIST, [option], &|property| match property.name {
            "mail" => Err(Error::forbidden(Refusal {
                permission: Permission::ViewOrganizationAndUsers,
                limit: None,
                granting_roles: RoleSet::EMPTY,
                target: None,
            })),
            _ => Ok(()),
        });
        assert_eq!(result.expect_err("mail was read").kind, Kind::Forbidden, "{option:?}");
        assert!(query(&[option]).is_ok(), "{option:?}");
    }
}
