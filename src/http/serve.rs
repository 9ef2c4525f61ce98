//! Serving: connections, each within its limits, until the server is told to stop.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use axum::{Extension, Router};
use hyper::server::conn::http1;
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
    service::TowerToHyperService,
};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
    task::JoinSet,
    time::{sleep, timeout},
};
use tokio_io_timeout::TimeoutStream;

use crate::config::Http;

/// The longest head of a request, in bytes; the longest path that can be read is a little shorter.
const MAX_HEAD: usize = 80 * 1024;

/// The most that is read of a connection ahead of what becomes of it, in bytes.
const MAX_AHEAD: usize = 128 * 1024;

/// How long to wait before accepting again where the system has no more to give.
const RECOVERY: Duration = Duration::from_secs(1);

/// Lets the process have as many files open as the system allows it, a connection being one.
pub fn allow_many_files() {
    let limits = getrlimit(Resource::Nofile);
    // Where that is refused, connections wait when there are too many.
    let _ = setrlimit(Resource::Nofile, Rlimit { current: limits.maximum, ..limits });
}

/// Whether the server was told to stop.
#[derive(Clone, Default)]
pub struct Stopping(Arc<AtomicBool>);

impl Stopping {
    /// Whether it was.
    pub fn is_declared(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    fn declare(&self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Answers requests until `stop` ends, and after it those that have arrived.
///
/// From `stop` on `/readyz` fails; the listener closes when [`Http::leave_time`] is over. Connections that
/// are still open [`Http::stop_time`] after that are cut, so that a slow client cannot hold up the process.
/// Dropping the future cuts all of them at once.
pub async fn serve(listener: TcpListener, app: Router, config: Http, stop: impl Future<Output = ()>) {
    let stopping = Stopping::default();
    let mut connections = Connections::new(app.layer(Extension(stopping.clone())), &config);
    let leave = async {
        stop.await;
        stopping.declare();
        sleep(config.leave_time()).await;
    };
    tokio::select! {
        () = connections.accept(&listener) => {}
        () = leave => {}
    }
    drop(listener);
    if timeout(config.stop_time(), connections.graceful.shutdown()).await.is_err() {
        tracing::warn!("stopped without waiting longer for slow clients");
    }
}

/// The connections that are open. They are cut when this is dropped.
struct Connections {
    app: TowerToHyperService<Router>,
    http: http1::Builder,
    /// How long a client may take nothing of its answer, which hyper would wait for.
    patience: Duration,
    places: Arc<Semaphore>,
    graceful: GracefulShutdown,
    tasks: JoinSet<()>,
}

impl Connections {
    fn new(app: Router, config: &Http) -> Self {
        let mut http = http1::Builder::new();
        http.timer(TokioTimer::new())
            .header_read_timeout(config.header_time())
            .max_header_size(MAX_HEAD)
            .max_buf_size(MAX_AHEAD);
        Connections {
            app: TowerToHyperService::new(app),
            http,
            patience: config.body_time(),
            places: Arc::new(Semaphore::new(config.max_connections as usize)),
            graceful: GracefulShutdown::new(),
            tasks: JoinSet::new(),
        }
    }

    /// Accepts connections for as long as it is polled. Where all places are taken, further ones wait in
    /// the queue of the system.
    async fn accept(&mut self, listener: &TcpListener) {
        while let Ok(place) = self.places.clone().acquire_owned().await {
            match listener.accept().await {
                Ok((stream, _)) => self.open(stream, place),
                Err(error) if is_the_clients(&error) => {}
                Err(error) => {
                    tracing::error!(%error, "cannot accept connections");
                    sleep(RECOVERY).await;
                }
            }
        }
    }

    fn open(&mut self, stream: TcpStream, place: OwnedSemaphorePermit) {
        // Small answers leave at once instead of waiting for the client's acknowledgement of earlier ones.
        let _ = stream.set_nodelay(true);
        let mut stream = TimeoutStream::new(stream);
        stream.set_write_timeout(Some(self.patience));
        let connection = self.http.serve_connection(TokioIo::new(Box::pin(stream)), self.app.clone());
        let connection = self.graceful.watch(connection);
        self.tasks.spawn(async move {
            // What a client did wrong with its connection is nobody's business but its own.
            let _ = connection.await;
            drop(place);
        });
        while self.tasks.try_join_next().is_some() {}
    }
}

fn is_the_clients(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}
