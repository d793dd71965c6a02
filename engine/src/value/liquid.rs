//! Values as Liquid sees them.

use super::{NOTHING, Value};
use liquid_core::model::{
    ArrayView, DisplayCow, KStringCow, ObjectView, ScalarCow, State, Value as Liquid, ValueView,
};
use serde_json::Value as Json;
use std::fmt;

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
            Value::Text(text) => Liquid::scalar(text.as_str().to_owned()),
            Value::List(items) => Liquid::Array(items.iter().map(ValueView::to_value).collect()),
            Value::Map(map) => Liquid::Object(
                map.iter().map(|(key, value)| (key.to_owned().into(), value.to_value())).collect(),
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
        Some(usize::try_from(index).ok().and_then(|index| items.get(index)).unwrap_or(&NOTHING))
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
