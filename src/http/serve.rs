//! Serving: connections, each within its limits, until the server is told to stop.

use std::{
    io,
    sync::{
        Arc, Weak,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use axum::{Extension, Router};
use hyper::{server::conn::http1, service::service_fn};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
    service::TowerToHyperService,
};
use rustix::{
    net::sockopt::set_socket_send_buffer_size,
    process::{Resource, Rlimit, getrlimit, setrlimit},
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
    task::JoinSet,
    time::{sleep, timeout},
};

use super::{
    activity::{Activity, Crowd},
    exchange,
    stream::{Pace, Stream},
};
use crate::config::Http;

/// The longest head of a request, in bytes; the longest path that can be read is a little shorter.
const MAX_HEAD: usize = 80 * 1024;

/// The most that is read of a connection ahead of what becomes of it, in bytes.
const MAX_AHEAD: usize = 128 * 1024;

/// The most that the system keeps of what a client has not taken, in bytes. By itself it would keep megabytes for
/// each, of which nothing tells whether they are taken.
const MAX_UNTAKEN: usize = 256 * 1024;

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
    // Connections have this from their listener. Where it is refused, more is kept.
    let _ = set_socket_send_buffer_size(&listener, MAX_UNTAKEN);
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
    pace: Pace,
    body_time: Duration,
    places: Arc<Semaphore>,
    crowd: Arc<Crowd>,
    activities: Vec<Weak<Activity>>,
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
            pace: Pace { timeout: config.body_time(), bytes_per_second: config.min_send_rate },
            body_time: config.body_time(),
            places: Arc::new(Semaphore::new(config.max_connections as usize)),
            crowd: Arc::new(Crowd::new()),
            activities: Vec::new(),
            graceful: GracefulShutdown::new(),
            tasks: JoinSet::new(),
        }
    }

    /// Accepts connections for as long as it is polled.
    async fn accept(&mut self, listener: &TcpListener) {
        loop {
            match listener.accept().await {
                Ok((stream, _)) => {
                    let Some(place) = self.find_place().await else { return };
                    self.open(stream, place);
                }
                Err(error) if is_the_clients(&error) => {}
                Err(error) => {
                    tracing::error!(%error, "cannot accept connections");
                    sleep(RECOVERY).await;
                }
            }
        }
    }

    /// Waits for a place. Where all are taken, the connection that has been idle for longest gives way, or, where
    /// none is idle, the first whose answer is written. Further ones wait in the queue of the system.
    async fn find_place(&mut self) -> Option<OwnedSemaphorePermit> {
        if let Ok(place) = self.places.clone().try_acquire_owned() {
            return Some(place);
        }
        self.crowd.set_waiting(true);
        let activities = self.activities.iter().filter_map(Weak::upgrade);
        let idle = activities.filter_map(|activity| Some((activity.idle_since()?, activity)));
        if let Some((_, longest)) = idle.min_by_key(|(since, _)| *since) {
            longest.ask_to_leave();
        }
        let place = self.places.clone().acquire_owned().await;
        self.crowd.set_waiting(false);
        place.ok()
    }

    fn open(&mut self, stream: TcpStream, place: OwnedSemaphorePermit) {
        // Small answers leave at once instead of waiting for the client's acknowledgement of earlier ones.
        let _ = stream.set_nodelay(true);
        let activity = self.watch();
        let stream = Stream::new(stream, activity.clone(), self.pace);
        let (app, body_time, of_requests) = (self.app.clone(), self.body_time, activity.clone());
        let service =
            service_fn(move |request| exchange::answer(app.clone(), of_requests.clone(), body_time, request));
        let connection = self.graceful.watch(self.http.serve_connection(TokioIo::new(stream), service));
        self.tasks.spawn(async move {
            tokio::select! {
                biased;
                // What a client did wrong with its connection is nobody's business but its own.
                _ = connection => {}
                () = activity.leaves() => {}
            }
            drop(place);
        });
        while self.tasks.try_join_next().is_some() {}
    }

    fn watch(&mut self) -> Arc<Activity> {
        if self.activities.len() == self.activities.capacity() {
            self.activities.retain(|activity| activity.strong_count() > 0);
        }
        let activity = Arc::new(Activity::new(self.crowd.clone()));
        self.activities.push(Arc::downgrade(&activity));
        activity
    }
}

fn is_the_clients(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}
