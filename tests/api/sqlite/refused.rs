//! What cannot work: refused at the start with what to write instead, and before anything is created.

use std::{
    fs::{self, Permissions},
    os::unix::fs::PermissionsExt,
    path::Path,
    time::Duration,
};

use tempfile::TempDir;
use tokio::{net::TcpListener, time::timeout};

use crate::process::{Ended, Server, program, run};

/// Runs the program in an empty directory, which it is to leave empty.
async fn refused(arguments: &[&str], environment: &[(&str, &str)]) -> String {
    let directory = TempDir::new().unwrap();
    let listen = [("LISTEN", "127.0.0.1:0")];
    let environment = [&listen[..], environment].concat();
    let output = program(directory.path(), arguments, &environment).output().await.unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success(), "{arguments:?} {environment:?}: {told}");
    assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 0, "{arguments:?}: {told}");
    assert!(!told.contains("panicked"), "{told}");
    told
}

#[tokio::test]
async fn a_number_beyond_its_range_is_refused_by_its_option_and_its_variable() {
    let huge = "18446744073709551615";
    for (option, variable, values) in [
        ("--acquire-seconds", "ACQUIRE_SECONDS", ["0", "3601", huge]),
        ("--statement-seconds", "STATEMENT_SECONDS", ["0", "86401", huge]),
        ("--request-seconds", "REQUEST_SECONDS", ["0", "86401", huge]),
        ("--header-seconds", "HEADER_SECONDS", ["0", "86401", "-1"]),
        ("--body-seconds", "BODY_SECONDS", ["0", "86401", "1.5"]),
        ("--leave-seconds", "LEAVE_SECONDS", ["86401", "4294967296", "x"]),
        ("--stop-seconds", "STOP_SECONDS", ["86401", "4294967296", ""]),
        ("--idempotency-seconds", "IDEMPOTENCY_SECONDS", ["0", "9999999999999", huge]),
        ("--max-requests", "MAX_REQUESTS", ["0", "1000001", huge]),
        ("--max-connections", "MAX_CONNECTIONS", ["0", "1000001", huge]),
        ("--max-body-bytes", "MAX_BODY_BYTES", ["0", "1073741825", huge]),
        ("--max-depth", "MAX_DEPTH", ["0", "201", huge]),
        ("--max-cost", "MAX_COST", ["0", "1000000001", huge]),
        ("--max-writes", "MAX_WRITES", ["0", "10000001", huge]),
        ("--max-answer-bytes", "MAX_ANSWER_BYTES", ["1023", "1073741825", "32MiB"]),
        ("--min-send-rate", "MIN_SEND_RATE", ["0", "1073741825", "-1"]),
        ("--database-connections", "DATABASE_CONNECTIONS", ["0", "1001", huge]),
    ] {
        for value in values {
            let by_option = refused(&[option, value], &[]).await;
            let by_variable = refused(&[], &[(variable, value)]).await;
            let start = format!(
                "error: `{option}` (or {variable}) cannot be `{value}`: it must be a whole number from "
            );
            assert!(
                by_option.starts_with(&start) && by_variable.starts_with(&start),
                "{by_option}{by_variable}"
            );
        }
    }
}

#[tokio::test]
async fn the_greatest_values_are_taken() {
    let directory = TempDir::new().unwrap();
    let day = "86400";
    let environment = [
        ("LISTEN", "127.0.0.1:0"),
        ("ACQUIRE_SECONDS", "3600"),
        ("STATEMENT_SECONDS", day),
        ("REQUEST_SECONDS", day),
        ("HEADER_SECONDS", day),
        ("BODY_SECONDS", day),
        ("IDEMPOTENCY_SECONDS", "31622400"),
        ("MAX_REQUESTS", "1000000"),
        ("MAX_CONNECTIONS", "1000000"),
        ("MAX_BODY_BYTES", "1073741824"),
        ("MAX_DEPTH", "200"),
        ("MAX_COST", "1000000000"),
        ("MAX_WRITES", "10000000"),
        ("MAX_ANSWER_BYTES", "1073741824"),
        ("MIN_SEND_RATE", "1073741824"),
    ];
    let server = Server::of(program(directory.path(), &[], &environment)).await;
    let request = crate::process::client().post(format!("{}/graphql", server.url));
    let request = request.header("content-type", "application/json").header("idempotency-key", "\"one\"");
    let create = r#"{"query":"mutation { createCustomer(input: { name: \"Ada\" }) { customer { id } } }"}"#;
    let answer = request.body(create).send().await.unwrap().text().await.unwrap();
    assert_eq!(answer, r#"{"data":{"createCustomer":{"customer":{"id":"Customer:1"}}}}"#);
    // As deep as a document may be by then.
    let deep = "{ not: ".repeat(190) + "{}" + &" }".repeat(190);
    let query = format!("{{ customers(where: {deep}) {{ totalCount }} }}");
    let answer =
        crate::process::post(&crate::process::client(), &server.url, &query, serde_json::json!({})).await;
    assert!(answer.unwrap().is_object());
    server.signal("TERM").await;
    assert_eq!(server.end().await.0, Some(0));
}

#[tokio::test]
async fn a_setting_that_is_a_text_says_what_to_write() {
    let taken = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let taken = taken.local_addr().unwrap().to_string();
    for (arguments, told) in [
        (
            ["--listen", "8001"],
            "`--listen` (or LISTEN) cannot be `8001`: it has no host, as in `127.0.0.1:8001`",
        ),
        (["--listen", "127.0.0.1"], "it must be HOST:PORT, as in `127.0.0.1:8000`"),
        (["--listen", &taken], "another process listens there, choose another port"),
        (["--listen", "no.such.host.invalid:8000"], "the host is unknown"),
        (["--listen", "192.0.2.1:8000"], "this machine has no such address"),
        (["--log", "inof"], "`--log` (or LOG) cannot be `inof`: `inof` is no level, which are `off`, "),
        (["--log", "customer_graph"], "of one module write `customer_graph=debug`"),
        (["--log", "customer_graph=inof"], "as in `warn,customer_graph=info`"),
        (
            ["--database-read-url", "postgres://db/graph"],
            "a SQLite file has no replica to read from, leave `--database-read-url` (or DATABASE_READ_URL) out",
        ),
    ] {
        let line = refused(&arguments, &[]).await;
        assert!(line.contains(told), "{arguments:?}: {line}");
    }
}

#[tokio::test]
async fn a_word_that_is_none_is_refused_by_its_option_and_its_variable() {
    for (option, variable, value, told) in [
        ("--status-codes", "STATUS_CODES", "old", "it must be `draft` or `edition`"),
        ("--introspection", "INTROSPECTION", "yes", "it must be `on` or `off`"),
        ("--graphiql", "GRAPHIQL", "", "it must be `on` or `off`"),
        ("--document-mode", "DOCUMENT_MODE", "ALL", "it must be `off`, `allow` or `only`"),
        (
            "--cors-origins",
            "CORS_ORIGINS",
            "app.example",
            "`app.example` is no origin, which is written as in `https://app.example` or `http://localhost:3000`",
        ),
        (
            "--cors-headers",
            "CORS_HEADERS",
            "x tenant",
            "`x tenant` is no name of a header, which is written as in `x-tenant`",
        ),
        (
            "--hosts",
            "HOSTS",
            "http://api.example",
            "`http://api.example` is no host, which is written as in `api.example`, `api.example:8443` or `[::1]:8000`",
        ),
    ] {
        let line = format!("error: `{option}` (or {variable}) cannot be `{value}`: {told}\n");
        for refusal in [refused(&[option, value], &[]).await, refused(&[], &[(variable, value)]).await] {
            assert!(refusal.starts_with(&line), "{refusal}");
        }
    }
}

#[tokio::test]
async fn a_manifest_that_cannot_be_read_is_named_with_its_option_and_its_variable() {
    for (path, told) in [("nope.json", "there is no such file"), ("/", "it is a folder, name a file")] {
        let line = format!(
            "customer-graph: cannot read the manifest `{path}` of `--documents` (or DOCUMENTS): {told}\n"
        );
        assert_eq!(refused(&["--documents", path], &[]).await, line);
        assert_eq!(refused(&[], &[("DOCUMENTS", path)]).await, line);
    }
}

#[tokio::test]
async fn a_url_of_no_database_is_named_with_its_option_and_its_variable() {
    for (url, told) in [
        (
            "graph.db",
            "it must begin with `sqlite:`, `postgres://` or `mariadb://`, as in `sqlite:customer-graph.db`",
        ),
        ("", "it must begin with `sqlite:`, `postgres://` or `mariadb://`, as in `sqlite:customer-graph.db`"),
        ("sqlite:", "it names no file, as in `sqlite:customer-graph.db`"),
        ("postgres://ada@db", "it names no database, as in `postgres://USER@HOST/DATABASE`"),
    ] {
        let line = format!(
            "customer-graph: cannot open the database `{url}` of `--database-url` (or DATABASE_URL): {told}\n"
        );
        assert_eq!(refused(&["--database-url", url], &[]).await, line);
        assert_eq!(refused(&[], &[("DATABASE_URL", url)]).await, line);
    }
}

#[tokio::test]
async fn a_url_that_says_what_has_no_effect_is_refused() {
    for (url, told) in [
        ("sqlite:", "it names no file, as in `sqlite:customer-graph.db`"),
        ("sqlite:?mode=rwc", "it names no file"),
        ("sqlite:f.db?mode=ro", "its `mode` is `rwc`"),
        ("sqlite:f.db?mode=rw", "there is no file `f.db`"),
        ("sqlite:f.db?cache=shared", "its parameter `cache` has no effect, leave it out"),
        ("sqlite:f.db?vfs=unix-none", "its parameter `vfs` has no effect"),
        ("sqlite:file:f.db", "a file is named without `file:`"),
        ("postgres://ada@db", "it names no database, as in `postgres://USER@HOST/DATABASE`"),
        ("postgres://ada@db/graph?sslmod=require", "its parameter `sslmod` is unknown, it takes `sslmode`"),
        ("postgres://ada@db:port/graph", "invalid port number"),
        ("mariadb://ada@db/", "it names no database, as in `mariadb://USER@HOST/DATABASE`"),
        ("mariadb://ada@db/graph?charset=latin1", "its `charset` cannot hold every character, leave it out"),
    ] {
        for command in [&[][..], &["migrate", "up"], &["migrate", "down"], &["migrate", "status"], &["demo"]]
        {
            if url.ends_with("mode=rw") && command == ["migrate", "status"] {
                continue;
            }
            let line = refused(command, &[("DATABASE_URL", url)]).await;
            let start = format!(
                "customer-graph: cannot open the database `{url}` of `--database-url` (or DATABASE_URL): {told}"
            );
            assert!(line.starts_with(&start), "{command:?}: {line}");
        }
    }
}

#[tokio::test]
async fn a_replica_is_held_to_the_same_and_named() {
    for (read_url, told) in [
        ("postgres://ada:s3cret@db", "`postgres://ada:***@db`: it names no database"),
        ("postgres://db/graph?options=-c%20client_encoding%3DLATIN1", "sets `client_encoding`"),
        ("mariadb://ada@db/graph", "the database to read from must be of the same kind"),
    ] {
        let environment = [("DATABASE_URL", "postgres://127.0.0.1:1/graph"), ("DATABASE_READ_URL", read_url)];
        let line = refused(&[], &environment).await;
        assert!(line.contains(told) && !line.contains("s3cret"), "{line}");
    }
}

#[tokio::test]
async fn variables_of_psql_that_the_driver_would_leave_out_are_refused() {
    let url = ("DATABASE_URL", "postgres://127.0.0.1:1/graph");
    for (name, value, told) in [
        ("PGSSLMODE", "requrie", "PGSSLMODE cannot be `requrie`: it must be one of disable, prefer, "),
        ("PGSSLMODE", "allow", "PGSSLMODE cannot be `allow`"),
        ("PGPORT", "postgres", "PGPORT cannot be `postgres`: it must be a number"),
        ("PGOPTIONS", "-c client_encoding=LATIN1", "`options` (or PGOPTIONS) sets `client_encoding`"),
    ] {
        let line = refused(&[], &[url, (name, value)]).await;
        assert!(line.contains(told), "{line}");
    }
}

#[tokio::test]
async fn a_server_that_is_away_is_told_at_once_with_the_cause() {
    for (url, told) in [
        ("postgres://ada:s3cret@127.0.0.1:1/graph", "connection refused, nothing listens there"),
        ("mariadb://ada:s3cret@127.0.0.1:1/graph", "connection refused, nothing listens there"),
        ("postgres://ada:s3cret@no.such.host.invalid/graph", "the host is unknown"),
        ("mariadb://ada:s3cret@no.such.host.invalid/graph", "the host is unknown"),
        ("postgres:///graph?host=/nowhere&user=ada", "there is no such socket or file"),
        ("mariadb://ada@localhost/graph?socket=/nowhere", "there is no such socket or file"),
    ] {
        // Whoever waited for a connection would wait for an hour.
        let line = refused(&["--acquire-seconds", "3600"], &[("DATABASE_URL", url)]).await;
        assert!(
            line.ends_with(&format!("` of `--database-url` (or DATABASE_URL): {told}\n"))
                && !line.contains("s3cret"),
            "{line}"
        );
    }
}

/// As somebody who may not write everywhere.
async fn as_nobody(directory: &Path, url: &str) -> Ended {
    let mut command = tokio::process::Command::new("setpriv");
    command.args(["--reuid", "65534", "--regid", "65534", "--clear-groups", "--"]);
    command.arg(env!("CARGO_BIN_EXE_customer-graph")).env_clear().current_dir(directory);
    command.envs([("DATABASE_URL", url), ("LISTEN", "127.0.0.1:0"), ("LOG", "off")]);
    // One that starts after all is not waited for.
    let output =
        timeout(Duration::from_secs(60), command.kill_on_drop(true).output()).await.unwrap().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

#[tokio::test]
async fn a_file_that_cannot_be_used_says_what_is_wrong_with_its_place() {
    let directory = TempDir::new().unwrap();
    let at = directory.path();
    fs::write(at.join("garbage.db"), "no database at all ".repeat(300)).unwrap();
    fs::create_dir(at.join("folder.db")).unwrap();
    let wide = rusqlite::Connection::open(at.join("wide.db")).unwrap();
    wide.execute_batch("PRAGMA encoding = 'UTF-16le'; CREATE TABLE one (id)").unwrap();
    drop(wide);
    for (url, told) in [
        ("sqlite:/nowhere/at/all.db", "there is no folder `/nowhere/at`, create it"),
        ("sqlite:folder.db", "it is a folder, name a file in it: `sqlite:folder.db/graph.db`"),
        ("sqlite:garbage.db", "it is no SQLite database"),
        ("sqlite:wide.db", "its encoding is UTF-16le, and not UTF-8: copy its rows into a new file"),
    ] {
        let (code, _, line) = run(at, &["--database-url", url, "--listen", "127.0.0.1:0"]).await;
        assert_eq!(
            (code, line),
            (
                Some(1),
                format!(
                    "customer-graph: cannot open the database `{url}` of `--database-url` (or DATABASE_URL): {told}\n"
                )
            )
        );
    }
}

#[tokio::test]
async fn a_folder_or_a_file_that_is_not_writable_is_named() {
    if !rustix::process::getuid().is_root() {
        return;
    }
    let directory = TempDir::new().unwrap();
    let at = directory.path();
    fs::set_permissions(at, Permissions::from_mode(0o755)).unwrap();
    let (code, _, line) = as_nobody(at, "sqlite:new.db").await;
    assert_eq!(code, Some(1), "{line}");
    assert!(
        line.contains(": the folder `.` must be writable: SQLite keeps its log beside the file"),
        "{line}"
    );
    assert_eq!(run(at, &["migrate", "up", "--log", "off"]).await.0, Some(0));
    let (code, _, line) = as_nobody(at, "sqlite:customer-graph.db").await;
    assert_eq!(code, Some(1), "{line}");
    assert!(line.contains(": the file `customer-graph.db` must be readable and writable"), "{line}");
}

#[tokio::test]
async fn a_mistyped_file_is_not_created_by_what_only_looks_or_takes_back() {
    let (missing, nowhere) =
        ("there is no file `customer-graph.db`", "there is no folder `/nope`, create it");
    assert!(refused(&["migrate", "down"], &[]).await.contains(missing));
    assert!(refused(&["backup", "copy.db"], &[]).await.contains(missing));

    let directory = TempDir::new().unwrap();
    assert_eq!(run(directory.path(), &["migrate", "up", "--log", "off"]).await.0, Some(0));
    let (_, _, line) = run(directory.path(), &["backup", "/nope/b.db"]).await;
    assert!(line.ends_with(&format!("(or DATABASE_URL): cannot write `/nope/b.db`: {nowhere}\n")), "{line}");
}

#[tokio::test]
async fn a_file_of_a_newer_version_says_so_and_is_listed() {
    let directory = TempDir::new().unwrap();
    let at = directory.path();
    assert_eq!(run(at, &["migrate", "up", "--log", "off"]).await.0, Some(0));
    let file = rusqlite::Connection::open(at.join("customer-graph.db")).unwrap();
    file.execute("INSERT INTO seaql_migrations VALUES ('m29990101_000001_future', 0)", []).unwrap();
    drop(file);
    let (code, listed, _) = run(at, &["migrate", "status", "--log", "off"]).await;
    assert_eq!(code, Some(0));
    assert!(listed.ends_with("\nunknown: m29990101_000001_future, of a newer version\n"), "{listed}");
    for command in [&["migrate", "up"][..], &["migrate", "down"], &["serve"], &["demo"]] {
        let (code, _, line) = run(at, &[command, &["--listen", "127.0.0.1:0"]].concat()).await;
        let told = "customer-graph: cannot migrate the database `sqlite:customer-graph.db`: it was migrated by a newer \
                    version of this program (m29990101_000001_future), run that one\n";
        assert_eq!((code, line.as_str()), (Some(1), told));
    }
}
