//! Bodies of requests: only what differs from Plivo's defaults is in them.

use crate::Method;
use serde_json::{Map, Value};

/// A JSON object that is being filled in.
#[derive(Default)]
pub(super) struct Body(Map<String, Value>);

impl Body {
    pub(super) fn new() -> Body {
        Body::default()
    }

    /// A field that is always there.
    pub(super) fn set(&mut self, field: &str, value: impl Into<Value>) -> &mut Body {
        self.0.insert(field.to_owned(), value.into());
        self
    }

    /// A field that is there if it has a value.
    pub(super) fn some<V: Into<Value> + Clone>(
        &mut self,
        field: &str,
        value: &Option<V>,
    ) -> &mut Body {
        if let Some(value) = value {
            self.set(field, value.clone());
        }
        self
    }

    /// A field that is there if its value is not Plivo's default.
    pub(super) fn unless<V: Into<Value> + PartialEq>(
        &mut self,
        field: &str,
        value: V,
        default: V,
    ) -> &mut Body {
        if value != default {
            self.set(field, value);
        }
        self
    }

    /// An address that is posted to: `{name}_url` and `{name}_method`.
    pub(super) fn hook(&mut self, name: &str, url: &Option<String>) -> &mut Body {
        if let Some(url) = url {
            self.set(&format!("{name}_url"), url.as_str());
            self.set(&format!("{name}_method"), Method::Post.as_str());
        }
        self
    }

    pub(super) fn json(&mut self) -> Value {
        Value::Object(std::mem::take(&mut self.0))
    }
}
