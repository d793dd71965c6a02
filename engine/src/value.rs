//! Values of variables: what JSON can say, seen by templates and expressions.
//!
//! Look-ups are lax, as PHLO's are: whatever is not there is empty text to a template and `()` to an expression.

use liquid_core::model::{
    ArrayView, DisplayCow, KStringCow, ObjectView, ScalarCow, State, Value as Liquid, ValueView,
};
use rhai::Dynamic;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Number, Value as Json};
use std::{collections::BTreeMap, fmt};

/// A value of a variable.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Value {
    /// Nothing.
    #[default]
    Null,
    /// Yes or no.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Any other number.
    Float(f64),
    /// Text.
    Text(String),
    /// Several values.
    List(Vec<Value>),
    /// Values by name.
    Map(BTreeMap<String, Value>),
}

impl Value {
    /// The value below a name; nothing if there is none.
    pub fn field(&self, name: &str) -> Option<&Value> {
        match self {
            Value::Map(map) => map.get(name),
            _ => None,
        }
    }

    /// Roughly how much it weighs, in bytes.
    pub fn weight(&self) -> usize {
        match self {
            Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) => 8,
            Value::Text(text) => text.len() + 8,
            Value::List(items) => items.iter().map(Value::weight).sum::<usize>() + 8,
            Value::Map(map) => {
                map.iter().map(|(key, value)| key.len() + value.weight()).sum::<usize>() + 8
            }
        }
    }

    /// What an expression sees.
    pub(crate) fn to_dynamic(&self) -> Dynamic {
        match self {
            Value::Null => Dynamic::UNIT,
            Value::Bool(value) => (*value).into(),
            Value::Int(value) => (*value).into(),
            Value::Float(value) => (*value).into(),
            Value::Text(text) => text.clone().into(),
            Value::List(items) => items.iter().map(Value::to_dynamic).collect::<Vec<_>>().into(),
            Value::Map(map) => Dynamic::from_map(
                map.iter().map(|(key, value)| (key.as_str().into(), value.to_dynamic())).collect(),
            ),
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Null => Ok(()),
            Value::Bool(value) => value.fmt(formatter),
            Value::Int(value) => value.fmt(formatter),
            Value::Float(value) => value.fmt(formatter),
            Value::Text(text) => formatter.write_str(text),
            Value::List(items) => {
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        formatter.write_str(",")?;
                    }
                    item.fmt(formatter)?;
                }
                Ok(())
            }
            Value::Map(_) => Json::from(self).fmt(formatter),
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Value::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Value::Text(text)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Value::Int(number)
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Value::Bool(value)
    }
}

impl From<Vec<Value>> for Value {
    fn from(items: Vec<Value>) -> Self {
        Value::List(items)
    }
}

impl From<Json> for Value {
    fn from(json: Json) -> Self {
        match json {
            Json::Null => Value::Null,
            Json::Bool(value) => Value::Bool(value),
            Json::Number(number) => number
                .as_i64()
                .map_or_else(|| Value::Float(number.as_f64().unwrap_or_default()), Value::Int),
            Json::String(text) => Value::Text(text),
            Json::Array(items) => Value::List(items.into_iter().map(Value::from).collect()),
            Json::Object(map) => {
                Value::Map(map.into_iter().map(|(key, value)| (key, value.into())).collect())
            }
        }
    }
}

impl From<&Value> for Json {
    fn from(value: &Value) -> Self {
        match value {
            Value::Null => Json::Null,
            Value::Bool(value) => Json::Bool(*value),
            Value::Int(number) => Json::Number((*number).into()),
            Value::Float(number) => Number::from_f64(*number).map_or(Json::Null, Json::Number),
            Value::Text(text) => Json::String(text.clone()),
            Value::List(items) => Json::Array(items.iter().map(Json::from).collect()),
            Value::Map(map) => Json::Object(
                map.iter().map(|(key, value)| (key.clone(), value.into())).collect::<Map<_, _>>(),
            ),
        }
    }
}

/// What an expression gave, as a value. Functions and other things a variable cannot hold become nothing.
impl From<Dynamic> for Value {
    fn from(dynamic: Dynamic) -> Self {
        if let Ok(value) = dynamic.as_bool() {
            Value::Bool(value)
        } else if let Ok(number) = dynamic.as_int() {
            Value::Int(number)
        } else if let Ok(number) = dynamic.as_float() {
            Value::Float(number)
        } else if dynamic.is_string() || dynamic.is_char() {
            Value::Text(dynamic.to_string())
        } else if dynamic.is_array() {
            dynamic.into_array().map_or(Value::Null, |items| {
                Value::List(items.into_iter().map(Value::from).collect())
            })
        } else if let Some(map) = dynamic.try_cast::<rhai::Map>() {
            Value::Map(
                map.into_iter().map(|(key, value)| (key.to_string(), value.into())).collect(),
            )
        } else {
            Value::Null
        }
    }
}

impl ValueView for Value {
    fn as_debug(&self) -> &dyn fmt::Debug {
        self
    }

    fn render(&self) -> DisplayCow<'_> {
        DisplayCow::Borrowed(self)
    }

    fn source(&self) -> DisplayCow<'_> {
        DisplayCow::Owned(Box::new(Json::from(self).to_string()))
    }

    fn type_name(&self) -> &'static str {
        match self {
            Value::Null => "nothing",
            Value::Bool(_) => "yes or no",
            Value::Int(_) => "whole number",
            Value::Float(_) => "fractional number",
            Value::Text(_) => "text",
            Value::List(_) => "list",
            Value::Map(_) => "map",
        }
    }

    fn query_state(&self, state: State) -> bool {
        match self {
            Value::Null => state != State::Truthy,
            Value::List(items) => {
                (state == State::Truthy) != items.is_empty() || state == State::Truthy
            }
            Value::Map(map) => (state == State::Truthy) != map.is_empty() || state == State::Truthy,
            _ => self.as_scalar().is_some_and(|scalar| scalar.query_state(state)),
        }
    }

    fn to_kstr(&self) -> KStringCow<'_> {
        KStringCow::from_string(self.to_string())
    }

    fn to_value(&self) -> Liquid {
        match self {
            Value::Null => Liquid::Nil,
            Value::Bool(value) => Liquid::scalar(*value),
            Value::Int(number) => Liquid::scalar(*number),
            Value::Float(number) => Liquid::scalar(*number),
            Value::Text(text) => Liquid::scalar(text.clone()),
            Value::List(items) => Liquid::Array(items.iter().map(ValueView::to_value).collect()),
            Value::Map(map) => Liquid::Object(
                map.iter().map(|(key, value)| (key.clone().into(), value.to_value())).collect(),
            ),
        }
    }

    fn as_scalar(&self) -> Option<ScalarCow<'_>> {
        match self {
            Value::Bool(value) => Some(ScalarCow::new(*value)),
            Value::Int(number) => Some(ScalarCow::new(*number)),
            Value::Float(number) => Some(ScalarCow::new(*number)),
            Value::Text(text) => Some(ScalarCow::new(text.as_str())),
            Value::Null | Value::List(_) | Value::Map(_) => None,
        }
    }

    fn as_array(&self) -> Option<&dyn ArrayView> {
        matches!(self, Value::List(_)).then_some(self as &dyn ArrayView)
    }

    fn as_object(&self) -> Option<&dyn ObjectView> {
        (!matches!(self, Value::List(_))).then_some(self as &dyn ObjectView)
    }

    fn is_nil(&self) -> bool {
        matches!(self, Value::Null)
    }
}

/// What every look-up finds where there is nothing.
pub(crate) static NOTHING: Value = Value::Null;

impl ArrayView for Value {
    fn as_value(&self) -> &dyn ValueView {
        self
    }

    fn size(&self) -> i64 {
        match self {
            Value::List(items) => i64::try_from(items.len()).unwrap_or(i64::MAX),
            _ => 0,
        }
    }

    fn values<'k>(&'k self) -> Box<dyn Iterator<Item = &'k dyn ValueView> + 'k> {
        match self {
            Value::List(items) => Box::new(items.iter().map(|item| item as &dyn ValueView)),
            _ => Box::new(std::iter::empty()),
        }
    }

    fn contains_key(&self, _index: i64) -> bool {
        true
    }

    fn get(&self, index: i64) -> Option<&dyn ValueView> {
        let Value::List(items) = self else { return Some(&NOTHING) };
        let index = if index < 0 { index.saturating_add(ArrayView::size(self)) } else { index };
        Some(
            usize::try_from(index)
                .ok()
                .and_then(|index| items.as_slice().get(index))
                .unwrap_or(&NOTHING),
        )
    }
}

/// Everything but a list can be asked for a name; what is not there is nothing, and so is all below it.
impl ObjectView for Value {
    fn as_value(&self) -> &dyn ValueView {
        self
    }

    fn size(&self) -> i64 {
        match self {
            Value::Map(map) => i64::try_from(map.len()).unwrap_or(i64::MAX),
            _ => 0,
        }
    }

    fn keys<'k>(&'k self) -> Box<dyn Iterator<Item = KStringCow<'k>> + 'k> {
        Box::new(ObjectView::iter(self).map(|(key, _)| key))
    }

    fn values<'k>(&'k self) -> Box<dyn Iterator<Item = &'k dyn ValueView> + 'k> {
        Box::new(ObjectView::iter(self).map(|(_, value)| value))
    }

    fn iter<'k>(&'k self) -> Box<dyn Iterator<Item = (KStringCow<'k>, &'k dyn ValueView)> + 'k> {
        match self {
            Value::Map(map) => Box::new(
                map.iter().map(|(key, value)| (KStringCow::from_ref(key), value as &dyn ValueView)),
            ),
            _ => Box::new(std::iter::empty()),
        }
    }

    fn contains_key(&self, _index: &str) -> bool {
        true
    }

    fn get<'s>(&'s self, index: &str) -> Option<&'s dyn ValueView> {
        match self {
            Value::Map(map) => Some(map.get(index).unwrap_or(&NOTHING)),
            _ => Some(&NOTHING),
        }
    }
}
