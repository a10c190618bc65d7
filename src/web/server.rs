//! The HTTP server: binds, serves with time-outs that stop a slow client from holding a
//! connection, and stops gracefully. Knows nothing of the routes.

use std::{io, net::SocketAddr, time::Duration};

use axum::Router;
use axum_server::{
    Handle,
    accept::NoDelayAcceptor,
    tls_rustls::{RustlsAcceptor, RustlsConfig},
};
use hyper_util::rt::TokioTimer;
use tokio_util::sync::CancellationToken;

/// How long a client may take to send a request's headers.
const HEADERS_WITHIN: Duration = Duration::from_secs(15);

/// A bound port that is not served yet.
#[derive(Debug)]
pub struct Bound {
    listener: std::net::TcpListener,
    address: SocketAddr,
}

/// Why the server cannot listen.
#[derive(Debug, thiserror::Error)]
pub enum BindError {
    /// Something else listens there.
    #[error(
        "{address} is in use already: stop what listens there, or set another `listen` address in the settings"
    )]
    InUse {
        /// Where.
        address: SocketAddr,
    },
    /// Anything else.
    #[error("cannot listen on {address}: {source}; set another `listen` address in the settings")]
    Other {
        /// Where.
        address: SocketAddr,
        /// Why.
        source: io::Error,
    },
}

impl Bound {
    /// Takes the port; port 0 takes any that is free.
    ///
    /// # Errors
    /// When it cannot be had.
    pub fn bind(address: SocketAddr) -> Result<Self, BindError> {
        let listen = || {
            let listener = std::net::TcpListener::bind(address)?;
            listener.set_nonblocking(true)?;
            let address = listener.local_addr()?;
            Ok(Self { listener, address })
        };
        listen().map_err(|source: io::Error| match source.kind() {
            io::ErrorKind::AddrInUse => BindError::InUse { address },
            _ => BindError::Other { address, source },
        })
    }

    /// Where it listens.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Serves until `stop`; then takes no more requests and gives those under way `grace`. With a
    /// certificate it speaks TLS and nothing else.
    ///
    /// # Errors
    /// When the runtime cannot use the port.
    pub async fn serve(
        self,
        routes: Router,
        tls: Option<RustlsConfig>,
        stop: CancellationToken,
        grace: Duration,
    ) -> io::Result<()> {
        self.serve_with(routes, tls, stop, grace, HEADERS_WITHIN)
            .await
    }

    async fn serve_with(
        self,
        routes: Router,
        tls: Option<RustlsConfig>,
        stop: CancellationToken,
        grace: Duration,
        headers_within: Duration,
    ) -> io::Result<()> {
        let handle = Handle::new();
        let mut server = axum_server::from_tcp(self.listener)?
            .http1_only()
            .handle(handle.clone());
        server
            .http_builder()
            .http1()
            .timer(TokioTimer::new())
            .header_read_timeout(headers_within);
        let routes = routes.into_make_service_with_connect_info::<SocketAddr>();
        let plain = NoDelayAcceptor::new();
        let serving = async {
            match tls {
                Some(tls) => {
                    // A handshake has the time that headers have.
                    let tls = RustlsAcceptor::new(tls).handshake_timeout(headers_within);
                    server.acceptor(tls.acceptor(plain)).serve(routes).await
                }
                None => server.acceptor(plain).serve(routes).await,
            }
        };
        let stopping = async {
            stop.cancelled().await;
            handle.graceful_shutdown(Some(grace));
        };
        let (served, ()) = tokio::join!(serving, stopping);
        served
    }
}

#[cfg(test)]
mod tests {
    use std::{net::SocketAddr, time::Duration};

    use axum::{Router, routing::get};
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        net::TcpStream,
    };
    use tokio_util::sync::CancellationToken;

    use super::{BindError, Bound};

    fn any_port() -> SocketAddr {
        SocketAddr::from(([127, 0, 0, 1], 0))
    }

    #[test]
    fn a_port_in_use_is_told_with_how_to_mend_it() {
        let first = Bound::bind(any_port()).expect("a free port");
        let error = Bound::bind(first.address()).expect_err("in use");
        assert!(matches!(error, BindError::InUse { .. }));
        assert!(error.to_string().contains("set another `listen` address"));
    }

    #[tokio::test]
    async fn a_client_that_never_ends_its_headers_is_cut_off() {
        let bound = Bound::bind(any_port()).expect("a free port");
        let address = bound.address();
        let stop = CancellationToken::new();
        let routes = Router::new().route("/", get(|| async {}));
        let server = bound.serve_with(
            routes,
            None,
            stop.clone(),
            Duration::from_secs(1),
            Duration::from_millis(20),
        );
        let client = async {
            let mut stream = TcpStream::connect(address).await.expect("connected");
            stream
                .write_all(b"GET / HTTP/1.1\r\nhost: a")
                .await
                .expect("sent");
            let mut answer = Vec::new();
            // Returns only once the server has closed the connection.
            let read = stream.read_to_end(&mut answer).await;
            stop.cancel();
            assert!(read.is_err() || !answer.starts_with(b"HTTP/1.1 200"));
        };
        let (served, ()) = tokio::join!(server, client);
        served.expect("served");
    }
}
