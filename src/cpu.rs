//! Computations that take long, off the threads that serve connections: as many at once as there are cores.

use std::{future, panic, pin::pin, sync::Arc, thread};

use tokio::{
    runtime::{Handle, RuntimeFlavor},
    sync::{OwnedSemaphorePermit, Semaphore, oneshot},
    task,
};
use tracing::Span;

/// Where they run.
#[derive(Clone)]
pub struct Cpu(Arc<Semaphore>);

impl Cpu {
    /// So many at once for each core.
    pub fn new(for_each_core: usize) -> Self {
        let cores = thread::available_parallelism().map_or(2, usize::from);
        Cpu(Arc::new(Semaphore::new(cores * for_each_core)))
    }

    /// Runs it when a core is free. It goes on to its end if nobody waits for it any longer.
    pub async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> T {
        let permit = self.permit().await;
        let span = Span::current();
        let work = move || {
            let _permit = permit;
            span.in_scope(work)
        };
        match task::spawn_blocking(work).await {
            Ok(done) => done,
            Err(failure) => match failure.try_into_panic() {
                Ok(cause) => panic::resume_unwind(cause),
                // The runtime is gone, and with it whoever waits.
                Err(_) => future::pending().await,
            },
        }
    }

    /// Drives a future that computes for long between its waits. It ends where it next waits if nobody waits for it any
    /// longer.
    pub async fn drive<T: Send + 'static>(&self, future: impl Future<Output = T> + Send + 'static) -> T {
        let runtime = Handle::current();
        let (mut client, _waiting) = oneshot::channel::<()>();
        let work = move || {
            runtime.block_on(async move {
                tokio::select! {
                    done = future => Some(done),
                    () = client.closed() => None,
                }
            })
        };
        match self.run(work).await {
            Some(done) => done,
            None => future::pending().await,
        }
    }

    /// Drives a future that computes for long between its waits and must end at once if it is dropped, as a transaction
    /// that is not to be committed any more. Whenever it computes, another thread takes the place of this one.
    pub async fn drive_in_place<T>(&self, future: impl Future<Output = T>) -> T {
        let _permit = self.permit().await;
        let mut future = pin!(future);
        let has_others = Handle::current().runtime_flavor() != RuntimeFlavor::CurrentThread;
        future::poll_fn(|context| match has_others {
            true => task::block_in_place(|| future.as_mut().poll(context)),
            false => future.as_mut().poll(context),
        })
        .await
    }

    async fn permit(&self) -> Option<OwnedSemaphorePermit> {
        self.0.clone().acquire_owned().await.ok()
    }
}
