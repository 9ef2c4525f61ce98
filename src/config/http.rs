//! Settings of HTTP: how requests are answered, and what their senders may take of the server.

use std::{net::SocketAddr, str::FromStr, time::Duration};

use axum::http::{HeaderValue, Uri};
use clap::{Args, ValueEnum};

/// How requests are answered, and what their senders may take of the server.
#[derive(Args, Clone, Debug)]
pub struct Http {
    /// The largest request body that is read, in bytes.
    #[arg(long, env, global = true, value_name = "BYTES", default_value_t = 1024 * 1024)]
    pub max_body_bytes: usize,

    /// Which status codes answers of the type application/graphql-response+json have.
    #[arg(long, env, global = true, value_name = "WHICH", default_value = "draft")]
    pub status_codes: StatusCodes,

    /// The origins whose pages may send requests, as in `https://app.example`, separated by commas; `*`
    /// admits all of them, without credentials.
    #[arg(long, env, global = true, value_name = "ORIGINS", value_delimiter = ',')]
    pub cors_origins: Vec<Origin>,

    /// Whether clients may ask for the schema, by introspection and as text; on by default where the
    /// server listens on a loopback address.
    #[arg(long, env, global = true, value_name = "SWITCH")]
    pub introspection: Option<Switch>,

    /// Whether there is a page to try queries on; on by default where the server listens on a loopback
    /// address.
    #[arg(long, env, global = true, value_name = "SWITCH")]
    pub graphiql: Option<Switch>,

    /// The most connections that are open at once; further ones wait.
    #[arg(long, env, global = true, value_name = "NUMBER", default_value_t = 10_000)]
    pub max_connections: usize,

    /// How long a connection may wait for its next request, and a request for the last of its headers,
    /// in seconds.
    #[arg(long, env, global = true, value_name = "SECONDS", default_value_t = 30)]
    pub header_seconds: u64,

    /// How long a request may take to send its body, in seconds.
    #[arg(long, env, global = true, value_name = "SECONDS", default_value_t = 30)]
    pub body_seconds: u64,

    /// How long new connections are accepted after the signal to stop, while `/readyz` says that the
    /// server is going, in seconds.
    #[arg(long, env, global = true, value_name = "SECONDS", default_value_t = 0)]
    pub leave_seconds: u64,

    /// How long requests in flight may go on after that, in seconds.
    #[arg(long, env, global = true, value_name = "SECONDS", default_value_t = 30)]
    pub stop_seconds: u64,
}

impl Http {
    /// The same, with what depends on who can reach the server settled: nobody learns the schema from
    /// outside of this machine unless that is switched on.
    pub fn listening_on(mut self, address: SocketAddr) -> Self {
        let switch = if address.ip().is_loopback() { Switch::On } else { Switch::Off };
        self.introspection.get_or_insert(switch);
        self.graphiql.get_or_insert(switch);
        self
    }

    /// Whether clients may ask for the schema.
    pub fn shows_schema(&self) -> bool {
        self.introspection == Some(Switch::On)
    }

    /// Whether there is a page to try queries on.
    pub fn shows_graphiql(&self) -> bool {
        self.graphiql == Some(Switch::On)
    }

    /// [`Http::header_seconds`] as a duration.
    pub fn header_time(&self) -> Duration {
        Duration::from_secs(self.header_seconds)
    }

    /// [`Http::body_seconds`] as a duration.
    pub fn body_time(&self) -> Duration {
        Duration::from_secs(self.body_seconds)
    }

    /// [`Http::leave_seconds`] as a duration.
    pub fn leave_time(&self) -> Duration {
        Duration::from_secs(self.leave_seconds)
    }

    /// [`Http::stop_seconds`] as a duration.
    pub fn stop_time(&self) -> Duration {
        Duration::from_secs(self.stop_seconds)
    }
}

/// On or off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Switch {
    On,
    Off,
}

/// Which status codes answers of the type `application/graphql-response+json` have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum StatusCodes {
    /// Those of the drafts: 200 for whatever was executed, 400 for every faulty request.
    Draft,
    /// Those of the first edition: 294 where data comes with errors, 422 for requests whose syntax is right.
    Edition,
}

/// Where a page comes from, as browsers write it in `Origin`; or `*`, for anywhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin(HeaderValue);

impl Origin {
    /// Whether it stands for all of them.
    pub fn is_any(&self) -> bool {
        self.0 == "*"
    }

    /// As it stands in `Origin`.
    pub fn header(&self) -> &HeaderValue {
        &self.0
    }
}

/// Why a text is no origin.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` is no origin, which is written as in `https://app.example` or `http://localhost:3000`")]
pub struct OriginError(String);

impl FromStr for Origin {
    type Err = OriginError;

    fn from_str(text: &str) -> Result<Self, OriginError> {
        let text = text.trim();
        // Browsers write no path, no trailing slash and no capitals, and comparing is by characters.
        let is_origin = text.parse::<Uri>().is_ok_and(|uri| {
            let parts = uri.scheme_str().zip(uri.authority());
            parts.is_some_and(|(scheme, authority)| text == format!("{scheme}://{authority}"))
        });
        let is_lower = !text.contains(char::is_uppercase);
        match HeaderValue::from_str(text) {
            Ok(header) if text == "*" || (is_origin && is_lower) => Ok(Origin(header)),
            _ => Err(OriginError(text.to_owned())),
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::config::Config;

    #[test]
    fn an_origin_is_a_scheme_and_a_host_as_browsers_write_them() {
        for origin in ["https://app.example", "http://localhost:3000", "http://[::1]:8080", "*"] {
            assert!(origin.parse::<Origin>().is_ok(), "{origin}");
        }
        for text in
            ["", "app.example", "https://", "https://app.example/", "https://App.example", "https://a b"]
        {
            assert!(text.parse::<Origin>().is_err(), "{text}");
        }
    }

    #[test]
    fn what_shows_the_schema_is_off_where_others_can_reach_the_server_unless_it_is_switched_on() {
        let shown = |address: &str, switch| {
            let mut http = Config::parse_from(["customer-graph"]).http;
            (http.introspection, http.graphiql) = (switch, switch);
            let http = http.listening_on(SocketAddr::new(address.parse().unwrap(), 80));
            (http.shows_schema(), http.shows_graphiql())
        };
        for (address, switch, expected) in [
            ("127.0.0.1", None, true),
            ("::1", None, true),
            ("0.0.0.0", None, false),
            ("192.0.2.1", None, false),
            ("0.0.0.0", Some(Switch::On), true),
            ("127.0.0.1", Some(Switch::Off), false),
        ] {
            assert_eq!(shown(address, switch), (expected, expected), "{address} {switch:?}");
        }
    }
}
