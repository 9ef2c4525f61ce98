//! What a database error means for the request that met it.

use sea_orm::{ConnAcquireErr, DbErr, RuntimeErr, sqlx};

/// Whether another transaction got in the way: the request may be run again from its start.
///
/// On SQLite these are SQLITE_BUSY and its extended codes BUSY_RECOVERY and BUSY_SNAPSHOT.
pub fn lost_to_another(error: &DbErr) -> bool {
    matches!(code(error).as_deref(), Some("5" | "261" | "517"))
}

/// Whether no connection was to be had in time.
pub fn exhausted(error: &DbErr) -> bool {
    matches!(error, DbErr::ConnectionAcquire(ConnAcquireErr::Timeout))
}

fn code(error: &DbErr) -> Option<String> {
    let (DbErr::Conn(RuntimeErr::SqlxError(cause))
    | DbErr::Exec(RuntimeErr::SqlxError(cause))
    | DbErr::Query(RuntimeErr::SqlxError(cause))) = error
    else {
        return None;
    };
    match cause.as_ref() {
        sqlx::Error::Database(refusal) => refusal.code().map(Into::into),
        _ => None,
    }
}
