//! A proxy between the program and its database that delays, stalls and cuts what passes.

use std::time::Duration;

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::watch,
    time::{sleep, timeout},
};

use crate::server::free_port;

/// What happens to what passes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    Open,
    /// Everything takes so much longer, in either direction.
    Slow(Duration),
    /// Nothing passes any more on connections that are used or opened meanwhile, for ever.
    Silent,
    /// What has this text in it never arrives, nor does anything after it on that connection.
    Swallows(&'static str),
    /// A COMMIT arrives and its answer does not: the connection is cut instead.
    LosesCommits,
}

pub struct Proxy {
    pub port: u16,
    /// Whether anything was swallowed.
    swallowed: watch::Receiver<bool>,
    way: watch::Sender<Way>,
    cuts: watch::Sender<()>,
}

impl Proxy {
    /// To the server at that port.
    pub async fn start(server_port: u16) -> Self {
        let port = free_port();
        let listener = TcpListener::bind(("127.0.0.1", port)).await.unwrap();
        let (way, cuts) = (watch::Sender::new(Way::Open), watch::Sender::new(()));
        let (seen, cut) = (way.subscribe(), cuts.subscribe());
        let (swallows, swallowed) = watch::channel(false);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let (seen, swallows, mut cut) = (seen.clone(), swallows.clone(), cut.clone());
                cut.mark_unchanged();
                tokio::spawn(async move {
                    tokio::select! {
                        _ = carry(client, server_port, seen, swallows) => {}
                        _ = cut.changed() => {}
                    }
                });
            }
        });
        Proxy { port, swallowed, way, cuts }
    }

    pub fn set(&self, way: Way) {
        self.way.send_replace(way);
    }

    /// Waits until something was swallowed.
    pub async fn has_swallowed(&mut self) {
        let swallowed = self.swallowed.wait_for(|swallowed| *swallowed);
        timeout(Duration::from_secs(60), swallowed).await.unwrap().unwrap();
    }

    /// Cuts every connection that is open.
    pub fn cut(&self) {
        self.cuts.send_replace(());
    }
}

async fn carry(
    mut client: TcpStream,
    server_port: u16,
    way: watch::Receiver<Way>,
    swallows: watch::Sender<bool>,
) -> std::io::Result<()> {
    let mut server = TcpStream::connect(("127.0.0.1", server_port)).await?;
    let (mut asked, mut answered) = (vec![0; 65_536], vec![0; 65_536]);
    loop {
        tokio::select! {
            length = client.read(&mut asked) => {
                let asked = &asked[..length?];
                delay(&way).await;
                let has = |text: &str| asked.windows(text.len()).any(|part| part == text.as_bytes());
                if let Way::Swallows(text) = *way.borrow() && has(text) {
                    swallows.send_replace(true);
                    break;
                }
                server.write_all(asked).await?;
                let is_commit = has("COMMIT");
                if asked.is_empty() || (is_commit && *way.borrow() == Way::LosesCommits) {
                    // By then the server has done what it was asked for, or has gone.
                    let _ = server.read(&mut answered).await?;
                    return Ok(());
                }
            }
            length = server.read(&mut answered) => {
                let answered = &answered[..length?];
                delay(&way).await;
                client.write_all(answered).await?;
                if answered.is_empty() {
                    return Ok(());
                }
            }
        }
    }
    // Both ends believe that the connection is open.
    std::future::pending().await
}

async fn delay(way: &watch::Receiver<Way>) {
    let way = *way.borrow();
    match way {
        Way::Slow(delay) => sleep(delay).await,
        Way::Silent => std::future::pending().await,
        Way::Open | Way::Swallows(_) | Way::LosesCommits => {}
    }
}
