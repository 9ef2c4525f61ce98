//! Connections to the database over TLS.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use sea_orm::{ConnectionTrait, TransactionTrait};
use tempfile::TempDir;
use tokio::time::sleep;

use crate::{
    program::{Program, READ, WRITE, ended},
    proxy::{Proxy, Way},
    server::{Kind, PASSWORD, Server, succeed},
    until,
};

pub async fn a_program_trusts_over_tls_whom_it_is_told_to(kind: Kind) {
    let (authority, other) = (Authority::new(), Authority::new());
    let server = Server::with(kind, &authority.settings(kind)).await;
    let admits_tls_alone = "ALTER USER graph@'127.0.0.1' REQUIRE SSL";
    server.sql("SELECT 1", admits_tls_alone).await;
    for url in [encrypted(&server.url()), authority.verified(&server.url())] {
        let program = Program::start(&url, &[]).await;
        for reply in program.client.ask_all([READ, WRITE]).await {
            reply.data();
        }
        if kind == Kind::Postgres {
            let used = "SELECT DISTINCT ssl::text FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)
                WHERE application_name = 'customer-graph'";
            assert_eq!(server.rows(used).await, ["true"]);
        }
    }
    for url in
        [other.verified(&server.url()), authority.verified(&server.url()).replace("127.0.0.1", "localhost")]
    {
        let (is_ok, told) = ended(&url, &[]).await;
        assert!(!is_ok && told.contains("invalid peer certificate"), "{told}");
        assert!(!told.contains(PASSWORD), "{told}");
    }
    if kind == Kind::MariaDb {
        let (is_ok, told) = ended(&(server.url() + "?ssl-mode=disabled"), &[]).await;
        assert!(!is_ok && told.contains("Access denied"), "{told}");
    }
}

pub async fn a_statement_that_is_given_up_over_tls_costs_no_connection(kind: Kind) {
    let authority = Authority::new();
    let server = Server::with(kind, &authority.settings(kind)).await;
    let options = [
        "--request-seconds",
        "1",
        "--statement-seconds",
        "3",
        "--acquire-seconds",
        "4",
        "--database-connections",
        "1",
    ];
    let mut program = Program::start(&encrypted(&server.url()), &options).await;
    program.client.ask(READ).await.data();
    let admin = server.admin().await;
    let lock = admin.begin().await.unwrap();
    let sql = if kind == Kind::Postgres { "LOCK TABLE customer" } else { "LOCK TABLES customer WRITE" };
    lock.execute_unprepared(sql).await.unwrap();
    program.client.ask(READ).await.refused(&["TIMEOUT"], Duration::from_secs(1));
    // The server stops the statement, which nobody waits for any more.
    until("the statement has ended", Duration::from_secs(10), async || {
        server.rows(statements(kind)).await.is_empty()
    })
    .await;
    if kind == Kind::MariaDb {
        lock.execute_unprepared("UNLOCK TABLES").await.unwrap();
    }
    lock.rollback().await.unwrap();
    program.recovers().await;
    program.client.ask(READ).await.data();
    program.stops().await;
}

pub async fn a_database_that_says_nothing_over_tls_costs_no_connection(kind: Kind) {
    let authority = Authority::new();
    let server = Server::with(kind, &authority.settings(kind)).await;
    let proxy = Proxy::start(server.port).await;
    let options = ["--acquire-seconds", "2", "--request-seconds", "4", "--database-connections", "2"];
    let mut program = Program::start(&encrypted(&server.url_at(proxy.port)), &options).await;
    for _ in 0..2 {
        program.client.ask_all([READ, WRITE, READ, WRITE]).await;
        // The driver tries each connection after its use, and nothing tells when it has.
        sleep(Duration::from_millis(500)).await;
        proxy.set(Way::Silent);
        for reply in program.client.ask_all([READ, WRITE, READ, WRITE]).await {
            reply.refused(&["OVERLOADED", "TIMEOUT"], Duration::from_secs(4));
        }
        proxy.set(Way::Open);
        program.recovers().await;
    }
    proxy.set(Way::Silent);
    program.stops().await;
}

/// Selects the statements of the program that wait for the lock.
fn statements(kind: Kind) -> &'static str {
    match kind {
        Kind::Postgres => {
            "SELECT query FROM pg_stat_activity WHERE application_name = 'customer-graph' AND wait_event_type = 'Lock'"
        }
        Kind::MariaDb => {
            "SELECT info FROM information_schema.processlist WHERE user = 'graph' AND state LIKE 'Waiting for table%'"
        }
    }
}

/// An address by which the program encrypts and asks for no certificate.
fn encrypted(url: &str) -> String {
    url.to_owned() + if url.starts_with("postgres") { "?sslmode=require" } else { "?ssl-mode=required" }
}

/// Whoever signs certificates, and one that it has signed for the server.
struct Authority(TempDir);

impl Authority {
    fn new() -> Self {
        let authority = Authority(TempDir::new().unwrap());
        let extensions = "[req]\ndistinguished_name = name\n[name]\n
            [authority]\nbasicConstraints = critical, CA:TRUE\n
            [server]\nbasicConstraints = critical, CA:FALSE\nsubjectAltName = IP:127.0.0.1\n";
        fs::write(authority.file("extensions"), extensions).unwrap();
        succeed(&mut authority.certificate("authority"));
        let signed_by = ["-CA", "authority.crt", "-CAkey", "authority.key"];
        succeed(authority.certificate("server").args(signed_by));
        authority
    }

    /// Makes one with these extensions, and its key.
    fn certificate(&self, name: &str) -> Command {
        let mut command = Command::new("openssl");
        command.current_dir(self.0.path()).args(["req", "-x509", "-newkey", "ec", "-nodes", "-days", "2"]);
        command.args(["-pkeyopt", "ec_paramgen_curve:prime256v1", "-config", "extensions"]);
        command.args(["-extensions", name, "-subj", &format!("/CN={name}")]);
        command.args(["-keyout", &format!("{name}.key"), "-out", &format!("{name}.crt")]);
        command
    }

    /// What the server has to be told.
    fn settings(&self, kind: Kind) -> Vec<String> {
        let (certificate, key) = (self.file("server.crt"), self.file("server.key"));
        for path in [self.0.path(), &certificate, &key] {
            kind.own(path);
        }
        let (certificate, key) = (certificate.display(), key.display());
        match kind {
            Kind::Postgres => {
                vec![
                    "ssl=on".to_owned(),
                    format!("ssl_cert_file={certificate}"),
                    format!("ssl_key_file={key}"),
                ]
            }
            Kind::MariaDb => vec![format!("ssl-cert={certificate}"), format!("ssl-key={key}")],
        }
    }

    /// An address by which the program asks for a certificate of this authority.
    fn verified(&self, url: &str) -> String {
        let authority = self.file("authority.crt").display().to_string();
        if url.starts_with("postgres") {
            format!("{url}?sslmode=verify-full&sslrootcert={authority}")
        } else {
            format!("{url}?ssl-mode=verify_identity&ssl-ca={authority}")
        }
    }

    fn file(&self, name: &str) -> PathBuf {
        Path::join(self.0.path(), name)
    }
}
