//! Form bodies, for the token endpoint.

use super::pairs::Pairs;
use super::{Failure, body};
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage as _, HttpRequest};
use futures_util::future::{FutureExt as _, LocalBoxFuture};
use roster_domain::limits;

/// A body of `application/x-www-form-urlencoded`, at most [`limits::MAX_FORM`] bytes. The token
/// endpoint takes a `Result<FormBody, Failure>` and answers failures as RFC 6749 has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormBody(pub Pairs);

impl FromRequest for FormBody {
    type Error = Failure;
    type Future = LocalBoxFuture<'static, Result<Self, Failure>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let checks = check(req);
        let payload = payload.take();
        async move {
            checks?;
            let sent = body::read(payload, limits::MAX_FORM).await?;
            let text = std::str::from_utf8(&sent)
                .map_err(|_| Failure::malformed("The form is not UTF-8."))?;
            Ok(Self(Pairs::parse(text)?))
        }
        .boxed_local()
    }
}

fn check(req: &HttpRequest) -> Result<(), Failure> {
    body::announced(req, limits::MAX_FORM)?;
    let is_form = req.content_type().eq_ignore_ascii_case("application/x-www-form-urlencoded");
    if !is_form || body::is_gzip(req)? {
        return Err(Failure::unsupported_media_type(
            "The body has to be a form. Send Content-Type: application/x-www-form-urlencoded.",
        ));
    }
    Ok(())
}
