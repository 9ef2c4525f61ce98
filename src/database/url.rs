//! Where a database is, and of which kind it is.

use std::fmt;

use sea_orm::DbBackend;

use super::{OpenError, parameters};

/// The address of a database. Written out it hides its password.
#[derive(Clone)]
pub struct Url {
    backend: DbBackend,
    text: String,
}

impl Url {
    /// Reads an address by its scheme. One of a server is checked to its last parameter.
    pub fn parse(text: &str) -> Result<Self, OpenError> {
        let backend = match text.split_once(':') {
            Some(("sqlite", _)) => DbBackend::Sqlite,
            Some(("postgres" | "postgresql", rest)) if rest.starts_with("//") => DbBackend::Postgres,
            Some(("mysql" | "mariadb", rest)) if rest.starts_with("//") => DbBackend::MySql,
            _ => {
                return Err(OpenError::Url(
                    "it must begin with `sqlite:`, `postgres://` or `mariadb://`, as in `sqlite:customer-graph.db`",
                ));
            }
        };
        let url = Url { backend, text: text.to_owned() };
        let checked = match backend {
            DbBackend::Postgres => parameters::postgres(&url.for_driver()).map(|_| ()),
            DbBackend::MySql => parameters::mariadb(&url.for_driver()).map(|_| ()),
            _ => Ok(()),
        };
        checked.map_err(OpenError::Address)?;
        Ok(url)
    }

    pub fn backend(&self) -> DbBackend {
        self.backend
    }

    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// With a scheme that the driver knows.
    pub fn for_driver(&self) -> String {
        match self.text.split_once(':') {
            Some(("mariadb", rest)) => format!("mysql:{rest}"),
            Some(("postgresql", rest)) => format!("postgres:{rest}"),
            _ => self.text.clone(),
        }
    }
}

impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&without_password(&self.text))
    }
}

/// An address as it may be shown, whether it can be read or not: what stands between the first colon after
/// the scheme and the last `@`, and every parameter of a password, is left out.
pub fn without_password(url: &str) -> String {
    let (address, parameters) = parted(url);
    let mut shown = address.to_owned();
    if let Some((scheme, rest)) = address.split_once("://")
        && let Some((user, host)) = rest.rsplit_once('@')
        && let Some((user, _)) = user.split_once(':')
    {
        shown = format!("{scheme}://{user}:***@{host}");
    }
    for (index, parameter) in parameters.split('&').filter(|parameter| !parameter.is_empty()).enumerate() {
        shown.push(if index == 0 { '?' } else { '&' });
        match parameter.split_once('=') {
            Some((name, _)) if is_secret(name) => shown.push_str(&format!("{name}=***")),
            _ => shown.push_str(parameter),
        }
    }
    shown
}

/// What stands before the parameters, and these. A `?` before the only `@` is one of the password, which should have
/// been escaped.
fn parted(url: &str) -> (&str, &str) {
    let start = url.split_once('?').filter(|(address, _)| !address.contains('@'));
    match start.and_then(|_| url.rsplit_once('@')).filter(|_| url.contains("://")) {
        Some((secret, host)) => {
            let end = host.find('?').map_or(url.len(), |at| secret.len() + 1 + at);
            (&url[..end], url.get(end + 1..).unwrap_or_default())
        }
        None => url.split_once('?').unwrap_or((url, "")),
    }
}

/// Whether a parameter of that name, which may be written with escapes, is a password.
fn is_secret(name: &str) -> bool {
    let mut pairs = form_urlencoded::parse(name.as_bytes());
    let name = pairs.next().map_or_else(String::new, |(name, _)| name.to_ascii_lowercase());
    ["password", "passwd", "pwd", "secret"].iter().any(|secret| name.contains(secret))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_password_is_shown() {
        for (url, shown) in [
            ("postgres://ada:s3cret@db:5432/graph", "postgres://ada:***@db:5432/graph"),
            (
                "mariadb://ada:s3:cr@et@db/graph?ssl-mode=required",
                "mariadb://ada:***@db/graph?ssl-mode=required",
            ),
            ("postgres://db/graph?user=ada&password=s3cret", "postgres://db/graph?user=ada&password=***"),
            (
                "postgres://db/graph?pass%77ord=s3cret&Password=s3cret",
                "postgres://db/graph?pass%77ord=***&Password=***",
            ),
            ("postgres://ada:s3?cr@et@db/graph?user=ada", "postgres://ada:***@db/graph?user=ada"),
            ("postgres://ada:s3#cr/et@db/graph", "postgres://ada:***@db/graph"),
            ("postgres://ada@db/graph", "postgres://ada@db/graph"),
            ("postgres://ada@db/graph?user=a@b", "postgres://ada@db/graph?user=a@b"),
            ("sqlite:customer-graph.db", "sqlite:customer-graph.db"),
        ] {
            assert_eq!(without_password(url), shown);
        }
    }
}
