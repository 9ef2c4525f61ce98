//! The statements that only the table `profile` has.

use std::collections::{BTreeSet, HashMap};

use entity::profile::{Column, Entity};
use sea_orm::{
    DbBackend, ExprTrait,
    sea_query::{Expr, Func, Query, SelectStatement},
};
use sha2::{Digest, Sha256};

use super::{Profile, ProfileSelection};
use crate::{
    database::{
        Db, Failure,
        array::{self, Kind},
        latest, lock,
    },
    datetime::DateTime,
    table,
};

/// The locks of PostgreSQL that have to do with the names of profiles.
const PROFILE_NAMES: i32 = 1;

/// Adds a profile for each name, and returns their keys in that order.
pub async fn insert(db: &Db, names: &[String]) -> Result<Vec<i64>, Failure> {
    let rows = names.iter().map(|name| [Some(name.as_str())]);
    table::insert::<Profile, _>(db, [Column::Name], rows.collect()).await
}

/// Lets no other request find these names or create profiles of them in the same way until the transaction
/// has ended. SQLite has one writer anyway.
///
/// Names share 256 locks, which are taken in turn, so that nobody waits in a circle.
pub async fn lock_names(db: &Db, names: &[&str]) -> Result<(), Failure> {
    let buckets: BTreeSet<_> = names.iter().map(|name| i64::from(Sha256::digest(name)[0])).collect();
    let lock = match db.backend() {
        DbBackend::Postgres => {
            let items: Vec<_> = buckets.into_iter().collect();
            let bucket = array::item(DbBackend::Postgres, Kind::Long, "buckets").cast_as("int");
            let lock = Func::cust("pg_advisory_xact_lock").arg(PROFILE_NAMES).arg(bucket);
            array::from(DbBackend::Postgres, Kind::Long, items, "buckets").expr(lock).take()
        }
        DbBackend::MySql => lock::rows(DbBackend::MySql, "profile_name_lock", "bucket", buckets),
        _ => return Ok(()),
    };
    db.execute(&lock).await
}

/// The key of the oldest profile of each of these names that there is.
pub async fn oldest_by_name(db: &Db, names: &[&str]) -> Result<HashMap<String, i64>, Failure> {
    if names.is_empty() {
        return Ok(HashMap::new());
    }
    let name = Expr::col((Entity, Column::Name));
    let select = Query::select()
        .expr(name.clone())
        .expr(Func::min(key()))
        .from(Entity)
        .and_where(name.clone().in_subquery(array::items(db.backend(), Kind::Text, names.to_vec())))
        .add_group_by([name])
        .take();
    Ok(db.rows(&select, |row| Ok((row.text()?, row.long()?))).await?.into_iter().collect())
}

/// The name and the version of the profile of this key, if there is one, which nobody else changes until the
/// transaction has ended.
pub async fn current(db: &Db, key: i64) -> Result<Option<(String, i32)>, Failure> {
    let select = Query::select()
        .columns([Column::Name, Column::Version])
        .from(Entity)
        .and_where(self::key().eq(key))
        .lock_exclusive()
        .take();
    let rows = db.rows(&select, |row| Ok((row.text()?, row.int()?)));
    Ok(rows.await?.pop())
}

/// Gives the profile of this key new fields, and the version after its own. Its clock never goes backwards.
pub async fn update(db: &Db, key: i64, name: &str) -> Result<(), Failure> {
    let latest = latest(db.backend(), [Expr::col(Column::UpdatedAt), DateTime::now().into()]);
    let update = Query::update()
        .table(Entity)
        .value(Column::Name, name)
        .value(Column::Version, Expr::col(Column::Version).add(1))
        .value(Column::UpdatedAt, latest)
        .and_where(self::key().eq(key))
        .take();
    db.execute(&update).await
}

/// The columns of a profile, in the order in which [`Node::decode`](crate::load::Node::decode) reads them.
pub fn columns(select: &mut SelectStatement, selection: &ProfileSelection) {
    select.columns([Column::Id, Column::Name, Column::Version].map(|column| (Entity, column)));
    if selection.times {
        select.columns([Column::CreatedAt, Column::UpdatedAt].map(|column| (Entity, column)));
    }
}

fn key() -> Expr {
    Expr::col((Entity, Column::Id))
}
