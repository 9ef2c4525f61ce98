//! Which texts are cursors of an order.

use proptest::{collection, prelude::*};

use super::*;

struct By(&'static str, OrderDirection);

impl Sort for By {
    fn key(&self) -> SortKey {
        let kind = if self.0 == "created_at" { Kind::Moment } else { Kind::Text };
        SortKey { of: Of::Node, column: self.0, kind, direction: self.1 }
    }
}

fn by_key() -> Order {
    Order::by_key("customer", Of::Node, "id")
}

fn by_name() -> Order {
    by_key().first_by(&[By("name", OrderDirection::Asc)])
}

#[test]
fn a_cursor_carries_its_position() {
    let position = vec![Value::Text("Ada \u{1f600} \"quoted\"".into()), Value::Int(i64::MAX)];
    assert_eq!(by_name().read(&by_name().cursor(&position)), Some(position));
}

#[test]
fn a_cursor_of_another_order_is_none_of_this_one() {
    let position = vec![Value::Text("Ada".into()), Value::Int(1)];
    let cursor = by_name().cursor(&position);
    let others = [
        by_key(),
        by_key().first_by(&[By("name", OrderDirection::Desc)]),
        by_key().first_by(&[By("created_at", OrderDirection::Asc)]),
        Order::by_key("profile", Of::Node, "id").first_by(&[By("name", OrderDirection::Asc)]),
    ];
    for other in others {
        assert_eq!(other.read(&cursor), None, "{other:?}");
    }
}

#[test]
fn garbage_is_no_cursor() {
    let cursor = by_key().cursor(&vec![Value::Int(1)]);
    let forged = by_key().cursor(&vec![Value::Text("1".into())]);
    for text in ["", "?", "bm90IGEgY3Vyc29y", &cursor[1..], &format!("{cursor}AAAA"), &forged, "é"] {
        assert_eq!(by_key().read(text), None, "{text}");
    }
}

#[test]
fn the_key_comes_last_in_the_direction_of_the_one_before_it() {
    let keys = [By("name", OrderDirection::Asc), By("created_at", OrderDirection::Desc)];
    let order = by_key().first_by(&keys);
    let directions: Vec<_> = order.keys.iter().map(|key| (key.column, key.direction)).collect();
    assert_eq!(
        directions,
        [("name", OrderDirection::Asc), ("created_at", OrderDirection::Desc), ("id", OrderDirection::Desc),]
    );
}

#[test]
fn a_column_that_is_asked_for_twice_sorts_once() {
    let order = by_key().first_by(&[By("name", OrderDirection::Asc), By("name", OrderDirection::Desc)]);
    assert_eq!(order, by_name());
}

#[test]
fn any_text_is_a_cursor_or_none() {
    let cursor = by_name().cursor(&vec![Value::Text("Ada".into()), Value::Int(1)]);
    let tampered = (0..cursor.len(), any::<char>())
        .prop_map(move |(at, with)| format!("{}{with}{}", &cursor[..at], &cursor[at + 1..]));
    let bytes = collection::vec(any::<u8>(), 0..60).prop_map(|bytes| URL_SAFE_NO_PAD.encode(bytes));
    let texts = prop_oneof![any::<String>(), bytes, tampered];
    proptest!(config(), |(text in texts)| {
        if let Some(position) = by_name().read(&text) {
            prop_assert_eq!(by_name().read(&by_name().cursor(&position)), Some(position));
        }
    });
}

/// Values of every kind, many of them moments or nearly so.
fn values() -> impl Strategy<Value = Value> {
    let moment = "[+-]?[0-9]{4,6}-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-6][0-9](\\.[0-9]{1,9})? ?[+-][01][0-9]:[0-5][0-9]";
    let likely = "[0-9]{4}-0[1-9]-[12][0-9] 1[0-9]:[0-5][0-9]:[0-5][0-9]\\.[0-9]{6}\\+00:00";
    prop_oneof![
        any::<i64>().prop_map(Value::Int),
        any::<String>().prop_map(Value::Text),
        moment.prop_map(Value::Text),
        likely.prop_map(Value::Text),
    ]
}

#[test]
fn a_made_up_position_is_one_that_every_database_can_compare_with_or_none() {
    let by_moment = by_key().first_by(&[By("created_at", OrderDirection::Desc)]);
    let keys = prop_oneof![3 => any::<i64>().prop_map(Value::Int), 1 => values()];
    let taken = std::cell::Cell::new(0);
    proptest!(config(), |(first in values(), key in keys)| {
        let position = vec![first, key];
        for order in [&by_moment, &by_name()] {
            let Some(read) = order.read(&order.cursor(&position)) else { continue };
            prop_assert_eq!(&read, &position);
            taken.set(taken.get() + 1);
            let value = read[0].expression(order.keys[0].kind, DbBackend::Postgres);
            let is_moment = matches!(value, Expr::Value(sea_query::Value::ChronoDateTimeUtc(Some(moment)))
                if (0..=9999).contains(&chrono::Datelike::year(&moment)));
            prop_assert_eq!(is_moment, order.keys[0].kind == Kind::Moment);
        }
    });
    assert!(taken.get() > 20, "{taken:?} were read at all");
}

fn config() -> ProptestConfig {
    ProptestConfig { failure_persistence: None, ..ProptestConfig::default() }
}
