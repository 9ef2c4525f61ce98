//! How far a mutation has come, for whoever is to say what became of it when the program panics.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

/// How far one request has come. Its clones are those of one request.
#[derive(Clone, Default)]
pub struct Progress(Arc<Stage>);

#[derive(Default)]
struct Stage {
    may_write: AtomicBool,
    may_be_kept: AtomicBool,
}

impl Progress {
    /// The request writes, or it is not known yet whether it does.
    pub fn may_write(&self, may_write: bool) {
        self.0.may_write.store(may_write, Ordering::Release);
    }

    /// The request is run on the database. Of runs before this one nothing was kept.
    pub fn run(&self) {
        self.0.may_be_kept.store(false, Ordering::Release);
    }

    /// The transaction is about to be kept.
    pub fn keep(&self) {
        self.0.may_be_kept.store(true, Ordering::Release);
    }

    /// Whether something of the mutation may have been kept; nothing where it is no mutation.
    pub fn is_uncertain(&self) -> Option<bool> {
        let may_write = self.0.may_write.load(Ordering::Acquire);
        may_write.then(|| self.0.may_be_kept.load(Ordering::Acquire))
    }
}
