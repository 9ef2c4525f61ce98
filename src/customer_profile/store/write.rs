//! The statements that write the junction.

use std::collections::{HashMap, HashSet};

use entity::customer_profile::{Column, Entity};
use sea_orm::{
    Condition, DbBackend, ExprTrait,
    sea_query::{Asterisk, DeleteStatement, Expr, Func, InsertStatement, OnConflict, Query},
};

use super::Path;
use crate::{
    customer_profile::{
        End,
        write::{Link, OnExisting},
    },
    database::{
        Db, Failure, Row,
        array::{self, Kind, Rows},
        latest, lock,
    },
    datetime::DateTime,
    profile::Profile,
};

/// How many associations a statement writes on MariaDB, each of which may be a kilobyte.
const ATTACHED_AT_ONCE: usize = 4096;

/// Writes these associations in one statement, in the order of their keys, so that two requests that
/// write the same ones do not wait for each other in a circle.
///
/// Returns those that it wrote, each with its version: one that is new has version 1, one that had
/// another status a higher one, and one that stays as it was is not among them.
pub async fn attach(
    db: &Db,
    links: &[Link],
    on_existing: OnExisting,
) -> Result<HashMap<(i64, i64), i32>, Failure> {
    let mut links: Vec<_> = links.iter().collect();
    links.sort_unstable_by_key(|link| (link.customer, link.profile));
    match db.backend() {
        DbBackend::MySql => {
            let customers: Vec<_> = links.iter().map(|link| link.customer).collect();
            lock_near::<Profile>(db, &customers).await?;
            let mut written = HashMap::new();
            for links in links.chunks(ATTACHED_AT_ONCE) {
                written.extend(attach_known(db, links, on_existing).await?);
            }
            Ok(written)
        }
        backend => {
            let mut insert = insert(backend, &links)?;
            insert.on_conflict(match on_existing {
                OnExisting::Update => change_given_status(backend, &links)?,
                OnExisting::Keep | OnExisting::Error => pair().do_nothing().to_owned(),
            });
            let columns = [Column::CustomerId, Column::ProfileId, Column::Version];
            let written = db.written(&insert, columns, |row| Ok(((row.long()?, row.long()?), row.int()?)));
            Ok(written.await?.into_iter().collect())
        }
    }
}

/// MariaDB returns all rows of an upsert, also those that stay as they were, and does not say which these are.
/// So the rows that exist are read first, while the locks keep others from attaching anything to their customers. An upsert of
/// new ones would also lock the gaps that they come into, where others wait for each other in a circle.
async fn attach_known(
    db: &Db,
    links: &[&Link],
    on_existing: OnExisting,
) -> Result<HashMap<(i64, i64), i32>, Failure> {
    let known = known(db, links).await?;
    let mut written = HashMap::new();
    for link in links {
        let pair = (link.customer, link.profile);
        match known.get(&pair) {
            None => written.insert(pair, 1),
            Some((old, version)) => match &link.status {
                Some(new) if on_existing == OnExisting::Update && old != new => {
                    written.insert(pair, version + 1)
                }
                _ => None,
            },
        };
    }
    let backend = db.backend();
    let is_written = |link: &&Link| written.contains_key(&(link.customer, link.profile));
    let (old, new): (Vec<_>, Vec<_>) = links
        .iter()
        .copied()
        .filter(is_written)
        .partition(|link| known.contains_key(&(link.customer, link.profile)));
    if !new.is_empty() {
        db.execute(&insert(backend, &new)?).await?;
    }
    if !old.is_empty() {
        db.execute(insert(backend, &old)?.on_conflict(change_status(backend))).await?;
    }
    Ok(written)
}

/// The status and the version of those of these associations that exist.
async fn known(db: &Db, links: &[&Link]) -> Result<HashMap<(i64, i64), (String, i32)>, Failure> {
    let rows = written(db.backend(), links)?;
    let column = |column| Expr::col((Entity, column));
    let is_pair = column(Column::CustomerId).eq(rows.part(0)).and(column(Column::ProfileId).eq(rows.part(1)));
    let mut select = rows.select();
    array::join(db.backend(), &mut select, Entity, is_pair);
    select
        .exprs([Column::CustomerId, Column::ProfileId, Column::Status, Column::Version].map(column))
        .lock_exclusive();
    let read = |row: &mut Row<'_>| Ok(((row.long()?, row.long()?), (row.text()?, row.int()?)));
    Ok(db.rows(&select, read).await?.into_iter().collect())
}

/// The status of a new association that is given none.
const USUAL_STATUS: &str = "active";

/// What a written link consists of: a customer, a profile and a status.
const LINK: [Kind; 3] = [Kind::Long, Kind::Long, Kind::Text];

fn written<'a>(backend: DbBackend, links: &[&Link]) -> Result<Rows<'a>, Failure> {
    let links = links.iter().map(|link| {
        let status = link.status.as_deref().unwrap_or(USUAL_STATUS);
        (link.customer, link.profile, status)
    });
    Ok(Rows::of(backend, &LINK, links)?)
}

fn insert(backend: DbBackend, links: &[&Link]) -> Result<InsertStatement, Failure> {
    let rows = written(backend, links)?;
    let now = DateTime::now();
    let values = rows.select().exprs(rows.parts()).exprs([Expr::val(now), Expr::val(now)]).take();
    let mut insert = Query::insert()
        .into_table(Entity)
        .columns([
            Column::CustomerId,
            Column::ProfileId,
            Column::Status,
            Column::CreatedAt,
            Column::UpdatedAt,
        ])
        .take();
    array::insert_from(&mut insert, values)?;
    Ok(insert)
}

/// Lets no other request set the edges of these near ends until the transaction has ended. SQLite has one
/// writer anyway.
pub async fn lock_near<N: End>(db: &Db, near: &[i64]) -> Result<(), Failure> {
    if db.backend() == DbBackend::Sqlite {
        return Ok(());
    }
    let (path, near) = (Path::to::<N>()?, near.iter().copied());
    let lock = match db.backend() {
        // There the row of a profile is locked by whoever attaches it, which comes after the lock on the customer.
        DbBackend::MySql if !path.is_from_customers() => {
            lock::rows(DbBackend::MySql, "profile_name_lock", "bucket", near.map(|key| key % 256))
        }
        backend => lock::rows(backend, path.near_table(), path.near_key(), near),
    };
    db.execute(&lock).await
}

/// The version of a pair's association, which nobody else changes until the transaction has ended; none
/// where they are not attached.
pub async fn version(db: &Db, customer: i64, profile: i64) -> Result<Option<i32>, Failure> {
    let select = Query::select()
        .column(Column::Version)
        .from(Entity)
        .cond_where(is(customer, profile))
        .lock_exclusive()
        .take();
    Ok(db.rows(&select, |row| row.int()).await?.pop())
}

/// Gives a pair's association its new status, if it has another one.
pub async fn change(db: &Db, link: &Link) -> Result<(), Failure> {
    let Some(status) = link.status.as_deref() else { return Ok(()) };
    let latest = latest(db.backend(), [Expr::col(Column::UpdatedAt), DateTime::now().into()]);
    let update = Query::update()
        .table(Entity)
        .value(Column::Status, status)
        .value(Column::Version, Expr::col(Column::Version).add(1))
        .value(Column::UpdatedAt, latest)
        .cond_where(is(link.customer, link.profile))
        .and_where(Expr::col(Column::Status).ne(status))
        .take();
    db.execute(&update).await
}

/// Detaches these far ends from a near one, and returns those that were attached.
pub async fn detach<N: End>(db: &Db, near: i64, far: &[i64]) -> Result<HashSet<i64>, Failure> {
    let path = Path::to::<N>()?;
    let listed = path.far(Entity).in_subquery(array::items(db.backend(), Kind::Long, far.to_vec()));
    Ok(delete::<N>(db, &path, near, listed).await?.into_iter().collect())
}

/// Detaches all far ends but these from a near one.
pub async fn detach_others<N: End>(db: &Db, near: i64, far: &[i64]) -> Result<(), Failure> {
    let path = Path::to::<N>()?;
    let delete = deletion::<N>(db, &path, near, others(db, &path, far)).await?;
    db.execute(&delete).await
}

/// As [`detach_others`]. Returns those that were attached, in the order of their keys.
pub async fn detach_and_list_others<N: End>(db: &Db, near: i64, far: &[i64]) -> Result<Vec<i64>, Failure> {
    let path = Path::to::<N>()?;
    let mut gone = delete::<N>(db, &path, near, others(db, &path, far)).await?;
    gone.sort_unstable();
    Ok(gone)
}

/// How many far ends besides these a near one has.
pub async fn count_others<N: End>(db: &Db, near: i64, far: &[i64]) -> Result<i64, Failure> {
    let path = Path::to::<N>()?;
    let select = Query::select()
        .expr(Func::count(Expr::col(Asterisk)))
        .from(Entity)
        .and_where(path.near(Entity).eq(near))
        .and_where(others(db, &path, far))
        .take();
    Ok(db.rows(&select, |row| row.long()).await?.into_iter().sum())
}

fn others(db: &Db, path: &Path, far: &[i64]) -> Expr {
    path.far(Entity).not_in_subquery(array::items(db.backend(), Kind::Long, far.to_vec()))
}

async fn delete<N: End>(db: &Db, path: &Path, near: i64, which: Expr) -> Result<Vec<i64>, Failure> {
    let delete = deletion::<N>(db, path, near, which).await?;
    db.written(&delete, [path.far_column()], |row| row.long()).await
}

async fn deletion<N: End>(db: &Db, path: &Path, near: i64, which: Expr) -> Result<DeleteStatement, Failure> {
    if db.backend() == DbBackend::MySql {
        lock_customers::<N>(db, path, near, which.clone()).await?;
    }
    let near = path.near(Entity).eq(near);
    Ok(Query::delete().from_table(Entity).and_where(near).and_where(which).take())
}

/// MariaDB locks an edge in one index after the other, and from the profiles' side it begins with another one than
/// from the customers'. Whoever has the lock on an edge's customer meets nobody there.
async fn lock_customers<N: End>(db: &Db, path: &Path, near: i64, which: Expr) -> Result<(), Failure> {
    let attached = Query::select()
        .column(path.far_column())
        .from(Entity)
        .and_where(path.near(Entity).eq(near))
        .and_where(which)
        .take();
    let customers = db.rows(&attached, |row| Ok(N::pair(near, row.long()?).0)).await?;
    lock_near::<Profile>(db, &customers).await
}

fn is(customer: i64, profile: i64) -> Condition {
    Condition::all()
        .add(Expr::col(Column::CustomerId).eq(customer))
        .add(Expr::col(Column::ProfileId).eq(profile))
}

/// As [`change_status`], but pairs whose link has no status keep theirs.
fn change_given_status(backend: DbBackend, links: &[&Link]) -> Result<OnConflict, Failure> {
    let mut change = change_status(backend);
    let keeping = links.iter().filter(|link| link.status.is_none());
    let keeping: Vec<_> = keeping.map(|link| (link.customer, link.profile)).collect();
    if !keeping.is_empty() {
        let rows = Rows::of(backend, &LINK[..2], keeping)?;
        let pairs = rows.select().exprs(rows.parts()).take();
        let pair = [Column::CustomerId, Column::ProfileId].map(|column| Expr::col(("excluded", column)));
        change.action_and_where(Expr::tuple(pair).not_in_subquery(pairs));
    }
    Ok(change)
}

/// Gives a pair its new status, if it has another one; its clock never goes backwards. MariaDB knows no
/// condition there, so it is given none but pairs that have another one.
fn change_status(backend: DbBackend) -> OnConflict {
    let old = |column| Expr::col((Entity, column));
    let new = |column| match backend {
        DbBackend::MySql => Func::cust("VALUES").arg(Expr::col(column)).into(),
        _ => Expr::col(("excluded", column)),
    };
    let latest = latest(backend, [old(Column::UpdatedAt), new(Column::UpdatedAt)]);
    let mut change = pair()
        .update_column(Column::Status)
        .value(Column::Version, old(Column::Version).add(1))
        .value(Column::UpdatedAt, latest)
        .to_owned();
    if backend != DbBackend::MySql {
        change.action_and_where(old(Column::Status).ne(new(Column::Status)));
    }
    change
}

fn pair() -> OnConflict {
    OnConflict::columns([Column::CustomerId, Column::ProfileId])
}
