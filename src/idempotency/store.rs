//! The statements of the table `idempotency_key`.

use entity::idempotency_key::{Column, Entity};
use sea_orm::{
    DbErr, ExprTrait,
    sea_query::{Expr, Order, Query},
};

use crate::{
    database::{Db, Failure},
    datetime::DateTime,
};

/// What is kept for a key.
pub struct Kept {
    pub fingerprint: String,
    pub answer: String,
    pub created_at: DateTime,
}

/// What is kept for a key, however old it is.
pub async fn find(db: &Db, key: &str) -> Result<Option<Kept>, Failure> {
    let select = Query::select()
        .columns([Column::Fingerprint, Column::Answer, Column::CreatedAt])
        .from(Entity)
        .and_where(Expr::col(Column::Key).eq(key))
        .take();
    let kept = db.rows(&select, |row| {
        Ok(Kept {
            fingerprint: row.text()?,
            answer: row.text()?,
            created_at: row.moment("idempotency_key", "created_at")?,
        })
    });
    Ok(kept.await?.pop())
}

/// Keeps an answer.
pub async fn keep(db: &Db, key: &str, fingerprint: &str, answer: &str) -> Result<(), Failure> {
    let insert = Query::insert()
        .into_table(Entity)
        .columns([Column::Key, Column::Fingerprint, Column::Answer, Column::CreatedAt])
        .values([key.into(), fingerprint.into(), answer.into(), Expr::val(DateTime::now())])
        .map_err(|mismatch| DbErr::Custom(mismatch.to_string()))?
        .take();
    db.execute(&insert).await
}

/// Forgets the answer for a key if it is from before a moment: another request may have replaced it meanwhile.
pub async fn forget(db: &Db, key: &str, before: DateTime) -> Result<(), Failure> {
    let delete = Query::delete()
        .from_table(Entity)
        .and_where(Expr::col(Column::Key).eq(key))
        .and_where(Expr::col(Column::CreatedAt).lt(before))
        .take();
    db.execute(&delete).await
}

/// Forgets the oldest answers from before a moment, so many at most, and returns how many they were.
pub async fn forget_oldest(db: &Db, before: DateTime, count: u64) -> Result<u64, Failure> {
    let oldest = Query::select()
        .column(Column::Key)
        .from(Entity)
        .and_where(Expr::col(Column::CreatedAt).lt(before))
        .order_by(Column::CreatedAt, Order::Asc)
        .limit(count)
        .take();
    let keys = db.rows(&oldest, |row| row.text()).await?;
    if !keys.is_empty() {
        let delete = Query::delete()
            .from_table(Entity)
            .and_where(Expr::col(Column::Key).is_in(keys.clone()))
            .and_where(Expr::col(Column::CreatedAt).lt(before))
            .take();
        db.execute(&delete).await?;
    }
    Ok(keys.len() as u64)
}
