//! `/invitations`: guests.

use super::links;
use crate::authentication::Authorized;
use crate::http::{Failure, JsonBody, Services};
use crate::passwords;
use crate::roster::Roster;
use actix_web::http::header;
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use roster_domain::authz::rights;
use roster_domain::id::TenantId;
use roster_domain::invitations::{self, Invite, Redemption};
use roster_domain::ports::WriteTx;
use roster_domain::users::{User, UserId};
use roster_domain::{Error, Value};
use serde::Serialize;
use utoipa::ToSchema;

/// Registers the handlers.
pub fn register(services: &mut Services) {
    services.service(create_invitation).service(redeem_invitation);
}

/// What an invitation is made of.
#[derive(ToSchema)]
#[schema(as = newInvitation, rename_all = "camelCase")]
#[expect(dead_code, reason = "describes a body that is read elsewhere")]
struct NewInvitation {
    /// Address of the guest.
    invited_user_email_address: String,
    /// Page the guest is sent to; https.
    invite_redirect_url: String,
    /// Name shown; the address by default.
    invited_user_display_name: Option<String>,
}

/// An invitation.
#[derive(Serialize, ToSchema)]
#[schema(as = invitation)]
#[serde(rename_all = "camelCase")]
struct Invitation {
    #[serde(rename = "@odata.context")]
    context: String,
    /// Id of the invited user.
    id: String,
    /// Address of the guest.
    invited_user_email_address: String,
    /// Name shown.
    invited_user_display_name: String,
    /// Always `Guest`.
    invited_user_type: &'static str,
    /// Page the guest is sent to.
    invite_redirect_url: String,
    /// Address to hand to the guest, once: the page, with a token in its fragment that the page
    /// sends to `/invitations/redeem`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    invite_redeem_url: Option<Value<'static>>,
    /// Always false: whoever invites hands the address on.
    send_invitation_message: bool,
    /// `PendingAcceptance` or `Completed`.
    status: &'static str,
    /// The guest.
    invited_user: InvitedUser,
}

/// The guest of an invitation.
#[derive(Serialize, ToSchema)]
#[schema(as = invitedUser)]
#[serde(rename_all = "camelCase")]
struct InvitedUser {
    id: String,
    user_principal_name: String,
}

impl Invitation {
    fn new(roster: &Roster, user: &User, redirect: &str, token: Option<&str>) -> Self {
        Self {
            context: links::entity_context(roster, "invitations"),
            id: user.id.to_string(),
            invited_user_email_address: user.mail.clone().unwrap_or_default(),
            invited_user_display_name: user.display_name.clone(),
            invited_user_type: "Guest",
            invite_redirect_url: redirect.to_owned(),
            invite_redeem_url: token.map(|token| invitations::link(redirect, token)),
            send_invitation_message: false,
            status: if token.is_some() { invitations::PENDING } else { "Completed" },
            invited_user: InvitedUser {
                id: user.id.to_string(),
                user_principal_name: user.user_principal_name.clone(),
            },
        }
    }
}

/// What a token says, sealed: organisation, guest, end of validity in seconds, page.
type Ticket = (TenantId, UserId, i64, String);

const BINDING: &str = "invitation";

/// Invites a guest.
#[utoipa::path(
    tag = "users",
    request_body = NewInvitation,
    responses((status = 201, description = "The invitation", body = Invitation)),
    extensions(("x-permission" = json!({"anyOf": ["manage_users_and_groups"]})))
)]
#[post("/v1.0/invitations")]
async fn create_invitation(
    roster: Data<Roster>,
    Authorized(grant): Authorized<rights::ManageUsersAndGroups>,
    JsonBody(body): JsonBody,
) -> Result<HttpResponse, Failure> {
    let request = Invite::read(&body)?;
    let redirect = request.redirect_url.clone();
    let tenant = grant.tenant();
    let user =
        roster.write(grant, move |tx, grant| invitations::invite(tx, grant, &request)).await?;
    let until = roster.now().plus_days(invitations::VALID_DAYS).seconds();
    let ticket: Ticket = (tenant, user.id, until, redirect.clone());
    let token = links::seal_token(&roster, BINDING, &ticket)?;
    // An invitation cannot be read again; what the request made is the guest.
    let location = (header::LOCATION, links::location(&roster, "users", user.id));
    let invitation = Invitation::new(&roster, &user, &redirect, Some(&token));
    Ok(HttpResponse::Created().insert_header(location).json(invitation))
}

/// What a guest's page sends.
#[derive(ToSchema)]
#[schema(as = redeemInvitation, rename_all = "camelCase")]
#[expect(dead_code, reason = "describes a body that is read elsewhere")]
struct Redeem {
    /// The token of the redeem address's fragment.
    invitation_token: String,
    /// The password to sign in with from now on; without one an administrator sets it.
    password: Option<String>,
}

/// Accepts an invitation; the token is the proof.
#[utoipa::path(
    tag = "users",
    security(()),
    request_body = Redeem,
    responses((status = 200, description = "The invitation, completed", body = Invitation))
)]
#[post("/v1.0/invitations/redeem")]
async fn redeem_invitation(
    roster: Data<Roster>,
    JsonBody(body): JsonBody,
) -> Result<HttpResponse, Failure> {
    let redemption = Redemption::read(&body)?;
    let wrong = || {
        Error::invalid_property(
            "invitationToken",
            "'invitationToken' is not valid or no longer valid. Ask for a new invitation.",
        )
    };
    let ticket = links::open_token::<Ticket>(&roster, BINDING, &redemption.token);
    let ticket = ticket.map_err(|_| wrong())?;
    let (tenant, guest, until, redirect) = ticket;
    // Time decides, not a job that cleans up (V8).
    if roster.now().seconds() > until {
        return Err(wrong().into());
    }
    let hash = match &redemption.password {
        Some(password) => Some(passwords::chosen(&roster, password).await?),
        None => None,
    };
    let work =
        move |tx: &mut dyn WriteTx| invitations::redeem(tx, guest, &redemption, hash.as_deref());
    let user = roster.write_without_grant(tenant, work).await?;
    Ok(HttpResponse::Ok().json(Invitation::new(&roster, &user, &redirect, None)))
}
