//! Builds the listeners of the service, in a process of its own or inside a test.
//!
//! In this order, because the state of the handlers needs the public URL and the public URL may
//! need the port that the system chose:
//! 1. [`bind`] the sockets; [`Checked::public_url`] of [`Sockets::address`];
//! 2. make the state, and of it a [`Service`];
//! 3. [`Shell::new`], which makes the document and the table of routes;
//! 4. [`build`], then [`Running::until_signal`], or in a test [`Running::until_stopped`].

mod answering;
mod listener;

use crate::config::Checked;
use crate::http::cors::Cors;
use crate::http::docs::{self, Document};
use crate::http::edge::{self, Edge};
use crate::http::health::ReadyCheck;
use crate::http::metrics::{self, HttpMetrics};
use crate::http::routes::Routes;
use crate::openapi::{self, Installation, Register};
use actix_web::dev::{Server, ServerHandle, ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::middleware::from_fn;
use actix_web::web::{self, Data};
use actix_web::{App, Error, HttpServer, rt};
use futures_util::future::{OptionFuture, join};
use prometheus_client::registry::Registry;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpSocket;
use tokio::signal::unix::{SignalKind, signal};

/// Connections waiting to be accepted.
const BACKLOG: u32 = 4_096;
/// How long an idle connection is kept; longer than the proxies in front usually keep theirs.
const KEEP_ALIVE: Duration = Duration::from_secs(75);
/// The head of a request must have arrived after this time.
const HEAD_TIME: Duration = Duration::from_secs(5);
/// Requests under way get this long at a stop, in seconds.
const STOP_TIME: u64 = 10;

/// The bound sockets; nothing is served on them yet.
#[derive(Debug)]
pub struct Sockets {
    /// Address of the service; the port is never 0.
    pub address: SocketAddr,
    /// Address of the metrics.
    pub metrics_address: Option<SocketAddr>,
    service: TcpListener,
    metrics: Option<TcpListener>,
}

/// Binds the sockets, so that the public URL is known before anything else is built. To be called
/// inside the runtime.
///
/// # Errors
/// When an address is taken or not one of this machine; the address is named.
pub fn bind(settings: &Checked) -> io::Result<Sockets> {
    let service = listen(settings.listen)?;
    let metrics = settings.metrics_listen.map(listen).transpose()?;
    Ok(Sockets {
        address: service.local_addr()?,
        metrics_address: metrics.as_ref().map(TcpListener::local_addr).transpose()?,
        service,
        metrics,
    })
}

fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let bound = || {
        let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
        socket.set_reuseaddr(true)?;
        socket.bind(address)?;
        socket.listen(BACKLOG)?.into_std()
    };
    bound().map_err(|error| io::Error::new(error.kind(), format!("{address}: {error}")))
}

/// What is served: handlers, their state, and whether they can work.
pub struct Service<S: 'static> {
    /// State of the handlers, which take it as `Data<S>`.
    pub state: Data<S>,
    /// Registers the handlers.
    pub register: Register,
    /// Behind `/readyz`.
    pub ready: ReadyCheck,
}

impl<S> Clone for Service<S> {
    fn clone(&self) -> Self {
        Self { state: self.state.clone(), register: self.register, ready: Arc::clone(&self.ready) }
    }
}

/// Everything a worker needs to serve.
pub struct Shell<S: 'static> {
    service: Service<S>,
    edge: Arc<Edge>,
    document: Document,
}

impl<S> Clone for Shell<S> {
    fn clone(&self) -> Self {
        Self {
            service: self.service.clone(),
            edge: Arc::clone(&self.edge),
            document: self.document.clone(),
        }
    }
}

impl<S: Send + Sync + 'static> Shell<S> {
    /// Makes the document and from it the table of routes.
    ///
    /// # Errors
    /// When the document cannot be written as JSON.
    pub fn new(
        settings: &Checked,
        bound: SocketAddr,
        service: Service<S>,
        registry: &mut Registry,
    ) -> io::Result<Self> {
        let installation = Installation {
            public_url: settings.public_url(bound),
            password_grant: settings.password_grant,
        };
        let document = openapi::document(&installation, service.register);
        let routes = Routes::of(&document)
            .with_page(docs::DOCUMENT)
            .with_page(docs::PAGE)
            .with_page(docs::FILES);
        let scheme = if settings.tls.is_some() { "https" } else { "http" };
        let edge = Edge {
            routes: Arc::new(routes),
            metrics: HttpMetrics::new(registry, scheme),
            trusted_proxies: settings.trusted_proxies.clone(),
            is_secure: installation.public_url.starts_with("https:"),
            cors: Cors::new(&settings.cors_origins),
        };
        Ok(Self { service, edge: Arc::new(edge), document: Document(document.to_json()?.into()) })
    }

    /// The application of one worker: the router, behind [`edge::pass`].
    pub fn app(
        &self,
    ) -> App<
        impl ServiceFactory<
            ServiceRequest,
            Config = (),
            Response = ServiceResponse,
            Error = Error,
            InitError = (),
        > + use<S>,
    > {
        let edge = Arc::clone(&self.edge);
        App::new()
            .app_data(self.service.state.clone())
            .app_data(Data::new(Arc::clone(&self.service.ready)))
            .configure(|app| openapi::services(self.service.register).serve(app))
            .configure(docs::routes(self.document.clone()))
            .default_service(web::to(edge::unmatched))
            .wrap(from_fn(move |req, next| edge::pass(Arc::clone(&edge), req, next)))
    }
}

/// The servers under way.
pub struct Running {
    service: Server,
    metrics: Option<Server>,
}

/// Stops the servers from anywhere.
#[derive(Clone)]
pub struct Stopper(Vec<ServerHandle>);

/// Starts serving. The servers run once [`Running`] is awaited.
///
/// # Errors
/// When a socket cannot be used.
pub fn build<S: Send + Sync + 'static>(
    sockets: Sockets,
    settings: &Checked,
    shell: Shell<S>,
    registry: Registry,
) -> io::Result<Running> {
    let service = listener::listen(sockets.service, settings, shell)?;
    let metrics = sockets.metrics.map(|socket| metrics_server(socket, registry)).transpose()?;
    Ok(Running { service, metrics })
}

fn metrics_server(socket: TcpListener, registry: Registry) -> io::Result<Server> {
    let registry = Data::new(registry);
    let server = HttpServer::new(move || {
        App::new().app_data(registry.clone()).route("/metrics", web::get().to(metrics::serve))
    });
    Ok(server.workers(1).shutdown_timeout(1).disable_signals().listen(socket)?.run())
}

impl Running {
    /// A way to stop the servers.
    pub fn stopper(&self) -> Stopper {
        Stopper(
            [Some(&self.service), self.metrics.as_ref()]
                .into_iter()
                .flatten()
                .map(Server::handle)
                .collect(),
        )
    }

    /// Serves until a [`Stopper`] is used.
    ///
    /// # Errors
    /// When a server ends by itself.
    pub async fn until_stopped(self) -> io::Result<()> {
        let (service, metrics) = join(self.service, OptionFuture::from(self.metrics)).await;
        service.and(metrics.unwrap_or(Ok(())))
    }

    /// Serves until SIGTERM or SIGINT (Ctrl-C), then lets requests under way finish, for ten
    /// seconds at most.
    ///
    /// # Errors
    /// When signals cannot be received or a server ends by itself.
    pub async fn until_signal(self) -> io::Result<()> {
        let mut terminate = signal(SignalKind::terminate())?;
        let mut interrupt = signal(SignalKind::interrupt())?;
        let stopper = self.stopper();
        rt::spawn(async move {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            tracing::info!("stopping");
            stopper.stop().await;
        });
        self.until_stopped().await
    }
}

impl Stopper {
    /// Takes no new connections and lets requests under way finish.
    pub async fn stop(&self) {
        for server in &self.0 {
            server.stop(true).await;
        }
    }
}

#[cfg(test)]
mod tests;
