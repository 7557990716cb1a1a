//! `/permissions/matrix`: the documentation of the roles, as data and as a page.

use super::html;
use crate::http::{Services, language};
use crate::roster::Roster;
use actix_web::http::header::{self, ACCEPT, CONTENT_SECURITY_POLICY, HeaderValue, VARY};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get};
use roster_domain::authz::{Cell, Permission, Policy, Role};
use roster_domain::language::Language;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// Registers the handler.
pub(super) fn register(services: &mut Services) {
    services.service(permission_matrix);
}

/// The permission matrix: 15 rows by 8 roles, and the permissions beside it.
#[derive(Serialize, ToSchema)]
#[schema(as = permissionMatrix)]
#[serde(rename_all = "camelCase")]
pub(super) struct Matrix {
    /// Language of the names: `en` or `nl`.
    pub(super) language: &'static str,
    /// The columns.
    pub(super) roles: Vec<Column>,
    /// The rows of the documentation, 1 to 15.
    pub(super) rows: Vec<Row>,
    /// What this service adds to the documentation, never counted in it. Settings of the
    /// installation turn some of it off.
    pub(super) beside: Vec<Row>,
    /// Limits that cells refer to.
    pub(super) footnotes: Vec<Footnote>,
}

/// A role.
#[derive(Serialize, ToSchema)]
#[schema(as = permissionMatrixRole)]
#[serde(rename_all = "camelCase")]
pub(super) struct Column {
    /// Stable key.
    pub(super) key: &'static str,
    /// Name.
    pub(super) display_name: &'static str,
    /// What its holder does.
    pub(super) description: &'static str,
    /// The well-known role template id.
    pub(super) template_id: Uuid,
}

/// A permission.
#[derive(Serialize, ToSchema)]
#[schema(as = permissionMatrixRow)]
#[serde(rename_all = "camelCase")]
pub(super) struct Row {
    /// Number of the row; absent beside the matrix.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) number: Option<u8>,
    /// Stable key.
    pub(super) permission: &'static str,
    /// Name.
    pub(super) display_name: &'static str,
    /// One cell for each role, in the order of `roles`.
    pub(super) cells: Vec<MatrixCell>,
}

/// What a role may do.
#[derive(Serialize, ToSchema)]
#[schema(as = permissionMatrixCell)]
pub(super) struct MatrixCell {
    /// Key of the role.
    pub(super) role: &'static str,
    /// `yes`, `no`, `view`, `non-admins` or `limited`.
    pub(super) value: &'static str,
    /// What a person reads.
    pub(super) text: &'static str,
    /// Letter of the footnote that limits it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) footnote: Option<&'static str>,
}

/// A limit.
#[derive(Serialize, ToSchema)]
#[schema(as = permissionMatrixFootnote)]
pub(super) struct Footnote {
    /// Its letter.
    pub(super) letter: &'static str,
    /// What it says.
    pub(super) text: &'static str,
}

impl Matrix {
    pub(super) fn new(language: Language, policy: Policy) -> Self {
        let row = |permission: Permission| Row {
            number: permission.row(),
            permission: permission.key(),
            display_name: permission.name().of(language),
            cells: Role::ALL
                .into_iter()
                .map(|role| MatrixCell::new(role, permission.cell(role), language))
                .collect(),
        };
        let column = |role: Role| Column {
            key: role.key(),
            display_name: role.name().of(language),
            description: role.description().of(language),
            template_id: role.template_id(),
        };
        let notes = [Cell::View, Cell::NonAdmins, Cell::Limited].into_iter();
        let notes = notes.filter_map(Cell::footnote);
        Self {
            language: language.tag(),
            roles: Role::ALL.into_iter().map(column).collect(),
            rows: Permission::ROWS.into_iter().map(row).collect(),
            beside: policy.beside().map(row).collect(),
            footnotes: notes
                .map(|(letter, text)| Footnote { letter, text: text.of(language) })
                .collect(),
        }
    }
}

impl MatrixCell {
    fn new(role: Role, cell: Cell, language: Language) -> Self {
        Self {
            role: role.key(),
            value: cell.text(),
            text: cell.name().of(language),
            footnote: cell.footnote().map(|(letter, _)| letter),
        }
    }
}

/// Shows the permission matrix, as JSON or, with `Accept: text/html`, as a page; in English or
/// Dutch by `Accept-Language`. Everybody may read it, without a token: a browser sends none, and it
/// tells of the service, nothing of an organisation.
#[utoipa::path(
    tag = "permissions",
    security(()),
    responses((
        status = 200,
        description = "The matrix",
        content((Matrix = "application/json"), (String = "text/html"))
    ))
)]
#[get("/v1.0/permissions/matrix")]
async fn permission_matrix(roster: Data<Roster>, req: HttpRequest) -> HttpResponse {
    let language = language::of(req.headers());
    let matrix = Matrix::new(language, roster.policy);
    let mut response = HttpResponse::Ok();
    response.insert_header((VARY, "Accept"));
    if !wants_html(&req) {
        return response.json(matrix);
    }
    response
        .content_type("text/html; charset=utf-8")
        .insert_header((CONTENT_SECURITY_POLICY, POLICY))
        .insert_header((header::REFERRER_POLICY, "no-referrer"))
        .body(html::page(&matrix, language))
}

/// The page has styles of its own and loads nothing.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; \
     frame-ancestors 'none'",
);

/// Whether HTML stands in `Accept` before JSON, as browsers write it.
fn wants_html(req: &HttpRequest) -> bool {
    let ranges = req.headers().get_all(ACCEPT).filter_map(|value| value.to_str().ok());
    let mut kinds = ranges
        .flat_map(|value| value.split(','))
        .map(|range| range.split(';').next().unwrap_or_default().trim().to_ascii_lowercase());
    let first = kinds.find(|kind| kind == "text/html" || kind == "application/json");
    first.as_deref() == Some("text/html")
}
