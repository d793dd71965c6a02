//! The signed-in person, and the tokens of services.

use serde::{Deserialize, Serialize};

/// Who is asking, and what kind of server this is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Session {
    /// What the person or token is called.
    pub name: String,
    /// `sandbox` or `live`.
    pub mode: String,
    /// The number that calls and texts come from where a workflow names none.
    pub from_number: String,
    /// The address under which the outside reaches this server.
    pub public_url: String,
}

/// A service's token, without its secret.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Token {
    /// Its id; also the user name in Basic auth.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// What it may do: `run`, `read`, `write` or `admin`.
    pub scope: String,
    /// Its last characters, to tell it from others.
    pub last_characters: String,
    /// RFC 3339.
    pub created_at: String,
    /// RFC 3339.
    pub last_used_at: Option<String>,
}

/// Answer to the list of tokens.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TokenList {
    /// Newest first.
    pub tokens: Vec<Token>,
}

/// A token to make.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewToken {
    /// What people call it.
    pub name: String,
    /// `run`, `read`, `write` or `admin`.
    pub scope: String,
}

/// A token that was just made; the secret is shown this once.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CreatedToken {
    /// What is kept of it.
    #[serde(flatten)]
    pub token: Token,
    /// The token itself, for `Authorization: Bearer`.
    pub secret: String,
}
