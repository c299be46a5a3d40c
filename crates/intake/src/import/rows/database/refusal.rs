//! Why a database did not give what it was asked for, in words. What the server writes is not passed on: it may quote values.

use std::time::Duration;

use crate::IntakeError;

/// Why not.
#[derive(Debug)]
pub(super) enum Refusal {
    Said(sqlx::Error),
    /// For so long.
    Silent(Duration),
    NoSchema(String),
}

impl From<sqlx::Error> for Refusal {
    fn from(error: sqlx::Error) -> Self {
        Self::Said(error)
    }
}

/// What is tried first.
pub(super) const CONNECT: &str = "connect to";

/// What it means that the connection's thread is gone.
pub(super) fn ended(place: &str) -> IntakeError {
    IntakeError::Database {
        action: "read from".to_owned(),
        place: place.to_owned(),
        reason: "the connection has ended".to_owned(),
        gone: true,
    }
}

pub(super) fn told(action: &str, place: &str, refusal: Refusal) -> IntakeError {
    let (reason, gone) = match refusal {
        Refusal::Silent(time) => (format!("it said nothing for {} seconds", time.as_secs()), true),
        Refusal::NoSchema(schema) => {
            (format!("it has no schema `{schema}`, or the user may not use it"), false)
        }
        Refusal::Said(error) => words(&error, action == CONNECT),
    };
    IntakeError::Database { action: action.to_owned(), place: place.to_owned(), reason, gone }
}

/// In words, and whether it is the server or the network that gave up, rather than the question being wrong.
fn words(error: &sqlx::Error, connecting: bool) -> (String, bool) {
    match error {
        sqlx::Error::Database(error) => {
            let code = error.code().unwrap_or_default().into_owned();
            let (reason, gone) = by_code(&code);
            (format!("{reason} (SQLSTATE {code})"), gone)
        }
        sqlx::Error::Io(error) => match error.kind() {
            std::io::ErrorKind::ConnectionRefused => {
                ("nothing listens there; is the server running, and the port right?".to_owned(), true)
            }
            std::io::ErrorKind::NotFound => ("there is no such socket".to_owned(), true),
            // The server's certificate is not what it should be.
            std::io::ErrorKind::InvalidData if connecting => {
                (format!("no encrypted connection: {error}; see `sslmode` and `sslrootcert`"), false)
            }
            _ if connecting => (format!("no connection: {error}"), true),
            _ => (format!("the connection broke: {error}; nothing was written, so begin again"), true),
        },
        sqlx::Error::Tls(error) => {
            (format!("no encrypted connection: {error}; see `sslmode` and `sslrootcert`"), false)
        }
        sqlx::Error::Configuration(_) => {
            ("a setting of the connection cannot be used (a certificate file, say)".to_owned(), false)
        }
        _ => (
            "its answer was not what PostgreSQL answers; nothing was written, so begin again".to_owned(),
            true,
        ),
    }
}

/// PostgreSQL's codes, appendix A of its manual.
fn by_code(code: &str) -> (&'static str, bool) {
    match code {
        "28P01" | "28000" => {
            ("user name or password refused; the password comes from PGPASSWORD or ~/.pgpass", false)
        }
        "3D000" => ("there is no such database", false),
        "42501" => ("the user may not read it; ask for GRANT SELECT (and USAGE on its schema)", false),
        "42P01" | "42703" => ("a table or column went away", false),
        "42883" | "42804" => (
            "a column has another type there than OMOP gives it: ids and concepts are whole numbers (integer, bigint)",
            false,
        ),
        "53300" => ("the server has too many connections", true),
        "55P03" => ("somebody held a lock on it for more than 60 seconds", true),
        "57P01" | "57P02" | "57P05" => {
            ("the server was stopped or ended the connection; nothing was written, so begin again", true)
        }
        "57P03" => ("the server is starting up or shutting down", true),
        "57014" => ("the server cancelled the statement; nothing was written, so begin again", true),
        "40001" => (
            "it is a standby that had to catch up (conflict with recovery); begin again, or raise max_standby_streaming_delay",
            true,
        ),
        _ if code.starts_with("53") => ("the server ran short of memory, disk or connections", true),
        _ if code.starts_with("58") || code.starts_with("XX") => {
            ("the server met damage or a fault of its own", true)
        }
        _ => ("the server refused", false),
    }
}
