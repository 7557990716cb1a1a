//! `/addressBook`: everything mail-enabled and visible, for every member.

use super::links;
use super::schemas::EntryPage;
use crate::address_book::{BookPage, Question};
use crate::authentication::Authorized;
use crate::http::{Failure, QueryOptions, Services};
use crate::roster::Roster;
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use roster_domain::address_book::{AddressList, Entry, EntryField, Term, typed_terms};
use roster_domain::authz::{Grant, rights};
use roster_domain::query::{self, Query};
use roster_domain::{Error, Result};
use utoipa::IntoParams;

/// Registers the handlers.
pub fn register(services: &mut Services) {
    services.service(list_address_book).service(count_address_book);
}

/// Which entries of the address book.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes parameters that are read elsewhere")]
struct EntryOptions {
    /// Address list: `all` (the default), `users`, `contacts`, `distributionLists`,
    /// `microsoft365Groups` or `rooms`.
    list: Option<String>,
    /// What was typed so far: beginnings of words of names, department, company, office or
    /// addresses, in any order, without regard to case and accents; or digits of a telephone
    /// number, from its start or its last four or more.
    #[param(rename = "$search")]
    search: Option<String>,
}

/// Options of a page of the address book.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes parameters that are read elsewhere")]
struct PageOptions {
    /// Properties to answer, separated by commas; all by default.
    #[param(rename = "$select")]
    select: Option<String>,
    /// Whether to tell the number of all matching entries, on the first page.
    #[param(rename = "$count")]
    count: Option<bool>,
    /// Entries a page, 1 to 999; 100 by default.
    #[param(rename = "$top", minimum = 1, maximum = 999)]
    top: Option<i32>,
    /// Place of the page; part of `@odata.nextLink`.
    #[param(rename = "$skiptoken")]
    skiptoken: Option<String>,
}

/// What a request asks for.
struct Asked {
    list: AddressList,
    search: String,
    query: Query<EntryField>,
}

/// Options besides `list`.
const SERVED: &[&str] = &["$search", "$select", "$count", "$top", "$skiptoken"];

/// Options of the number of entries, besides `list`.
const COUNTED: &[&str] = &["$search"];

/// Longest text that is searched for, in bytes.
const MAX_TYPED: usize = 256;

/// Lists the address book in the order of names.
#[utoipa::path(
    tag = "address book",
    params(EntryOptions, PageOptions),
    responses((status = 200, description = "A page of entries", body = EntryPage)),
    extensions(("x-permission" = json!({"anyOf": ["read_directory"]})))
)]
#[get("/v1.0/addressBook")]
async fn list_address_book(
    roster: Data<Roster>,
    Authorized(grant): Authorized<rights::ReadDirectory>,
    pairs: QueryOptions,
) -> Result<HttpResponse, Failure> {
    let asked = read(SERVED, &pairs)?;
    let binding = binding(&grant, &asked);
    let token = asked.query.skip_token.as_deref();
    let after = token.map(|token| links::open_token(&roster, &binding, token)).transpose()?;
    let question = Question {
        list: asked.list,
        typed: asked.terms(),
        limit: asked.query.top,
        // As everywhere, on the first page only.
        count: asked.query.count && after.is_none(),
        after,
        select: asked.query.select,
    };
    let page = roster.address_books.page(&roster, grant.tenant(), question).await?;
    answer(&roster, &binding, &pairs, &page)
}

/// Counts the entries of the address book.
#[utoipa::path(
    tag = "address book",
    params(EntryOptions),
    responses((status = 200, description = "Their number", body = String, content_type = "text/plain")),
    extensions(("x-permission" = json!({"anyOf": ["read_directory"]})))
)]
#[get("/v1.0/addressBook/$count")]
async fn count_address_book(
    roster: Data<Roster>,
    Authorized(grant): Authorized<rights::ReadDirectory>,
    pairs: QueryOptions,
) -> Result<HttpResponse, Failure> {
    let asked = read(COUNTED, &pairs)?;
    let (list, terms) = (asked.list, asked.terms());
    let count = roster.address_books.count(&roster, grant.tenant(), list, terms).await?;
    Ok(HttpResponse::Ok().content_type("text/plain").body(count.to_string()))
}

impl Asked {
    fn terms(&self) -> Vec<Term> {
        typed_terms(&self.search)
    }
}

fn read(served: &[&str], pairs: &QueryOptions) -> Result<Asked> {
    // What is typed here is no `$search` of the dialect.
    let (others, typed) = pairs.0.split("search");
    let query = query::parse::<Entry>(served, others.iter(), &|_| Ok(()));
    let (query, (list, search)) = both(query, both(read_list(pairs), read_search(&typed)))?;
    Ok(Asked { list, search, query })
}

/// Two values, or all that is wrong with them.
fn both<A, B>(one: Result<A>, other: Result<B>) -> Result<(A, B)> {
    match (one, other) {
        (Ok(one), Ok(other)) => Ok((one, other)),
        (Err(wrong), Err(too)) => Err(wrong.and(too)),
        (Err(wrong), Ok(_)) | (Ok(_), Err(wrong)) => Err(wrong),
    }
}

fn read_search(typed: &[&str]) -> Result<String> {
    let wrong = |message| Err(Error::invalid_property("$search", message));
    match typed {
        [] => Ok(String::new()),
        [typed] if typed.len() > MAX_TYPED => {
            wrong(format!("'$search' is longer than {MAX_TYPED} bytes."))
        }
        [typed] => Ok(typed.trim().trim_matches('"').to_owned()),
        _ => wrong("'$search' is given twice; give it once.".to_owned()),
    }
}

fn read_list(pairs: &QueryOptions) -> Result<AddressList> {
    let (_, names) = pairs.0.split("list");
    match names.as_slice() {
        [] => Ok(AddressList::All),
        [name] => AddressList::parse(name).ok_or_else(unknown_list),
        _ => Err(Error::invalid_property("list", "'list' is given twice; give it once.")),
    }
}

fn unknown_list() -> Error {
    let names: Vec<_> = AddressList::ALL.iter().map(|list| list.name()).collect();
    Error::invalid_property("list", format!("'list' must be one of: {}.", names.join(", ")))
}

/// What a skip token is bound to.
fn binding(grant: &Grant<rights::ReadDirectory>, asked: &Asked) -> String {
    format!("{}\naddressBook\n{}\n{}", grant.tenant(), asked.list.name(), asked.search)
}

fn answer(
    roster: &Roster,
    binding: &str,
    pairs: &QueryOptions,
    page: &BookPage,
) -> Result<HttpResponse, Failure> {
    let mut body = Vec::with_capacity(page.items.len().saturating_add(512));
    let context = links::collection_context(roster, "addressBook");
    body.extend_from_slice(format!("{{\"@odata.context\":\"{context}\",").as_bytes());
    if let Some(count) = page.count {
        body.extend_from_slice(format!("\"@odata.count\":{count},").as_bytes());
    }
    if let Some(place) = &page.next {
        let token = links::seal_token(roster, binding, place)?;
        let link = links::following(roster, "addressBook", pairs, &token);
        body.extend_from_slice(format!("\"@odata.nextLink\":\"{link}\",").as_bytes());
    }
    body.extend_from_slice(b"\"value\":[");
    body.extend_from_slice(&page.items);
    body.extend_from_slice(b"]}");
    Ok(HttpResponse::Ok().content_type("application/json").body(body))
}
