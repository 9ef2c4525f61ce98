//! Where a row stands in an order: the values of its sort keys.

use sea_orm::{DbBackend, sea_query::Expr};
use serde::{Deserialize, Serialize};

use crate::{database::array::Kind, datetime::DateTime};

/// The values of an order's keys in one row, moments as texts.
pub type Position = Vec<Value>;

/// The value of a sort key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Value {
    Int(i64),
    Text(String),
}

impl Value {
    /// The value as the database compares it. On SQLite moments are texts.
    pub(super) fn expression(&self, kind: Kind, backend: DbBackend) -> Expr {
        match self {
            Value::Int(number) => Expr::val(*number),
            Value::Text(text) => match DateTime::of_text(text) {
                Some(moment) if kind == Kind::Moment && backend != DbBackend::Sqlite => Expr::val(moment),
                _ => Expr::val(text.as_str()),
            },
        }
    }

    /// Whether a row can have it: a cursor may have been made up.
    pub(super) fn is_of(&self, kind: Kind) -> bool {
        match self {
            Value::Int(_) => kind == Kind::Long,
            // SQLite compares the very text, the others the moment that it names.
            Value::Text(text) if kind == Kind::Moment => DateTime::of_text(text).is_some(),
            // No text has the character NUL, which PostgreSQL does not take.
            Value::Text(text) => kind == Kind::Text && !text.contains('\0'),
        }
    }
}
