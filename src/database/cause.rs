//! What the matter is with a connection, in one sentence without the tails of drivers.

use std::io;

use sea_orm::sqlx;

/// Why a server could not be reached, or was lost.
pub fn cause(error: &sqlx::Error) -> String {
    match error {
        sqlx::Error::Database(refusal) => refusal.message().to_owned(),
        sqlx::Error::Io(error) => io_cause(error),
        sqlx::Error::Tls(error) => format!("no TLS with it: {error}"),
        sqlx::Error::PoolTimedOut => "no connection was to be had in time".to_owned(),
        other => other.to_string(),
    }
}

fn io_cause(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::ConnectionRefused => "connection refused, nothing listens there".to_owned(),
        io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe | io::ErrorKind::UnexpectedEof => {
            "the server closed the connection".to_owned()
        }
        io::ErrorKind::NotFound => "there is no such socket or file".to_owned(),
        _ if error.to_string().contains("lookup") => "the host is unknown".to_owned(),
        _ => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cause_is_a_sentence_of_ours() {
        let told = |kind: io::ErrorKind| cause(&sqlx::Error::Io(kind.into()));
        assert_eq!(told(io::ErrorKind::ConnectionRefused), "connection refused, nothing listens there");
        assert_eq!(told(io::ErrorKind::UnexpectedEof), "the server closed the connection");
        let lookup = io::Error::other("failed to lookup address information: Name or service not known");
        assert_eq!(cause(&sqlx::Error::Io(lookup)), "the host is unknown");
    }
}
