//! A server that is watched while it has much to do: how long its health checks take, and its memory.

use std::{
    fs,
    time::{Duration, Instant},
};

use reqwest::Client;
use tokio::{sync::oneshot, task::JoinHandle, time::sleep};

use crate::process::{Server, client};

/// How long to wait between two looks.
const PAUSE: Duration = Duration::from_millis(20);

/// Looks at a server until it is asked what it saw.
pub struct Watch {
    stop: oneshot::Sender<()>,
    watching: JoinHandle<Seen>,
}

/// What was seen of a server.
#[derive(Debug, Default)]
pub struct Seen {
    /// How many health checks were answered.
    pub checks: usize,
    /// How long the slowest of them took.
    pub slowest: Duration,
    /// The most memory that the process had, in bytes.
    pub memory: u64,
}

impl Watch {
    pub fn start(server: &Server) -> Self {
        let (stop, mut stopped) = oneshot::channel();
        let (url, process, client) = (format!("{}/healthz", server.url), server.id(), client());
        let watching = tokio::spawn(async move {
            let mut seen = Seen::default();
            while stopped.try_recv().is_err() {
                look(&client, &url, process, &mut seen).await;
                sleep(PAUSE).await;
            }
            seen
        });
        Watch { stop, watching }
    }

    pub async fn end(self) -> Seen {
        self.stop.send(()).unwrap();
        self.watching.await.unwrap()
    }
}

async fn look(client: &Client, url: &str, process: u32, seen: &mut Seen) {
    let start = Instant::now();
    let status = client.get(url).send().await.unwrap().status();
    assert_eq!(status, 200);
    seen.checks += 1;
    seen.slowest = seen.slowest.max(start.elapsed());
    seen.memory = seen.memory.max(memory(process));
}

/// The memory of a process, in bytes: what of it is in RAM.
pub fn memory(process: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    resident.trim().trim_end_matches(" kB").parse::<u64>().unwrap() * 1024
}
