//! The statements of the table `idempotency_key`.

use entity::idempotency_key::{Column, Entity};
use sea_orm::{
    DbErr, ExprTrait,
    sea_query::{Expr, Query},
};

use crate::{
    database::{Db, Failure},
    datetime::DateTime,
};

/// The fingerprint and the answer that are kept for a key.
pub async fn find(db: &Db, key: &str) -> Result<Option<(String, String)>, Failure> {
    let select = Query::select()
        .columns([Column::Fingerprint, Column::Answer])
        .from(Entity)
        .and_where(Expr::col(Column::Key).eq(key))
        .take();
    Ok(db.rows(&select, |row| Ok((row.text()?, row.text()?))).await?.pop())
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

/// Forgets the answers from before a moment.
pub async fn forget(db: &Db, before: DateTime) -> Result<(), Failure> {
    let old = Expr::col(Column::CreatedAt).lt(before);
    db.execute(&Query::delete().from_table(Entity).and_where(old).take()).await
}
