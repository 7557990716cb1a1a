//! The listener of the service: what `HttpServer` of actix-web does, over a stream of our own, which
//! turns the bare answers of the HTTP parser into envelopes ([`Answering`]).

use super::answering::Answering;
use super::{HEAD_TIME, KEEP_ALIVE, STOP_TIME, Shell};
use crate::config::Checked;
use crate::http::edge::Edge;
use actix_http::{HttpService, Protocol};
use actix_service::{ServiceFactoryExt as _, map_config};
use actix_tls::accept::TlsError;
use actix_tls::accept::rustls_0_23::{Acceptor, TlsStream};
use actix_web::dev::{AppConfig, Server, ServiceFactory, fn_service};
use actix_web::error::DispatchError;
use std::future::ready;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;

/// Name of the listener in the framework's own log.
const NAME: &str = "roster";
/// How long a connection may take to be closed by both sides.
const FAREWELL_TIME: Duration = Duration::from_secs(1);
/// Protocols that TLS offers, the preferred one first.
const PROTOCOLS: [&[u8]; 2] = [b"h2", b"http/1.1"];

/// A connection as the HTTP service takes it.
type Accepted<T> = (Answering<T>, Protocol, Option<SocketAddr>);

/// Starts serving on a bound socket; the server runs once awaited.
///
/// # Errors
/// When the socket cannot be used.
pub(super) fn listen<S: Send + Sync + 'static>(
    socket: TcpListener,
    settings: &Checked,
    shell: Shell<S>,
) -> io::Result<Server> {
    let server = Server::build();
    let server = server.workers(settings.workers).shutdown_timeout(STOP_TIME).disable_signals();
    let signal = server.graceful_shutdown_signal();
    let edge = Arc::clone(&shell.edge);
    // Idle connections are closed at once when the server stops.
    let stopping = move || {
        let signal = signal.clone();
        async move { signal.notified().await }
    };
    let Some(mut tls) = settings.tls.clone() else {
        let server = server.listen(NAME, socket, move || {
            let edge = Arc::clone(&edge);
            fn_service(move |io: TcpStream| {
                let peer = io.peer_addr().ok();
                ready(Ok(accepted(io, Protocol::Http1, peer, &edge)))
            })
            .and_then(http(&shell, stopping.clone()))
        })?;
        return Ok(server.run());
    };
    tls.alpn_protocols = PROTOCOLS.map(<[u8]>::to_vec).into();
    let server = server.listen(NAME, socket, move || {
        let edge = Arc::clone(&edge);
        Acceptor::new(tls.clone())
            .map_err(TlsError::into_service_error)
            .and_then(move |io: TlsStream<TcpStream>| {
                let (stream, session) = io.get_ref();
                let peer = stream.peer_addr().ok();
                let is_second = session.alpn_protocol() == Some(b"h2");
                let protocol = if is_second { Protocol::Http2 } else { Protocol::Http1 };
                ready(Ok(accepted(io, protocol, peer, &edge)))
            })
            .and_then(http(&shell, stopping.clone()).map_err(TlsError::Service))
    })?;
    Ok(server.run())
}

fn accepted<T>(
    io: T,
    protocol: Protocol,
    peer: Option<SocketAddr>,
    edge: &Arc<Edge>,
) -> Accepted<T> {
    let edge = (protocol == Protocol::Http1).then(|| Arc::clone(edge));
    (Answering::new(io, edge, peer.map(|peer| peer.ip())), protocol, peer)
}

/// The application behind the HTTP of a connection.
fn http<T, S, Stopping, Stopped>(
    shell: &Shell<S>,
    stopping: Stopping,
) -> impl ServiceFactory<Accepted<T>, Config = (), Response = (), Error = DispatchError, InitError = ()>
+ use<T, S, Stopping, Stopped>
where
    T: AsyncRead + AsyncWrite + Unpin + 'static,
    S: Send + Sync + 'static,
    Stopping: Fn() -> Stopped + 'static,
    Stopped: Future<Output = ()> + 'static,
{
    HttpService::build()
        .graceful_shutdown_signal(stopping)
        .keep_alive(KEEP_ALIVE)
        .client_request_timeout(HEAD_TIME)
        .on_connect_ext(|io: &Answering<T>, data| {
            data.insert(io.heads());
        })
        .client_disconnect_timeout(FAREWELL_TIME)
        // Nothing of ours asks the framework for its own address.
        .finish(map_config(shell.app(), |()| AppConfig::default()))
}
