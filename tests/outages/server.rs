//! PostgreSQL and MariaDB servers of a test's own: in a directory of their own, on a port of their own.

use std::{
    fs::{self, File},
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use rustix::process::{Pid, Signal, getuid, kill_process};
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbErr, Statement};
use tempfile::TempDir;

use crate::{disk::Disk, until};

/// What the program logs in with.
pub const PASSWORD: &str = "s3cret-of-the-graph";
const ADMIN_PASSWORD: &str = "admin";

/// How long a server may take to start or to recover, on a busy machine.
const START: Duration = Duration::from_secs(60);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Postgres,
    MariaDb,
}

impl Kind {
    pub fn name(self) -> &'static str {
        if self == Kind::Postgres { "postgres" } else { "mariadb" }
    }

    pub fn is_installed(self) -> bool {
        let programs = match self {
            Kind::Postgres => ["initdb", "postgres"],
            Kind::MariaDb => ["mariadb-install-db", "mariadbd"],
        };
        programs.iter().all(|name| self.find(name).is_some())
    }

    /// One of the server's programs, where Debian has it; PostgreSQL's of the newest version.
    fn find(self, name: &str) -> Option<PathBuf> {
        let mut folders = vec![PathBuf::from("/usr/bin"), PathBuf::from("/usr/sbin")];
        if self == Kind::Postgres {
            let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
            folders = versions.map(|version| version.path().join("bin")).collect();
            folders.sort();
        }
        folders.iter().rev().map(|folder| folder.join(name)).find(|path| path.is_file())
    }

    /// A command of the server's own user: no server runs as root. It ends with the test.
    pub fn command(self, name: &str) -> Command {
        let mut command = Command::new("setpriv");
        if getuid().is_root() {
            let user = self.user();
            command.args(["--reuid", user, "--regid", user, "--clear-groups"]);
        }
        command.args(["--pdeathsig", "QUIT", "--"]).arg(self.find(name).unwrap());
        command.stdin(Stdio::null());
        command
    }

    fn user(self) -> &'static str {
        if self == Kind::Postgres { "postgres" } else { "mysql" }
    }

    /// Gives a file or folder to the server's user.
    pub fn own(self, path: &Path) {
        if getuid().is_root() {
            succeed(Command::new("chown").arg(self.user()).arg(path));
        }
    }

    fn url(self, user: &str, password: &str, port: u16) -> String {
        format!("{}://{user}:{password}@127.0.0.1:{port}/graph", self.name())
    }
}

/// What of a server is on a small disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Data,
    /// PostgreSQL's write-ahead log, MariaDB's binary log.
    Log,
    /// What does not fit into memory.
    Temporary,
}

/// A server with an empty database `graph`. It stops when it is dropped.
pub struct Server {
    pub kind: Kind,
    pub port: u16,
    part: Option<Part>,
    disk: Option<Disk>,
    directory: TempDir,
    options: Vec<String>,
    process: Option<Child>,
}

impl Server {
    pub async fn start(kind: Kind) -> Self {
        Server::with(kind, &[]).await
    }

    /// With these settings, as in `max_connections=20`.
    pub async fn with(kind: Kind, settings: &[String]) -> Self {
        Server::prepare(kind, settings).set_up().await
    }

    /// With a part of it on a small disk.
    pub async fn on_small_disk(kind: Kind, part: Part) -> Self {
        let mut server = Server::prepare(kind, &[]);
        fs::create_dir(server.small()).unwrap();
        server.disk = Some(Disk::mount(&server.small(), if part == Part::Data { 192 } else { 16 }));
        server.part = Some(part);
        kind.own(&server.small());
        let small = server.small().display().to_string();
        server.options.extend(match (kind, part) {
            (Kind::MariaDb, Part::Log) => vec![format!("--log-bin={small}/bin")],
            // With a binary log what a transaction writes is gathered, and does not fit either.
            (Kind::MariaDb, Part::Temporary) => vec![format!("--tmpdir={small}"), "--log-bin=bin".to_owned()],
            _ => Vec::new(),
        });
        server.set_up().await
    }

    async fn set_up(mut self) -> Self {
        self.initialize();
        self.begin().await;
        self.add_database().await;
        self
    }

    /// A streaming replica of a PostgreSQL server.
    pub async fn replica_of(primary: &Server) -> Self {
        let mut server = Server::prepare(primary.kind, &[]);
        let url = format!("postgres://root:{ADMIN_PASSWORD}@127.0.0.1:{}", primary.port);
        let mut command = primary.kind.command("pg_basebackup");
        succeed(command.args(["-R", "-c", "fast", "--no-sync", "-d", &url, "-D"]).arg(server.data()));
        server.begin().await;
        server
    }

    fn prepare(kind: Kind, settings: &[String]) -> Self {
        let directory = TempDir::new().unwrap();
        let prefix = if kind == Kind::Postgres { "-c" } else { "" };
        let option = |setting: &String| match kind {
            Kind::Postgres => format!("{prefix}{setting}"),
            Kind::MariaDb => format!("--{setting}"),
        };
        let options = settings.iter().map(option).collect();
        kind.own(directory.path());
        Server { kind, port: free_port(), part: None, disk: None, directory, options, process: None }
    }

    fn initialize(&self) {
        let mut command;
        match self.kind {
            Kind::Postgres => {
                let password = self.directory().join("password");
                fs::write(&password, ADMIN_PASSWORD).unwrap();
                command = self.kind.command("initdb");
                command.args(["-U", "root", "--auth-host=password", "--auth-local=trust", "--no-sync"]);
                command.args(["--encoding=UTF8", "--no-locale", "-D"]).arg(self.data());
                command.arg("--pwfile").arg(password);
                if self.part == Some(Part::Log) {
                    // Segments so small that the next one is soon needed.
                    command.arg("--wal-segsize=1").arg("--waldir").arg(self.small().join("wal"));
                }
            }
            Kind::MariaDb => {
                let users = format!(
                    "CREATE OR REPLACE USER root@'127.0.0.1' IDENTIFIED BY '{ADMIN_PASSWORD}';
                     GRANT ALL ON *.* TO root@'127.0.0.1' WITH GRANT OPTION;
                     CREATE USER IF NOT EXISTS graph@'127.0.0.1' IDENTIFIED BY '{PASSWORD}';
                     GRANT ALL ON graph.* TO graph@'127.0.0.1';
                     CREATE DATABASE IF NOT EXISTS graph;"
                );
                fs::write(self.directory().join("init.sql"), users.replace('\n', " ").replace(';', ";\n"))
                    .unwrap();
                command = self.kind.command("mariadb-install-db");
                command.args(["--no-defaults", "--skip-test-db", "--auth-root-authentication-method=normal"]);
                command.arg(format!("--datadir={}", self.data().display()));
                command.arg(format!("--tmpdir={}", self.directory().display()));
            }
        }
        succeed(&mut command);
    }

    async fn add_database(&self) {
        if self.kind == Kind::Postgres {
            let url = self.kind.url("root", ADMIN_PASSWORD, self.port).replace("/graph", "/postgres");
            let admin = connect(url).await.unwrap();
            let role = format!("CREATE ROLE graph LOGIN PASSWORD '{PASSWORD}'");
            for sql in [role.as_str(), "CREATE DATABASE graph OWNER graph"] {
                admin.execute_unprepared(sql).await.unwrap();
            }
        }
    }

    /// Starts it again if it was stopped or killed or has ended by itself, and waits until it answers.
    pub async fn begin(&mut self) {
        until("the server answers", START, async || {
            // After a kill the last processes of the one before may be about to go, and keep the new one out.
            if self.process.as_mut().is_none_or(|process| process.try_wait().unwrap().is_some()) {
                self.spawn();
            }
            let database = if self.kind == Kind::Postgres { "/postgres" } else { "/mysql" };
            let url = self.kind.url("root", ADMIN_PASSWORD, self.port).replace("/graph", database);
            connect(url).await.is_ok()
        })
        .await;
    }

    fn spawn(&mut self) {
        let (data, directory) = (self.data(), self.directory().display().to_string());
        let mut command;
        match self.kind {
            Kind::Postgres => {
                command = self.kind.command("postgres");
                command.arg("-D").arg(data).args(["-p", &self.port.to_string(), "-k", &directory]);
                command.args(["-h", "127.0.0.1", "-c", "shared_buffers=16MB"]);
            }
            Kind::MariaDb => {
                command = self.kind.command("mariadbd");
                command.args(["--no-defaults", "--bind-address=127.0.0.1", "--skip-name-resolve"]);
                command.args(["--innodb-buffer-pool-size=32M", &format!("--port={}", self.port)]);
                command.arg(format!("--datadir={}", data.display())).arg(format!("--tmpdir={directory}"));
                for (option, file) in [("socket", "socket"), ("pid-file", "pid"), ("init-file", "init.sql")] {
                    command.arg(format!("--{option}={directory}/{file}"));
                }
            }
        }
        let log = File::options().create(true).append(true).open(self.directory().join("log")).unwrap();
        command.args(&self.options).stdout(log.try_clone().unwrap()).stderr(log);
        self.process = Some(command.spawn().unwrap());
    }

    /// Stops it in good order, without waiting for its clients.
    pub fn stop(&mut self) {
        self.end(if self.kind == Kind::Postgres { Signal::INT } else { Signal::TERM });
    }

    /// Ends it as a crash would.
    pub fn kill(&mut self) {
        self.end(Signal::KILL);
    }

    fn end(&mut self, signal: Signal) {
        if let Some(mut process) = self.process.take() {
            let _ = kill_process(Pid::from_child(&process), signal);
            process.wait().unwrap();
        }
    }

    /// Where the program finds it.
    pub fn url(&self) -> String {
        self.url_at(self.port)
    }

    /// Where the program finds it behind another port.
    pub fn url_at(&self, port: u16) -> String {
        self.kind.url("graph", PASSWORD, port)
    }

    /// A connection of the program's user.
    pub async fn user(&self) -> Result<DatabaseConnection, DbErr> {
        connect(self.url()).await
    }

    /// A connection of a user who may do everything.
    pub async fn admin(&self) -> DatabaseConnection {
        connect(self.kind.url("root", ADMIN_PASSWORD, self.port)).await.unwrap()
    }

    /// Runs one of these, each for its kind of server, as a user who may do everything.
    pub async fn sql(&self, postgres: &str, mariadb: &str) {
        let sql = if self.kind == Kind::Postgres { postgres } else { mariadb };
        self.admin().await.execute_unprepared(sql).await.unwrap();
    }

    /// The rows of a statement that both kinds understand, each a text.
    pub async fn rows(&self, select: &str) -> Vec<String> {
        rows(&self.admin().await, select).await
    }

    /// Waits until a statement of the program waits for a lock.
    pub async fn awaits_lock(&self) {
        let waiting = match self.kind {
            Kind::Postgres => "SELECT query FROM pg_stat_activity WHERE wait_event_type = 'Lock'",
            // Not `innodb_trx`, which is not brought up to date while it is read more than ten times a second.
            Kind::MariaDb => {
                "SELECT variable_value FROM information_schema.global_status
                 WHERE variable_name = 'innodb_row_lock_current_waits' AND variable_value > 0"
            }
        };
        until("a statement waits", START, async || !self.rows(waiting).await.is_empty()).await;
    }

    /// The small disk that a part of it is on.
    pub fn disk(&self) -> &Disk {
        self.disk.as_ref().unwrap()
    }

    fn directory(&self) -> &Path {
        self.directory.path()
    }

    fn data(&self) -> PathBuf {
        if self.part == Some(Part::Data) { self.small().join("data") } else { self.directory().join("data") }
    }

    /// Where the small disk is.
    fn small(&self) -> PathBuf {
        self.directory().join("small")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // At once; PostgreSQL's processes would outlive a SIGKILL for a while.
        self.end(if self.kind == Kind::Postgres { Signal::QUIT } else { Signal::KILL });
    }
}

/// The rows of a statement on that connection, each a text.
pub async fn rows(connection: &DatabaseConnection, select: &str) -> Vec<String> {
    let statement = Statement::from_string(connection.get_database_backend(), select);
    let rows = connection.query_all_raw(statement).await.unwrap();
    rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
}

async fn connect(url: String) -> Result<DatabaseConnection, DbErr> {
    let mut options = ConnectOptions::new(url.replacen("mariadb:", "mysql:", 1));
    options.max_connections(1).acquire_timeout(Duration::from_secs(5)).sqlx_logging(false);
    Database::connect(options).await
}

/// Below those that the system gives to outgoing connections: such a one could take the port, or even meet
/// itself, while the server is away.
pub fn free_port() -> u16 {
    loop {
        let port = fastrand::u16(12_000..32_000);
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}

/// Runs a command that has to succeed.
pub fn succeed(command: &mut Command) {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
}
