//! The environment, read once: variables, what `…_FILE` names, and secrets.

use crate::error::Error;
use std::{collections::BTreeMap, fmt};

/// How variables begin that hold secrets of workflows.
const SECRET_PREFIX: &str = "PHLOEM_SECRET_";

/// The environment's variables, as read once.
#[derive(Clone, Default)]
pub struct Environment(BTreeMap<String, String>);

impl Environment {
    /// This process's environment, with what the command line says instead.
    pub fn of_process(
        overrides: impl IntoIterator<Item = (&'static str, Option<String>)>,
    ) -> Environment {
        let mut variables: BTreeMap<String, String> = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .collect();
        for (name, value) in overrides {
            if let Some(value) = value {
                variables.insert(name.to_owned(), value);
            }
        }
        Environment(variables)
    }

    /// A variable, or what its `…_FILE` names. Empty is as good as not set.
    ///
    /// # Errors
    /// The named file cannot be read.
    pub fn get(&self, name: &str) -> Result<Option<String>, Error> {
        if let Some(value) = self.0.get(name).filter(|value| !value.is_empty()) {
            return Ok(Some(value.clone()));
        }
        let Some(path) = self.0.get(&format!("{name}_FILE")).filter(|path| !path.is_empty()) else {
            return Ok(None);
        };
        let text = std::fs::read_to_string(path)
            .map_err(|source| Error::File { path: path.clone(), source })?;
        Ok(Some(text.trim_end_matches(['\r', '\n']).to_owned()))
    }

    pub(super) fn secrets(&self) -> Result<Secrets, Error> {
        Ok(self.named(SECRET_PREFIX)?.into_iter().collect())
    }

    /// All variables that begin alike, by what follows; also those whose value stands in a file.
    pub(super) fn named(&self, prefix: &str) -> Result<BTreeMap<String, String>, Error> {
        let mut named = BTreeMap::new();
        for name in self.0.keys().filter_map(|name| name.strip_prefix(prefix)) {
            let name = name.strip_suffix("_FILE").unwrap_or(name);
            if let Some(value) = self.get(&format!("{prefix}{name}"))? {
                named.insert(name.to_owned(), value);
            }
        }
        Ok(named)
    }
}

impl FromIterator<(String, String)> for Environment {
    fn from_iter<I: IntoIterator<Item = (String, String)>>(pairs: I) -> Environment {
        Environment(pairs.into_iter().collect())
    }
}

/// Values that workflows name but never hold.
#[derive(Clone, Default)]
pub struct Secrets(BTreeMap<String, String>);

impl Secrets {
    /// The value of a secret; its name may be written in any case, with `-` for `_`.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(&environment_name(name)).map(String::as_str)
    }
}

impl Secrets {
    /// A text with dots for every secret in it. Very short ones are left: they would take ordinary words away.
    pub fn hidden_in(&self, text: &str) -> String {
        const CHARACTERS_MIN: usize = 4;
        self.0
            .values()
            .filter(|secret| secret.chars().count() >= CHARACTERS_MIN)
            .fold(text.to_owned(), |text, secret| text.replace(secret.as_str(), "••••"))
    }
}

impl FromIterator<(String, String)> for Secrets {
    fn from_iter<I: IntoIterator<Item = (String, String)>>(pairs: I) -> Secrets {
        Secrets(pairs.into_iter().map(|(name, value)| (environment_name(&name), value)).collect())
    }
}

impl fmt::Debug for Secrets {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_set().entries(self.0.keys()).finish()
    }
}

/// The variable that holds a secret.
pub fn secret_variable(name: &str) -> String {
    format!("{SECRET_PREFIX}{}", environment_name(name))
}

pub(super) fn environment_name(name: &str) -> String {
    name.chars()
        .map(
            |character| {
                if character.is_ascii_alphanumeric() { character.to_ascii_uppercase() } else { '_' }
            },
        )
        .collect()
}
