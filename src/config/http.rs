//! Settings of HTTP: how requests are answered, and what their senders may take of the server.

use std::{net::SocketAddr, str::FromStr, time::Duration};

use axum::http::{HeaderName, HeaderValue, Uri};
use clap::{Args, ValueEnum};

use super::{
    hosts::Hosts,
    named::{choice, text},
    range::{DAY, range},
};

/// How requests are answered, and what their senders may take of the server.
#[derive(Args, Clone, Debug)]
pub struct Http {
    /// The largest request body that is read, in bytes; all bodies that are being read may take 256 times
    /// as many.
    #[arg(long, env, global = true, value_name = "BYTES", default_value_t = 1024 * 1024,
          value_parser = range(1, 1024 * 1024 * 1024).of::<usize>())]
    pub max_body_bytes: usize,

    /// Which status codes answers of the type application/graphql-response+json have.
    #[arg(long, env, global = true, value_name = "WHICH", default_value = "draft",
          value_parser = choice::<StatusCodes>())]
    pub status_codes: StatusCodes,

    /// The origins whose pages may send requests, as in `https://app.example`, separated by commas; `*`
    /// admits all of them, without credentials.
    #[arg(long, env, global = true, value_name = "ORIGINS", default_value = "", hide_default_value = true,
          value_parser = text::<Origins>())]
    pub cors_origins: Origins,

    /// The headers that pages of these origins may send besides those that GraphQL clients, tracing and
    /// error reporting are known to send, separated by commas.
    #[arg(long, env, global = true, value_name = "HEADERS", default_value = "", hide_default_value = true,
          value_parser = text::<HeaderNames>())]
    pub cors_headers: HeaderNames,

    /// The hosts that requests may name, as in `api.example`, `api.example:8443` or `*.example.com`, separated
    /// by commas, `*` being every host. A server on a loopback address also answers for the names of this
    /// machine and, unless it is told to, for no others; elsewhere any host may be named by default.
    #[arg(long, env, global = true, value_name = "HOSTS", default_value = "", hide_default_value = true,
          value_parser = text::<Hosts>())]
    pub hosts: Hosts,

    /// Whether clients may ask for the schema, by introspection and as text; on by default where the
    /// server listens on a loopback address.
    #[arg(long, env, global = true, value_name = "SWITCH", value_parser = choice::<Switch>())]
    pub introspection: Option<Switch>,

    /// Whether there is a page to try queries on; on by default where the server listens on a loopback
    /// address.
    #[arg(long, env, global = true, value_name = "SWITCH", value_parser = choice::<Switch>())]
    pub graphiql: Option<Switch>,

    /// The most connections that are open at once; further ones have the longest idle one closed, or wait.
    #[arg(long, env, global = true, value_name = "NUMBER", default_value_t = 10_000,
          value_parser = range(1, 1_000_000).of::<u32>())]
    pub max_connections: u32,

    /// How long a connection may wait for its next request, and a request for the last of its headers,
    /// in seconds.
    #[arg(long, env, global = true, value_name = "SECONDS", default_value_t = 30,
          value_parser = range(1, DAY).of::<u32>())]
    pub header_seconds: u32,

    /// How long a request may take to send its body, and a client to take any more of an answer, in
    /// seconds; a whole answer may take as much longer as its size allows by the minimum rate.
    #[arg(long, env, global = true, value_name = "SECONDS", default_value_t = 30,
          value_parser = range(1, DAY).of::<u32>())]
    pub body_seconds: u32,

    /// How fast a client has to take an answer at least, in bytes a second.
    #[arg(long, env, global = true, value_name = "BYTES", default_value_t = 32 * 1024,
          value_parser = range(1, 1024 * 1024 * 1024).of::<u32>())]
    pub min_send_rate: u32,

    /// How long new connections are accepted after the signal to stop, while `/readyz` says that the
    /// server is going, in seconds.
    #[arg(long, env, global = true, value_name = "SECONDS", default_value_t = 0,
          value_parser = range(0, DAY).of::<u32>())]
    pub leave_seconds: u32,

    /// How long requests in flight may go on after that, in seconds.
    #[arg(long, env, global = true, value_name = "SECONDS", default_value_t = 30,
          value_parser = range(0, DAY).of::<u32>())]
    pub stop_seconds: u32,
}

impl Http {
    /// The same, with what depends on who can reach the server settled: nobody learns the schema from
    /// outside of this machine unless that is switched on, and on this machine no page gets in under a name
    /// of its own.
    pub fn listening_on(mut self, address: SocketAddr) -> Self {
        let is_local = address.ip().to_canonical().is_loopback();
        let switch = if is_local { Switch::On } else { Switch::Off };
        if is_local {
            self.hosts = self.hosts.of_this_machine();
        }
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
        Duration::from_secs(self.header_seconds.into())
    }

    /// [`Http::body_seconds`] as a duration.
    pub fn body_time(&self) -> Duration {
        Duration::from_secs(self.body_seconds.into())
    }

    /// [`Http::leave_seconds`] as a duration.
    pub fn leave_time(&self) -> Duration {
        Duration::from_secs(self.leave_seconds.into())
    }

    /// [`Http::stop_seconds`] as a duration.
    pub fn stop_time(&self) -> Duration {
        Duration::from_secs(self.stop_seconds.into())
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

/// Where pages come from that may send requests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origins {
    /// From anywhere.
    Any,
    /// From here, as browsers write it in `Origin`; if there is none, from this server alone.
    These(Vec<HeaderValue>),
}

/// Why a text is no origin.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` is no origin, which is written as in `https://app.example` or `http://localhost:3000`")]
pub struct OriginError(String);

impl FromStr for Origins {
    type Err = OriginError;

    fn from_str(list: &str) -> Result<Self, OriginError> {
        if list.trim() == "*" {
            return Ok(Origins::Any);
        }
        let texts = list.split(',').map(str::trim).filter(|text| !text.is_empty());
        texts.map(origin).collect::<Result<_, _>>().map(Origins::These)
    }
}

fn origin(text: &str) -> Result<HeaderValue, OriginError> {
    // Browsers write no path, no trailing slash and no capitals, and comparing is by characters.
    let is_origin = text.parse::<Uri>().is_ok_and(|uri| {
        let parts = uri.scheme_str().zip(uri.authority());
        parts.is_some_and(|(scheme, authority)| text == format!("{scheme}://{authority}"))
    });
    let header = HeaderValue::from_str(text).ok().filter(|_| is_origin && !text.contains(char::is_uppercase));
    header.ok_or_else(|| OriginError(text.to_owned()))
}

/// Names of headers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeaderNames(pub Vec<HeaderName>);

/// Why a text is no name of a header.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` is no name of a header, which is written as in `x-tenant`")]
pub struct HeaderNameError(String);

impl FromStr for HeaderNames {
    type Err = HeaderNameError;

    fn from_str(list: &str) -> Result<Self, HeaderNameError> {
        let texts = list.split(',').map(str::trim).filter(|text| !text.is_empty());
        // To a browser that sends credentials `*` is a header of that name.
        let name = |text: &str| {
            let name = text.parse().ok().filter(|_| text != "*");
            name.ok_or_else(|| HeaderNameError(text.to_owned()))
        };
        texts.map(name).collect::<Result<_, _>>().map(HeaderNames)
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::config::Config;

    #[test]
    fn an_origin_is_a_scheme_and_a_host_as_browsers_write_them() {
        for (list, count) in
            [("", 0), (",", 0), ("https://app.example", 1), (" http://localhost:3000, http://[::1]:8080,", 2)]
        {
            let origins = list.parse::<Origins>().unwrap();
            assert!(matches!(origins, Origins::These(these) if these.len() == count), "{list}");
        }
        assert_eq!("*".parse::<Origins>().unwrap(), Origins::Any);
        for list in ["app.example", "https://", "https://app.example/", "https://App.example", "http://a,*"] {
            assert!(list.parse::<Origins>().is_err(), "{list}");
        }
    }

    #[test]
    fn a_header_is_named_by_a_token() {
        for (list, count) in [("", 0), (",", 0), ("x-tenant", 1), (" X-Tenant, x-csrf-token,", 2)] {
            assert_eq!(list.parse::<HeaderNames>().unwrap().0.len(), count, "{list}");
        }
        for list in ["*", "x tenant", "x-tenant: 1", "x-tenant;y", "é"] {
            assert!(list.parse::<HeaderNames>().is_err(), "{list}");
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
