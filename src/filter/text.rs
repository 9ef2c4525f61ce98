//! Filters on texts, which compare by code point.

use async_graphql::{InputObject, MaybeUndefined};
use sea_orm::{
    DbBackend, ExprTrait,
    sea_query::{Expr, Func},
};

use super::{Column, all, operand};
use crate::{
    database::array::{self, Kind},
    error::{Error, Fault, Place},
    input,
};

/// Conditions on a text, joined by and. Texts compare by code point, case-sensitive unless `ignoreCase` is true, and
/// those to compare with are taken as they are sent; null is refused.
#[derive(Clone, Debug, Default, PartialEq, InputObject)]
pub struct StringFilter {
    /// Is this text.
    eq: MaybeUndefined<String>,
    /// Is not this text.
    ne: MaybeUndefined<String>,
    /// Is one of these texts, at most 250; an empty list matches nothing.
    #[graphql(name = "in")]
    one_of: MaybeUndefined<Vec<String>>,
    /// Is none of these texts, at most 250; an empty list matches everything.
    not_in: MaybeUndefined<Vec<String>>,
    /// Contains this text; `%`, `_` and `\` are ordinary characters.
    contains: MaybeUndefined<String>,
    /// Begins with this text.
    starts_with: MaybeUndefined<String>,
    /// Ends with this text.
    ends_with: MaybeUndefined<String>,
    /// Whether the other conditions of this object take a capital letter and its small one for the same; of ASCII letters
    /// alone.
    #[graphql(default)]
    ignore_case: bool,
}

/// Conditions on a text that may be absent, joined by and. Where it is, `ne`, `notIn` and `isNull: true` are met, and no
/// other condition. Texts compare by code point, case-sensitive unless `ignoreCase` is true, and those to compare with
/// are taken as they are sent; null is refused.
#[derive(Clone, Debug, Default, PartialEq, InputObject)]
pub struct NullableStringFilter {
    /// Whether there is no text: `true` is met by none, `false` by any.
    is_null: MaybeUndefined<bool>,
    #[graphql(flatten)]
    text: StringFilter,
}

impl StringFilter {
    /// Whether it names the texts, so that an index on the column leads to them.
    pub fn is_sought(&self) -> bool {
        !self.ignore_case && (self.eq.is_value() || self.one_of.is_value())
    }

    /// Whether the text in `column`, which is never null, meets the filter at `place`.
    pub fn expression(&self, column: Column, place: &Place) -> Result<Expr, Error> {
        Ok(all(self.conditions(column, place)?.into_iter().map(|condition| match condition {
            Condition::Is(expression) | Condition::IsNot(expression) => expression,
        })))
    }

    fn conditions(&self, column: Column, place: &Place) -> Result<Vec<Condition>, Error> {
        let fold = |text: &String| if self.ignore_case { text.to_ascii_lowercase() } else { text.clone() };
        let fold_all = |texts: &Vec<String>| texts.iter().map(fold).collect::<Vec<_>>();
        let backend = column.backend;
        let column = if self.ignore_case { folded(column) } else { column.expression };
        let given = |text: &MaybeUndefined<String>, name| {
            let place = place.key(name);
            let text = operand(text, &place)?;
            text.map(|text| whole(text, &place)).transpose()?;
            Ok::<_, Error>(text.map(fold))
        };
        let given_all = |texts: &MaybeUndefined<Vec<String>>, name| {
            let place = place.key(name);
            let texts = operand(texts, &place)?;
            if let Some(texts) = texts {
                input::list(texts, &place)?;
                let mut items = texts.iter().enumerate();
                items.try_for_each(|(index, text)| whole(text, &place.index(index)))?;
            }
            Ok::<_, Error>(texts.map(fold_all))
        };

        let conditions = [
            given(&self.eq, "eq")?.map(|text| Condition::Is(column.clone().eq(text))),
            given(&self.ne, "ne")?.map(|text| Condition::IsNot(column.clone().ne(text))),
            given_all(&self.one_of, "in")?.map(|texts| {
                Condition::Is(column.clone().in_subquery(array::items(backend, Kind::Text, texts)))
            }),
            given_all(&self.not_in, "notIn")?.map(|texts| {
                Condition::IsNot(column.clone().not_in_subquery(array::items(backend, Kind::Text, texts)))
            }),
            given(&self.contains, "contains")?
                .map(|text| Condition::Is(contains(backend, column.clone(), text))),
            given(&self.starts_with, "startsWith")?
                .map(|text| Condition::Is(starts_with(column.clone(), text))),
            given(&self.ends_with, "endsWith")?.map(|text| Condition::Is(ends_with(backend, column, text))),
        ];
        Ok(conditions.into_iter().flatten().collect())
    }
}

impl NullableStringFilter {
    /// Whether what is in `column` meets the filter at `place`.
    pub fn expression(&self, column: Column, place: &Place) -> Result<Expr, Error> {
        let conditions = self.text.conditions(column.clone(), place)?;
        let column = column.expression;
        let is_null = operand(&self.is_null, &place.key("isNull"))?.map(|is_null| match is_null {
            true => column.clone().is_null(),
            false => column.clone().is_not_null(),
        });
        Ok(all(is_null.into_iter().chain(conditions.into_iter().map(|condition| match condition {
            Condition::Is(expression) => column.clone().is_not_null().and(expression),
            Condition::IsNot(expression) => column.clone().is_null().or(expression),
        }))))
    }
}

/// A condition on a text: one that null does not meet, or one that it does.
enum Condition {
    Is(Expr),
    IsNot(Expr),
}

/// PostgreSQL keeps and compares no text with the character NUL. No other database has one either: it would
/// be refused where it is written.
fn whole(text: &str, place: &Place) -> Result<(), Fault> {
    match text.contains('\0') {
        true => Err(Fault::invalid(place.clone(), "a text cannot have the character U+0000")),
        false => Ok(()),
    }
}

/// With ASCII's letters in lower case and all others as they are. MariaDB's LOWER would change them too.
fn folded(Column { backend, expression }: Column) -> Expr {
    if backend != DbBackend::MySql {
        return Func::lower(expression).into();
    }
    ('A'..='Z').fold(expression, |folded, letter| {
        let [letter, lower] = [letter, letter.to_ascii_lowercase()].map(|letter| format!("'{letter}'"));
        Func::cust("REPLACE").args([folded, Expr::cust(letter), Expr::cust(lower)]).into()
    })
}

fn contains(backend: DbBackend, column: Expr, text: String) -> Expr {
    let position = if backend == DbBackend::Postgres { "strpos" } else { "instr" };
    Expr::from(Func::cust(position).arg(column).arg(text)).gt(0)
}

/// A range, so that an index on the column serves it.
fn starts_with(column: Expr, text: String) -> Expr {
    let end = successor(&text).map(|end| column.clone().lt(end));
    all([column.gte(text)].into_iter().chain(end))
}

fn ends_with(backend: DbBackend, column: Expr, text: String) -> Expr {
    let length = i32::try_from(text.chars().count()).unwrap_or(i32::MAX);
    if length == 0 {
        return all([]);
    }
    let end = match backend {
        DbBackend::Sqlite => Func::cust("substr").arg(column).arg(-length),
        _ => Func::cust("right").arg(column).arg(length),
    };
    Expr::from(end).eq(text)
}

/// The first text that comes after all those that begin with this one; none if there is no such text.
fn successor(text: &str) -> Option<String> {
    let mut characters: Vec<char> = text.chars().collect();
    while let Some(last) = characters.pop() {
        // The characters after U+D7FF and U+10FFFF are not the next numbers.
        let next = if last == '\u{d7ff}' { Some('\u{e000}') } else { char::from_u32(last as u32 + 1) };
        if let Some(next) = next {
            characters.push(next);
            return Some(characters.into_iter().collect());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_successor_comes_after_every_text_that_begins_with_the_other() {
        assert_eq!(successor("ab").as_deref(), Some("ac"));
        assert_eq!(successor("a\u{10ffff}").as_deref(), Some("b"));
        assert_eq!(successor("\u{d7ff}").as_deref(), Some("\u{e000}"));
        assert_eq!(successor("\u{10ffff}"), None);
        assert_eq!(successor(""), None);
    }
}
