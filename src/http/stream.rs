//! The stream of a connection: its client has to take answers at a minimum rate, and it is closed in stages.

use std::{
    io::{self, IoSlice},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    time::{Instant, Sleep, sleep_until},
};

use super::activity::Activity;

/// The most that is read of a refused request only to be discarded, in bytes.
const MAX_DISCARDED: usize = 64 * 1024 * 1024;

/// How long a client that was refused may send nothing before its connection is closed.
const MAX_SILENCE: Duration = Duration::from_secs(5);

/// How fast a client has to take what it is sent.
#[derive(Clone, Copy)]
pub struct Pace {
    /// How long it may take nothing at all, and how much longer than its size allows an answer may take.
    pub timeout: Duration,
    pub bytes_per_second: u32,
}

impl Pace {
    /// How long a client may have kept the server waiting that has taken so many bytes of an answer.
    fn allowance(self, taken: u64) -> Duration {
        self.timeout + Duration::from_millis(taken.saturating_mul(1000) / u64::from(self.bytes_per_second))
    }
}

/// A connection to a client.
pub struct Stream {
    tcp: TcpStream,
    activity: Arc<Activity>,
    pace: Pace,
    timer: Pin<Box<Sleep>>,
    /// Since when the client has taken nothing, if there is something to take.
    blocked: Option<Instant>,
    /// How long it has kept the server waiting for this answer.
    waited: Duration,
    /// How much it has taken of this answer, in bytes.
    taken: u64,
    closing: Option<Closing>,
}

/// A connection on which nothing more is sent.
struct Closing {
    deadline: Instant,
    /// How much may still be discarded, in bytes.
    left: usize,
}

impl Stream {
    pub fn new(tcp: TcpStream, activity: Arc<Activity>, pace: Pace) -> Self {
        let timer = Box::pin(sleep_until(Instant::now()));
        let (waited, taken) = (Duration::ZERO, 0);
        Stream { tcp, activity, pace, timer, blocked: None, waited, taken, closing: None }
    }

    /// Counts what was written, or waits until it can be, for as long as the client may take.
    fn watch(
        &mut self,
        written: Poll<io::Result<usize>>,
        context: &mut Context<'_>,
    ) -> Poll<io::Result<usize>> {
        if self.activity.is_new_answer() {
            (self.waited, self.taken) = (Duration::ZERO, 0);
        }
        match written {
            Poll::Pending => self.wait(context),
            Poll::Ready(result) => {
                if let Some(since) = self.blocked.take() {
                    self.waited += since.elapsed();
                    self.activity.set_blocked(false);
                }
                self.taken += *result.as_ref().unwrap_or(&0) as u64;
                Poll::Ready(result)
            }
        }
    }

    fn wait(&mut self, context: &mut Context<'_>) -> Poll<io::Result<usize>> {
        if self.blocked.is_none() {
            let now = Instant::now();
            let left = self.pace.allowance(self.taken).saturating_sub(self.waited);
            self.timer.as_mut().reset(now + left.min(self.pace.timeout));
            self.blocked = Some(now);
            self.activity.set_blocked(true);
        }
        ready!(self.timer.as_mut().poll(context));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }

    /// Reads on and discards, so that the client gets to read its answer: bytes that nobody reads would have
    /// the system reset the connection, and the answer with it.
    /// <https://www.rfc-editor.org/rfc/rfc9112#section-9.6>
    fn discard(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let Stream { tcp, timer, closing: Some(closing), .. } = self else { return Poll::Ready(()) };
        let mut memory = [0; 8 * 1024];
        loop {
            let mut part = ReadBuf::new(&mut memory);
            match Pin::new(&mut *tcp).poll_read(context, &mut part) {
                Poll::Pending => return timer.as_mut().poll(context),
                Poll::Ready(Err(_)) => return Poll::Ready(()),
                Poll::Ready(Ok(())) => {}
            }
            let size = part.filled().len();
            if size == 0 || size > closing.left {
                return Poll::Ready(());
            }
            closing.left -= size;
            timer.as_mut().reset(closing.deadline.min(Instant::now() + MAX_SILENCE));
        }
    }
}

impl AsyncRead for Stream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.tcp).poll_read(context, buffer))?;
        if buffer.filled().len() > before {
            self.activity.receives();
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Stream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.tcp).poll_write(context, bytes);
        self.watch(written, context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.tcp).poll_write_vectored(context, parts);
        self.watch(written, context)
    }

    fn is_write_vectored(&self) -> bool {
        self.tcp.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.tcp).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.closing.is_none() {
            ready!(Pin::new(&mut self.tcp).poll_shutdown(context))?;
            if !self.activity.has_unread() {
                return Poll::Ready(Ok(()));
            }
            let deadline = Instant::now() + self.pace.timeout;
            self.timer.as_mut().reset(deadline.min(Instant::now() + MAX_SILENCE));
            self.closing = Some(Closing { deadline, left: MAX_DISCARDED });
        }
        self.discard(context).map(Ok)
    }
}
