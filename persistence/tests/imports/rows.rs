//! What becomes of the rows of a file.

use crate::organisation::{DOMAIN, Organisation, PEOPLE, people, person};
use crate::support::on_each_database;
use roster_domain::Value;
use roster_domain::imports::{Counts, Status};
use std::collections::HashSet;

#[test]
fn a_thousand_people_are_imported_and_a_second_run_changes_nothing() {
    on_each_database(|database| async move {
        let contoso = Organisation::new(&database).await;
        let before = contoso.last_change().await;
        let job = contoso.import(PEOPLE, 64).await;
        let all = Counts { rows: 1_000, valid: 1_000, ..Counts::default() };
        assert_eq!(job.counts, Counts { created: 1_000, ..all });
        assert_eq!((job.status, job.failure), (Status::Completed, None));
        assert_eq!(contoso.count("users WHERE deleted_at IS NULL").await, 1_001);
        let changes = format!("changes WHERE operation = 'users.create' AND seq > {before}");
        assert_eq!(contoso.count(&changes).await, 1_000, "one record for each user");
        assert_eq!(contoso.last_change().await, before + 1_000);

        let again = contoso.import(PEOPLE, 64).await;
        assert_eq!(again.counts, Counts { exists: 1_000, ..all });
        assert_eq!(again.status, Status::Completed);
        assert_eq!(contoso.last_change().await, before + 1_000);
        let result = contoso.result(contoso.grant(), again.id).await;
        assert!(result.iter().all(|line| line[2] == "exists" && line[6].is_empty()));
        contoso.store.close();
    });
}

#[test]
fn a_created_user_has_what_its_row_says() {
    on_each_database(|database| async move {
        let contoso = Organisation::new(&database).await;
        let row = format!(
            "Zoe.Vos@{DOMAIN},Zoë,Vos,Zoë Vos,Analyst,Finance,19.160,+31 20 8117092,+31 6 \
             24461484,+31 20 1,\"Kade 7, 2e etage\",Utrecht,UT,3511 GH,Netherlands\n"
        );
        contoso.import(&people(&row), 10).await;
        let (grant, key) = (contoso.grant(), format!("zoe.vos@{DOMAIN}"));
        let found = move |tx: &mut roster_persistence::Session<'_>| {
            roster_domain::users::resolve(tx, &grant.scope(), &key)
        };
        let user = contoso.store.read(found).await.unwrap().user;
        assert_eq!(user.user_principal_name, format!("Zoe.Vos@{DOMAIN}"));
        let text = |value: Option<String>| value.unwrap_or_default();
        assert_eq!(text(user.given_name), "Zoë");
        assert_eq!(text(user.office_location), "19.160");
        assert_eq!(user.business_phones, ["+31 20 8117092"]);
        assert_eq!(text(user.mobile_phone), "+31 6 24461484");
        assert_eq!(text(user.fax_number), "+31 20 1");
        assert_eq!(text(user.street_address), "Kade 7, 2e etage");
        assert_eq!(text(user.postal_code), "3511 GH");
        assert_eq!(text(user.country), "Netherlands");
        assert_eq!(text(user.usage_location), "NL");
        assert_eq!(text(user.mail), format!("Zoe.Vos@{DOMAIN}"));
        assert!(user.account_enabled && user.last_password_change.is_some());
        assert_eq!(
            contoso.count("credentials WHERE must_change AND one_time AND hash <> 'x'").await,
            1
        );
        contoso.store.close();
    });
}

#[test]
fn bad_rows_are_told_by_line_column_and_code_and_never_stop_the_good_ones() {
    on_each_database(|database| async move {
        let contoso = Organisation::new(&database).await;
        let taken = format!("taken@{DOMAIN}");
        contoso
            .create_user(&[
                ("displayName", Value::text("Holder")),
                ("userPrincipalName", Value::Text(format!("holder@{DOMAIN}").into())),
                (
                    "proxyAddresses",
                    Value::List(vec![
                        Value::Text(format!("SMTP:holder@{DOMAIN}").into()),
                        Value::Text(format!("smtp:{taken}").into()),
                    ]),
                ),
            ])
            .await;
        let rows = [
            person(&format!("first@{DOMAIN}")),
            ",,,Nobody,,,,,,,,,,,\n".to_owned(),
            format!("second@{DOMAIN},,,,,,,,,,,,,,\n"),
            person("third"),
            person("fourth@elsewhere.example"),
            person(&format!("FIRST@{DOMAIN}")),
            person(&format!("holder@{DOMAIN}")),
            person(&taken),
            "too,few,fields\n".to_owned(),
            format!("fifth@{DOMAIN},{},,Fifth,,,,none,,,,,,,\n", "x".repeat(65)),
            person(&format!("last@{DOMAIN}")),
        ];
        let job = contoso.import(&people(&rows.concat()), 3).await;
        assert_eq!(
            job.counts,
            Counts {
                rows: 11,
                valid: 5,
                invalid: 6,
                created: 2,
                exists: 1,
                failed: 8,
                warnings: 0
            }
        );
        let result = contoso.result(contoso.grant(), job.id).await;
        let told: Vec<[&str; 4]> =
            result.iter().map(|line| [line[0].as_str(), &line[2], &line[3], &line[4]]).collect();
        assert_eq!(
            told,
            [
                ["2", "created", "", ""],
                ["3", "failed", "missingUserName", "User Name"],
                ["4", "failed", "missingDisplayName", "Display Name"],
                ["5", "failed", "badAddressSyntax", "User Name"],
                ["6", "failed", "domainNotVerified", "User Name"],
                ["7", "failed", "duplicateInFile", "User Name"],
                ["8", "exists", "", ""],
                ["9", "failed", "addressInUse", "User Name"],
                ["10", "failed", "malformedRow", ""],
                ["11", "failed", "valueTooLong", "First Name"],
                ["11", "failed", "invalidValue", "Office Phone"],
                ["12", "created", "", ""],
            ]
        );
        assert!(result[7][5].contains("user"), "names the holder: {}", result[7][5]);
        let passwords: HashSet<&str> = result.iter().map(|line| line[6].as_str()).collect();
        assert_eq!(passwords.len(), 3, "one for each user created, none for the others");
        contoso.store.close();
    });
}

#[test]
fn a_name_that_is_reserved_at_the_initial_domain_is_told_apart() {
    on_each_database(|database| async move {
        let contoso = Organisation::new(&database).await;
        let add = |tx: &mut roster_persistence::Session<'_>| {
            use roster_domain::domains::{Domain, DomainWrites as _};
            let domain = Domain::new("contoso.example", tx.now());
            tx.insert_domain(&Domain { is_verified: true, ..domain })
        };
        contoso.write(add).await.unwrap();
        let rows = [person("geoff@contoso.example"), person(&format!("geoff@{DOMAIN}"))];
        let job = contoso.import(&people(&rows.concat()), 10).await;
        assert_eq!((job.counts.created, job.counts.failed), (1, 1));
        let result = contoso.result(contoso.grant(), job.id).await;
        assert_eq!(result[1][3], "reservedByInitialDomain");
        contoso.store.close();
    });
}

#[test]
fn a_user_who_stands_in_the_file_twice_is_told_so_also_in_a_later_run() {
    on_each_database(|database| async move {
        let contoso = Organisation::new(&database).await;
        let name = format!("twice@{DOMAIN}");
        let filler: String = (0..5).map(|n| person(&format!("filler{n}@{DOMAIN}"))).collect();
        let file = people(&[person(&name), filler, person(&name)].concat());
        for (outcome, rows) in [("created", 2), ("exists", 100)] {
            let job = contoso.import(&file, rows).await;
            let result = contoso.result(contoso.grant(), job.id).await;
            assert_eq!(
                (result[0][2].as_str(), result[6][3].as_str()),
                (outcome, "duplicateInFile")
            );
        }
        contoso.store.close();
    });
}

#[test]
fn a_person_in_deleted_items_is_created_anew() {
    on_each_database(|database| async move {
        let contoso = Organisation::new(&database).await;
        let (grant, key) = (contoso.grant(), format!("again@{DOMAIN}"));
        let file = people(&person(&key));
        contoso.import(&file, 10).await;
        contoso
            .write(move |tx| roster_domain::users::delete(tx, &grant.also().unwrap(), &key, None))
            .await
            .unwrap();
        assert_eq!(contoso.import(&file, 10).await.counts.created, 1);
        contoso.store.close();
    });
}
