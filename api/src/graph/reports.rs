//! `/reports`: what an administrator should look after.

use super::links::{self, collection_context};
use crate::authentication::Authorized;
use crate::http::{Failure, QueryOptions, Services};
use crate::roster::Roster;
use actix_web::http::header::{ACCEPT, CONTENT_DISPOSITION, LINK, VARY};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get};
use roster_domain::authz::{Role, rights};
use roster_domain::imports::export::Writer;
use roster_domain::roles::{self, ContactGap};
use roster_domain::{Error, Result, limits, query};
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// Registers the handlers.
pub fn register(services: &mut Services) {
    services.service(report_administrator_contacts);
}

/// Options of a report.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes parameters that are read elsewhere")]
struct ReportOptions {
    /// Administrators a page, 1 to 999; 999 by default.
    #[param(rename = "$top", minimum = 1, maximum = 999)]
    top: Option<i32>,
    /// Place of the page; part of the link to the next one.
    #[param(rename = "$skiptoken")]
    skiptoken: Option<String>,
}

/// An administrator who cannot be reached as they should.
#[derive(Serialize, ToSchema)]
#[schema(as = administratorContact)]
#[serde(rename_all = "camelCase")]
struct Entry {
    id: String,
    display_name: String,
    user_principal_name: String,
    /// Keys of the roles.
    roles: Vec<&'static str>,
    /// `alternateEmail`, `alternateEmailOutside` (it is in a domain of the organisation),
    /// `mobilePhone`, `mobilePhoneCountryCode`.
    missing: Vec<&'static str>,
}

/// A page of the report.
#[derive(Serialize, ToSchema)]
#[schema(as = administratorContactCollection)]
struct Page {
    #[serde(rename = "@odata.context")]
    context: String,
    /// Address of the next page; absent on the last.
    #[serde(rename = "@odata.nextLink", skip_serializing_if = "Option::is_none")]
    next: Option<String>,
    value: Vec<Entry>,
}

const PATH: &str = "reports/administratorContacts";

/// Reports administrators without alternate e-mail address or without a mobile number with
/// country code; as JSON or, with `Accept: text/csv`, as CSV. The link to the next page stands in
/// `@odata.nextLink` or the `Link` header.
#[utoipa::path(
    tag = "reports",
    params(ReportOptions),
    responses((
        status = 200,
        description = "Administrators who lack something",
        content((Page = "application/json"), (String = "text/csv"))
    )),
    extensions(("x-permission" = json!({"anyOf": ["manage_reports"]})))
)]
#[get("/v1.0/reports/administratorContacts")]
async fn report_administrator_contacts(
    roster: Data<Roster>,
    Authorized(grant): Authorized<rights::ManageReports>,
    req: HttpRequest,
    pairs: QueryOptions,
) -> Result<HttpResponse, Failure> {
    let (limit, after) = read_options(&pairs)?;
    let found = roster.read(move |tx| roles::contact_gaps(tx, &grant, after, limit)).await?;
    let entries: Vec<Entry> = found.gaps.into_iter().map(Entry::from).collect();
    // The place is an id that the report may show anyway, so it needs no seal.
    let next = found
        .next
        .map(|next| format!("{}?$top={limit}&$skiptoken={next}", links::address(&roster, PATH)));
    let mut response = HttpResponse::Ok();
    response.insert_header((VARY, "Accept"));
    if !wants_csv(&req) {
        let context = collection_context(&roster, PATH);
        return Ok(response.json(Page { context, next, value: entries }));
    }
    if let Some(next) = next {
        response.insert_header((LINK, format!("<{next}>; rel=\"next\"")));
    }
    let file = csv(&entries).map_err(|error| Error::internal(error.to_string()))?;
    Ok(response
        .content_type("text/csv; charset=utf-8")
        .insert_header((CONTENT_DISPOSITION, "attachment; filename=\"administrator-contacts.csv\""))
        .body(file))
}

impl From<ContactGap> for Entry {
    fn from(gap: ContactGap) -> Self {
        Self {
            id: gap.user.id.to_string(),
            display_name: gap.user.display_name,
            user_principal_name: gap.user.user_principal_name,
            roles: gap.roles.iter().map(Role::key).collect(),
            missing: gap.missing,
        }
    }
}

fn read_options(pairs: &QueryOptions) -> Result<(usize, Option<Uuid>), Failure> {
    let options = query::parse_plain(&["$top", "$skiptoken"], pairs.0.iter())?;
    let after =
        options.skip_token.map(Uuid::try_parse).transpose().map_err(|_| {
            Error::invalid_property("$skiptoken", "'$skiptoken' is not one of ours.")
        })?;
    Ok((options.top.unwrap_or(limits::MAX_PAGE), after))
}

/// Whether CSV is asked for by name.
fn wants_csv(req: &HttpRequest) -> bool {
    let ranges = req.headers().get_all(ACCEPT).filter_map(|value| value.to_str().ok());
    ranges
        .flat_map(|value| value.split(','))
        .any(|range| range.trim().to_ascii_lowercase().starts_with("text/csv"))
}

fn csv(entries: &[Entry]) -> std::io::Result<Vec<u8>> {
    let mut writer = Writer::new(Vec::new());
    writer.row(["id", "displayName", "userPrincipalName", "roles", "missing"])?;
    for entry in entries {
        let (roles, missing) = (entry.roles.join(" "), entry.missing.join(" "));
        let names = [&entry.id, &entry.display_name, &entry.user_principal_name];
        writer.row(names.into_iter().map(String::as_str).chain([&*roles, &*missing]))?;
    }
    writer.finish()
}
