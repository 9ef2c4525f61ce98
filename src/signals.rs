//! Signals: the first one asks the server to stop, the second one ends the process.

use std::{io, process::exit, thread};

use tokio::{
    runtime::Builder,
    signal::unix::{SignalKind, signal},
    sync::oneshot,
};

/// Ends with the first Ctrl-C or SIGTERM. The second one ends the process at once, with the exit code that a shell
/// reports for a process that the signal has ended.
///
/// It is waited for on a thread of its own, so that nothing that the server does can keep it from ending.
pub fn stop() -> io::Result<impl Future<Output = ()>> {
    let runtime = Builder::new_current_thread().enable_io().build()?;
    let (mut interrupt, mut terminate) = {
        let _entered = runtime.enter();
        (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?)
    };
    let mut next = async move || {
        tokio::select! {
            _ = interrupt.recv() => SignalKind::interrupt(),
            _ = terminate.recv() => SignalKind::terminate(),
        }
    };
    let (told, stop) = oneshot::channel();
    thread::spawn(move || {
        runtime.block_on(next());
        tracing::info!("stopping");
        let _ = told.send(());
        let signal = runtime.block_on(next());
        tracing::info!("stopping at once");
        // Whatever was acknowledged is on the disk.
        exit(128 + signal.as_raw_value());
    });
    Ok(async move {
        let _ = stop.await;
    })
}
