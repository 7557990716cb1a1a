//! `POST /v1.0/password/change`: needs no token, but the current password.

use super::error::TokenFailure;
use super::sign_in::{Proved, prove};
use crate::http::{Context, Failure, JsonBody};
use crate::passwords;
use crate::roster::Roster;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, post};
use roster_domain::Error;
use roster_domain::credentials::{self, PasswordChange};
use roster_domain::ports::WriteTx;
use utoipa::ToSchema;
use zeroize::Zeroizing;

/// Whose password changes, with the current one as proof.
#[derive(ToSchema)]
#[schema(as = passwordChange, rename_all = "camelCase")]
#[expect(dead_code, reason = "describes a body that is read elsewhere")]
struct Body {
    /// Whose.
    user_principal_name: String,
    /// The password now.
    current_password: String,
    /// The password from now on: 8 to 256 characters of three kinds.
    new_password: String,
}

/// Changes one's own password.
#[utoipa::path(
    tag = "tokens",
    security(()),
    request_body = Body,
    responses((status = 204, description = "Changed; all other sessions end"))
)]
#[post("/v1.0/password/change")]
pub(super) async fn change_password(
    roster: Data<Roster>,
    context: Context,
    req: HttpRequest,
    JsonBody(body): JsonBody,
) -> Result<HttpResponse, Failure> {
    refuse_client_token(&roster, &req)?;
    let change = PasswordChange::read(&body)?;
    let name = &change.user_principal_name;
    let proved = prove(&roster, "passwordChange", name, &change.current, &context).await;
    let Proved { account, .. } = proved.map_err(|failure| match failure {
        TokenFailure::OAuth(error) => {
            Failure::from(Error::invalid_property("currentPassword", error.error_description))
        }
        TokenFailure::Service(failure) => failure,
    })?;
    let chosen = Zeroizing::new(change.new.clone());
    let (tenant, user) = (account.tenant, account.user.clone());
    roster.read(move |tx| change.judge(tx, tenant, &user)).await?;
    let hash = passwords::chosen(&roster, &chosen).await?;
    let epoch = account.credential.as_ref().map_or(0, |credential| credential.epoch);
    let id = account.user.id;
    let work = move |tx: &mut dyn WriteTx| credentials::change(tx, id, epoch, &hash);
    roster.write_without_grant(account.tenant, work).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// A client has no password of its own to change; sending its token is a mistake worth telling.
fn refuse_client_token(roster: &Roster, req: &HttpRequest) -> Result<(), Error> {
    use crate::security::tokens::Principal;
    let header = req.headers().get("authorization").and_then(|value| value.to_str().ok());
    let token = header.and_then(|text| text.split_once(' ')).map(|(_, token)| token.trim());
    let verified = token.and_then(|token| roster.tokens.verify(token, roster.now()).ok());
    match verified.map(|verified| verified.subject.principal.clone()) {
        Some(Principal::Application { .. }) => Err(Error::invalid(
            "Changing a password needs no token, and an API client has no password. Send the \
             user's name and current password without a token.",
        )),
        Some(Principal::User { .. }) | None => Ok(()),
    }
}
