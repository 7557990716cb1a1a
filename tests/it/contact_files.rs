//! Files of contacts: the import in two steps and the export (R36–R41).

use roster_tests::{Answer, Client, INITIAL_DOMAIN, TestApp, on_both, person};
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::time::Duration;

on_both! {
    the_file_of_contacts_has_each_once_and_computes_nothing,
    a_file_of_contacts_is_imported_in_two_steps_and_exported_as_it_was,
    hundreds_of_contacts_come_out_as_they_went_in,
    whatever_contact_was_made_comes_back_from_its_own_export,
}

const PATH: &str = "/v1.0/contacts";

async fn the_file_of_contacts_has_each_once_and_computes_nothing(app: TestApp) {
    let client = app.client().await;
    let manager = app.person("Mia").await;
    for number in 0..3 {
        let name = format!("Contact {number}");
        let mail = format!("Contact{number}@outside.example");
        let mut body = json!({"displayName": name, "mail": mail});
        body["personalNotes"] = json!("=SUM(\"a\",\n1)");
        let id = client.post(PATH, &body).await.is(201).id();
        let reference = json!({"@odata.id": manager});
        let set = client.request("PUT", &format!("{PATH}/{id}/manager/$ref")).json(&reference);
        client.send(set).await.is(204);
    }
    let member = app.as_member().await.with("Accept", "text/csv");
    let options = [("$orderby", "displayName desc"), ("$filter", "displayName ne 'Contact 1'")];
    let file = member.query(PATH, &options).await.is(200);
    assert!(file.header("content-type").starts_with("text/csv"), "{file}");
    let row = |number: u8| {
        format!(
            "Contact{number}@outside.example,Contact {number},{}\"'=SUM(\"\"a\"\",\n1)\",,\
             mia@{INITIAL_DOMAIN}\r\n",
            ",".repeat(17)
        )
    };
    let (_, rows) = file.text.split_once("Notes,Office,Manager\r\n").unwrap();
    assert_eq!(rows, row(2) + &row(0));
    member.query(PATH, &[("$select", "id")]).await.refuses(400, "Request_UnsupportedQuery");
}

pub(super) const HEADINGS: &str = "ExternalEmailAddress,Name,FirstName,LastName,StreetAddress,City,\
                        StateorProvince,PostalCode,Phone,MobilePhone,Pager,HomePhone,Company,Title,\
                        OtherTelephone,Department,CountryOrRegion,Fax,Initials,Notes,Office,Manager";

/// Imports a file; the finished job and its result.
pub(super) async fn import(client: &Client, file: &str) -> (Answer, String) {
    let request = client.request("POST", "/v1.0/imports/contacts");
    let request = request.header("content-type", "text/csv").body(file.to_owned());
    let path = format!("/v1.0/imports/{}", client.send(request).await.is(202).id());
    loop {
        let job = client.get(&path).await.is(200);
        if ["completed", "failed"].contains(&job.text_of("status").as_str()) {
            let result = client.get(&format!("{path}/result")).await.is(200).text;
            return (job, result);
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn a_file_of_contacts_is_imported_in_two_steps_and_exported_as_it_was(app: TestApp) {
    app.person("Mia").await;
    let exchange = app.as_role("exchange").await;
    let good = format!(
        "ann@a.example,Ann,A,N,S 1,C,P,Z,'+31 1,2,3,4,Co,T,5,D,Netherlands,6,I,'=1+1,O,Cas\r\n\
         ben@a.example,Ben,B,N,,,,,,,,,,,,,,,,,,mia@{INITIAL_DOMAIN}\r\n\
         cas@a.example,Cas,C,N,,,,,,,,,,,,,,,,,,Cas\r\n"
    );
    let lost = "dan@a.example,Dan,D,N,,,,,,,,,,Title,,,,,,,,Nobody\r\n,,,,,,,,,,,,,,,,,,,,,x\r\n";
    let file = format!("{HEADINGS}\r\n{good}{lost}");
    let (job, result) = import(&exchange, &file).await;
    let counted = |job: &Answer| {
        ["created", "exists", "failed", "warnings"].map(|name| job["counts"][name].clone())
    };
    assert_eq!(counted(&job), [4, 0, 1, 1].map(Value::from), "{result}");
    assert!(result.contains("5,dan@a.example,incomplete,managerNotFound,Manager,"), "{result}");
    let (again, result) = import(&exchange, &file).await;
    assert_eq!(counted(&again), [0, 4, 1, 0].map(Value::from), "{result}");
    let member = app.as_member().await.with("Accept", "text/csv");
    let options = [("$orderby", "name"), ("$filter", "name ne 'Dan'")];
    let exported = member.query(PATH, &options).await.is(200).text;
    assert_eq!(exported, format!("{HEADINGS}\r\n{good}"));
    let dan = [("$filter", "name eq 'Dan' and jobTitle eq null")];
    let count = format!("{PATH}/$count");
    assert_eq!(exchange.query(&count, &dan).await.text, "1", "step two is all or nothing");
    app.as_role("user").await.get(&format!("/v1.0/imports/{}", job.id())).await.is(403);
}

async fn hundreds_of_contacts_come_out_as_they_went_in(app: TestApp) {
    const CONTACTS: u32 = 500;
    let mut file = format!("{HEADINGS}\r\n");
    for number in 0..CONTACTS {
        file.push_str(&row(number, CONTACTS));
    }
    let exchange = app.as_role("exchange").await;
    let (job, result) = import(&exchange, &file).await;
    let counts =
        ["created", "exists", "failed", "warnings"].map(|name| job["counts"][name].clone());
    assert_eq!(counts, [i64::from(CONTACTS), 0, 0, 0].map(Value::from), "{result}");
    let member = app.as_member().await.with("Accept", "text/csv");
    let exported = member.query(PATH, &[("$orderby", "name")]).await.is(200).text;
    let differs = exported.lines().zip(file.lines()).find(|(is, was)| is != was);
    assert_eq!(differs, None);
    assert_eq!(exported.len(), file.len());
    let (job, _) = import(&exchange, &exported).await;
    assert_eq!(job["counts"]["exists"], CONTACTS, "the export is a file of the import");
}

/// What a file holds of a contact; each phone for itself, since files have an order of their own.
fn in_files(contact: &Value) -> Vec<Value> {
    let names = [
        "mail",
        "name",
        "displayName",
        "givenName",
        "surname",
        "companyName",
        "jobTitle",
        "department",
        "initials",
        "personalNotes",
        "addresses",
    ];
    let mut values: Vec<Value> = names.iter().map(|name| contact[*name].clone()).collect();
    let mut phones = contact["phones"].as_array().cloned().unwrap_or_default();
    phones.sort_by_key(|phone| phone["type"].to_string());
    values.push(phones.into());
    values.push(contact["manager"]["displayName"].clone());
    values
}

/// Contacts with everything that may go wrong on the way through a file; one has a manager, whose
/// address is given.
fn awkward(boss: &str) -> Vec<Value> {
    let texts = |text: &str| {
        json!({
            "givenName": text, "surname": text, "companyName": text, "jobTitle": text,
            "department": text, "initials": text, "personalNotes": text,
            "addresses": [{
                "street": text, "city": text, "state": text, "postalCode": text,
                "countryOrRegion": text, "officeLocation": text
            }],
        })
    };
    let phones = json!({"phones": [
        {"type": "pager", "number": " +31 20 555 0100 "}, {"type": "business", "number": "0100"}
    ]});
    let country = |text: &str| json!({"addresses": [{"countryOrRegion": text}]});
    let only = |name: &str| json!({name: "X"});
    let mut bodies = vec![
        json!({}),
        only("givenName"),
        only("surname"),
        phones,
        country("NL"),
        country(" nederland "),
        country("Kosovo"),
        json!({"mail": "+a'b=c@outside.example"}),
        json!({"manager@odata.bind": boss}),
    ];
    let nasty = [
        "=1+1",
        "'=1",
        "''",
        "'t Hart",
        " blanks ",
        "a,b;\"c\"",
        "a\r\nb\tc\r",
        "\t=x",
        "\u{feff}x",
        "\u{2028}",
        " ",
        "-",
        "@",
        "Zo\u{eb} \u{1f600}",
        "NULL",
        "a\u{301}",
    ];
    bodies.extend(nasty.iter().map(|text| texts(text)));
    bodies
}

async fn whatever_contact_was_made_comes_back_from_its_own_export(app: TestApp) {
    let exchange = app.as_role("exchange").await;
    let long = "l".repeat(64);
    let mut boss = person("Boss");
    boss["userPrincipalName"] = json!(format!("{long}@{INITIAL_DOMAIN}"));
    let boss = app.create(&boss).await.id();
    let mut bodies = awkward(&format!("{}/v1.0/users/{boss}", app.url));
    for (number, body) in bodies.iter_mut().enumerate() {
        body["displayName"] = json!(format!("Contact {number:02}"));
        if body["mail"].is_null() {
            body["mail"] = json!(format!("C{number}@Outside.example"));
        }
        exchange.post(PATH, body).await.is(201);
    }
    let read = [("$orderby", "name"), ("$expand", "manager")];
    let before = exchange.query(PATH, &read).await.is(200);
    let file = exchange.with("Accept", "text/csv").get(PATH).await.is(200).text;
    for contact in before.items() {
        let id = contact["id"].as_str().unwrap();
        exchange.delete(&format!("{PATH}/{id}")).await.is(204);
    }
    let (job, result) = import(&exchange, &file).await;
    assert_eq!(job["counts"]["created"], bodies.len(), "{result}");
    assert_eq!(job["counts"]["warnings"], 0, "{result}");
    let after = exchange.query(PATH, &read).await.is(200);
    for (is, was) in after.items().iter().zip(before.items()) {
        assert_eq!(in_files(is), in_files(was));
    }
    assert_eq!(after.items().len(), bodies.len());
    let country = |at: usize| after.items()[at]["addresses"][0]["countryOrRegion"].clone();
    assert_eq!([country(4), country(5), country(6)], ["Netherlands", "Netherlands", "Kosovo"]);
    let manager = |contact: &Value| contact["manager"]["displayName"] == "Boss";
    assert_eq!(after.items().iter().filter(|contact| manager(contact)).count(), 1);
}

/// A row of which some cells need quotes; its manager often stands later in the file.
fn row(number: u32, of: u32) -> String {
    let manager = (number * 7 + 1) % of;
    let mut row =
        format!("{number:05}@outside.example,Contact {number:05},Zo\u{eb},Yıldız {number},");
    let _ = write!(
        row,
        "\"Calle {number}, 2º\",Łódź,NH,1012 AB,'+31 20 {number:05},'+31 6 {number:05},"
    );
    let _ =
        write!(row, "{number:05},'+31 10 {number:05},\"Adatum \"\"{number}\"\" BV\",Baker,,Sales,");
    let _ = write!(row, "Netherlands,'+31 30 {number:05},Z.Y.,\"two\nlines\",B{number},");
    let _ = write!(row, "Contact {manager:05}\r\n");
    row
}
