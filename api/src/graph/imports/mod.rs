//! `/imports`: files of users and contacts on their way into the directory.

mod job;
mod result;
mod upload;

use super::links;
use crate::authentication::Authorized;
use crate::http::{Context, Failure, QueryOptions, Services, Upload};
use crate::roster::Roster;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, LOCATION};
use actix_web::web::{Bytes, Data, Path};
use actix_web::{HttpRequest, HttpResponse, get, post};
use futures_util::stream;
use job::{Job, JobOptions, JobPage, ListOptions};
use roster_domain::authz::rights;
use roster_domain::imports::{self, ImportJobId, JobKind, Options};
use roster_domain::{Error, limits, query};
use std::io;

const PATH: &str = "imports";

/// Registers the handlers.
pub fn register(services: &mut Services) {
    services
        .service(create_import)
        .service(create_contact_import)
        .service(list_imports)
        .service(get_import_result)
        .service(get_import);
}

/// Imports users from a CSV file in the 15- or 16-column layout of the bulk upload.
///
/// The file is read in the background. Rows whose user exists change nothing, so a file may be
/// sent again.
#[utoipa::path(
    tag = "imports",
    params(JobOptions),
    request_body(
        description = "The file, in UTF-8 or UTF-16, at most 512 MiB",
        content((String = "text/csv"), (String = "application/octet-stream"))
    ),
    responses((
        status = 202, description = "The job", body = Job,
        headers(("Location" = String, description = "Address of the job"))
    )),
    extensions(("x-permission" = json!({"anyOf": ["manage_users_and_groups"]})))
)]
#[post("/v1.0/imports")]
async fn create_import(
    roster: Data<Roster>,
    Authorized(grant): Authorized<rights::ManageUsersAndGroups>,
    pairs: QueryOptions,
    request: HttpRequest,
    file: Upload,
) -> Result<HttpResponse, Failure> {
    let options = Options::read(pairs.0.iter())?;
    let grant = grant.also()?;
    accept(&roster, grant, (JobKind::Users, options), &request, file).await
}

async fn accept(
    roster: &Roster,
    grant: upload::Manage,
    what: (JobKind, Options),
    request: &HttpRequest,
    file: Upload,
) -> Result<HttpResponse, Failure> {
    upload::check_type(request)?;
    let job = upload::receive(roster, grant, what, file).await?;
    roster.jobs.wake();
    let location = links::location(roster, PATH, job.id);
    Ok(HttpResponse::Accepted().insert_header((LOCATION, location)).json(Job::whole(roster, &job)))
}

/// Imports contacts from a CSV file in the layout of 22 columns.
///
/// The file is read in the background, twice: managers may stand in it after those who name them.
/// Rows whose contact exists change nothing, so a file may be sent again.
#[utoipa::path(
    tag = "imports",
    request_body(
        description = "The file, in UTF-8 or UTF-16, at most 512 MiB",
        content((String = "text/csv"), (String = "application/octet-stream"))
    ),
    responses((
        status = 202, description = "The job", body = Job,
        headers(("Location" = String, description = "Address of the job"))
    )),
    extensions(("x-permission" = json!({"anyOf": ["manage_contacts"]})))
)]
#[post("/v1.0/imports/contacts")]
async fn create_contact_import(
    roster: Data<Roster>,
    Authorized(grant): Authorized<rights::ManageContacts>,
    request: HttpRequest,
    file: Upload,
) -> Result<HttpResponse, Failure> {
    let options = Options { usage_location: None, account_enabled: false };
    accept(&roster, grant.also()?, (JobKind::Contacts, options), &request, file).await
}

/// Lists imports, newest first.
#[utoipa::path(
    tag = "imports",
    params(ListOptions),
    responses((status = 200, description = "A page of imports", body = JobPage)),
    extensions(("x-permission" = json!({"anyOf": ["manage_users_and_groups", "manage_contacts"]})))
)]
#[get("/v1.0/imports")]
async fn list_imports(
    roster: Data<Roster>,
    Authorized(grant): Authorized<rights::ImportFiles>,
    pairs: QueryOptions,
) -> Result<HttpResponse, Failure> {
    let (before, top) = read_page(&pairs)?;
    let asked = top.saturating_add(1);
    let mut found = roster.read(move |tx| imports::list(tx, &grant, before, asked)).await?;
    let more = found.len() > top;
    found.truncate(top);
    let next = found
        .last()
        .filter(|_| more)
        .map(|last| format!("{}/v1.0/{PATH}?$top={top}&$skiptoken={}", roster.public_url, last.id));
    Ok(HttpResponse::Ok().json(JobPage::new(&roster, &found, next)))
}

/// The place in this list is an id that the list itself shows, so it needs no seal.
fn read_page(pairs: &QueryOptions) -> Result<(Option<ImportJobId>, usize), Error> {
    let options = query::parse_plain(&["$top", "$skiptoken"], pairs.0.iter())?;
    let place = |token| {
        ImportJobId::parse(token).ok_or_else(|| {
            Error::invalid_property("$skiptoken", "'$skiptoken' is not one of ours.")
        })
    };
    let before = options.skip_token.map(place).transpose()?;
    Ok((before, options.top.unwrap_or(limits::DEFAULT_PAGE)))
}

/// Reads an import.
#[utoipa::path(
    tag = "imports",
    params(("id" = String, Path, description = "Id of the import")),
    responses((status = 200, description = "The job", body = Job)),
    extensions(("x-permission" = json!({"anyOf": ["manage_users_and_groups", "manage_contacts"]})))
)]
#[get("/v1.0/imports/{id}")]
async fn get_import(
    roster: Data<Roster>,
    Authorized(grant): Authorized<rights::ImportFiles>,
    id: Path<String>,
) -> Result<HttpResponse, Failure> {
    let job = roster.read(move |tx| imports::get(tx, &grant, &id)).await?;
    Ok(HttpResponse::Ok().json(Job::whole(&roster, &job)))
}

/// Reads what became of each row of an import, as CSV.
///
/// The one-time passwords of the created users are in it once, for the caller who uploaded the
/// file and for global administrators; afterwards the column is empty.
#[utoipa::path(
    tag = "imports",
    params(("id" = String, Path, description = "Id of the import")),
    responses((
        status = 200,
        description = "Lines of line, userPrincipalName or externalEmailAddress, outcome, code, column, message, password",
        body = String, content_type = "text/csv"
    )),
    extensions(("x-permission" = json!({"anyOf": ["manage_users_and_groups", "manage_contacts"]})))
)]
#[get("/v1.0/imports/{id}/result")]
async fn get_import_result(
    roster: Data<Roster>,
    Authorized(grant): Authorized<rights::ImportFiles>,
    id: Path<String>,
    context: Context,
) -> Result<HttpResponse, Failure> {
    let key = id.into_inner();
    let mut response = HttpResponse::Ok();
    response
        .content_type("text/csv; charset=utf-8")
        .insert_header((CONTENT_DISPOSITION, "attachment; filename=\"people.result.csv\""))
        .insert_header((CACHE_CONTROL, "no-store"));
    if context.is_head() {
        // Whoever asks for the headers only must not use up the passwords.
        roster.read(move |tx| imports::result(tx, &grant, &key).map(drop)).await?;
        return Ok(response.streaming(stream::empty::<io::Result<Bytes>>()));
    }
    let first = result::Page::first(roster, grant, key).await?;
    Ok(response.streaming(first.stream()))
}
