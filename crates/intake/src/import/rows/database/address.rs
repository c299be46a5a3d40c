//! Where a database is.

use std::path::Path;
use std::str::FromStr;

use sqlx::postgres::PgConnectOptions;

use crate::IntakeError;

const BEGINNINGS: [&str; 2] = ["postgres://", "postgresql://"];
/// What may follow the question mark besides `schema`.
const SETTINGS: &[&str] = &[
    "sslmode",
    "sslrootcert",
    "sslcert",
    "sslkey",
    "host",
    "hostaddr",
    "port",
    "user",
    "dbname",
    "application_name",
];

/// Whether a source is the address of a database rather than a path.
pub(in crate::import) fn is_address(source: &Path) -> bool {
    source.to_str().is_some_and(|text| BEGINNINGS.iter().any(|beginning| text.starts_with(beginning)))
}

/// A database, and the schemas to look in.
pub(in crate::import) struct Address {
    pub(super) options: PgConnectOptions,
    /// In the order in which they are searched; none for those of the user's own path.
    pub(super) schemas: Vec<String>,
}

impl Address {
    /// Reads `postgres://user@host:port/database?schema=cdm,vocabulary&sslmode=verify-full`. What it does not say comes from
    /// the variables that PostgreSQL's own programs read (`PGHOST`, `PGPASSWORD` …) and from `~/.pgpass`.
    pub(in crate::import) fn parse(source: &Path) -> Result<Self, IntakeError> {
        let wrong = |reason: String| IntakeError::DatabaseAddress { reason };
        let text = source.to_str().unwrap_or_default();
        let (address, asked) = text.split_once('?').unwrap_or((text, ""));
        let authority =
            address.split_once("://").map_or("", |(_, rest)| rest.split('/').next().unwrap_or(""));
        let secret = || {
            wrong("it holds a password, which files and shells keep; leave it out and set PGPASSWORD or ~/.pgpass".to_owned())
        };
        if authority.rsplit_once('@').is_some_and(|(user, _)| user.contains(':')) {
            return Err(secret());
        }
        let (mut schemas, mut kept) = (Vec::new(), Vec::new());
        for setting in asked.split('&').filter(|setting| !setting.is_empty()) {
            let (name, value) = setting.split_once('=').unwrap_or((setting, ""));
            match name {
                "schema" => {
                    schemas
                        .extend(value.split(',').map(str::trim).filter(|s| !s.is_empty()).map(str::to_owned));
                    if schemas.is_empty() || value.contains('%') {
                        return Err(wrong(
                            "`schema` needs the names of schemas, such as `schema=cdm,vocabulary`".to_owned(),
                        ));
                    }
                }
                "password" => return Err(secret()),
                name if SETTINGS.contains(&name) => kept.push(setting),
                name => {
                    let near = crate::frame::nearest(name, SETTINGS.iter().copied().chain(["schema"]));
                    let near = near.map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
                    return Err(wrong(format!("there is no setting `{name}`{near}")));
                }
            }
        }
        let whole = format!("{address}?{}", kept.join("&"));
        let options = PgConnectOptions::from_str(&whole).map_err(|_| {
            wrong(
                "expected `postgres://user@host:port/database?schema=cdm`; a part of it cannot be read"
                    .to_owned(),
            )
        })?;
        Ok(Self { options: options.application_name("bedside"), schemas })
    }

    /// Host, port and database, without the user.
    pub(in crate::import) fn shown(&self) -> String {
        let options = &self.options;
        let host = options
            .get_socket()
            .map_or_else(|| options.get_host().to_owned(), |path| path.display().to_string());
        let database = options.get_database().unwrap_or_else(|| options.get_username());
        let schemas =
            if self.schemas.is_empty() { String::new() } else { format!(" ({})", self.schemas.join(", ")) };
        format!("PostgreSQL {host}:{}/{database}{schemas}", options.get_port())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Address, String> {
        Address::parse(Path::new(text)).map_err(|error| error.to_string())
    }

    #[test]
    fn an_address_says_where_and_which_schemas() {
        let found = read("postgres://reader@db.example:5433/omop?schema=cdm,vocab&sslmode=require").unwrap();
        assert_eq!(found.schemas, ["cdm", "vocab"]);
        assert_eq!(found.shown(), "PostgreSQL db.example:5433/omop (cdm, vocab)");
        assert!(is_address(Path::new("postgresql://h/d")) && !is_address(Path::new("postgres/omop")));
    }

    #[test]
    fn what_it_cannot_mean_is_told_without_a_secret() {
        let wrong = [
            ("postgres://u:hunter2@h/d", "PGPASSWORD"),
            ("postgres://h/d?password=hunter2", "PGPASSWORD"),
            ("postgres://h/d?shema=cdm", "did you mean `schema`"),
            ("postgres://h/d?schema=", "names of schemas"),
            ("postgres://h:many/d", "cannot be read"),
            ("postgres://h/d?sslmode=sometimes", "cannot be read"),
        ];
        for (address, reason) in wrong {
            let told = read(address).err().unwrap_or_default();
            assert!(told.contains(reason) && !told.contains("hunter2"), "{address}: {told}");
        }
    }
}
