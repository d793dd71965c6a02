//! Databases that workflows may ask, by name. Their addresses and credentials are the operator's and are never shown.

use super::{Environment, environment::environment_name};
use crate::error::Error;
use sqlx::{postgres::PgConnectOptions, sqlite::SqliteConnectOptions};
use std::{collections::BTreeMap, fmt, str::FromStr};

/// How variables begin that hold a database's address.
const PREFIX: &str = "PHLOEM_DATABASE_NAME_";

/// A database that workflows may ask.
#[derive(Clone)]
pub enum Database {
    /// A file.
    Sqlite(Box<SqliteConnectOptions>),
    /// A server.
    Postgres(Box<PgConnectOptions>),
}

/// Databases by name, in capitals.
#[derive(Clone, Default)]
pub struct Databases(BTreeMap<String, Database>);

impl Database {
    /// `sqlite` or `postgres`.
    pub fn kind(&self) -> &'static str {
        match self {
            Database::Sqlite(_) => "sqlite",
            Database::Postgres(_) => "postgres",
        }
    }

    fn read(variable: &str, address: &str) -> Result<Database, Error> {
        // What is wrong with it is not repeated: it may stand beside a password.
        let wrong = || {
            Error::Setting(format!(
                "{variable} is no database's address; write sqlite:/path/to/file.db or postgres://user:password@host/database"
            ))
        };
        if address.starts_with("sqlite:") {
            let options = SqliteConnectOptions::from_str(address).map_err(|_| wrong())?;
            return Ok(Database::Sqlite(Box::new(options)));
        }
        if address.starts_with("postgres://") || address.starts_with("postgresql://") {
            let options = PgConnectOptions::from_str(address).map_err(|_| wrong())?;
            return Ok(Database::Postgres(Box::new(options)));
        }
        Err(wrong())
    }
}

impl Databases {
    pub(super) fn read(environment: &Environment) -> Result<Databases, Error> {
        let named = environment.named(PREFIX)?;
        let read = |(name, address): (String, String)| {
            let database = Database::read(&format!("{PREFIX}{name}"), &address)?;
            Ok((environment_name(&name), database))
        };
        named.into_iter().map(read).collect::<Result<_, Error>>().map(Databases)
    }

    /// A database; its name may be written in any case, with `-` for `_`.
    pub fn get(&self, name: &str) -> Option<&Database> {
        self.0.get(&environment_name(name))
    }

    /// The names as workflows write them, with their databases.
    pub fn iter(&self) -> impl Iterator<Item = (String, &Database)> {
        self.0.iter().map(|(name, database)| (name.to_lowercase(), database))
    }
}

/// The variable that holds a database's address.
pub fn database_variable(name: &str) -> String {
    format!("{PREFIX}{}", environment_name(name))
}

impl fmt::Debug for Databases {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_set().entries(self.0.keys()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::Databases;
    use crate::config::Environment;

    fn read(name: &str, address: &str) -> Result<Databases, String> {
        let environment: Environment =
            [(name.to_owned(), address.to_owned())].into_iter().collect();
        Databases::read(&environment).map_err(|error| error.to_string())
    }

    #[test]
    fn a_database_is_found_by_any_spelling_of_its_name_and_never_shown() {
        let databases =
            read("PHLOEM_DATABASE_NAME_ON_CALL", "postgres://reader:s3cret@db.example/people")
                .unwrap();
        assert_eq!(databases.get("on-call").map(super::Database::kind), Some("postgres"));
        assert!(databases.get("other").is_none());
        assert_eq!(databases.iter().map(|(name, _)| name).collect::<Vec<_>>(), ["on_call"]);
        assert!(!format!("{databases:?}").contains("s3cret"));
    }

    #[test]
    fn a_wrong_address_is_refused_without_being_repeated() {
        for address in ["mysql://user:s3cret@host/db", "s3cret", "postgres://u:s3cret@host:port/db"]
        {
            let refusal = read("PHLOEM_DATABASE_NAME_X", address).unwrap_err();
            assert!(
                refusal.contains("PHLOEM_DATABASE_NAME_X") && !refusal.contains("s3cret"),
                "{refusal}"
            );
        }
    }
}
