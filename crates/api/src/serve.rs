//! Serves HTTP until told to stop.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::net::TcpListener;

use crate::Api;
use crate::router::router;

/// How long requests that run may take after the stop.
const GRACE: Duration = Duration::from_secs(5);

/// Serves until `shutdown` completes; then streams and desks are closed, and
/// what runs gets five seconds.
pub async fn serve(
    api: Api,
    listener: TcpListener,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let stopping = api.stopping.clone();
    let stopped = stopping.clone();
    let service = router(api).into_make_service_with_connect_info::<SocketAddr>();
    let server = axum::serve(listener, service).with_graceful_shutdown(async move {
        shutdown.await;
        stopping.cancel();
    });
    tokio::select! {
        outcome = server => outcome,
        () = async { stopped.cancelled().await; tokio::time::sleep(GRACE).await } => Ok(()),
    }
}
