//! Pages: the arguments of a connection, and the part of its rows that they cut out.

use std::cmp::Ordering;

use async_graphql::InputType;
use sea_orm::{
    DbBackend,
    sea_query::{Expr, IntoIden, SelectStatement},
};

use crate::{
    error::{Error, Fault, Faults, Place, echo},
    filter::{self, Filter},
    order::{Order, Position, Sort},
    selection::Selected,
};

/// The size of a page that asks for none.
pub const DEFAULT_SIZE: u64 = 20;

/// The size of the largest page.
pub const MAX_SIZE: u64 = 100;

/// The arguments of a connection as they were given: `W` is its `where`, `O` an item of its `orderBy`.
#[derive(Clone, Debug, PartialEq)]
pub struct ConnectionArgs<W, O> {
    pub first: Option<i32>,
    pub after: Option<String>,
    pub last: Option<i32>,
    pub before: Option<String>,
    /// Boxed, because there is a copy of the arguments for each object, and seldom a filter among them.
    pub filter: Option<Box<W>>,
    pub order_by: Option<Vec<O>>,
}

/// The rows of a connection: those that meet a filter, if there is one, and of them a page.
#[derive(Clone, Debug)]
pub struct Listing {
    pub filter: Option<Expr>,
    /// The keys of rows among which are all that meet the filter, where an index leads to them.
    pub candidates: Option<SelectStatement>,
    pub page: Page,
}

/// A part of an order: up to `size` rows from one end of what lies between two positions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    pub order: Order,
    size: u64,
    backward: bool,
    after: Option<Position>,
    before: Option<Position>,
}

impl<W: InputType, O: InputType + Sort> ConnectionArgs<W, O> {
    /// The arguments of a field.
    pub fn of(field: &Selected<'_>) -> Result<Self, Error>
    where
        Option<Box<W>>: InputType,
        Option<Vec<O>>: InputType,
    {
        Ok(ConnectionArgs {
            first: field.argument("first")?,
            after: field.argument("after")?,
            last: field.argument("last")?,
            before: field.argument("before")?,
            filter: field.argument("where")?,
            order_by: field.argument("orderBy")?,
        })
    }
}

impl<W: Filter + Default + PartialEq, O: Sort> ConnectionArgs<W, O> {
    /// The rows that the arguments ask for, of the table that the statements of this database call `alias`.
    /// `default` is the order of rows that ask for none.
    pub fn listing(
        &self,
        backend: DbBackend,
        alias: impl IntoIden,
        default: Order,
    ) -> Result<Listing, Error> {
        let (page, alias) = (self.page(default)?, alias.into_iden());
        let Some(filter) = self.filter.as_deref().filter(|filter| **filter != W::default()) else {
            return Ok(Listing { filter: None, candidates: None, page });
        };
        let expression = filter::over(filter, backend, alias.clone())?;
        let candidates = filter::candidates(filter, backend, alias)?;
        Ok(Listing { filter: Some(expression), candidates, page })
    }
}

impl<W, O: Sort> ConnectionArgs<W, O> {
    /// The page that the arguments ask for, or everything that is wrong with them. `default` is the order
    /// of rows that ask for none.
    fn page(&self, default: Order) -> Result<Page, Error> {
        let order = default.first_by(self.order_by.as_deref().unwrap_or_default());
        let mut faults = Faults::default();
        if self.first.is_some() && self.last.is_some() {
            faults.add(Fault::invalid(Place::argument("last"), "`first` and `last` exclude each other"));
        }
        let first = faults.unless(size("first", self.first));
        let last = faults.unless(size("last", self.last));
        let after = faults.unless(position("after", &self.after, &order));
        let before = faults.unless(position("before", &self.before, &order));
        faults.none()?;
        let size = first.or(last).unwrap_or(DEFAULT_SIZE);
        Ok(Page { order, size, backward: last.is_some(), after, before })
    }
}

fn size(name: &'static str, value: Option<i32>) -> Result<Option<u64>, Fault> {
    let Some(value) = value else { return Ok(None) };
    match u64::try_from(value) {
        Ok(size) if size <= MAX_SIZE => Ok(Some(size)),
        _ => {
            let message = format!("`{name}` must be from 0 to {MAX_SIZE}, not {value}");
            Err(Fault::invalid(Place::argument(name), message))
        }
    }
}

fn position(name: &'static str, cursor: &Option<String>, order: &Order) -> Result<Option<Position>, Fault> {
    let Some(cursor) = cursor else { return Ok(None) };
    let refused = || {
        let message = format!("`{}` is no cursor of this connection in this order", echo(cursor));
        Fault::invalid(Place::argument(name), message)
    };
    order.read(cursor).map(Some).ok_or_else(refused)
}

impl Page {
    /// Whether rows are taken from the end.
    pub fn backward(&self) -> bool {
        self.backward
    }

    /// How many rows the page holds at most.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Whether a row with these sort columns lies between the cursors, where there are any.
    pub fn between(&self, backend: DbBackend, columns: &[Expr]) -> Vec<Expr> {
        let beyond = |at, side| self.order.beyond(backend, columns, at, side);
        let after = self.after.as_ref().map(|at| beyond(at, Ordering::Greater));
        let before = self.before.as_ref().map(|at| beyond(at, Ordering::Less));
        after.into_iter().chain(before).collect()
    }

    /// Has `select` return this page's rows, in the direction in which they are taken, and one more
    /// where there is one.
    pub fn bound(&self, backend: DbBackend, select: &mut SelectStatement, columns: &[Expr]) {
        for condition in self.between(backend, columns) {
            select.and_where(condition);
        }
        self.order.apply(select, columns, self.backward);
        select.limit(self.size + 1);
    }

    /// Drops the row too many from rows in the page's order, and says what lies beyond the page.
    ///
    /// In the direction of travel that is exact. In the other one it tells whether a cursor bounded the
    /// page there, which costs no statement and is what Relay asks for.
    pub fn cut<T>(&self, rows: &mut Vec<T>) -> Beyond {
        let more = rows.len() as u64 > self.size;
        if more && self.backward {
            rows.remove(0);
        } else if more {
            rows.pop();
        }
        if self.backward {
            Beyond { next: self.before.is_some(), previous: more }
        } else {
            Beyond { next: more, previous: self.after.is_some() }
        }
    }
}

/// Whether there are rows after and before a page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Beyond {
    pub next: bool,
    pub previous: bool,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::order::{Of, SortKey};

    impl Sort for () {
        fn key(&self) -> SortKey {
            unreachable!("these pages are in the order of the key")
        }
    }

    fn page(first: Option<i32>, last: Option<i32>, after: Option<&str>) -> Result<Page, Error> {
        let after = after.map(str::to_owned);
        let args =
            ConnectionArgs::<(), ()> { first, after, last, before: None, filter: None, order_by: None };
        args.page(Order::by_key("customer", Of::Node, "id"))
    }

    fn refused(page: Result<Page, Error>) -> Vec<String> {
        match page {
            Err(Error::Faults(faults)) => faults.iter().map(|fault| fault.reason.to_string()).collect(),
            other => panic!("not refused: {other:?}"),
        }
    }

    #[test]
    fn a_page_is_of_twenty_rows_from_the_start_unless_asked_otherwise() {
        let page = page(None, None, None).unwrap();
        assert_eq!((page.size, page.backward, page.after, page.before), (20, false, None, None));
    }

    #[test]
    fn everything_wrong_with_the_arguments_is_said_at_once() {
        assert_eq!(
            refused(page(Some(-1), Some(101), Some("x"))),
            [
                "`first` and `last` exclude each other",
                "`first` must be from 0 to 100, not -1",
                "`last` must be from 0 to 100, not 101",
                "`x` is no cursor of this connection in this order",
            ]
        );
    }

    #[test]
    fn the_row_too_many_is_dropped_at_the_far_end() {
        let forward = page(Some(2), None, None).unwrap();
        let backward = page(None, Some(2), None).unwrap();
        let (mut from_start, mut from_end) = (vec![1, 2, 3], vec![1, 2, 3]);
        assert_eq!(forward.cut(&mut from_start), Beyond { next: true, previous: false });
        assert_eq!(backward.cut(&mut from_end), Beyond { next: false, previous: true });
        assert_eq!((from_start, from_end), (vec![1, 2], vec![2, 3]));
    }
}
