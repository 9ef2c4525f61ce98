//! Looks at whether the database answers, one for all who ask at the same time.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    time::Duration,
};

use tokio::{sync::OnceCell, time::timeout};

/// Who answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Answers {
    /// The database that queries go to.
    pub reads: bool,
    /// The database that requests that write go to.
    pub writes: bool,
}

/// The look that is under way, if there is one.
#[derive(Default)]
pub struct Health(Mutex<Weak<OnceCell<Answers>>>);

impl Health {
    /// What a look finds that begins now, or that is under way. One that takes longer than `patience` finds nobody.
    pub async fn share(&self, patience: Duration, look: impl Future<Output = Answers>) -> Answers {
        let under_way = self.under_way();
        let looked = under_way.get_or_init(|| async {
            let answers = look.await;
            // Who comes after this looks again.
            *self.lock() = Weak::new();
            answers
        });
        timeout(patience, looked).await.copied().unwrap_or_default()
    }

    fn under_way(&self) -> Arc<OnceCell<Answers>> {
        let mut under_way = self.lock();
        under_way.upgrade().unwrap_or_else(|| {
            let begun = Arc::default();
            *under_way = Arc::downgrade(&begun);
            begun
        })
    }

    fn lock(&self) -> MutexGuard<'_, Weak<OnceCell<Answers>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::{
        future::{pending, ready},
        sync::atomic::{AtomicU32, Ordering},
    };

    use tokio::sync::Notify;

    use super::*;

    const ALIVE: Answers = Answers { reads: true, writes: true };
    const PATIENCE: Duration = Duration::from_secs(2);

    #[tokio::test]
    async fn those_who_ask_at_once_share_one_look_and_who_asks_later_has_another() {
        let (health, looks, answered) = (Health::default(), AtomicU32::new(0), Notify::new());
        let look = async || {
            looks.fetch_add(1, Ordering::Relaxed);
            answered.notified().await;
            ALIVE
        };
        let both = async || tokio::join!(health.share(PATIENCE, look()), health.share(PATIENCE, look()));
        let asked = tokio::join!(biased; both(), async { answered.notify_one() });
        assert_eq!((asked.0, looks.load(Ordering::Relaxed)), ((ALIVE, ALIVE), 1));
        let again = tokio::join!(biased; health.share(PATIENCE, look()), async { answered.notify_one() });
        assert_eq!((again.0, looks.load(Ordering::Relaxed)), (ALIVE, 2));
    }

    #[tokio::test(start_paused = true)]
    async fn who_takes_too_long_does_not_answer_and_may_answer_later() {
        let health = Health::default();
        assert_eq!(health.share(PATIENCE, pending()).await, Answers::default());
        assert_eq!(health.share(PATIENCE, ready(ALIVE)).await, ALIVE);
    }
}
