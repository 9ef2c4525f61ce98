//! Pages: the arguments of a connection, its cursors, and the part of the order they cut out.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sea_orm::{
    Condition, ExprTrait, Order,
    sea_query::{Expr, SelectStatement},
};

use crate::{
    error::{Error, Fault, Faults, Place},
    selection::Selected,
};

/// The size of a page that asks for none.
pub const DEFAULT_SIZE: u64 = 20;

/// The size of the largest page.
pub const MAX_SIZE: u64 = 100;

/// An order of rows, by a key that no two of them share. A cursor belongs to one of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ordering(&'static str);

/// Customers, oldest first.
pub const CUSTOMERS: Ordering = Ordering("customer.id");
/// Profiles, oldest first.
pub const PROFILES: Ordering = Ordering("profile.id");
/// A customer's edges, by the profile at their end.
pub const PROFILES_OF_CUSTOMER: Ordering = Ordering("customer_profile.profile_id");
/// A profile's edges, by the customer at their end.
pub const CUSTOMERS_OF_PROFILE: Ordering = Ordering("customer_profile.customer_id");

impl Ordering {
    /// The cursor of the row with that key.
    pub fn cursor(self, key: i64) -> String {
        let [a, b, c, d] = self.fingerprint().to_be_bytes();
        let [e, f, g, h, i, j, k, l] = key.to_be_bytes();
        URL_SAFE_NO_PAD.encode([a, b, c, d, e, f, g, h, i, j, k, l])
    }

    /// The key that a cursor carries; none where the text is not a cursor of this order.
    fn key(self, cursor: &str) -> Option<i64> {
        let bytes: [u8; 12] = URL_SAFE_NO_PAD.decode(cursor).ok()?.try_into().ok()?;
        let [a, b, c, d, key @ ..] = bytes;
        (u32::from_be_bytes([a, b, c, d]) == self.fingerprint()).then(|| i64::from_be_bytes(key))
    }

    /// FNV-1a of the order's name: the same in every version and on every machine.
    fn fingerprint(self) -> u32 {
        self.0.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
    }
}

/// The arguments of a connection as they were given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PageArgs {
    pub first: Option<i32>,
    pub after: Option<String>,
    pub last: Option<i32>,
    pub before: Option<String>,
}

/// A part of an order: up to `size` rows from one end of what lies between two keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    size: u64,
    backward: bool,
    after: Option<i64>,
    before: Option<i64>,
}

impl PageArgs {
    /// The page of `order` that the arguments ask for, or everything that is wrong with them.
    pub fn page(&self, order: Ordering) -> Result<Page, Error> {
        let mut faults = Faults::default();
        if self.first.is_some() && self.last.is_some() {
            faults.add(Fault::invalid(Place::argument("last"), "`first` and `last` exclude each other"));
        }
        let first = faults.unless(size("first", self.first));
        let last = faults.unless(size("last", self.last));
        let after = faults.unless(key("after", &self.after, order));
        let before = faults.unless(key("before", &self.before, order));
        faults.none()?;
        Ok(Page { size: first.or(last).unwrap_or(DEFAULT_SIZE), backward: last.is_some(), after, before })
    }

    /// The page arguments of a field.
    pub fn of(field: &Selected<'_>) -> Result<Self, Error> {
        Ok(PageArgs {
            first: field.argument("first")?,
            after: field.argument("after")?,
            last: field.argument("last")?,
            before: field.argument("before")?,
        })
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

fn key(name: &'static str, cursor: &Option<String>, order: Ordering) -> Result<Option<i64>, Fault> {
    let Some(cursor) = cursor else { return Ok(None) };
    let refused = || {
        let message = format!("`{cursor}` is no cursor of this connection in this order");
        Fault::invalid(Place::argument(name), message)
    };
    order.key(cursor).map(Some).ok_or_else(refused)
}

impl Page {
    /// The direction in which rows are taken: a page of `last` rows is taken from the end.
    pub fn direction(&self) -> Order {
        if self.backward { Order::Desc } else { Order::Asc }
    }

    /// Whether rows are taken from the end.
    pub fn backward(&self) -> bool {
        self.backward
    }

    /// How many rows the page holds at most.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The rows that lie between the cursors.
    pub fn between(&self, key: &Expr) -> Condition {
        Condition::all()
            .add_option(self.after.map(|after| key.clone().gt(after)))
            .add_option(self.before.map(|before| key.clone().lt(before)))
    }

    /// Has `select` return this page's rows, in the direction in which they are taken, and one more
    /// where there is one.
    pub fn bound(&self, select: &mut SelectStatement, key: Expr) {
        select.cond_where(self.between(&key)).order_by_expr(key, self.direction()).limit(self.size + 1);
    }

    /// Drops the row too many from rows in ascending order, and says what lies beyond the page.
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

    fn refused(args: PageArgs) -> Vec<String> {
        match args.page(CUSTOMERS) {
            Err(Error::Faults(faults)) => faults.iter().map(|fault| fault.reason.to_string()).collect(),
            other => panic!("not refused: {other:?}"),
        }
    }

    #[test]
    fn a_cursor_carries_its_key() {
        for key in [1, 17, i64::MAX] {
            assert_eq!(CUSTOMERS.key(&CUSTOMERS.cursor(key)), Some(key));
        }
    }

    #[test]
    fn a_cursor_of_another_order_is_none_of_this_one() {
        assert_eq!(CUSTOMERS.key(&PROFILES.cursor(1)), None);
        assert_eq!(PROFILES_OF_CUSTOMER.key(&CUSTOMERS_OF_PROFILE.cursor(1)), None);
    }

    #[test]
    fn garbage_is_no_cursor() {
        let cursor = CUSTOMERS.cursor(1);
        let longer = format!("{cursor}AAAA");
        for text in ["", "?", "bm90IGEgY3Vyc29y", &cursor[1..], &longer, "héllo"] {
            assert_eq!(CUSTOMERS.key(text), None, "{text}");
        }
    }

    #[test]
    fn a_page_is_of_twenty_rows_from_the_start_unless_asked_otherwise() {
        let page = PageArgs::default().page(CUSTOMERS).unwrap();
        assert_eq!(page, Page { size: 20, backward: false, after: None, before: None });
    }

    #[test]
    fn everything_wrong_with_the_arguments_is_said_at_once() {
        let args = PageArgs { first: Some(-1), last: Some(101), after: Some("x".into()), before: None };
        assert_eq!(
            refused(args),
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
        let forward = PageArgs { first: Some(2), ..Default::default() }.page(CUSTOMERS).unwrap();
        let backward = PageArgs { last: Some(2), ..Default::default() }.page(CUSTOMERS).unwrap();
        let (mut from_start, mut from_end) = (vec![1, 2, 3], vec![1, 2, 3]);
        assert_eq!(forward.cut(&mut from_start), Beyond { next: true, previous: false });
        assert_eq!(backward.cut(&mut from_end), Beyond { next: false, previous: true });
        assert_eq!((from_start, from_end), (vec![1, 2], vec![2, 3]));
    }
}
