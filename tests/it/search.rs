//! People are found as colleagues type their names, in many languages, by `$search` and in the
//! address book alike.

use roster_tests::{Client, TestApp, on_both};
use serde_json::json;

on_both! {
    names_are_found_as_people_type_them,
    the_address_book_knows_neither_case_nor_accents_nor_symbols,
}

/// A name, what finds it, and what does not.
type Name = (&'static str, &'static [&'static str], &'static [&'static str]);

const NAMES: &[Name] = &[
    // Dutch: particles, the letter ij, a trema.
    ("Anna de Vries", &["vries", "de vries", "VRIES ANNA", "devries", "anna de v"], &["ries"]),
    ("Piet van den Berg", &["berg", "vandenberg", "van den berg", "BERG PIET"], &["enberg"]),
    ("Zoë van 't Hof", &["zoe", "zoë hof", "van t hof"], &["oe hof"]),
    ("Jan-Willem IJsselmuiden", &["ijsselm", "jan willem", "janwillem", "jan-w"], &["sselm"]),
    // German: umlauts as they are, without dots, and written out.
    ("Jürgen Müller", &["muller", "MÜLLER", "mueller", "juergen mu"], &["mller"]),
    ("Maria Straße", &["strasse", "STRASSE maria", "straße"], &["strase"]),
    ("Jo\u{308}rg Weiß", &["jorg weiss", "jörg", "joerg"], &["jrg"]),
    // French and Spanish: accents, apostrophes, ligatures.
    ("Élodie L'Hôpital", &["elodie", "lhopital", "l'hopital", "hôpital élo"], &["lodie"]),
    ("Cœur Lefèvre", &["coeur", "lefevre", "cœur"], &["cour"]),
    ("José García-Peña", &["jose garcia", "garcia jose", "pena", "garcia-pe"], &["arcia"]),
    ("Karl Soeder", &["söder", "SÖDER karl", "soeder"], &["sder"]),
    // Scandinavian: letters of their own.
    ("Jens Kjær", &["kjaer", "kjær", "KJÆR jens"], &["jaer"]),
    ("Bo Aagaard", &["aagaard", "ågård", "ågaard bo"], &["gaard"]),
    ("Øyvind Sørensen", &["oyvind", "sorensen", "ØYVIND", "soerensen"], &["srensen"]),
    ("Åsa Lindström", &["asa lindstrom", "åsa", "aasa", "lindstroem"], &["indstrom"]),
    // Polish, Czech, Croatian, Vietnamese: accents, and strokes that no decomposition knows.
    ("Jiří Dvořák", &["jiri dvorak", "DVOŘÁK", "dvorak"], &["vorak"]),
    ("Đorđe Đukić", &["dorde", "djordje", "ĐORĐE", "dukic", "djukic"], &["ukic"]),
    ("Nguyễn Thị Đào", &["nguyen dao", "NGUYỄN", "nguyễn"], &["guyen"]),
    ("Łukasz Żak", &["lukasz", "zak", "ŁUKASZ żak"], &["ukasz"]),
    // Turkish: both letters i, in both cases.
    ("Gül Yıldız", &["yildiz", "YILDIZ", "yıldız", "gul"], &["ildiz"]),
    ("İpek Işık", &["ipek", "isik", "İPEK", "ışık", "IŞIK"], &["pek"]),
    // Greek: accents, and a sigma of its own at the end of words.
    ("Νίκος Παπαδόπουλος", &["νικος", "ΝΙΚΟΣ", "παπαδ", "ΠΑΠΑΔΟΠΟΥΛΟΣ"], &["αδοπουλος"]),
    // Cyrillic: letters that are also written without their dots.
    ("Фёдор Чайковский", &["федор", "ФЁДОР", "чайков"], &["едор"]),
    ("Ґалаґан В’ячеслав", &["галаган", "вячеслав", "в'ячеслав", "В\u{2bc}ячеслав"], &["чеслав"]),
    // Arabic and Hebrew: with and without vowels, from either keyboard.
    ("مُحَمَّد عليّ", &["محمد", "مُحَمَّد", "علی", "علي محمد"], &["حمد"]),
    ("דָּוִד כהן", &["דוד", "כהן", "דָּוִד כה"], &["הן"]),
    // Chinese, Japanese and Korean: no spaces inside.
    ("山田太郎", &["山田", "山田太郎", "山"], &["太郎"]),
    ("김민준", &["김", "김민", "김민준"], &["민준"]),
    // Scottish and Irish: capitals inside, apostrophes of all kinds.
    ("Kate O’Neill", &["oneill", "o'neill", "o’neill", "o´neill", "neill kate"], &["eill"]),
    ("Jean-Luc Picard", &["jeanluc", "jean luc", "jean-luc", "luc", "picard j"], &["ean"]),
    ("Fiona McDonald", &["mcdonald", "donald", "McD", "fiona mc"], &["cdonald"]),
    ("Seán O'Brien", &["obrien", "o'brien", "brien sean", "o brien"], &["rien"]),
];

async fn names_are_found_as_people_type_them(app: TestApp) {
    let client = app.client().await;
    for (number, (name, ..)) in NAMES.iter().enumerate() {
        let alias = format!("n{number:02}");
        let upn = roster_tests::upn(&alias);
        let user = json!({"displayName": name, "userPrincipalName": upn, "mailNickname": alias});
        client.post("/v1.0/users", &user).await.is(201);
        let mail = format!("c{number:02}@outside.example");
        let contact =
            json!({"displayName": name, "mail": mail, "mailNickname": format!("c{alias}")});
        client.post("/v1.0/contacts", &contact).await.is(201);
    }
    let member = app.as_member().await;
    for (name, finding, missing) in NAMES {
        for typed in *finding {
            assert_eq!(found(&member, typed).await, [[*name]; 4], "{typed}");
        }
        for typed in *missing {
            let none: [Vec<String>; 4] = [const { Vec::new() }; 4];
            assert_eq!(found(&member, typed).await, none, "{typed} does not begin {name}");
        }
    }
}

/// The names that a text finds among users and among contacts, in the address book and in lists.
async fn found(client: &Client, typed: &str) -> [Vec<String>; 4] {
    let book = |list| [("list", list), ("$search", typed)];
    let search = format!("\"displayName:{typed}\"");
    let list = [("$search", search.as_str()), ("$select", "displayName")];
    [
        client.query("/v1.0/addressBook", &book("users")).await,
        client.query("/v1.0/addressBook", &book("contacts")).await,
        client.query("/v1.0/users", &list).await,
        client.query("/v1.0/contacts", &list).await,
    ]
    .map(|page| page.is(200).column("displayName"))
}

async fn the_address_book_knows_neither_case_nor_accents_nor_symbols(app: TestApp) {
    let client = app.client().await;
    for (number, name) in
        ["Zoe Adams", "MCDONALD ANN", "Émile Zola", "McDonald Cy", "Åse Ås", "bert"]
            .iter()
            .enumerate()
    {
        let mail = format!("c{number}@outside.example");
        client.post("/v1.0/contacts", &json!({"displayName": name, "mail": mail})).await.is(201);
    }
    let listed = async |search: &str| {
        let options = [("list", "contacts"), ("$search", search)];
        let options = if search.is_empty() { &options[..1] } else { &options[..] };
        client.query("/v1.0/addressBook", options).await.is(200).column("displayName")
    };
    let all = ["Åse Ås", "bert", "Émile Zola", "MCDONALD ANN", "McDonald Cy", "Zoe Adams"];
    assert_eq!(listed("").await, all, "in the order of the alphabet");
    assert_eq!(listed("McDonald").await, ["MCDONALD ANN", "McDonald Cy"]);
    assert_eq!(listed("...").await, Vec::<String>::new(), "symbols are no name");
}
