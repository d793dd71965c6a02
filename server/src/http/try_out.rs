//! Trying one step by itself, and what this server has to offer to forms.

use super::{
    Error,
    auth::{May, Read, Write},
    body::JsonBody,
};
use crate::{app::App, clock, egress::Refusal};
use api::try_out::{Connection, ConnectionList, HttpTest, HttpTestAnswer};
use axum::{Json, extract::State, http::StatusCode};
use engine::{Document, Effect, Event, HttpRequest, Input, Run, RunId, Trigger, Value, Workflow};
use serde_json::{Map, Value as JsonValue, json};
use std::time::Instant;

/// How much of a body is shown, in bytes: enough to choose fields from.
const BODY_BYTES_MAX: usize = 256 * 1024;

/// The node that is tried, and the one before it: names that no variable has. The samples stand for all nodes of the workflow, its start among them.
const NODE: &str = "PhloemHttpTest";
const START: &str = "PhloemHttpTestStart";

/// Makes an HTTP request once, as a node of this configuration would, behind the same guard.
#[utoipa::path(post, path = "/http-test", tag = "workflows", request_body = HttpTest,
    responses((status = 200, body = HttpTestAnswer), (status = 400), (status = 422), (status = 502)))]
pub(super) async fn http(
    State(app): State<App>,
    _caller: May<Write>,
    JsonBody(test): JsonBody<HttpTest>,
) -> Result<Json<HttpTestAnswer>, Error> {
    let request = request(test)?;
    let started_at = Instant::now();
    let answer = app.egress.request(&request).await.map_err(|refusal| {
        let status = match refusal {
            Refusal::NotAllowed(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Refusal::NotSent(_) | Refusal::NoAnswer(_) => StatusCode::BAD_GATEWAY,
        };
        let words = app.config.secrets.hidden_in(&refusal.to_string());
        Error::new(status, super::error::sentence(&words))
    })?;
    let duration_ms = u64::try_from(started_at.elapsed().as_millis()).unwrap_or(u64::MAX);
    // A service may repeat what it was sent, with the credentials in it.
    let mut body = app.config.secrets.hidden_in(&answer.body);
    body.truncate(body.floor_char_boundary(BODY_BYTES_MAX));
    Ok(Json(HttpTestAnswer {
        status: answer.status,
        content_type: answer.content_type,
        body,
        duration_ms,
    }))
}

/// The request that a node of this configuration makes: a workflow of nothing else is played up to it.
fn request(test: HttpTest) -> Result<HttpRequest, Error> {
    let params: Map<String, JsonValue> =
        test.variables.keys().map(|name| (name.clone(), json!({}))).collect();
    let document: Document = serde_json::from_value(json!({
        "format": 1,
        "id": "http-test",
        "name": "HTTP test",
        "nodes": {
            (START): { "kind": "start", "config": { "params": params }, "next": { "api_request": NODE } },
            (NODE): { "kind": "http_request", "config": test.config },
        },
    }))
    .map_err(|error| Error::bad_request(format!("The configuration cannot be read: {error}.")))?;
    let workflow = Workflow::new(document)
        .map_err(|problems| Error::problems(StatusCode::UNPROCESSABLE_ENTITY, problems))?;
    let params =
        test.variables.into_iter().map(|(name, value)| (name, Value::from(value))).collect();
    let event = Event::Started(Trigger::ApiRequest { params });
    let input = Input { at: clock::now(), event };
    let (_, output) = Run::start(&workflow, RunId("http-test".to_owned()), input);
    output
        .effects
        .into_iter()
        .find_map(|(_, effect)| match effect {
            Effect::HttpRequest(request) => Some(request),
            _ => None,
        })
        .ok_or_else(|| Error::bad_request("With these values the node makes no request."))
}

/// The databases that `database_query` can ask, by name.
#[utoipa::path(get, path = "/connections", tag = "workflows", responses((status = 200, body = ConnectionList)))]
pub(super) async fn connections(
    State(app): State<App>,
    _caller: May<Read>,
) -> Json<ConnectionList> {
    let connections = app
        .config
        .databases
        .iter()
        .map(|(name, database)| Connection { name, kind: database.kind().to_owned() })
        .collect();
    Json(ConnectionList { connections })
}

#[cfg(test)]
mod tests {
    use super::request;
    use api::try_out::HttpTest;
    use serde_json::json;

    #[test]
    fn the_request_is_the_one_that_the_node_would_make() {
        let test: HttpTest = serde_json::from_value(json!({
            "config": {
                "method": "POST", "url": "https://api.example.com/{{ Menu.digits }}?from={{ Start.call.from }}",
                "body": { "json": { "severity": "{{ severity }}" } },
            },
            "variables": { "severity": "high", "Menu": { "digits": "7" }, "Start": { "call": { "from": "me" } } },
        }))
        .unwrap();
        let request = request(test).unwrap();
        assert_eq!(request.url, "https://api.example.com/7?from=me");
        assert_eq!(request.body.as_deref(), Some(r#"{"severity":"high"}"#));
    }

    #[test]
    fn a_wrong_configuration_is_refused() {
        let test: HttpTest =
            serde_json::from_value(json!({ "config": { "method": "GET" } })).unwrap();
        assert!(request(test).is_err());
    }
}
