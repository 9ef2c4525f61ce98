//! Settings of hosts: the names under which the server answers, and the hosts that requests name.

use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    str::FromStr,
};

/// A host as a request names it: a name or an address, and the port if there is one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Host {
    name: HostName,
    port: Option<u16>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum HostName {
    Address(IpAddr),
    /// In lower case and without the dot at its end.
    Name(String),
}

/// Why a text is no host.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` is no host, which is written as in `api.example`, `api.example:8443` or `[::1]:8000`")]
pub struct HostError(String);

impl FromStr for Host {
    type Err = HostError;

    /// <https://www.rfc-editor.org/rfc/rfc9110#section-7.2>
    fn from_str(text: &str) -> Result<Self, HostError> {
        parse(text).ok_or_else(|| HostError(text.to_owned()))
    }
}

fn parse(text: &str) -> Option<Host> {
    let (name, rest) = match text.strip_prefix('[') {
        Some(text) => {
            let (address, rest) = text.split_once(']')?;
            (HostName::Address(address.parse::<Ipv6Addr>().ok()?.into()), rest)
        }
        None => {
            let end = text.find(':').unwrap_or(text.len());
            (HostName::parse(&text[..end])?, &text[end..])
        }
    };
    let port = match rest.strip_prefix(':') {
        Some("") => None,
        Some(digits) if digits.bytes().all(|digit| digit.is_ascii_digit()) => Some(digits.parse().ok()?),
        Some(_) => return None,
        None if rest.is_empty() => None,
        None => return None,
    };
    Some(Host { name, port })
}

impl HostName {
    fn parse(text: &str) -> Option<Self> {
        if let Ok(address) = text.parse::<Ipv4Addr>() {
            return Some(HostName::Address(address.into()));
        }
        let name = text.strip_suffix('.').unwrap_or(text);
        let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        let is_name = name.split('.').all(|label| !label.is_empty() && label.bytes().all(is_letter));
        (is_name && name.len() <= 253).then(|| HostName::Name(name.to_ascii_lowercase()))
    }
}

impl Host {
    /// Whether it names the machine that the request is sent from. A name of somebody else cannot, even if it is
    /// resolved to an address of this machine.
    fn is_this_machine(&self) -> bool {
        match &self.name {
            HostName::Address(address) => address.to_canonical().is_loopback(),
            HostName::Name(name) => name == "localhost" || name.ends_with(".localhost"),
        }
    }
}

impl fmt::Display for Host {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.name {
            HostName::Address(IpAddr::V6(address)) => write!(formatter, "[{address}]")?,
            HostName::Address(address) => write!(formatter, "{address}")?,
            HostName::Name(name) => formatter.write_str(name)?,
        }
        self.port.map_or(Ok(()), |port| write!(formatter, ":{port}"))
    }
}

/// The hosts that requests may name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hosts {
    listed: Vec<Pattern>,
    /// Whether those that are this machine are admitted, too, and no others.
    is_local: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Pattern {
    Any,
    Exactly(Host),
    /// What ends in this, which begins with a dot; with this port if there is one.
    Below(String, Option<u16>),
}

impl FromStr for Hosts {
    type Err = HostError;

    fn from_str(list: &str) -> Result<Self, HostError> {
        let texts = list.split(',').map(str::trim).filter(|text| !text.is_empty());
        let listed = texts.map(str::parse).collect::<Result<_, _>>()?;
        Ok(Hosts { listed, is_local: false })
    }
}

impl FromStr for Pattern {
    type Err = HostError;

    fn from_str(text: &str) -> Result<Self, HostError> {
        if text == "*" {
            return Ok(Pattern::Any);
        }
        let Some(domain) = text.strip_prefix("*.") else { return text.parse().map(Pattern::Exactly) };
        match parse(domain) {
            Some(Host { name: HostName::Name(name), port }) => Ok(Pattern::Below(format!(".{name}"), port)),
            _ => Err(HostError(text.to_owned())),
        }
    }
}

impl Pattern {
    fn admits(&self, host: &Host) -> bool {
        let has_port = |port: &Option<u16>| port.is_none() || *port == host.port;
        match (self, &host.name) {
            (Pattern::Any, _) => true,
            (Pattern::Exactly(Host { name, port }), _) => *name == host.name && has_port(port),
            (Pattern::Below(domain, port), HostName::Name(name)) => name.ends_with(domain) && has_port(port),
            (Pattern::Below(..), HostName::Address(_)) => false,
        }
    }
}

impl Hosts {
    /// The same for a server that only this machine can reach: its own names are admitted, and besides those only
    /// what is listed.
    pub fn of_this_machine(self) -> Self {
        Hosts { is_local: true, ..self }
    }

    /// Whether requests may name this host. Where nothing is listed and others can reach the server, they may
    /// name any.
    pub fn admit(&self, host: &Host) -> bool {
        let admits_any = self.listed.is_empty() && !self.is_local;
        admits_any
            || (self.is_local && host.is_this_machine())
            || self.listed.iter().any(|pattern| pattern.admits(host))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn admits(hosts: &Hosts, host: &str) -> bool {
        hosts.admit(&host.parse().unwrap())
    }

    #[test]
    fn what_names_this_machine_is_admitted_there_and_nothing_else() {
        let hosts = Hosts::default().of_this_machine();
        for host in [
            "localhost",
            "localhost:8000",
            "LocalHost:",
            "localhost.",
            "app.localhost:3000",
            "127.0.0.1",
            "127.255.0.9:1",
            "[::1]:8000",
            "[0:0:0:0:0:0:0:1]",
            "[::ffff:127.0.0.1]",
            "[::ffff:7f00:1]:80",
        ] {
            assert!(admits(&hosts, host), "{host}");
        }
        for host in [
            "evil.example",
            "localhost.evil.example",
            "evillocalhost",
            "127.0.0.1.evil.example",
            "192.0.2.1",
            "0.0.0.0",
            "[::]",
            "[2001:db8::1]",
            "2130706433",
            "0x7f.1",
            "127.1",
            "0177.0.0.1",
        ] {
            assert!(!admits(&hosts, host), "{host}");
        }
    }

    #[test]
    fn what_is_listed_is_admitted_and_elsewhere_nothing_else() {
        let hosts: Hosts = "api.example, API.two.example:8443,*.three.example, 192.0.2.1,".parse().unwrap();
        for host in [
            "api.example",
            "Api.Example.:1",
            "api.two.example:8443",
            "a.three.example",
            "a.b.three.example:2",
            "192.0.2.1:80",
        ] {
            assert!(admits(&hosts, host), "{host}");
            assert!(admits(&hosts.clone().of_this_machine(), host), "{host}");
        }
        for host in
            ["api.two.example", "api.two.example:1", "three.example", "evilthree.example", "localhost"]
        {
            assert!(!admits(&hosts, host), "{host}");
        }
        assert!(admits(&hosts.of_this_machine(), "localhost"));
        for every in ["", ",", "*"] {
            assert!(admits(&every.parse().unwrap(), "evil.example"), "{every}");
        }
        assert!(admits(&"*".parse::<Hosts>().unwrap().of_this_machine(), "evil.example"));
    }

    #[test]
    fn what_is_no_host_is_refused() {
        for text in [
            "",
            ":",
            ":80",
            "a b",
            "a@b",
            "user:secret@localhost",
            "a/b",
            "a?b",
            "a:b",
            "a:65536",
            "a:1:2",
            "::1",
            "[::1",
            "[::1]x",
            "[fe80::1%25lo]",
            "[127.0.0.1]",
            "a..b",
            ".a",
            "a..",
            "é.example",
            "a,b",
            "*",
            "a%2e",
        ] {
            assert!(text.parse::<Host>().is_err(), "{text}");
        }
        for list in ["http://api.example", "api.example/", "*.192.0.2.1", "*.", "a*.example", "*.*.example"] {
            assert!(list.parse::<Hosts>().is_err(), "{list}");
        }
    }

    #[test]
    fn a_host_is_written_as_it_is_compared() {
        for (text, written) in
            [("LOCALHOST.:80", "localhost:80"), ("[0::1]:9", "[::1]:9"), ("127.0.0.1:", "127.0.0.1")]
        {
            assert_eq!(text.parse::<Host>().unwrap().to_string(), written);
        }
    }
}
