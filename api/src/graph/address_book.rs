//! `/addressBook`: everything mail-enabled and visible, for every member.

use super::links;
use crate::address_book::BookPage;
use crate::authentication::Authorized;
use crate::http::{Failure, QueryOptions, Services};
use crate::roster::Roster;
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use roster_domain::address_book::{AddressList, typed_words};
use roster_domain::authz::{Grant, rights};
use roster_domain::{Error, Result, limits, query};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// Registers the handlers.
pub fn register(services: &mut Services) {
    services.service(list_address_book);
}

/// One entry of the address book.
#[derive(ToSchema)]
#[schema(as = addressBookEntry, rename_all = "camelCase")]
#[expect(dead_code, reason = "describes an answer that is written elsewhere")]
struct EntrySchema {
    /// `#microsoft.graph.user`, `#microsoft.graph.orgContact` or `#microsoft.graph.group`.
    #[schema(rename = "@odata.type")]
    odata_type: String,
    /// Id of the user, contact or group.
    id: Uuid,
    /// Name shown.
    display_name: String,
    /// Of users: whether it is a person (`user`), `shared`, a `room` or `equipment`.
    user_purpose: Option<String>,
    /// Primary address.
    mail: String,
    /// Given name.
    given_name: Option<String>,
    /// Family name.
    surname: Option<String>,
    /// Job title.
    job_title: Option<String>,
    /// Department.
    department: Option<String>,
    /// Company.
    company_name: Option<String>,
    /// Office.
    office_location: Option<String>,
    /// Business phones.
    business_phones: Vec<String>,
    /// Mobile phone.
    mobile_phone: Option<String>,
}

/// A page of the address book.
#[derive(ToSchema)]
#[schema(as = addressBookCollection)]
#[expect(dead_code, reason = "describes an answer that is written elsewhere")]
struct EntryPage {
    #[schema(rename = "@odata.context")]
    context: String,
    /// Address of the next page; absent on the last.
    #[schema(rename = "@odata.nextLink")]
    next: Option<String>,
    value: Vec<EntrySchema>,
}

/// Options of the address book.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes parameters that are read elsewhere")]
struct BookOptions {
    /// Address list: `all` (the default), `users`, `contacts`, `distributionLists` or `rooms`.
    list: Option<String>,
    /// What was typed so far: beginnings of words of names, department or address, in any order,
    /// without regard to case and accents; or digits of a phone number.
    #[param(rename = "$search")]
    search: Option<String>,
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
    top: usize,
    after: Option<(String, Uuid)>,
}

/// Options besides `list`.
const SERVED: &[&str] = &["$search", "$top", "$skiptoken"];

/// Longest text that is searched for, in bytes.
const MAX_TYPED: usize = 256;

/// Lists the address book in the order of names.
#[utoipa::path(
    tag = "address book",
    params(BookOptions),
    responses((status = 200, description = "A page of entries", body = EntryPage)),
    extensions(("x-permission" = json!({"anyOf": ["read_directory"]})))
)]
#[get("/v1.0/addressBook")]
async fn list_address_book(
    roster: Data<Roster>,
    Authorized(grant): Authorized<rights::ReadDirectory>,
    pairs: QueryOptions,
) -> Result<HttpResponse, Failure> {
    let asked = read(&roster, &grant, &pairs)?;
    let words = typed_words(&asked.search);
    let page = roster
        .address_books
        .page(&roster, grant.tenant(), asked.list, &words, asked.after.as_ref(), asked.top)
        .await?;
    answer(&roster, &grant, &asked, page)
}

fn read(
    roster: &Roster,
    grant: &Grant<rights::ReadDirectory>,
    pairs: &QueryOptions,
) -> Result<Asked> {
    let options = query::parse_plain(SERVED, pairs.0.iter());
    let list = read_list(pairs);
    let (options, list) = match (options, list) {
        (Ok(options), Ok(list)) => (options, list),
        (Err(wrong), Err(too)) => return Err(wrong.and(too)),
        (Err(wrong), Ok(_)) | (Ok(_), Err(wrong)) => return Err(wrong),
    };
    let typed = options.search.unwrap_or_default();
    if typed.len() > MAX_TYPED {
        let message = format!("'$search' is longer than {MAX_TYPED} bytes.");
        return Err(Error::invalid_property("$search", message));
    }
    let mut asked = Asked {
        list,
        search: typed.trim().trim_matches('"').to_owned(),
        top: options.top.unwrap_or(limits::DEFAULT_PAGE),
        after: None,
    };
    let token = options.skip_token;
    asked.after =
        token.map(|token| links::open_token(roster, &binding(grant, &asked), token)).transpose()?;
    Ok(asked)
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

fn binding(grant: &Grant<rights::ReadDirectory>, asked: &Asked) -> String {
    format!("{}\naddressBook\n{}\n{}", grant.tenant(), asked.list.name(), asked.search)
}

fn answer(
    roster: &Roster,
    grant: &Grant<rights::ReadDirectory>,
    asked: &Asked,
    page: BookPage,
) -> Result<HttpResponse, Failure> {
    let mut body = Vec::with_capacity(page.items.len().saturating_add(512));
    let context = links::collection_context(roster, "addressBook");
    body.extend_from_slice(format!("{{\"@odata.context\":\"{context}\",").as_bytes());
    if let Some(place) = &page.next {
        let token = links::seal_token(roster, &binding(grant, asked), place)?;
        let link = format!(
            "\"@odata.nextLink\":\"{}/v1.0/addressBook?list={}&$top={}&$search={}&$skiptoken={token}\",",
            roster.public_url,
            asked.list.name(),
            asked.top,
            links::encode(&asked.search),
        );
        body.extend_from_slice(link.as_bytes());
    }
    body.extend_from_slice(b"\"value\":[");
    body.extend_from_slice(&page.items);
    body.extend_from_slice(b"]}");
    Ok(HttpResponse::Ok().content_type("application/json").body(body))
}
