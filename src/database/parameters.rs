//! What the URL of a PostgreSQL or MariaDB server may say: every part of it takes effect, or is refused.

use sea_orm::sqlx::{
    mysql::MySqlConnectOptions,
    postgres::{PgConnectOptions, PgSslMode},
};
use url::Url;

/// A parameter: its name in the URL, and the setting that it is. A setting may have several names.
type Parameter = (&'static str, &'static str);

const POSTGRES: [Parameter; 17] = [
    ("sslmode", "sslmode"),
    ("ssl-mode", "sslmode"),
    ("sslrootcert", "sslrootcert"),
    ("ssl-root-cert", "sslrootcert"),
    ("ssl-ca", "sslrootcert"),
    ("sslcert", "sslcert"),
    ("ssl-cert", "sslcert"),
    ("sslkey", "sslkey"),
    ("ssl-key", "sslkey"),
    ("host", "host"),
    ("hostaddr", "host"),
    ("port", "port"),
    ("dbname", "dbname"),
    ("user", "user"),
    ("password", "password"),
    ("application_name", "application_name"),
    ("options", "options"),
];

const MARIADB: [Parameter; 10] = [
    ("ssl-mode", "ssl-mode"),
    ("sslmode", "ssl-mode"),
    ("ssl-ca", "ssl-ca"),
    ("sslca", "ssl-ca"),
    ("ssl-cert", "ssl-cert"),
    ("sslcert", "ssl-cert"),
    ("ssl-key", "ssl-key"),
    ("sslkey", "ssl-key"),
    ("socket", "socket"),
    ("charset", "charset"),
];

/// What the drivers would take and this program settles by itself.
const SETTLED: [(&str, &str); 4] = [
    ("statement-cache-capacity", "the program keeps as many prepared statements as it has"),
    ("collation", "each column has its own collation"),
    ("timezone", "all moments are in UTC"),
    ("time-zone", "all moments are in UTC"),
];

/// What PostgreSQL's `options` may set: where the tables are, in whose name they are read, and how statements are
/// planned. Everything else would change what statements mean or what the program promises.
const OPTIONS: [&str; 8] = [
    "search_path",
    "role",
    "work_mem",
    "maintenance_work_mem",
    "effective_cache_size",
    "random_page_cost",
    "jit",
    "plan_cache_mode",
];

const ESCAPES: &str = "in a name or a password `/`, `?`, `#`, `@` and `:` are written as `%` and two digits, as in \
                       `%40` for `@`";

/// The options of connections to the PostgreSQL server at that URL. What it leaves out comes from psql's variables.
pub fn postgres(text: &str) -> Result<PgConnectOptions, String> {
    let (url, given) = read(text, &POSTGRES)?;
    let options: PgConnectOptions = text.parse().map_err(|error| unreadable(&error))?;
    if options.get_database().is_none() {
        return Err("it names no database, as in `postgres://USER@HOST/DATABASE`".to_owned());
    }
    one_host(url.host_str().unwrap_or(options.get_host()))?;
    one_host(options.get_host())?;
    if matches!(options.get_ssl_mode(), PgSslMode::Allow) {
        return Err("`sslmode=allow` never asks for TLS, write `disable` or `prefer`".to_owned());
    }
    let verifies = matches!(options.get_ssl_mode(), PgSslMode::VerifyCa | PgSslMode::VerifyFull);
    certificates(&given, ["sslrootcert", "sslcert", "sslkey"], verifies, "`sslmode=verify-full`")?;
    session_options(options.get_options().unwrap_or_default())?;
    Ok(options)
}

/// The options of connections to the MariaDB server at that URL, whose scheme is `mysql`.
pub fn mariadb(text: &str) -> Result<MySqlConnectOptions, String> {
    let (url, given) = read(text, &MARIADB)?;
    let options: MySqlConnectOptions = text.parse().map_err(|error| unreadable(&error))?;
    if options.get_database().is_none() {
        return Err("it names no database, as in `mariadb://USER@HOST/DATABASE`".to_owned());
    }
    if url.username().is_empty() {
        return Err("it names no user, as in `mariadb://USER@HOST/DATABASE`".to_owned());
    }
    one_host(options.get_host())?;
    if options.get_charset() != "utf8mb4" {
        return Err("its `charset` cannot hold every character, leave it out".to_owned());
    }
    let verifies =
        value(&given, "ssl-mode").is_some_and(|mode| mode.to_ascii_lowercase().starts_with("verify_"));
    certificates(&given, ["ssl-ca", "ssl-cert", "ssl-key"], verifies, "`ssl-mode=verify_identity`")?;
    Ok(options)
}

/// A setting and its value.
type Given = (&'static str, String);

/// The URL, and the settings that its parts and parameters are, each of them once.
fn read(text: &str, known: &[Parameter]) -> Result<(Url, Vec<Given>), String> {
    let url = Url::parse(text).map_err(|error| format!("{error}; {ESCAPES}"))?;
    if url.fragment().is_some() {
        return Err(format!("it has a `#`; {ESCAPES}"));
    }
    if has_stray_percent(text) {
        return Err(
            "it has a `%` that no two hexadecimal digits follow, `%` itself is written as `%25`".to_owned()
        );
    }
    if url.query().unwrap_or_default().contains('+') {
        return Err(
            "a `+` in a parameter is a space, write `%2B` for a plus and `%20` for a space".to_owned()
        );
    }
    let mut given = parts(&url);
    for (name, value) in url.query_pairs() {
        let setting = setting(&name, known)?;
        if value.is_empty() {
            return Err(format!("its parameter `{name}` has no value"));
        }
        if name == "options" || !name.starts_with("options[") {
            if given.iter().any(|(other, _)| *other == setting) {
                return Err(format!("it says `{setting}` twice"));
            }
            given.push((setting, value.into_owned()));
        }
    }
    if value(&given, "port").is_some_and(|port| !port.parse::<u16>().is_ok_and(|port| port > 0)) {
        return Err("its port is no number from 1 to 65535".to_owned());
    }
    Ok((url, given))
}

/// What the URL says before its parameters.
fn parts(url: &Url) -> Vec<Given> {
    let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let parts = [
        ("host", url.host_str().and_then(some)),
        ("port", url.port().map(|port| port.to_string())),
        ("user", some(url.username())),
        ("password", url.password().map(str::to_owned)),
        ("dbname", some(url.path().trim_start_matches('/'))),
    ];
    parts.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
}

fn setting(name: &str, known: &[Parameter]) -> Result<&'static str, String> {
    if let Some((_, setting)) = known.iter().find(|(known, _)| *known == name) {
        return Ok(setting);
    }
    let takes = |wanted: &str| known.iter().any(|(_, setting)| *setting == wanted);
    if name.starts_with("options[") && name.ends_with(']') && takes("options") {
        return Ok("options");
    }
    if let Some((_, reason)) = SETTLED.iter().find(|(settled, _)| *settled == name) {
        return Err(format!("it has the parameter `{name}`: {reason}, leave it out"));
    }
    let mut settings: Vec<_> = known.iter().map(|(_, setting)| format!("`{setting}`")).collect();
    settings.dedup();
    Err(format!("its parameter `{name}` is unknown, it takes {}", settings.join(", ")))
}

fn value<'a>(given: &'a [Given], setting: &str) -> Option<&'a str> {
    given.iter().find(|(name, _)| *name == setting).map(|(_, value)| value.as_str())
}

fn has_stray_percent(text: &str) -> bool {
    let is_hex = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_hexdigit);
    text.split('%').skip(1).any(|rest| !is_hex(rest.as_bytes().first()) || !is_hex(rest.as_bytes().get(1)))
}

fn one_host(host: &str) -> Result<(), String> {
    if host.contains(',') { Err("it names several hosts, where one is taken".to_owned()) } else { Ok(()) }
}

/// Without `verifies` nobody looks at an authority's certificate, and one half of a client's own is not sent.
fn certificates(given: &[Given], names: [&str; 3], verifies: bool, verify: &str) -> Result<(), String> {
    let [authority, certificate, key] = names;
    let has = |name| value(given, name).is_some();
    if has(authority) && !verifies {
        return Err(format!("its `{authority}` checks nothing without {verify}"));
    }
    if has(certificate) != has(key) {
        return Err(format!("`{certificate}` and `{key}` belong together, and one of them is missing"));
    }
    Ok(())
}

/// Checks what psql's `options` set, as in `-c search_path=graph`, in the URL and in PGOPTIONS.
fn session_options(options: &str) -> Result<(), String> {
    let mut words = options.split_whitespace();
    while let Some(word) = words.next() {
        let setting = match word.strip_prefix("--").or_else(|| word.strip_prefix("-c")) {
            Some("") => words.next().unwrap_or_default(),
            Some(setting) => setting,
            None => word,
        };
        let name = setting.split_once('=').map_or(setting, |(name, _)| name);
        if !OPTIONS.contains(&name.replace('-', "_").to_ascii_lowercase().as_str()) {
            let known = OPTIONS.map(|name| format!("`{name}`")).join(", ");
            return Err(format!("`options` (or PGOPTIONS) sets `{name}`, where it may set {known}"));
        }
    }
    Ok(())
}

/// Drivers put what they cannot read into their messages, but no password: it is a text of any kind.
fn unreadable(error: &sea_orm::sqlx::Error) -> String {
    match error {
        sea_orm::sqlx::Error::Configuration(cause) => cause.to_string(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests;
