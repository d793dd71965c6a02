//! Parameters of a run request, fitted to those that `start` declares.

use crate::value::Value;
use serde::Deserialize;
use serde_json::{Map, Value as Json};
use std::collections::BTreeMap;

/// What a parameter holds. The words of JSON Schema and of other products are understood as well.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ParamType {
    #[default]
    #[serde(alias = "string", alias = "phone")]
    Text,
    #[serde(alias = "integer")]
    Number,
    #[serde(alias = "boolean", alias = "bool")]
    YesNo,
    #[serde(alias = "array")]
    List,
    /// Anything, a JSON object too.
    #[serde(alias = "object", alias = "json")]
    Any,
}

impl ParamType {
    /// Whether a default fits.
    pub(crate) fn fits(self, default: &Json) -> bool {
        match self {
            _ if default.is_null() => true,
            ParamType::Text => !default.is_array() && !default.is_object(),
            ParamType::Number => default.is_number(),
            ParamType::YesNo => default.is_boolean(),
            ParamType::List => default.is_array(),
            ParamType::Any => true,
        }
    }

    /// Fits a given value to the type, or says what was expected.
    fn fit(self, value: Value) -> Result<Value, &'static str> {
        match (self, value) {
            (ParamType::Number, Value::Text(text)) => {
                let text = text.trim();
                text.parse()
                    .map(Value::Int)
                    .or_else(|_| text.parse().map(Value::Float))
                    .map_err(|_| "a number")
            }
            (ParamType::Number, number @ (Value::Int(_) | Value::Float(_))) => Ok(number),
            (ParamType::Number, _) => Err("a number"),
            (ParamType::YesNo, Value::Text(text)) => {
                match text.trim().to_ascii_lowercase().as_str() {
                    "true" | "yes" | "1" => Ok(Value::Bool(true)),
                    "false" | "no" | "0" => Ok(Value::Bool(false)),
                    _ => Err("true or false"),
                }
            }
            (ParamType::YesNo, value @ Value::Bool(_)) => Ok(value),
            (ParamType::YesNo, _) => Err("true or false"),
            (ParamType::List, list @ Value::List(_)) => Ok(list),
            (ParamType::List, Value::Text(text)) => {
                Ok(Value::List(text.split(',').map(|part| Value::from(part.trim())).collect()))
            }
            (ParamType::List, _) => Err("a list"),
            (ParamType::Text, Value::Map(_)) => Err("text"),
            (ParamType::Text | ParamType::Any, value) => Ok(value),
        }
    }
}

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
        match kind(row).fit(value) {
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

/// The declared type; the check has refused words that are none.
fn kind(row: &Json) -> ParamType {
    row.get("type").and_then(|kind| ParamType::deserialize(kind).ok()).unwrap_or_default()
}

/// The declared parameters.
pub(super) fn names(start: &Map<String, Json>) -> Vec<&str> {
    let rows = start.get("params").and_then(Json::as_object).into_iter().flatten();
    rows.map(|(name, _)| name.as_str()).collect()
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
