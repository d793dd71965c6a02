//! Parameters of a run request, fitted to those that `start` declares.

use crate::value::Value;
use serde_json::{Map, Value as Json};
use std::collections::BTreeMap;

/// A parameter that keeps a run from starting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParamProblem {
    /// Its declared name.
    pub name: String,
    /// What is wrong and what is expected, as a sentence for people.
    pub message: String,
}

pub(super) fn accept(
    start: &Map<String, Json>,
    mut given: BTreeMap<String, Value>,
) -> Result<BTreeMap<String, Value>, Vec<ParamProblem>> {
    let mut problems = Vec::new();
    let mut accepted = BTreeMap::new();
    for (name, row) in start.get("params").and_then(Json::as_object).into_iter().flatten() {
        let value = take(&mut given, name)
            .or_else(|| row.get("default").cloned().map(Value::from))
            .unwrap_or(Value::Null);
        let is_missing = matches!(&value, Value::Null)
            || matches!(&value, Value::Text(text) if text.trim().is_empty());
        if is_missing {
            if row.get("required").and_then(Json::as_bool).unwrap_or(false) {
                problems.push(ParamProblem {
                    name: name.clone(),
                    message: format!("The parameter `{name}` is required and missing."),
                });
            }
            accepted.insert(name.clone(), Value::Null);
            continue;
        }
        match typed(value, row.get("type").and_then(Json::as_str).unwrap_or("text")) {
            Ok(value) => {
                accepted.insert(name.clone(), value);
            }
            Err(expected) => problems.push(ParamProblem {
                name: name.clone(),
                message: format!("The parameter `{name}` must be {expected}."),
            }),
        }
    }
    accepted.extend(given);
    if problems.is_empty() { Ok(accepted) } else { Err(problems) }
}

/// The declared parameters that have defaults.
pub(super) fn defaults(start: &Map<String, Json>) -> BTreeMap<String, Value> {
    let rows = start.get("params").and_then(Json::as_object).into_iter().flatten();
    rows.filter_map(|(name, row)| {
        Some((
            name.clone(),
            row.get("default").filter(|default| !default.is_null())?.clone().into(),
        ))
    })
    .collect()
}

fn take(given: &mut BTreeMap<String, Value>, name: &str) -> Option<Value> {
    let plain = |name: &str| {
        name.chars()
            .filter(|character| *character != '_')
            .flat_map(char::to_lowercase)
            .collect::<String>()
    };
    let key = if given.contains_key(name) {
        Some(name.to_owned())
    } else {
        given.keys().find(|key| plain(key) == plain(name)).cloned()
    };
    given.remove(&key?)
}

fn typed(value: Value, kind: &str) -> Result<Value, &'static str> {
    match (kind, value) {
        ("number", Value::Text(text)) => {
            let text = text.trim();
            text.parse()
                .map(Value::Int)
                .or_else(|_| text.parse().map(Value::Float))
                .map_err(|_| "a number")
        }
        ("number", number @ (Value::Int(_) | Value::Float(_))) => Ok(number),
        ("number", _) => Err("a number"),
        ("yes_no", Value::Text(text)) => match text.trim().to_ascii_lowercase().as_str() {
            "true" | "yes" | "1" => Ok(Value::Bool(true)),
            "false" | "no" | "0" => Ok(Value::Bool(false)),
            _ => Err("true or false"),
        },
        ("yes_no", value @ Value::Bool(_)) => Ok(value),
        ("yes_no", _) => Err("true or false"),
        ("list", list @ Value::List(_)) => Ok(list),
        ("list", Value::Text(text)) => {
            Ok(Value::List(text.split(',').map(|part| part.trim().into()).collect()))
        }
        ("list", _) => Err("a list"),
        ("text", Value::Map(_)) => Err("text"),
        (_, value) => Ok(value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn start() -> Map<String, Json> {
        let config = json!({ "params": { "primary_phone": { "required": true }, "count": { "type": "number", "default": 3 }, "tags": { "type": "list" } } });
        config.as_object().unwrap().clone()
    }

    fn accepted(given: Json) -> Result<Json, Vec<String>> {
        let given = given
            .as_object()
            .unwrap()
            .iter()
            .map(|(key, value)| (key.clone(), value.clone().into()))
            .collect();
        accept(&start(), given)
            .map(|accepted| {
                Json::Object(
                    accepted.iter().map(|(key, value)| (key.clone(), value.into())).collect(),
                )
            })
            .map_err(|problems| problems.into_iter().map(|problem| problem.name).collect())
    }

    #[test]
    fn names_match_whatever_an_sdk_made_of_them() {
        let expected = json!({ "primary_phone": "+1", "count": 3, "tags": null });
        assert_eq!(accepted(json!({ "primary_phone": "+1" })), Ok(expected.clone()));
        assert_eq!(accepted(json!({ "primaryPhone": "+1" })), Ok(expected));
    }

    #[test]
    fn a_missing_or_unfit_parameter_is_named() {
        assert_eq!(accepted(json!({})), Err(vec!["primary_phone".to_owned()]));
        assert_eq!(
            accepted(json!({ "primary_phone": "  ", "count": "many" })),
            Err(vec!["count".to_owned(), "primary_phone".to_owned()])
        );
    }

    #[test]
    fn undeclared_parameters_pass() {
        assert_eq!(
            accepted(json!({ "primary_phone": "+1", "to": ["+2"], "tags": "a, b" })),
            Ok(json!({ "primary_phone": "+1", "count": 3, "tags": ["a", "b"], "to": ["+2"] }))
        );
    }
}
