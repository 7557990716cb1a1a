use super::*;
use proptest::prelude::*;
use std::time::{Duration, Instant};

/// A name of exactly so many characters before and after the `@`.
fn sized(local: usize, domain: usize) -> String {
    format!("{}@{}.nl", "a".repeat(local), "b".repeat(domain - 3))
}

#[test]
fn a_user_name_is_split_as_it_was_written() {
    let name = user_principal_name("Luuk.van-der_Veen'!#^~7@Contoso.example", &API_LIMITS).unwrap();
    assert_eq!(name, Parts { local: "Luuk.van-der_Veen'!#^~7", domain: "Contoso.example" });
}

#[test]
fn a_user_name_has_the_characters_of_its_rule_only() {
    for c in (' '..='~').filter(|c| *c != '@' && *c != '.') {
        let allowed = c.is_ascii_alphanumeric() || "'-_!#^~".contains(c);
        assert_eq!(
            user_principal_name(&format!("a{c}b@contoso.com"), &API_LIMITS).is_ok(),
            allowed,
            "{c}"
        );
    }
    for c in ['é', '\u{202e}', '\u{200b}', 'а', '\u{212a}', '＠', '\0', '\n', '\u{7f}'] {
        assert!(user_principal_name(&format!("a{c}b@contoso.com"), &API_LIMITS).is_err(), "{c:?}");
        assert!(user_principal_name(&format!("ab@con{c}toso.com"), &API_LIMITS).is_err(), "{c:?}");
    }
}

#[test]
fn a_user_name_has_one_at_sign_with_something_on_both_sides() {
    for text in ["", "@", "luuk", "luuk@", "@contoso.com", "a@b@contoso.com", "contoso.com"] {
        let message = user_principal_name(text, &API_LIMITS).unwrap_err();
        assert!(message.contains("one '@'"), "{text}: {message}");
    }
}

#[test]
fn dots_stand_only_between_other_characters() {
    for local in ["a.", ".a", "a..b", "."] {
        let text = format!("{local}@contoso.com");
        assert!(user_principal_name(&text, &API_LIMITS).unwrap_err().contains("dots"), "{local}");
        assert!(smtp_address(&text).unwrap_err().contains("dots"), "{local}");
        assert!(mail_nickname(local).unwrap_err().contains("dots"), "{local}");
    }
}

#[test]
fn import_files_have_shorter_user_names_than_the_directory() {
    assert!(user_principal_name(&sized(64, 48), &API_LIMITS).is_ok());
    assert!(user_principal_name(&sized(65, 48), &API_LIMITS).is_err());
    assert!(user_principal_name(&sized(60, 49), &API_LIMITS).is_err());
    assert!(user_principal_name(&sized(50, 28), &IMPORT_LIMITS).is_ok());
    assert!(user_principal_name(&sized(51, 20), &IMPORT_LIMITS).is_err());
    assert!(user_principal_name(&sized(30, 48), &IMPORT_LIMITS).is_ok());
    assert!(user_principal_name(&sized(30, 49), &IMPORT_LIMITS).is_err());
    assert!(user_principal_name(&sized(40, 39), &IMPORT_LIMITS).is_err(), "80 in all");
}

#[test]
fn a_domain_name_is_stored_in_lower_case() {
    assert_eq!(domain_name("Mail.Contoso.COM", 48).unwrap(), "mail.contoso.com");
    assert_eq!(domain_name("xn--bcher-kva.example", 48).unwrap(), "xn--bcher-kva.example");
}

#[test]
fn a_domain_name_has_two_or_more_labels_of_letters_digits_and_hyphens() {
    let long = format!("{}.com", "a".repeat(64));
    let bad = [
        "",
        "contoso",
        "contoso.",
        ".com",
        "a..com",
        "-a.com",
        "a-.com",
        "a_b.com",
        "a b.com",
        "10.0.0.1",
        "contoso.123",
        "bücher.example",
        "contoso.com/",
        "*.contoso.com",
        &long,
    ];
    for text in bad {
        assert!(domain_name(text, MAX_DOMAIN).is_err(), "{text}");
    }
    assert!(domain_name(&long.replacen('a', "", 1), MAX_DOMAIN).is_ok());
    assert!(domain_name(&"a.".repeat(126).replace("a.a.a.", "a.a.aa."), MAX_DOMAIN).is_err());
}

#[test]
fn a_mail_address_may_have_every_symbol_of_an_atom() {
    let text = "a!#$%&'*+-/=?^_`{|}~@fabrikam.com";
    assert_eq!(smtp_address(text).unwrap().domain, "fabrikam.com");
}

#[test]
fn quoted_and_literal_parts_are_refused_with_their_reason() {
    assert!(smtp_address("\"a b\"@fabrikam.com").unwrap_err().contains("quotation marks"));
    assert!(smtp_address("a@[127.0.0.1]").unwrap_err().contains("IP address"));
}

#[test]
fn a_mail_address_has_at_most_254_characters() {
    let domain = format!("{}com", format!("{}.", "b".repeat(61)).repeat(3));
    assert_eq!(domain.len(), 189);
    assert!(smtp_address(&format!("{}@{domain}", "a".repeat(64))).is_ok());
    assert!(smtp_address(&format!("{}@{domain}", "a".repeat(65))).is_err());
    assert!(smtp_address(&format!("{}@b{domain}", "a".repeat(64))).is_err());
}

#[test]
fn an_alias_is_what_may_stand_before_the_at_sign() {
    for good in ["luuk.vanderveen", "a", "a+b", &"a".repeat(64)] {
        assert_eq!(mail_nickname(good), Ok(()), "{good}");
    }
    for c in "@()\\[]\";:<>, é\t".chars() {
        assert!(mail_nickname(&format!("a{c}b")).is_err(), "{c}");
    }
    assert!(mail_nickname("").is_err());
    assert!(mail_nickname(&"a".repeat(65)).is_err());
}

#[test]
fn the_prefix_of_a_proxy_address_tells_whether_it_is_primary() {
    let primary = proxy_address("SMTP:Luuk@contoso.com").unwrap();
    assert_eq!(primary, Proxy { primary: true, address: "Luuk@contoso.com" });
    assert_eq!(primary.to_string(), "SMTP:Luuk@contoso.com");
    let other = proxy_address("smtp:luuk@contoso.com").unwrap();
    assert!(!other.primary);
    assert_eq!(other.to_string(), "smtp:luuk@contoso.com");
    for text in ["luuk@contoso.com", "Smtp:luuk@contoso.com", "x500:/o=contoso", "SMTP:luuk"] {
        assert!(proxy_address(text).is_err(), "{text}");
    }
}

#[test]
fn a_look_alike_letter_finds_nobody() {
    assert_eq!(key("Mike@Contoso.COM"), "mike@contoso.com");
    assert_ne!(key("mi\u{212a}e@contoso.com"), "mike@contoso.com");
    assert_ne!(key("ｍike@contoso.com"), "mike@contoso.com");
    assert_ne!(key("mıke@contoso.com"), "mike@contoso.com");
}

#[test]
fn a_message_shows_no_character_that_could_disturb_it() {
    let message = smtp_address("a\u{202e}b@fabrikam.com").unwrap_err();
    assert!(message.contains("U+202E") && message.is_ascii(), "{message}");
}

#[test]
fn the_isemail_addresses_are_judged_as_the_checked_in_list_says() {
    let list = include_bytes!("../../../../tests/fixtures/isemail/addresses.csv");
    let mut judged = 0;
    for record in csv::Reader::from_reader(list.as_slice()).records() {
        let record = record.unwrap();
        let expected = &record[2] == "yes";
        assert_eq!(smtp_address(&record[0]).is_ok(), expected, "{:?}", &record[0]);
        judged += 1;
    }
    assert_eq!(judged, 205);
}

#[test]
fn hostile_shapes_of_100_000_characters_are_judged_at_once() {
    for part in ["a", ".", "a.", "a@", "@", "-", "a-", "\"", "\\\"", "é", "(", "SMTP:", "x@a."] {
        let text = part.repeat(100_000 / part.len());
        let started = Instant::now();
        assert!(user_principal_name(&text, &API_LIMITS).is_err());
        assert!(smtp_address(&text).is_err());
        assert!(proxy_address(&text).is_err());
        assert!(domain_name(&text, MAX_DOMAIN).is_err());
        assert!(mail_nickname(&text).is_err());
        assert!(started.elapsed() < Duration::from_millis(50), "{part}");
    }
}

proptest! {
    #[test]
    fn no_text_is_too_odd_to_judge(text in "\\PC{0,60}") {
        let _ = (user_principal_name(&text, &API_LIMITS), smtp_address(&text), proxy_address(&text));
        let _ = (domain_name(&text, MAX_DOMAIN), mail_nickname(&text));
    }

    #[test]
    fn keys_of_keys_are_keys(text in "\\PC{0,40}") {
        prop_assert_eq!(key(&key(&text)), key(&text));
    }

    #[test]
    fn every_user_name_is_a_mail_address(text in "[a-zA-Z0-9'._!#^~-]{1,20}@[a-z0-9.-]{1,20}") {
        if user_principal_name(&text, &API_LIMITS).is_ok() {
            prop_assert!(smtp_address(&text).is_ok());
            prop_assert!(mail_nickname(user_principal_name(&text, &API_LIMITS).unwrap().local).is_ok());
        }
    }

    #[test]
    fn a_stored_domain_name_stays_as_it_is(text in "[a-zA-Z0-9-]{1,9}\\.[a-zA-Z-]{1,9}") {
        if let Ok(stored) = domain_name(&text, MAX_DOMAIN) {
            prop_assert_eq!(domain_name(&stored, MAX_DOMAIN).unwrap(), stored);
        }
    }
}
