//! Where a database is, and of which kind it is.

use std::fmt;

use sea_orm::DbBackend;

use super::OpenError;

/// The address of a database. Written out it hides its password.
#[derive(Clone)]
pub struct Url {
    backend: DbBackend,
    text: String,
}

impl Url {
    /// Reads an address by its scheme.
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
        Ok(Url { backend, text: text.to_owned() })
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
/// the scheme and the last `@`, and the parameter `password`, is left out.
pub fn without_password(url: &str) -> String {
    let (address, parameters) = url.split_once('?').unwrap_or((url, ""));
    let mut shown = address.to_owned();
    if let Some((scheme, rest)) = address.split_once("://")
        && let Some((user, host)) = rest.rsplit_once('@')
        && let Some((user, _)) = user.split_once(':')
    {
        shown = format!("{scheme}://{user}:***@{host}");
    }
    for (index, parameter) in parameters.split('&').filter(|parameter| !parameter.is_empty()).enumerate() {
        shown.push(if index == 0 { '?' } else { '&' });
        shown.push_str(if parameter.starts_with("password=") { "password=***" } else { parameter });
    }
    shown
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
            ("postgres://ada@db/graph", "postgres://ada@db/graph"),
            ("sqlite:customer-graph.db", "sqlite:customer-graph.db"),
        ] {
            assert_eq!(without_password(url), shown);
        }
    }
}
