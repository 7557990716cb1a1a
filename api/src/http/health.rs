//! Whether the process lives, and whether it can work.

use super::Failure;
use actix_web::{HttpResponse, get, web};
use futures_util::future::BoxFuture;
use roster_domain::Error;
use serde::Serialize;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::timeout;
use utoipa::ToSchema;

/// Longest wait for the database.
const PATIENCE: Duration = Duration::from_secs(2);

/// Asks whether the service can work, e.g. whether its database answers.
pub type ReadyCheck = Arc<dyn Fn() -> BoxFuture<'static, Result<(), Error>> + Send + Sync>;

/// State of the service.
#[derive(Debug, Serialize, ToSchema)]
pub struct Health {
    /// `ok`.
    status: &'static str,
}

/// Whether the process lives.
#[utoipa::path(tag = "service", security(()), responses((status = 200, description = "It lives", body = Health)))]
#[get("/healthz")]
pub(crate) async fn live() -> HttpResponse {
    HttpResponse::Ok().json(Health { status: "ok" })
}

/// Whether the service can work; 503 while its database does not answer.
#[utoipa::path(
    tag = "service",
    security(()),
    operation_id = "ready",
    responses((status = 200, description = "It can work", body = Health))
)]
#[get("/readyz")]
pub(crate) async fn readiness(ready: web::Data<ReadyCheck>) -> Result<HttpResponse, Failure> {
    match timeout(PATIENCE, ready()).await {
        Ok(Ok(())) => Ok(HttpResponse::Ok().json(Health { status: "ok" })),
        Ok(Err(error)) => Err(Error::unavailable(error.internal.unwrap_or_default()).into()),
        Err(_) => Err(Error::unavailable("the database did not answer in time").into()),
    }
}
