//! The permission matrix as a page: plain HTML that a screen reader can read, without scripts.

use super::matrix::{Matrix, Row};
use roster_domain::language::{Language, Words};
use std::fmt::Write as _;

const TITLE: Words = Words::new("Permissions by role", "Machtigingen per rol");
const CAPTION: Words =
    Words::new("What each administrator role may do", "Wat elke beheerdersrol mag");
const BESIDE: Words = Words::new(
    "Beside the documented matrix: permissions that this service adds",
    "Naast de gedocumenteerde matrix: machtigingen die deze dienst toevoegt",
);
const PERMISSION: Words = Words::new("Permission", "Machtiging");
const NOTES: Words = Words::new("Notes", "Opmerkingen");
const ROLES: Words = Words::new("The roles", "De rollen");

const STYLE: &str = "body{font:1rem/1.5 sans-serif;margin:2rem;color:#111;background:#fff}\
    table{border-collapse:collapse;margin-bottom:2rem}\
    caption{text-align:left;font-weight:bold;padding:.5rem 0}\
    th,td{border:1px solid #767676;padding:.4rem .6rem;text-align:left;vertical-align:top}\
    thead th{background:#eee}td.no{color:#595959}";

/// The page, in the language of the matrix.
pub(super) fn page(matrix: &Matrix, language: Language) -> String {
    let mut page = String::new();
    let title = TITLE.of(language);
    push(
        &mut page,
        format_args!(
            "<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>{title}</title>\n\
         <style>{STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{title}</h1>\n",
            matrix.language
        ),
    );
    table(&mut page, matrix, &matrix.rows, CAPTION.of(language), language);
    table(&mut page, matrix, &matrix.beside, BESIDE.of(language), language);
    push(&mut page, format_args!("<h2>{}</h2>\n<dl>\n", NOTES.of(language)));
    for note in &matrix.footnotes {
        let (letter, text) = (note.letter, note.text);
        push(&mut page, format_args!("<dt id=\"note-{letter}\">({letter})</dt><dd>{text}</dd>\n"));
    }
    push(&mut page, format_args!("</dl>\n<h2>{}</h2>\n<dl>\n", ROLES.of(language)));
    for role in &matrix.roles {
        let (name, text) = (role.display_name, role.description);
        push(&mut page, format_args!("<dt>{name}</dt><dd>{text}</dd>\n"));
    }
    page.push_str("</dl>\n</main>\n</body>\n</html>\n");
    page
}

fn table(page: &mut String, matrix: &Matrix, rows: &[Row], caption: &str, language: Language) {
    push(
        page,
        format_args!(
            "<table>\n<caption>{caption}</caption>\n<thead>\n<tr><th scope=\"col\">{}</th>",
            PERMISSION.of(language)
        ),
    );
    for role in &matrix.roles {
        push(page, format_args!("<th scope=\"col\">{}</th>", role.display_name));
    }
    page.push_str("</tr>\n</thead>\n<tbody>\n");
    for row in rows {
        let number = row.number.map(|number| format!("{number}. ")).unwrap_or_default();
        push(page, format_args!("<tr><th scope=\"row\">{number}{}</th>", row.display_name));
        for cell in &row.cells {
            match cell.footnote {
                None => push(page, format_args!("<td class=\"{}\">{}</td>", cell.value, cell.text)),
                Some(letter) => push(
                    page,
                    format_args!("<td><a href=\"#note-{letter}\">{}</a></td>", cell.text),
                ),
            }
        }
        page.push_str("</tr>\n");
    }
    page.push_str("</tbody>\n</table>\n");
}

/// Every text here is the service's own, so nothing needs escaping. Writing to a string cannot
/// fail.
fn push(page: &mut String, text: std::fmt::Arguments<'_>) {
    let _ = page.write_fmt(text);
}

#[cfg(test)]
mod tests {
    use super::*;
    use roster_domain::authz::Policy;

    #[test]
    fn every_cell_has_a_word_and_every_header_a_scope_in_both_languages() {
        for (language, words) in [
            (Language::English, ["Yes", "No", "Limited (b)", "Limited (c)", "Yes (a)"]),
            (Language::Dutch, ["Ja", "Nee", "Beperkt (b)", "Beperkt (c)", "Ja (a)"]),
        ] {
            let page = page(&Matrix::new(language, Policy::default()), language);
            assert_eq!(page.matches("<td").count(), (15 + 2) * 8);
            assert_eq!(page.matches("<th ").count(), page.matches("scope=").count());
            assert!(page.contains(&format!("<html lang=\"{}\">", language.tag())));
            for word in words {
                assert!(page.contains(&format!(">{word}<")), "{word}");
            }
            for letter in ["a", "b", "c"] {
                assert_eq!(page.matches(&format!("id=\"note-{letter}\"")).count(), 1);
            }
        }
    }

    #[test]
    fn what_stands_beside_the_matrix_stands_in_a_table_of_its_own() {
        let page = page(&Matrix::new(Language::English, Policy::default()), Language::English);
        let (matrix, beside) = page.split_once("Beside the documented matrix").unwrap();
        assert!(matrix.contains("15. Manage mobile devices"));
        assert!(!matrix.contains("Manage shared contacts"));
        assert!(beside.contains("Manage shared contacts"));
        assert!(beside.contains("Manage mail-enabled groups"));
    }
}
