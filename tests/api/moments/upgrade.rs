//! Rows from before the tables refused anything.

use sea_orm::{ConnectionTrait, DbBackend, Statement};
use serde_json::json;

use super::{COLUMNS, TABLES, a_pair, no_moments, walk, write};
use crate::{
    app::{TestApp, faults},
    backend::backend,
    process::program,
};

/// Takes migrations back until the tables take anything.
async fn before(app: &TestApp) {
    loop {
        let taken_back = app.database.migrate_down().await.unwrap().concat();
        assert!(!taken_back.is_empty());
        if taken_back.ends_with("_moments") {
            return;
        }
    }
}

/// What the program says when it applies the migrations that are missing.
async fn upgrade(app: &TestApp) -> String {
    let environment = [("LOG", "warn"), ("DATABASE_URL", app.database_url())];
    let output = program(&std::env::temp_dir(), &["migrate", "up"], &environment).output().await.unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{told}");
    told
}

#[tokio::test]
async fn texts_that_name_a_moment_without_doubt_are_rewritten_and_keep_it() {
    if backend() != DbBackend::Sqlite {
        return;
    }
    let app = TestApp::start().await;
    before(&app).await;
    let forms = [
        ("2026-01-02", "2026-01-02 00:00:00.000000+00:00"),
        ("2026-01-02 03:04", "2026-01-02 03:04:00.000000+00:00"),
        ("2026-01-02T03:04:05", "2026-01-02 03:04:05.000000+00:00"),
        ("2026-01-02 03:04:05Z", "2026-01-02 03:04:05.000000+00:00"),
        ("2026-01-02T03:04:05.678Z", "2026-01-02 03:04:05.678000+00:00"),
        ("2026-01-02T03:04:05.6789019Z", "2026-01-02 03:04:05.678901+00:00"),
        ("2026-01-02T03:04:05.678+00:00", "2026-01-02 03:04:05.678000+00:00"),
        ("2026-01-02 05:34:05.678901 +02:30", "2026-01-02 03:04:05.678901+00:00"),
        ("2026-01-01T23:04:05.9999995-04:00", "2026-01-02 03:04:05.999999+00:00"),
        ("2026-03-01T00:30:00+01:00", "2026-02-28 23:30:00.000000+00:00"),
        // These are taken as they are.
        ("2026-01-02 03:04:05", "2026-01-02 03:04:05"),
        ("2026-01-02 03:04:05.678 +00:00", "2026-01-02 03:04:05.678 +00:00"),
        ("2026-01-02 03:04:05.678901+00:00", "2026-01-02 03:04:05.678901+00:00"),
    ];
    for (written, _) in forms {
        let insert = "INSERT INTO customer (name, version, created_at, updated_at) VALUES";
        app.sql(&format!("{insert} ('{written}', 7, '{written}', '{written}')")).await;
    }
    app.sql(
        "INSERT INTO profile (name, created_at) VALUES ('P', '2026-01-02T03:04:05Z');
         INSERT INTO customer_profile (customer_id, profile_id, updated_at) VALUES (1, 1, '2026-01-02T03:04:05Z')",
    )
    .await;
    assert_eq!(upgrade(&app).await, "");

    let select = "SELECT name, version, created_at, updated_at FROM customer ORDER BY id";
    let rows =
        app.connect().await.query_all_raw(Statement::from_string(DbBackend::Sqlite, select)).await.unwrap();
    assert_eq!(rows.len(), forms.len());
    for (row, (written, kept)) in rows.iter().zip(forms) {
        assert_eq!(row.try_get_by_index::<i32>(1).unwrap(), 7);
        for index in [2, 3] {
            assert_eq!(row.try_get_by_index::<String>(index).unwrap(), kept, "{written}");
        }
    }
    assert_eq!(walk(&app, "createdAt: ASC", 2).await.len(), forms.len());
    let edges = "{ profiles { nodes { createdAt customers { edges { updatedAt } } } } }";
    let node = &app.data(edges, json!({})).await["profiles"]["nodes"][0];
    assert_eq!(node["createdAt"], "2026-01-02T03:04:05.000000Z");
    assert_eq!(node["customers"]["edges"][0]["updatedAt"], "2026-01-02T03:04:05.000000Z");
}

/// Values that are no moment, or not for certain.
fn doubtful() -> Vec<&'static str> {
    let is_readable = |value: &&&str| {
        [
            "'2026-01-02'",
            "'2026-01-02 03:04'",
            "'2026-01-02T03:04:05.678Z'",
            "'2026-01-02T03:04:05.678+00:00'",
            "'2026-01-02 03:04:05Z'",
            "'2026-01-02 03:04:05.678901234+00:00'",
            "'2026-01-02 03:04:05.678  +00:00'",
            "'2026-01-02 03:04:05.678+00:00 '",
            "'2026-01-02 05:04:05.678 +02:00'",
            "'2026-01-02 03:04:05.678-00:00'",
        ]
        .contains(value)
    };
    no_moments().iter().filter(|value| !is_readable(value)).copied().collect()
}

#[tokio::test]
async fn what_cannot_be_told_stays_and_is_reported_with_an_example() {
    let app = a_pair().await;
    before(&app).await;
    let connection = app.connect().await;
    for value in doubtful() {
        write(&connection, &format!("INSERT INTO profile (name, updated_at) VALUES ('x', {value})"))
            .await
            .unwrap();
    }
    let first = doubtful()[0];
    for (table, column) in TABLES.iter().zip([COLUMNS[0], COLUMNS[1], COLUMNS[0]]) {
        write(&connection, &format!("UPDATE {table} SET {column} = {first}")).await.unwrap();
    }
    // All of them have the first of these values by now; the others are for the profiles alone.
    for (key, value) in (2..).zip(doubtful()) {
        write(&connection, &format!("UPDATE profile SET updated_at = {value} WHERE id = {key}"))
            .await
            .unwrap();
    }

    let told = upgrade(&app).await;
    let found = match backend() {
        DbBackend::Sqlite => "of type integer",
        DbBackend::Postgres => "infinity",
        _ => "0000-00-00 00:00:00.000000",
    };
    let count = doubtful().len() + 1;
    for (count, table, column, key) in [
        (1, "customer", "created_at", "id = 1"),
        (count, "profile", "updated_at", "id = 1"),
        (1, "customer_profile", "created_at", "customer_id = 1 AND profile_id = 1"),
    ] {
        let line = format!(
            "{count} rows of `{table}` have no moment in `{column}` that can be served, the first of them {found} where {key}: \
             they stay, and fail where `{column}` is read, until they are given one"
        );
        assert!(told.contains(&line), "{told}");
    }
    assert_eq!(told.lines().count(), 3, "{told}");

    let names = app.data("{ customers { nodes { name profiles { nodes { name } } } } }", json!({})).await;
    assert_eq!(names["customers"]["nodes"][0]["name"], "C1");
    let answer = app.graphql("{ customers { nodes { createdAt } } }", json!({})).await;
    assert_eq!(faults(&answer)[0][0], "INTERNAL_SERVER_ERROR");

    // From now on they are refused, and what stood there can be mended.
    let refused = format!("INSERT INTO customer (name, created_at) VALUES ('x', {first})");
    write(&connection, &refused).await.unwrap_err();
    app.sql("UPDATE customer SET created_at = '2026-01-02 03:04:05.678000+00:00'").await;
    let data = app.data("{ customers { nodes { createdAt } } }", json!({})).await;
    assert_eq!(data["customers"]["nodes"], json!([{ "createdAt": "2026-01-02T03:04:05.678000Z" }]));
}

#[tokio::test]
async fn the_tables_take_anything_again_once_the_migration_is_taken_back() {
    let app = a_pair().await;
    before(&app).await;
    let connection = app.connect().await;
    for table in TABLES {
        let update = format!("UPDATE {table} SET created_at = {}", no_moments()[0]);
        write(&connection, &update).await.unwrap();
    }
}

/// The statements of the guide, for a column that has numbers.
fn conversions() -> Vec<String> {
    let guide = include_str!("../../../docs/production.md");
    let blocks = guide.split("```sql\n").skip(1).map(|block| block.split("```").next().unwrap());
    blocks.filter(|block| block.contains("unixepoch")).map(str::to_owned).collect()
}

#[tokio::test]
async fn numbers_become_moments_as_the_guide_says() {
    if backend() != DbBackend::Sqlite {
        return;
    }
    let [milliseconds, seconds] = conversions().try_into().unwrap();
    for (conversion, number, read) in [
        (&milliseconds, "1700000000009", "2023-11-14T22:13:20.009000Z"),
        (&seconds, "1700000000", "2023-11-14T22:13:20.000000Z"),
    ] {
        let app = a_pair().await;
        before(&app).await;
        app.sql(&format!("UPDATE customer SET created_at = {number}")).await;
        upgrade(&app).await;
        app.sql("INSERT INTO customer (name, created_at) VALUES ('other', '2024-01-01 00:00:00')").await;
        app.sql(conversion).await;
        let data = app.data("{ customers { nodes { createdAt } } }", json!({})).await;
        let other = json!({ "createdAt": "2024-01-01T00:00:00.000000Z" });
        assert_eq!(data["customers"]["nodes"], json!([{ "createdAt": read }, other]));
    }
}
