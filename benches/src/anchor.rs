//! The anchor: a server that does nothing but answer 600 bytes of JSON.
//!
//! It runs the framework, its settings and the allocator of the service, in a process of its own,
//! so that its CPU time can be read apart. It checks no token, writes no log and adds no header:
//! what a request costs more at the service is the service.

use crate::Outcome;
use actix_web::http::header::ContentType;
use actix_web::{App, HttpResponse, HttpServer, rt, web};
use std::net::SocketAddr;
use std::time::Duration;

/// Length of the answer, about that of a user.
const LENGTH: usize = 600;

/// Serves until the process is ended.
pub(crate) fn serve(address: SocketAddr) -> Outcome<()> {
    let start = r#"{"id":"00000000-0000-7000-8000-000000000000","text":""#;
    let end = r#""}"#;
    let padding = "x".repeat(LENGTH - start.len() - end.len());
    let answer = web::Bytes::from(format!("{start}{padding}{end}"));
    let workers = std::thread::available_parallelism()?.get();
    rt::System::new().block_on(async move {
        HttpServer::new(move || {
            let answer = answer.clone();
            App::new().route(
                "/static",
                web::get().to(move || {
                    let answer = answer.clone();
                    async move { HttpResponse::Ok().insert_header(ContentType::json()).body(answer) }
                }),
            )
        })
        .workers(workers)
        .keep_alive(Duration::from_secs(75))
        .client_request_timeout(Duration::from_secs(5))
        .bind(address)?
        .run()
        .await
    })?;
    Ok(())
}
