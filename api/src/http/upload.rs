//! Files sent as a body, read piece by piece.

use super::{Failure, body};
use actix_web::dev::Payload;
use actix_web::web::Bytes;
use actix_web::{FromRequest, HttpRequest};
use futures_util::StreamExt as _;
use roster_domain::limits;
use std::future::{Ready, ready};
use std::time::Duration;
use tokio::time::{Instant, timeout, timeout_at};

/// Longest pause between two pieces; tests are less patient.
const PAUSE: Duration = Duration::from_millis(if cfg!(test) { 400 } else { 10_000 });
/// The whole file must have arrived after this time.
const WHOLE: Duration = Duration::from_secs(30 * 60);

/// A body of any media type, of at most [`limits::MAX_IMPORT_BYTES`] bytes, without a content
/// coding.
pub struct Upload {
    payload: Payload,
    read: usize,
    deadline: Instant,
}

impl Upload {
    /// The next piece; none at the end.
    ///
    /// # Errors
    /// 413 when the file is too long, 408 when it comes too slowly, 400 when it breaks off.
    pub async fn next(&mut self) -> Result<Option<Bytes>, Failure> {
        let next = timeout_at(self.deadline, timeout(PAUSE, self.payload.next()));
        let next = next.await.map_err(|_| Failure::timeout())?.map_err(|_| Failure::timeout())?;
        let Some(piece) = next else { return Ok(None) };
        let piece = piece.map_err(|error| body::broken(&error, limits::MAX_IMPORT_BYTES))?;
        self.read = self.read.saturating_add(piece.len());
        if self.read > limits::MAX_IMPORT_BYTES {
            return Err(Failure::too_large(limits::MAX_IMPORT_BYTES));
        }
        Ok(Some(piece))
    }
}

impl FromRequest for Upload {
    type Error = Failure;
    type Future = Ready<Result<Self, Failure>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let payload = payload.take();
        ready(check(req).map(|()| Self { payload, read: 0, deadline: Instant::now() + WHOLE }))
    }
}

fn check(req: &HttpRequest) -> Result<(), Failure> {
    body::announced(req, limits::MAX_IMPORT_BYTES)?;
    if body::is_gzip(req)? {
        return Err(Failure::unsupported_media_type(
            "A compressed file is not read here. Send it without a content coding.",
        ));
    }
    Ok(())
}
