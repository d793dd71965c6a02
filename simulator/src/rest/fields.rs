//! The parameters of a REST request, however the client wrote them: query, JSON or form; text, number, flag or list.

use axum::http::{HeaderMap, header};
use serde_json::{Map, Value};
use url::form_urlencoded;

use super::reply::Reply;
use crate::webhook::Hook;
use plivo::Method;

/// Parameters by name. What the body says counts over what the query says.
#[derive(Debug, Default)]
pub(crate) struct Fields(Map<String, Value>);

impl Fields {
    pub(crate) fn read(
        query: Option<&str>,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<Fields, Reply> {
        let mut fields = Fields::default();
        fields.add_form(query.unwrap_or_default().as_bytes());
        if body.iter().all(u8::is_ascii_whitespace) {
            return Ok(fields);
        }
        let kind = headers
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        if kind.starts_with("application/x-www-form-urlencoded") {
            fields.add_form(body);
            return Ok(fields);
        }
        match serde_json::from_slice(body) {
            Ok(Value::Object(object)) => {
                fields.0.extend(object);
                Ok(fields)
            }
            Ok(_) => Err(Reply::bad("the body is not a JSON object")),
            Err(error) => Err(Reply::bad(format!("the body is neither a form nor JSON: {error}"))),
        }
    }

    fn add_form(&mut self, form: &[u8]) {
        for (name, value) in form_urlencoded::parse(form) {
            self.0.insert(name.into_owned(), Value::String(value.into_owned()));
        }
    }

    /// A parameter as text; empty ones count as missing.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        let text = match self.0.get(name)? {
            Value::String(text) => text.trim().to_owned(),
            Value::Number(number) => number.to_string(),
            Value::Bool(flag) => flag.to_string(),
            // One SDK sends single values as one-element lists.
            Value::Array(items) if items.len() == 1 => items[0].as_str()?.to_owned(),
            _ => return None,
        };
        (!text.is_empty()).then_some(text)
    }

    /// A parameter that has to be there.
    pub(crate) fn required(&self, name: &str) -> Result<String, Reply> {
        self.text(name).ok_or_else(|| Reply::bad(format!("the parameter `{name}` is missing")))
    }

    /// Text kept to the letter, as messages want it.
    pub(crate) fn verbatim(&self, name: &str) -> Option<&str> {
        self.0.get(name).and_then(Value::as_str)
    }

    /// An object, also one that a form wrote as its JSON.
    pub(crate) fn object(&self, name: &str) -> Option<Value> {
        match self.0.get(name)? {
            object @ Value::Object(_) => Some(object.clone()),
            Value::String(text) => serde_json::from_str(text).ok().filter(Value::is_object),
            _ => None,
        }
    }

    /// A yes or no; no where it is missing.
    pub(crate) fn flag(&self, name: &str) -> bool {
        self.text(name).is_some_and(|text| text.eq_ignore_ascii_case("true"))
    }

    /// Several values: a list, or text separated by `<` or commas.
    pub(crate) fn list(&self, name: &str) -> Vec<String> {
        let items: Vec<String> = match self.0.get(name) {
            Some(Value::Array(items)) => {
                items.iter().filter_map(|item| item.as_str().map(str::to_owned)).collect()
            }
            Some(Value::String(text)) => text.split(['<', ',']).map(str::to_owned).collect(),
            Some(Value::Number(number)) => vec![number.to_string()],
            _ => Vec::new(),
        };
        items
            .into_iter()
            .map(|item| item.trim().to_owned())
            .filter(|item| !item.is_empty())
            .collect()
    }

    /// A number of at least 0, where one is given.
    pub(crate) fn number(&self, name: &str) -> Result<Option<f64>, Reply> {
        let Some(text) = self.text(name) else { return Ok(None) };
        match text.parse::<f64>() {
            Ok(number) if number.is_finite() && number >= 0.0 => Ok(Some(number)),
            _ => Err(Reply::bad(format!("the parameter `{name}` is not a number"))),
        }
    }

    /// A web address with its method, where one is given.
    pub(crate) fn hook(&self, url_name: &str, method_name: &str) -> Result<Option<Hook>, Reply> {
        let Some(url) = self.text(url_name) else { return Ok(None) };
        let method = match self.text(method_name).map(|method| method.to_uppercase()).as_deref() {
            None | Some("POST") => Method::Post,
            Some("GET") => Method::Get,
            Some(_) => {
                return Err(Reply::bad(format!(
                    "the parameter `{method_name}` is neither GET nor POST"
                )));
            }
        };
        let hook = Hook { url, method };
        if hook.is_askable() {
            Ok(Some(hook))
        } else {
            Err(Reply::bad(format!("the parameter `{url_name}` is not a valid URL")))
        }
    }

    /// The same where Plivo asks by `GET` unless told otherwise.
    pub(crate) fn hook_by_get(
        &self,
        url_name: &str,
        method_name: &str,
    ) -> Result<Option<Hook>, Reply> {
        let hook = self.hook(url_name, method_name)?;
        let is_told = self.text(method_name).is_some();
        Ok(hook.map(|hook| if is_told { hook } else { Hook { method: Method::Get, ..hook } }))
    }

    /// How a recording is to be stored; what is not WAV is MP3. Two requests write the field in two ways.
    pub(crate) fn file_format(&self) -> &'static str {
        let format = self.text("file_format").or_else(|| self.text("record_file_format"));
        if format.as_deref() == Some("wav") { "wav" } else { "mp3" }
    }

    /// Whether a time passes the filters `name__gt`, `__gte`, `__lt`, `__lte`; times compare as texts, because both sides write them alike.
    pub(crate) fn lets_through(&self, name: &str, value: &str) -> bool {
        let bound = |suffix: &str| {
            self.text(&format!("{name}{suffix}")).map(|bound| bound.replace('T', " "))
        };
        bound("__gt").is_none_or(|bound| value > bound.as_str())
            && bound("__gte").is_none_or(|bound| value >= bound.as_str())
            && bound("__lt").is_none_or(|bound| value < bound.as_str())
            && bound("__lte")
                .is_none_or(|bound| value <= bound.as_str() || value.starts_with(&bound))
            && bound("").is_none_or(|bound| value.starts_with(&bound))
    }

    /// Whether a text equals the filter, where there is one.
    pub(crate) fn matches(&self, name: &str, value: &str) -> bool {
        self.text(name).is_none_or(|wanted| wanted == value)
    }

    /// Whether a number or name equals the filter, with or without its plus sign.
    pub(crate) fn matches_party(&self, name: &str, address: &crate::address::Address) -> bool {
        self.text(name).is_none_or(|wanted| wanted.trim_start_matches('+') == address.wire())
    }
}
