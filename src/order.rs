//! Orders of rows: their sort keys, the cursor of a row, and what lies beyond one.

mod value;

use std::cmp::Ordering;

use async_graphql::Enum;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sea_orm::{
    DbBackend, ExprTrait,
    sea_query::{self, Expr, OrderedStatement},
};

use crate::database::{Failure, Row, array::Kind};

pub use value::{Position, Value};

/// The direction of a sort key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum OrderDirection {
    /// From the least value to the greatest.
    Asc,
    /// From the greatest value to the least.
    Desc,
}

/// Which of a connection's tables a column is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    Node,
    Edge,
}

/// A column to sort by. None of these is ever null.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SortKey {
    pub of: Of,
    pub column: &'static str,
    pub kind: Kind,
    pub direction: OrderDirection,
}

/// An item of an `orderBy`.
pub trait Sort {
    /// The column it sorts by.
    fn key(&self) -> SortKey;
}

/// An order in which no two rows are equal: its last key is one that no two of them share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    rows: &'static str,
    keys: Vec<SortKey>,
}

impl Order {
    /// The order of `rows` by their key alone. `rows` tells the cursors of different connections apart.
    pub fn by_key(rows: &'static str, of: Of, column: &'static str) -> Self {
        Order { rows, keys: vec![SortKey { of, column, kind: Kind::Long, direction: OrderDirection::Asc }] }
    }

    /// The same rows, first by what is asked for. The key stays the last one, in the direction of the
    /// one before it, so that an index that has both serves either direction.
    pub fn first_by(mut self, asked: &[impl Sort]) -> Self {
        let mut keys = Vec::<SortKey>::with_capacity(asked.len() + 1);
        for key in asked.iter().map(Sort::key) {
            if !keys.iter().any(|known| (known.of, known.column) == (key.of, key.column)) {
                keys.push(key);
            }
        }
        if let (Some(before), Some(last)) = (keys.last(), self.keys.last_mut()) {
            last.direction = before.direction;
        }
        keys.append(&mut self.keys);
        Order { rows: self.rows, keys }
    }

    /// Whether rows are ordered by their key alone.
    pub fn is_by_key(&self) -> bool {
        self.keys.len() == 1
    }

    /// Whether it takes the node's columns to sort by it.
    pub fn needs_node(&self) -> bool {
        self.keys.iter().any(|key| key.of == Of::Node)
    }

    /// The order's keys as expressions, in turn.
    pub fn columns(&self, column: impl Fn(&SortKey) -> Expr) -> Vec<Expr> {
        self.keys.iter().map(column).collect()
    }

    /// Puts rows in this order, or in the opposite one.
    pub fn apply(&self, rows: &mut impl OrderedStatement, columns: &[Expr], backward: bool) {
        for (key, column) in self.keys.iter().zip(columns) {
            let descending = (key.direction == OrderDirection::Desc) != backward;
            let direction = if descending { sea_query::Order::Desc } else { sea_query::Order::Asc };
            rows.order_by_expr(column.clone(), direction);
        }
    }

    /// Reads the columns of the order's keys.
    pub fn position(&self, row: &mut Row<'_>) -> Result<Position, Failure> {
        let value = |key: &SortKey| match key.kind {
            Kind::Long => row.long().map(Value::Int),
            Kind::Text => row.text().map(Value::Text),
            Kind::Moment => row.moment_text(self.rows, key.column).map(Value::Text),
        };
        self.keys.iter().map(value).collect()
    }

    /// The cursor of the row at this position.
    pub fn cursor(&self, position: &Position) -> String {
        let written = serde_json::to_vec(&(self.fingerprint(), position)).unwrap_or_default();
        URL_SAFE_NO_PAD.encode(written)
    }

    /// The position that a cursor names; none where the text is not a cursor of this order.
    pub fn read(&self, cursor: &str) -> Option<Position> {
        let written = URL_SAFE_NO_PAD.decode(cursor).ok()?;
        let (fingerprint, position): (u32, Position) = serde_json::from_slice(&written).ok()?;
        let mut values = self.keys.iter().zip(&position);
        let fits = fingerprint == self.fingerprint()
            && position.len() == self.keys.len()
            && values.all(|(key, value)| value.is_of(key.kind));
        fits.then_some(position)
    }

    /// Whether the row with these columns comes after (greater) or before (less) a position.
    pub fn beyond(&self, backend: DbBackend, columns: &[Expr], position: &Position, side: Ordering) -> Expr {
        let values = self.keys.iter().zip(position);
        let values: Vec<Expr> = values.map(|(key, value)| value.expression(key.kind, backend)).collect();
        let ahead = |key: &SortKey| match key.direction {
            OrderDirection::Asc => side,
            OrderDirection::Desc => side.reverse(),
        };
        let sides: Vec<Ordering> = self.keys.iter().map(ahead).collect();
        match (columns, values.as_slice(), sides.as_slice()) {
            ([column], [value], [side]) => compare(column.clone(), value.clone(), *side),
            // A comparison of rows, which an index on their columns serves, but not on MariaDB.
            (_, _, [first, rest @ ..])
                if backend != DbBackend::MySql && rest.iter().all(|side| side == first) =>
            {
                compare(Expr::tuple(columns.to_vec()), Expr::tuple(values), *first)
            }
            _ => beyond_mixed(columns, &values, &sides),
        }
    }

    /// FNV-1a of the order: the same in every process.
    fn fingerprint(&self) -> u32 {
        let hash = |hash: u32, text: &str| {
            text.bytes().fold(hash, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
        };
        self.keys.iter().fold(hash(0x811c_9dc5, self.rows), |known, key| {
            let of = if key.of == Of::Edge { " edge." } else { " node." };
            let direction = if key.direction == OrderDirection::Desc { " desc" } else { " asc" };
            hash(hash(hash(known, of), key.column), direction)
        })
    }
}

fn compare(columns: Expr, values: Expr, side: Ordering) -> Expr {
    if side == Ordering::Greater { columns.gt(values) } else { columns.lt(values) }
}

/// Beyond in the first key, or level in it and beyond in the others. That the first one is level at
/// least is said once more, because an index can be searched for it.
fn beyond_mixed(columns: &[Expr], values: &[Expr], sides: &[Ordering]) -> Expr {
    let ([column, columns @ ..], [value, values @ ..], [side, sides @ ..]) = (columns, values, sides) else {
        return Expr::cust("FALSE");
    };
    let beyond = compare(column.clone(), value.clone(), *side);
    if columns.is_empty() {
        return beyond;
    }
    let level = column.clone().eq(value.clone()).and(beyond_mixed(columns, values, sides));
    let bound = match side {
        Ordering::Greater => column.clone().gte(value.clone()),
        _ => column.clone().lte(value.clone()),
    };
    bound.and(beyond.or(level))
}

#[cfg(test)]
mod tests;
