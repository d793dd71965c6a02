//! Values of variables: what JSON can say, seen by templates and expressions.
//!
//! Look-ups are lax, as PHLO's are: whatever is not there is empty text to a template and `()` to an expression.

mod json;
mod liquid;
mod map;

pub use map::Map;

use crate::text::Text;
use rhai::Dynamic;
use serde_json::Value as Json;
use std::{fmt, sync::Arc};

/// A value of a variable. A copy of it shares what it holds, however much that is.
#[derive(Clone, Debug, Default, PartialEq)]
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
    Text(Text),
    /// Several values.
    List(Arc<[Value]>),
    /// Values by name.
    Map(Map),
}

/// What every look-up finds where there is nothing.
pub(crate) static NOTHING: Value = Value::Null;

impl Value {
    /// The value below a name; nothing if there is none.
    pub fn field(&self, name: &str) -> Option<&Value> {
        match self {
            Value::Map(map) => map.get(name),
            _ => None,
        }
    }

    /// Gives a name below it its value. What holds no names becomes a map.
    pub(crate) fn insert(&mut self, name: &str, value: Value) {
        if !matches!(self, Value::Map(_)) {
            *self = Value::Map(Map::default());
        }
        if let Value::Map(map) = self {
            map.insert(name, value);
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
            Value::Text(text) => text.as_str().into(),
            Value::List(items) => items.iter().map(Value::to_dynamic).collect::<Vec<_>>().into(),
            Value::Map(map) => Dynamic::from_map(
                map.iter().map(|(key, value)| (key.into(), value.to_dynamic())).collect(),
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
        Value::Text(text.into())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Value::Text(text.into())
    }
}

impl From<Text> for Value {
    fn from(text: Text) -> Self {
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
        Value::List(items.into())
    }
}

impl From<Map> for Value {
    fn from(map: Map) -> Self {
        Value::Map(map)
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
            dynamic.to_string().into()
        } else if dynamic.is_array() {
            dynamic.into_array().map_or(Value::Null, |items| {
                Value::List(items.into_iter().map(Value::from).collect())
            })
        } else if let Some(map) = dynamic.try_cast::<rhai::Map>() {
            Value::Map(
                map.into_iter()
                    .map(|(key, value)| (Text::from(key.as_str()), Value::from(value)))
                    .collect(),
            )
        } else {
            Value::Null
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Value;

    #[test]
    fn a_value_is_three_words() {
        assert_eq!(size_of::<Value>(), 24);
    }
}
