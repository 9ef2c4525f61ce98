//! Forms that are taken: they are read, compared and paged through as the moments that they name.

use std::cmp::Ordering::{Equal, Greater, Less};

use chrono::{TimeDelta, Utc};
use customer_graph::datetime::DateTime;
use proptest::prelude::*;
use sea_orm::DbBackend;
use serde_json::{Value, json};

use super::walk;
use crate::{app::TestApp, backend::backend};

/// What is written, and what is answered, in the order of moments and on SQLite in that of texts.
fn taken() -> &'static [(&'static str, &'static str)] {
    match backend() {
        DbBackend::Sqlite => &[
            ("'0000-01-01 00:00:00'", "0000-01-01T00:00:00.000000Z"),
            ("datetime(1700000000, 'unixepoch')", "2023-11-14T22:13:20.000000Z"),
            ("strftime('%Y-%m-%d %H:%M:%f', 1700000000.25, 'unixepoch')", "2023-11-14T22:13:20.250000Z"),
            ("'2024-02-29 23:59:59.9'", "2024-02-29T23:59:59.900000Z"),
            ("'2026-01-02 03:04:05'", "2026-01-02T03:04:05.000000Z"),
            ("'2026-01-02 03:04:05 +00:00'", "2026-01-02T03:04:05.000000Z"),
            ("'2026-01-02 03:04:05+00:00'", "2026-01-02T03:04:05.000000Z"),
            ("'2026-01-02 03:04:05.000 +00:00'", "2026-01-02T03:04:05.000000Z"),
            ("'2026-01-02 03:04:05.000000+00:00'", "2026-01-02T03:04:05.000000Z"),
            ("'2026-01-02 03:04:05.000001'", "2026-01-02T03:04:05.000001Z"),
            ("'2026-01-02 03:04:05.67+00:00'", "2026-01-02T03:04:05.670000Z"),
            ("'2026-01-02 03:04:05.678'", "2026-01-02T03:04:05.678000Z"),
            ("'2026-01-02 03:04:05.678 +00:00'", "2026-01-02T03:04:05.678000Z"),
            ("'2026-01-02 03:04:05.678000'", "2026-01-02T03:04:05.678000Z"),
            ("'2026-01-02 03:04:05.678000 +00:00'", "2026-01-02T03:04:05.678000Z"),
            ("'2026-01-02 03:04:05.678000+00:00'", "2026-01-02T03:04:05.678000Z"),
            ("'2026-01-02 03:04:05.67801 +00:00'", "2026-01-02T03:04:05.678010Z"),
            ("'9999-12-31 23:59:59.999999+00:00'", "9999-12-31T23:59:59.999999Z"),
        ],
        DbBackend::Postgres => &[
            ("'0001-01-01 00:00+00 BC'", "0000-01-01T00:00:00.000000Z"),
            ("to_timestamp(1700000000.25)", "2023-11-14T22:13:20.250000Z"),
            ("'2026-01-02 05:04:05+02'", "2026-01-02T03:04:05.000000Z"),
            ("'2026-01-02T03:04:05.678Z'", "2026-01-02T03:04:05.678000Z"),
            ("'9999-12-31 23:59:59.999999+00'", "9999-12-31T23:59:59.999999Z"),
        ],
        _ => &[
            ("'0000-01-01'", "0000-01-01T00:00:00.000000Z"),
            ("'2023-11-14 22:13:20.25'", "2023-11-14T22:13:20.250000Z"),
            ("'2026-01-02 03:04:05'", "2026-01-02T03:04:05.000000Z"),
            ("'2026-01-02T03:04:05.678'", "2026-01-02T03:04:05.678000Z"),
            ("'9999-12-31 23:59:59.999999'", "9999-12-31T23:59:59.999999Z"),
        ],
    }
}

/// A customer for each form, in another order than that of their moments.
async fn written() -> TestApp {
    let app = TestApp::start().await;
    for (number, (written, _)) in taken().iter().enumerate().rev() {
        let insert = "INSERT INTO customer (name, created_at) VALUES";
        app.sql(&format!("{insert} ('{number}', {written})")).await;
    }
    app
}

#[tokio::test]
async fn pages_go_through_every_form_without_loss_in_either_direction() {
    let app = written().await;
    let expected = taken().iter().enumerate();
    let mut expected: Vec<Value> = expected
        .map(|(number, (_, read))| json!({ "name": number.to_string(), "createdAt": read }))
        .collect();
    for order in ["createdAt: ASC", "createdAt: DESC"] {
        for size in [1, 2, 7] {
            assert_eq!(walk(&app, order, size).await, expected, "{order}, {size} a page");
        }
        expected.reverse();
    }
}

#[tokio::test]
async fn filters_compare_every_form_as_its_moment() {
    let app = written().await;
    let count = "query ($where: CustomerWhere) { customers(where: $where) { totalCount } }";
    for (_, moment) in taken() {
        for (comparison, sides) in [
            ("eq", &[Equal][..]),
            ("lt", &[Less]),
            ("lte", &[Less, Equal]),
            ("gt", &[Greater]),
            ("gte", &[Greater, Equal]),
        ] {
            let expected = taken().iter().filter(|(_, read)| sides.contains(&read.cmp(moment))).count();
            let filter = json!({ "where": { "createdAt": { comparison: moment } } });
            let data = app.data(count, filter).await;
            assert_eq!(data["customers"]["totalCount"], expected, "{comparison} {moment}");
        }
    }
}

#[tokio::test]
async fn the_present_moment_is_taken_as_the_database_itself_writes_it() {
    let app = TestApp::start().await;
    let now = if backend() == DbBackend::MySql { "UTC_TIMESTAMP(6)" } else { "CURRENT_TIMESTAMP" };
    app.sql(&format!("INSERT INTO customer (name, created_at, updated_at) VALUES ('Ada', {now}, {now})"))
        .await;
    let data = app.data("{ customers { nodes { createdAt updatedAt } } }", json!({})).await;
    let created = data["customers"]["nodes"][0]["createdAt"].as_str().unwrap();
    let age = Utc::now() - created.parse::<chrono::DateTime<Utc>>().unwrap();
    assert!(age >= TimeDelta::zero() && age < TimeDelta::minutes(5), "{created}");
}

/// Texts that are moments, and texts that nearly are.
fn texts() -> impl Strategy<Value = String> {
    prop_oneof![
        "20[0-2][0-9]-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-6][0-9](\\.[0-9]{0,8})? {0,2}([+-]0[0-1]:00|Z)?",
        "[0-9]{4}-0[1-9]-[0-2][0-9] [01][0-9]:[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,6})?( ?\\+00:00)?",
        "-?[0-9]{3,5}-1[0-3]-[23][0-9][ T]2[0-9]:[0-6][0-9]:[0-6][0-9]\\.[0-9]{3}(\u{0}| |\u{660})?\\+00:00",
    ]
}

#[tokio::test]
async fn sqlite_takes_a_text_if_and_only_if_the_server_reads_it() {
    if backend() != DbBackend::Sqlite {
        return;
    }
    let app = TestApp::start().await;
    let file = rusqlite::Connection::open(app.database_file()).unwrap();
    let mut insert = file.prepare("INSERT INTO customer (name, created_at) VALUES ('Ada', ?1)").unwrap();
    let taken = std::cell::Cell::new(0);
    let config = ProptestConfig { failure_persistence: None, cases: 2_000, ..ProptestConfig::default() };
    file.execute_batch("BEGIN").unwrap();
    let insert = std::cell::RefCell::new(&mut insert);
    proptest!(config, |(text in texts())| {
        let is_taken = insert.borrow_mut().execute([&text]).is_ok();
        prop_assert_eq!(is_taken, DateTime::of_text(&text).is_some(), "{:?}", text);
        taken.set(taken.get() + u32::from(is_taken));
    });
    assert!((200..1_800).contains(&taken.get()), "{taken:?} were taken");
}
