//! Forgets the answers that are older than they are kept, beside the requests.

use std::time::Duration;

use tokio::time::sleep;

use super::store;
use crate::{
    database::{Database, Db, Failure, Outcome},
    datetime::DateTime,
};

/// How many are forgotten in one transaction, so that no request waits for long.
const PORTION: u64 = 250;

/// How long others have the database to themselves between two portions.
const PAUSE: Duration = Duration::from_millis(50);

/// How long at most until it is looked again whether there is anything to forget.
const ROUND: Duration = Duration::from_secs(60);

/// Forgets what is older than `kept`, again and again, for as long as it is polled. Several servers may do it at once.
pub async fn forget(database: Database, kept: Duration) {
    let round = (kept / 10).clamp(Duration::from_secs(1), ROUND);
    loop {
        // Servers that started together do not all look at the same time.
        sleep(round.mul_f64(0.5 + fastrand::f64() / 2.0)).await;
        while let Some(PORTION) = forget_some(&database, kept).await {
            sleep(PAUSE).await;
        }
    }
}

/// Forgets a portion, and returns how many they were. Where that fails there is another round.
async fn forget_some(database: &Database, kept: Duration) -> Option<u64> {
    let portion =
        async move |db: Db| match store::forget_oldest(&db, DateTime::before_now(kept), PORTION).await {
            Ok(count) => Outcome::Keep(Ok(count)),
            Err(failure) => Outcome::Undo(Err(failure)),
        };
    let forgotten: Result<u64, Failure> = database.write(portion).await.flatten();
    if let Err(failure) = &forgotten {
        tracing::debug!(%failure, "no expired keys were forgotten");
    }
    forgotten.ok()
}
