//! Settings that are texts of a form: where to listen, and what to log.

use tracing_subscriber::EnvFilter;

/// Checks a host and a port.
pub fn address(text: &str) -> Result<(), String> {
    if text.parse::<u16>().is_ok() {
        return Err(format!("it has no host, as in `127.0.0.1:{text}`"));
    }
    let Some((host, port)) = text.rsplit_once(':').filter(|(host, _)| !host.is_empty()) else {
        return Err("it must be HOST:PORT, as in `127.0.0.1:8000`".to_owned());
    };
    if host.contains('/') {
        return Err("it must be HOST:PORT without a scheme, as in `127.0.0.1:8000`".to_owned());
    }
    if port.parse::<u16>().is_err() {
        return Err("its port is no number from 0 to 65535, as in `127.0.0.1:8000`".to_owned());
    }
    let is_bracketed = host.starts_with('[') && host.ends_with(']');
    if host.contains(':') && !is_bracketed {
        return Err("an IPv6 address stands in brackets, as in `[::1]:8000`".to_owned());
    }
    Ok(())
}

/// The levels of the log, in words.
const LEVELS: [&str; 6] = ["off", "error", "warn", "info", "debug", "trace"];

/// Checks a filter of the log. `EnvFilter` takes a word that is no level for the name of a module, and then logs
/// nothing but what that one does.
pub fn filter(text: &str) -> Result<(), String> {
    for part in text.split(',').map(str::trim) {
        let is_level = LEVELS.iter().any(|level| level.eq_ignore_ascii_case(part));
        if part.contains(['=', '[']) || is_level {
            continue;
        }
        let levels = LEVELS.map(|level| format!("`{level}`")).join(", ");
        return Err(match part {
            "" => format!("there is an empty part in it, a level is {levels}"),
            _ => format!("`{part}` is no level, which are {levels}; of one module write `{part}=debug`"),
        });
    }
    EnvFilter::try_new(text).map(|_| ()).map_err(|error| format!("{error}, as in `warn,customer_graph=info`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_a_host_and_a_port() {
        for text in ["127.0.0.1:0", "localhost:8000", "[::1]:8000", "0.0.0.0:65535"] {
            assert_eq!(address(text), Ok(()), "{text}");
        }
        for (text, told) in [
            ("8001", "`127.0.0.1:8001`"),
            (":8001", "HOST:PORT"),
            ("localhost", "HOST:PORT"),
            ("", "HOST:PORT"),
            ("127.0.0.1:65536", "from 0 to 65535"),
            ("127.0.0.1:http", "from 0 to 65535"),
            ("::1:8000", "in brackets"),
            ("http://127.0.0.1:8000", "without a scheme"),
        ] {
            let reason = address(text).unwrap_err();
            assert!(reason.contains(told), "{text}: {reason}");
        }
    }

    #[test]
    fn a_filter_of_the_log_consists_of_levels_and_of_levels_of_modules() {
        for text in
            ["info", "OFF", "warn,customer_graph=info", "sqlx=off, debug", "info,[request{path=\"/\"}]=debug"]
        {
            assert_eq!(filter(text), Ok(()), "{text}");
        }
        for (text, told) in [
            ("inof", "`inof` is no level"),
            ("customer_graph", "`customer_graph=debug`"),
            ("info,", "empty part"),
            ("", "empty part"),
            ("/var/log/app", "is no level"),
            ("customer_graph=inof", "as in `warn,customer_graph=info`"),
            ("nonsense=nonsense", "as in"),
            ("3", "is no level"),
        ] {
            let reason = filter(text).unwrap_err();
            assert!(reason.contains(told), "{text}: {reason}");
        }
    }
}
