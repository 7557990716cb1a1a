//! The query of a request.

use super::Failure;
use super::pairs::Pairs;
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use std::future::{Ready, ready};

/// The decoded query; `$` may have been sent as `%24`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryOptions(pub Pairs);

impl FromRequest for QueryOptions {
    type Error = Failure;
    type Future = Ready<Result<Self, Failure>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Pairs::parse(req.query_string()).map(Self))
    }
}
