//! Trying one step of a workflow by itself, and what a server has to offer to forms.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

/// `POST /api/v1/http-test`: makes an HTTP request once, as a node of this configuration would, behind the same guard.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct HttpTest {
    /// The node's configuration, as in a workflow file.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub config: Map<String, Json>,
    /// What its texts are filled in with: run variables by name, and each node's below its name.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub variables: Map<String, Json>,
}

/// The answer that came, with any status. A request that got none is answered with a problem.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HttpTestAnswer {
    /// The HTTP status.
    pub status: u16,
    /// The `Content-Type` header, or empty.
    pub content_type: String,
    /// The body as text.
    pub body: String,
    /// How long it took, in milliseconds.
    pub duration_ms: u64,
}

/// `GET /api/v1/connections`: the databases that `database_query` can ask.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ConnectionList {
    /// By name.
    pub connections: Vec<Connection>,
}

/// One database connection. Its address and credentials are the server's own business.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Connection {
    /// The name by which workflows call it.
    pub name: String,
    /// `sqlite` or `postgres`.
    pub kind: String,
}
