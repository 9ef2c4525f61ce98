//! What URLs may say, and what is said of those that may not.

use super::*;

#[test]
fn what_a_url_may_say_is_said_by_its_parts_and_parameters() {
    for url in [
        "postgres://ada:s%40crt@db:5433/graph?sslmode=verify-full&sslrootcert=/ca&sslcert=/c&sslkey=/k",
        "postgres:///graph?host=/run/postgresql&user=ada&password=x",
        "postgres://%2Frun%2Fpostgresql/graph?application_name=one",
        "postgres://db/?dbname=graph&port=1&options=-c%20search_path%3Dgraph%20-crole%3Dada%20--jit%3Doff",
        "postgres://db/graph?options[search_path]=graph",
        "postgres://[::1]:5432/graph",
    ] {
        assert_eq!(postgres(url).err(), None, "{url}");
    }
    for url in [
        "mysql://ada@db/graph?ssl-mode=verify_identity&ssl-ca=/ca&ssl-cert=/c&ssl-key=/k",
        "mysql://ada@localhost/graph?socket=/run/mysqld.sock&charset=utf8mb4",
        "mysql://ada:@db/graph?sslmode=REQUIRED",
    ] {
        assert_eq!(mariadb(url).err(), None, "{url}");
    }
}

#[test]
fn what_postgres_would_ignore_or_take_wrongly_is_refused() {
    for (url, told) in [
        ("postgres://db", "names no database"),
        ("postgres://db/", "names no database"),
        ("postgres://db:port/graph", "invalid port number"),
        ("postgres://db:0/graph", "no number from 1"),
        ("postgres://db/graph?port=none", "no number from 1"),
        ("postgres://db/graph?sslmod=require", "`sslmod` is unknown, it takes `sslmode`,"),
        ("postgres://db/graph?sslmode=on", "unknown value"),
        ("postgres://db/graph?sslmode=allow", "never asks for TLS"),
        ("postgres://db/graph?sslmode=require&sslrootcert=/ca", "checks nothing"),
        ("postgres://db/graph?sslcert=/c", "belong together"),
        ("postgres://db/graph?sslmode=require&ssl-mode=disable", "says `sslmode` twice"),
        ("postgres://db/graph?host=other", "says `host` twice"),
        ("postgres://ada@db/graph?user=bob", "says `user` twice"),
        ("postgres:///graph?host=a&hostaddr=127.0.0.1", "says `host` twice"),
        ("postgres://db/graph?dbname=other", "says `dbname` twice"),
        ("postgres:///graph?host=a,b", "several hosts"),
        ("postgres://a,b/graph", "several hosts"),
        ("postgres://db/graph?application_name=", "has no value"),
        ("postgres://db/graph?statement-cache-capacity=1", "leave it out"),
        ("postgres://db/graph#x", "it has a `#`"),
        ("postgres://ada:100%@db/graph", "`%25`"),
        ("postgres://db/graph?password=a+b", "`%2B`"),
        ("postgres://db/graph?options=-c%20client_encoding%3Dlatin1", "sets `client_encoding`"),
        ("postgres://db/graph?options=-cstatement_timeout%3D1", "sets `statement_timeout`"),
        (
            "postgres://db/graph?options=--session-replication-role%3Dreplica",
            "sets `session-replication-role`",
        ),
        ("postgres://db/graph?options[default_transaction_read_only]=on", "default_transaction_read_only"),
        ("postgres://db/graph?options[timezone=UTC", "`options[timezone` is unknown"),
    ] {
        let refusal = postgres(url).unwrap_err();
        assert!(refusal.contains(told), "{url}: {refusal}");
    }
}

#[test]
fn what_mariadb_would_ignore_or_take_wrongly_is_refused() {
    for (url, told) in [
        ("mysql://ada@db", "names no database"),
        ("mysql://db/graph", "names no user"),
        ("mysql://ada@db:0/graph", "no number from 1"),
        ("mysql://ada@db/graph?charset=latin1", "cannot hold every character"),
        ("mysql://ada@db/graph?charset=utf8", "cannot hold every character"),
        ("mysql://ada@db/graph?charset=utf8mb4&charset=latin1", "says `charset` twice"),
        ("mysql://ada@db/graph?collation=utf8mb4_bin", "leave it out"),
        ("mysql://ada@db/graph?timezone=%2B02:00", "all moments are in UTC"),
        ("mysql://ada@db/graph?ssl-mode=on", "unknown value"),
        ("mysql://ada@db/graph?ssl-ca=/ca", "checks nothing"),
        ("mysql://ada@db/graph?password=x", "`password` is unknown"),
        ("mysql://ada@a,b/graph", "several hosts"),
    ] {
        let refusal = mariadb(url).unwrap_err();
        assert!(refusal.contains(told), "{url}: {refusal}");
    }
}
