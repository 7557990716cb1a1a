//! `POST /oauth2/token` (RFC 6749).

use super::error::{OAuthError, TokenFailure};
use super::sign_in::{Proved, prove};
use crate::http::pairs::Pairs;
use crate::http::{Context, Failure, FormBody};
use crate::roster::Roster;
use crate::security::basic::{self, Method, Presented};
use crate::security::secrets::SecretDigest;
use crate::security::tokens::{self, LIFETIME_SECONDS, Principal, Subject};
use actix_web::http::header;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, post};
use roster_domain::authz::RoleSet;
use roster_domain::clients::{Client, ClientId};
use roster_domain::credentials::Standing;
use roster_domain::events::Event;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// An access token.
#[derive(Serialize, ToSchema)]
#[schema(as = tokenResponse)]
struct TokenResponse {
    /// Always `Bearer`.
    token_type: &'static str,
    /// Seconds until it expires.
    expires_in: i64,
    /// The token, a JWT.
    access_token: String,
}

/// What a client sends.
#[derive(ToSchema)]
#[schema(as = tokenRequest)]
#[expect(dead_code, reason = "describes a form that is read elsewhere")]
struct TokenRequest {
    /// `client_credentials`, or `password` where the installation allows it.
    grant_type: String,
    /// Id of the API client, unless HTTP Basic is used.
    client_id: Option<String>,
    /// Secret of the API client, unless HTTP Basic is used.
    client_secret: Option<String>,
    /// User principal name, for `password`.
    username: Option<String>,
    /// Password, for `password`.
    password: Option<String>,
    /// Ignored: roles decide what a token may do.
    scope: Option<String>,
}

/// Client id in tokens that users get without naming a client.
const NO_CLIENT: &str = "roster";

/// Issues an access token.
#[utoipa::path(
    tag = "tokens",
    security(()),
    request_body(content = TokenRequest, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, description = "An access token", body = TokenResponse),
        (status = 400, description = "The request or the grant is refused", body = OAuthError),
        (status = 401, description = "The client is refused", body = OAuthError)
    )
)]
#[post("/oauth2/token")]
pub(super) async fn token(
    roster: Data<Roster>,
    context: Context,
    req: HttpRequest,
    form: Result<FormBody, Failure>,
) -> Result<HttpResponse, Failure> {
    let issued = match form {
        Ok(FormBody(pairs)) => issue(&roster, &context, &req, &pairs).await,
        Err(failure) => Err(TokenFailure::from(failure)),
    };
    match issued {
        Ok(token) => {
            Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(token))
        }
        Err(TokenFailure::OAuth(error)) => Ok(error.respond()),
        Err(TokenFailure::Service(failure)) => Err(failure),
    }
}

async fn issue(
    roster: &Roster,
    context: &Context,
    req: &HttpRequest,
    form: &Pairs,
) -> Result<TokenResponse, TokenFailure> {
    if !req.query_string().is_empty() {
        let text = "Parameters belong in the body, never in the address.";
        return Err(OAuthError::new("invalid_request", text).into());
    }
    for (name, _) in form.iter() {
        form.one(name)?;
    }
    let request = Uuid::try_parse(context.request_id()).unwrap_or_default();
    let subject = match form.one("grant_type")?.filter(|grant| !grant.is_empty()) {
        None => {
            let text = "The parameter grant_type is missing.";
            return Err(OAuthError::new("invalid_request", text).into());
        }
        Some("client_credentials") => of_client(roster, req, form, request).await?,
        Some("password") if roster.password_grant => of_user(roster, context, req, form).await?,
        Some(_) => {
            let text = if roster.password_grant {
                "The grant types served are client_credentials and password."
            } else {
                "The grant type served is client_credentials."
            };
            return Err(OAuthError::new("unsupported_grant_type", text).into());
        }
    };
    let keys = roster.tokens.keys();
    let issued = tokens::issue(roster.tokens.authority(), &keys, &subject, roster.now())?;
    Ok(TokenResponse {
        token_type: "Bearer",
        expires_in: LIFETIME_SECONDS,
        access_token: issued.token,
    })
}

fn template_ids(roles: RoleSet) -> Vec<Uuid> {
    roles.iter().map(|role| role.template_id()).collect()
}

async fn of_client(
    roster: &Roster,
    req: &HttpRequest,
    form: &Pairs,
    request: Uuid,
) -> Result<Subject, TokenFailure> {
    let Some(client) = client(roster, req, form).await? else {
        let basic = req.headers().contains_key(header::AUTHORIZATION);
        roster.note(Event::sign_in("clientSignIn", None, None, request, Some("wrongSecret")));
        return Err(OAuthError::invalid_client(basic).into());
    };
    let (tenant, id) = (client.tenant, client.id.uuid());
    let roles = roster.read(move |tx| tx.roles_of(tenant, id)).await?;
    roster.note(Event::sign_in("clientSignIn", Some(tenant), Some(id), request, None));
    Ok(Subject {
        tenant,
        principal: Principal::Application { id },
        client: id.to_string(),
        roles: template_ids(roles),
        epoch: 0,
    })
}

/// The client whose secret one of the presented readings proves.
async fn client(
    roster: &Roster,
    req: &HttpRequest,
    form: &Pairs,
) -> Result<Option<Client>, TokenFailure> {
    let mut headers = req.headers().get_all(header::AUTHORIZATION);
    let authorization = headers.next().map(|value| value.to_str().unwrap_or_default());
    if headers.next().is_some() {
        let text = "Send one Authorization header, not several.";
        return Err(OAuthError::new("invalid_request", text).into());
    }
    let presented =
        basic::presented(authorization, form.one("client_id")?, form.one("client_secret")?)
            .map_err(|refused| OAuthError {
                basic: authorization.is_some(),
                ..OAuthError::new(refused.code(), refused.to_string())
            })?;
    let Presented::Credentials(Method::Basic | Method::Post, readings) = presented else {
        return Ok(None);
    };
    for reading in readings {
        let Some(id) = ClientId::parse(&reading.id) else { continue };
        let found = roster.read(move |tx| tx.client(id)).await?;
        let proved = found.filter(|client| {
            client.enabled
                && SecretDigest::stored(client.secret_hash.clone()).matches(&reading.secret)
        });
        if proved.is_some() {
            return Ok(proved);
        }
    }
    Ok(None)
}

async fn of_user(
    roster: &Roster,
    context: &Context,
    req: &HttpRequest,
    form: &Pairs,
) -> Result<Subject, TokenFailure> {
    let names_client = req.headers().contains_key(header::AUTHORIZATION)
        || form.one("client_secret")?.is_some_and(|secret| !secret.is_empty());
    let client_id = if names_client {
        let basic = req.headers().contains_key(header::AUTHORIZATION);
        let proved = client(roster, req, form).await?;
        proved.ok_or_else(|| OAuthError::invalid_client(basic))?.id.to_string()
    } else {
        NO_CLIENT.to_owned()
    };
    let name = form.one("username")?.filter(|name| !name.is_empty());
    let Some(name) = name else {
        let text = "The parameter username is missing.";
        return Err(OAuthError::new("invalid_request", text).into());
    };
    let password = form.one("password")?.unwrap_or_default();
    let Proved { account, standing } = prove(roster, "signIn", name, password, context).await?;
    if standing == Standing::MustChange {
        return Err(OAuthError::new(
            "invalid_grant",
            "password change required: POST /v1.0/password/change",
        )
        .into());
    }
    let epoch = account.credential.as_ref().map_or(0, |credential| credential.epoch);
    Ok(Subject {
        tenant: account.tenant,
        principal: Principal::User {
            id: account.user.id.uuid(),
            upn: account.user.user_principal_name,
            scope: "Directory.AccessAsUser.All".to_owned(),
        },
        client: client_id,
        roles: template_ids(account.roles),
        epoch,
    })
}
