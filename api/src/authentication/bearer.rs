//! The bearer token of a request, as an extractor (RFC 6750).

use crate::http::{Caller, Context, Failure, language};
use crate::roster::Roster;
use crate::security::tokens::{self, Verified};
use actix_web::dev::Payload;
use actix_web::http::header::{AUTHORIZATION, HeaderMap};
use actix_web::web::Data;
use actix_web::{FromRequest, HttpMessage as _, HttpRequest};
use futures_util::future::{FutureExt as _, LocalBoxFuture};
use roster_domain::authz::{
    Actor, Claims, Grant, Principal, Right, Role, RoleSet, authorize, rights,
};
use roster_domain::clients::ClientId;
use roster_domain::ports::ReadTx;
use roster_domain::users::UserId;
use roster_domain::{Error, Result};
use uuid::Uuid;

/// The authenticated caller, whatever it may do.
#[derive(Clone, Copy, Debug)]
pub struct SignedIn(pub Actor);

/// The authenticated caller with the right `P`; the only way for a handler to a [`Grant`].
#[derive(Clone, Copy, Debug)]
pub struct Authorized<P>(pub Grant<P>);

/// The authenticated caller who seeks the right `P`. Whoever lacks it is told what they would need
/// once it is known for what.
#[derive(Debug)]
pub struct Seeking<P> {
    actor: Actor,
    sought: Result<Grant<P>>,
}

impl<P: Right> Seeking<P> {
    /// Who seeks it.
    pub const fn actor(&self) -> &Actor {
        &self.actor
    }

    /// The right. Where it is missing, `explain` reads what it is sought for and says what that
    /// needs.
    ///
    /// # Errors
    /// What `explain` refuses; 403 that names the right.
    pub async fn over<F>(self, roster: &Roster, explain: F) -> Result<Grant<P>>
    where
        F: FnOnce(&mut dyn ReadTx, &Grant<rights::ReadDirectory>) -> Result<()> + Send + 'static,
    {
        let refused = match self.sought {
            Ok(grant) => return Ok(grant),
            Err(refused) => refused,
        };
        let reads = authorize::<rights::ReadDirectory>(&self.actor)?;
        let explained = roster.read(move |tx| explain(tx, &reads)).await;
        let error = explained.err().unwrap_or(refused);
        roster.note_refusal(&self.actor, &error);
        Err(error)
    }
}

impl FromRequest for SignedIn {
    type Error = Failure;
    type Future = LocalBoxFuture<'static, Result<Self, Failure>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let req = req.clone();
        async move { Ok(Self(actor(&req).await?)) }.boxed_local()
    }
}

impl<P: Right> FromRequest for Seeking<P> {
    type Error = Failure;
    type Future = LocalBoxFuture<'static, Result<Self, Failure>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let req = req.clone();
        async move {
            let actor = actor(&req).await?;
            Ok(Self { sought: authorize(&actor), actor })
        }
        .boxed_local()
    }
}

impl<P: Right> FromRequest for Authorized<P> {
    type Error = Failure;
    type Future = LocalBoxFuture<'static, Result<Self, Failure>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let req = req.clone();
        async move {
            let actor = actor(&req).await?;
            let grant = authorize(&actor).inspect_err(|error| {
                if let Some(roster) = req.app_data::<Data<Roster>>() {
                    roster.note_refusal(&actor, error);
                }
            })?;
            Ok(Self(grant))
        }
        .boxed_local()
    }
}

async fn actor(req: &HttpRequest) -> Result<Actor> {
    let unbuilt = || Error::internal("the application has no state");
    let roster = req.app_data::<Data<Roster>>().ok_or_else(unbuilt)?;
    let token = bearer(req.headers())?;
    let verified = roster.tokens.verify(token, roster.now())?;
    let claims = claims(&verified);
    let state = roster.principal_state(claims).await?;
    let request = req.extensions().get::<Context>().map(|c| c.request_id().to_owned());
    let request = request.and_then(|id| Uuid::try_parse(&id).ok()).unwrap_or_default();
    let actor = Actor::signed_in(claims, state, roster.policy, request)?;
    let actor = actor.speaking(language::of(req.headers()));
    let caller = Caller { tenant: actor.tenant(), actor: actor.principal().uuid() };
    req.extensions_mut().insert(caller);
    Ok(actor)
}

fn claims(verified: &Verified) -> Claims {
    let subject = &verified.subject;
    let principal = match &subject.principal {
        tokens::Principal::User { id, .. } => Principal::User(UserId::new(*id)),
        tokens::Principal::Application { id } => Principal::Client(ClientId::new(*id)),
    };
    let roles: RoleSet =
        Role::ALL.into_iter().filter(|r| subject.roles.contains(&r.template_id())).collect();
    Claims { tenant: subject.tenant, principal, roles, epoch: subject.epoch }
}

/// The token of exactly one `Authorization: Bearer` header.
fn bearer(headers: &HeaderMap) -> Result<&str> {
    let mut values = headers.get_all(AUTHORIZATION);
    let Some(value) = values.next() else {
        return Err(Error::unauthenticated(
            "No access token was sent. Get one at /oauth2/token and send Authorization: Bearer \
             TOKEN.",
        ));
    };
    if values.next().is_some() {
        return Err(Error::unauthenticated("Send one Authorization header, not several."));
    }
    // `HeaderValue::to_str` looks at each byte of a long token; the token's check does, too.
    let text = std::str::from_utf8(value.as_bytes()).unwrap_or_default();
    match text.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => Ok(token.trim()),
        _ => Err(Error::unauthenticated(
            "The Authorization header has another scheme. Send Authorization: Bearer TOKEN.",
        )),
    }
}
