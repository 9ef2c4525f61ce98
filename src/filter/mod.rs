//! Filters: what a `where` asks for, as expressions over rows.
//!
//! Every expression is two-valued, true or false and never unknown, so that a negation is the exact
//! complement of what it negates.

mod text;
mod values;

use std::cell::Cell;

use async_graphql::{InputType, MaybeUndefined};
use sea_orm::{
    DbBackend, DynIden, ExprTrait,
    sea_query::{Expr, IntoIden, SelectStatement},
};

use crate::error::{Error, Fault, Place, Reason};

pub use text::{NullableStringFilter, StringFilter};
pub use values::{DateTimeFilter, EdgeCountFilter, IdFilter};

/// How many conditions one `where` may consist of.
const MAX_CONDITIONS: u32 = 200;

/// Why the operand of a comparison must not be null.
pub const NULL_OPERAND: &str = "a filter's operand must not be null";

/// Conditions on the rows of a table.
pub trait Filter {
    /// Whether a row of `table` meets the conditions, which stand at `place` of the arguments.
    fn expression(&self, table: &Table<'_>, place: &Place) -> Result<Expr, Error>;

    /// Whether an index leads to the rows, because the conditions name values of a column that has one.
    fn is_sought(&self) -> bool {
        false
    }

    /// The keys of rows among which are all that meet the conditions, where an index leads to them from
    /// the other ends of their edges.
    fn candidates(&self, _: &Table<'_>, _: &Place) -> Result<Option<SelectStatement>, Error> {
        Ok(None)
    }
}

/// The filter of a connection over the rows of the table that its statements call `alias`.
pub fn over(filter: &impl Filter, backend: DbBackend, alias: impl IntoIden) -> Result<Expr, Error> {
    in_where(backend, alias, |table, place| filter.expression(table, place))
}

/// The candidates of a connection, as its filter has them. MariaDB begins at them by itself, however many they are.
pub fn candidates(
    filter: &impl Filter,
    backend: DbBackend,
    alias: impl IntoIden,
) -> Result<Option<SelectStatement>, Error> {
    match backend {
        DbBackend::MySql => Ok(None),
        _ => in_where(backend, alias, |table, place| filter.candidates(table, place)),
    }
}

fn in_where<T>(
    backend: DbBackend,
    alias: impl IntoIden,
    read: impl FnOnce(&Table<'_>, &Place) -> Result<T, Error>,
) -> Result<T, Error> {
    let left = Cell::new(MAX_CONDITIONS);
    let table = Table { backend, alias: alias.into_iden(), depth: 0, left: &left };
    read(&table, &Place::argument("where"))
}

/// The candidates of the first of these conditions, joined by and, that has some.
pub fn first_candidates<F: Filter>(
    joined: &Option<Vec<F>>,
    table: &Table<'_>,
    place: &Place,
) -> Result<Option<SelectStatement>, Error> {
    let mut candidates = joined.iter().flatten().map(|filter| filter.candidates(table, place));
    candidates.find_map(Result::transpose).transpose()
}

/// A table as a statement knows it at one place.
pub struct Table<'a> {
    backend: DbBackend,
    alias: DynIden,
    depth: usize,
    left: &'a Cell<u32>,
}

/// A column of a table, and whose statement it stands in.
#[derive(Clone)]
pub struct Column {
    pub backend: DbBackend,
    pub expression: Expr,
}

impl Table<'_> {
    /// One of its columns.
    pub fn column(&self, column: impl IntoIden) -> Column {
        Column { backend: self.backend, expression: Expr::col((self.alias.clone(), column)) }
    }

    /// Whose statement it stands in.
    pub fn backend(&self) -> DbBackend {
        self.backend
    }

    /// A table of a subquery on the rows of this one, under a name that no table around it has.
    pub fn below(&self, name: &str) -> Table<'_> {
        let depth = self.depth + 1;
        Table { backend: self.backend, alias: format!("{name}_{depth}").into_iden(), depth, left: self.left }
    }

    /// Its name in the statement.
    pub fn alias(&self) -> DynIden {
        self.alias.clone()
    }

    /// Counts one more condition.
    fn count(&self, place: &Place) -> Result<(), Fault> {
        let Some(left) = self.left.get().checked_sub(1) else {
            let message = format!("a filter may have at most {MAX_CONDITIONS} conditions");
            return Err(Fault { place: place.clone(), reason: Reason::TooComplex(message) });
        };
        self.left.set(left);
        Ok(())
    }
}

/// True where all are; so it is for none.
pub fn all(expressions: impl IntoIterator<Item = Expr>) -> Expr {
    expressions.into_iter().reduce(|all, one| all.and(one)).unwrap_or_else(|| Expr::cust("TRUE"))
}

/// True where one of them is; for none it is false.
pub fn any(expressions: impl IntoIterator<Item = Expr>) -> Expr {
    expressions.into_iter().reduce(|any, one| any.or(one)).unwrap_or_else(|| Expr::cust("FALSE"))
}

/// The conditions on an object: those on its fields, and what `and`, `or` and `not` join to them.
pub struct Conditions<'a> {
    table: &'a Table<'a>,
    place: &'a Place,
    met: Vec<Expr>,
}

impl<'a> Conditions<'a> {
    /// No conditions yet.
    pub fn on(table: &'a Table<'a>, place: &'a Place) -> Self {
        Conditions { table, place, met: Vec::new() }
    }

    /// Adds the condition on the field `name`, if it is given, as `expression` makes it.
    pub fn field<F>(
        mut self,
        name: &'static str,
        filter: &Option<F>,
        expression: impl FnOnce(&F, &Place) -> Result<Expr, Error>,
    ) -> Result<Self, Error> {
        if let Some(filter) = filter {
            let place = self.place.key(name);
            self.table.count(&place)?;
            self.met.push(expression(filter, &place)?);
        }
        Ok(self)
    }

    /// Adds what is joined to the conditions on the fields.
    pub fn joined<F: Filter>(
        self,
        and: &Option<Vec<F>>,
        or: &Option<Vec<F>>,
        not: &Option<Box<F>>,
    ) -> Result<Expr, Error> {
        let table = self.table;
        let list = |filters: &Vec<F>, place: &Place| -> Result<Vec<Expr>, Error> {
            let items = filters.iter().enumerate();
            items
                .map(|(index, filter)| {
                    table.count(place)?;
                    filter.expression(table, &place.index(index))
                })
                .collect()
        };
        let joined = self
            .field("and", and, |filters, place| Ok(all(list(filters, place)?)))?
            .field("or", or, |filters, place| Ok(any(list(filters, place)?)))?
            .field("not", not, |filter, place| Ok(filter.expression(table, place)?.not()))?;
        Ok(joined.met())
    }

    /// Whether all of them are met.
    pub fn met(self) -> Expr {
        all(self.met)
    }
}

/// The operand at `place`, if there is one. One that is null is refused: taken for absent it would match
/// everything, which nobody means who passes a variable without a value.
fn operand<'a, T: InputType>(operand: &'a MaybeUndefined<T>, place: &Place) -> Result<Option<&'a T>, Fault> {
    match operand {
        MaybeUndefined::Undefined => Ok(None),
        MaybeUndefined::Null => Err(Fault::invalid(place.clone(), NULL_OPERAND)),
        MaybeUndefined::Value(value) => Ok(Some(value)),
    }
}
