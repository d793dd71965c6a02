//! Who may do what: tokens of services, sessions of people, the account on Plivo-shaped paths.

use crate::{
    clock,
    error::Error,
    keys,
    store::{Store, sessions, tokens},
};
use engine::Time;
use std::fmt;
use uuid::Uuid;

/// How a token begins, so that people and scanners recognise one.
const TOKEN_PREFIX: &str = "phk_";
/// How long a session lasts.
const SESSION_MS: i64 = 30 * 24 * 3600 * 1000;
/// How long a sign-in link works.
const SIGN_IN_MS: i64 = 24 * 3600 * 1000;
/// A token's last use is noted at most this often: the note is a write to disk.
const TOUCH_EVERY_MS: i64 = 60 * 1000;

/// What a caller may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Start runs, and follow those runs on the Plivo-shaped paths.
    Run,
    /// Read everything but secrets.
    Read,
    /// Change workflows and numbers; read and run as well.
    Write,
    /// Everything, tokens too.
    Admin,
}

impl Scope {
    fn parse(word: &str) -> Option<Scope> {
        match word {
            "run" => Some(Scope::Run),
            "read" => Some(Scope::Read),
            "write" => Some(Scope::Write),
            "admin" => Some(Scope::Admin),
            _ => None,
        }
    }

    /// The word in tokens and messages.
    pub fn as_str(self) -> &'static str {
        match self {
            Scope::Run => "run",
            Scope::Read => "read",
            Scope::Write => "write",
            Scope::Admin => "admin",
        }
    }

    /// Whether who has this scope may do what needs that one.
    fn covers(self, needed: Scope) -> bool {
        match self {
            Scope::Admin => true,
            Scope::Write => needed != Scope::Admin,
            Scope::Read => needed == Scope::Read,
            Scope::Run => needed == Scope::Run,
        }
    }
}

/// One or several scopes, as `run` or `run,read`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scopes(Vec<Scope>);

impl Scopes {
    /// Reads one or several scopes, separated by commas or spaces.
    ///
    /// # Errors
    /// A word that is no scope, or no word at all.
    pub fn parse(text: &str) -> Result<Scopes, Error> {
        let words: Vec<&str> = text.split([',', ' ']).filter(|word| !word.is_empty()).collect();
        let scopes: Option<Vec<Scope>> = words.iter().map(|word| Scope::parse(word)).collect();
        match scopes {
            Some(scopes) if !scopes.is_empty() => Ok(Scopes(scopes)),
            _ => Err(Error::Invalid(format!(
                "`{text}` is no scope; use `run`, `read`, `write` or `admin`"
            ))),
        }
    }

    /// Whether one of them covers what is needed.
    pub fn cover(&self, needed: Scope) -> bool {
        self.0.iter().any(|scope| scope.covers(needed))
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words: Vec<&str> = self.0.iter().map(|scope| scope.as_str()).collect();
        formatter.write_str(&words.join(","))
    }
}

/// Somebody whose credentials were right.
#[derive(Clone, Debug)]
pub struct Caller {
    /// What they are called.
    pub name: String,
    /// Names them in idempotency keys; stays the same over sessions of one person and uses of one token.
    pub id: String,
    scopes: Scopes,
}

impl Caller {
    /// The account itself: starts and follows runs on the Plivo-shaped paths, no more.
    pub fn account(auth_id: &str) -> Caller {
        Caller {
            name: "the account".to_owned(),
            id: format!("account:{auth_id}"),
            scopes: Scopes(vec![Scope::Run]),
        }
    }

    /// Whether they may do what needs this scope.
    pub fn may(&self, needed: Scope) -> bool {
        self.scopes.cover(needed)
    }
}

/// A token that was just made; the only time its secret can be read.
#[derive(Debug)]
pub struct NewToken {
    /// What is kept of it.
    pub row: tokens::TokenRow,
    /// The token itself.
    pub secret: String,
}

/// Makes a token.
///
/// # Errors
/// The scope is none, the name is empty or too long, or the database failed.
pub async fn create_token(store: &Store, name: &str, scope: &str) -> Result<NewToken, Error> {
    let scopes = Scopes::parse(scope)?;
    let name = name.trim();
    if name.is_empty() || name.len() > 100 {
        return Err(Error::Invalid("a token needs a name of 1 to 100 characters".to_owned()));
    }
    let secret = format!("{TOKEN_PREFIX}{}", keys::random_key());
    let row = tokens::TokenRow {
        id: Uuid::now_v7().to_string(),
        name: name.to_owned(),
        scope: scopes.to_string(),
        digest: keys::digest(&secret),
        last_characters: secret[secret.len() - 4..].to_owned(),
        created_at: clock::now().0,
        last_used_at: None,
    };
    let mut tx = store.begin().await?;
    tokens::insert(&mut tx, &row).await?;
    tx.commit().await?;
    Ok(NewToken { row, secret })
}

/// Who sent this token; its id must fit, where one was sent along.
///
/// # Errors
/// The database failed.
pub async fn by_token(
    store: &Store,
    id: Option<&str>,
    secret: &str,
) -> Result<Option<Caller>, Error> {
    if !secret.starts_with(TOKEN_PREFIX) {
        return Ok(None);
    }
    let found = tokens::by_digest(&mut *store.reader().await?, &keys::digest(secret)).await?;
    let Some(row) = found.filter(|row| id.is_none_or(|id| keys::equal(id, &row.id))) else {
        return Ok(None);
    };
    let now = clock::now();
    if row.last_used_at.is_none_or(|last| now.0 - last >= TOUCH_EVERY_MS) {
        let mut tx = store.begin().await?;
        tokens::touch(&mut tx, &row.id, now).await?;
        tx.commit().await?;
    }
    Ok(Some(Caller {
        name: row.name,
        id: format!("token:{}", row.id),
        scopes: Scopes::parse(&row.scope)?,
    }))
}

/// Whose session this is.
///
/// # Errors
/// The database failed.
pub async fn by_session(store: &Store, key: &str) -> Result<Option<Caller>, Error> {
    let found =
        sessions::get(&mut *store.reader().await?, &keys::digest(key), clock::now()).await?;
    Ok(found.map(|row| Caller {
        id: format!("person:{}", row.name),
        name: row.name,
        scopes: Scopes(vec![Scope::Admin]),
    }))
}

/// Makes a one-time key for a sign-in link.
///
/// # Errors
/// The database failed.
pub async fn create_sign_in_key(store: &Store) -> Result<String, Error> {
    let key = keys::random_key();
    let mut tx = store.begin().await?;
    sessions::add_key(&mut tx, &keys::digest(&key), Time(clock::now().0 + SIGN_IN_MS)).await?;
    tx.commit().await?;
    Ok(key)
}

/// Uses a one-time key up and begins a session; gives the session's key, for the cookie.
///
/// # Errors
/// The database failed.
pub async fn sign_in(store: &Store, key: &str) -> Result<Option<String>, Error> {
    let now = clock::now();
    let mut tx = store.begin().await?;
    if !sessions::use_key(&mut tx, &keys::digest(key), now).await? {
        return Ok(None);
    }
    let session = keys::random_key();
    sessions::insert(&mut tx, &keys::digest(&session), "admin", now, Time(now.0 + SESSION_MS))
        .await?;
    tx.commit().await?;
    Ok(Some(session))
}

/// Ends a session.
///
/// # Errors
/// The database failed.
pub async fn sign_out(store: &Store, session: &str) -> Result<(), Error> {
    let mut tx = store.begin().await?;
    sessions::delete(&mut tx, &keys::digest(session)).await?;
    tx.commit().await?;
    Ok(())
}

/// How long a session lasts, in seconds.
pub fn session_s() -> i64 {
    SESSION_MS / 1000
}

#[cfg(test)]
mod tests {
    use super::{Scope, Scopes};

    #[test]
    fn a_scope_covers_what_it_says_and_no_more() {
        let all = [Scope::Run, Scope::Read, Scope::Write, Scope::Admin];
        let covered = |text: &str| -> Vec<bool> {
            all.iter().map(|needed| Scopes::parse(text).unwrap().cover(*needed)).collect()
        };
        assert_eq!(covered("run"), [true, false, false, false]);
        assert_eq!(covered("read"), [false, true, false, false]);
        assert_eq!(covered("run, read"), [true, true, false, false]);
        assert_eq!(covered("write"), [true, true, true, false]);
        assert_eq!(covered("admin"), [true, true, true, true]);
        assert!(Scopes::parse("root").is_err());
        assert!(Scopes::parse("").is_err());
    }
}
