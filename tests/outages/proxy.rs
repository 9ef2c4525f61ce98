//! A proxy between the program and its database that delays, stalls and cuts what passes.

use std::time::Duration;

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::watch,
    time::sleep,
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
    /// A COMMIT arrives and its answer does not: the connection is cut instead.
    LosesCommits,
}

pub struct Proxy {
    pub port: u16,
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
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let (seen, mut cut) = (seen.clone(), cut.clone());
                cut.mark_unchanged();
                tokio::spawn(async move {
                    tokio::select! {
                        _ = carry(client, server_port, seen) => {}
                        _ = cut.changed() => {}
                    }
                });
            }
        });
        Proxy { port, way, cuts }
    }

    pub fn set(&self, way: Way) {
        self.way.send_replace(way);
    }

    /// Cuts every connection that is open.
    pub fn cut(&self) {
        self.cuts.send_replace(());
    }
}

async fn carry(mut client: TcpStream, server_port: u16, way: watch::Receiver<Way>) -> std::io::Result<()> {
    let mut server = TcpStream::connect(("127.0.0.1", server_port)).await?;
    let (mut asked, mut answered) = (vec![0; 65_536], vec![0; 65_536]);
    loop {
        tokio::select! {
            length = client.read(&mut asked) => {
                let asked = &asked[..length?];
                delay(&way).await;
                server.write_all(asked).await?;
                let is_commit = asked.windows(6).any(|word| word == b"COMMIT");
                if asked.is_empty() || (is_commit && *way.borrow() == Way::LosesCommits) {
                    server.read(&mut answered).await?;
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
}

async fn delay(way: &watch::Receiver<Way>) {
    let way = *way.borrow();
    match way {
        Way::Slow(delay) => sleep(delay).await,
        Way::Silent => std::future::pending().await,
        Way::Open | Way::LosesCommits => {}
    }
}
