//! Checks one field of a configuration by its control: everything that is wrong with it, and a shape for the schema.

use super::{
    fix::{Change, Fix},
    problem::Problem,
};
use crate::{
    component::{Control, Field},
    expression::Expression,
    name::NodeName,
    pattern::Pattern,
    script::Script,
    template::Template,
};
use serde_json::{Value as Json, json};

/// The keys of a telephone.
pub(crate) const KEYS: &str = "0123456789*#";

/// Collects problems of one node's fields.
pub(super) struct Fields<'a> {
    pub(super) node: &'a NodeName,
    pub(super) problems: &'a mut Vec<Problem>,
}

impl Fields<'_> {
    /// Checks a field's value.
    pub(super) fn check(&mut self, field: &Field, value: &Json) {
        let key = field.key;
        match field.control {
            Control::Template
            | Control::LongTemplate
            | Control::Receiver
            | Control::Url
            | Control::Moment
            | Control::Voice
            | Control::Language
            | Control::Sender => self.template(key, value),
            Control::Texts => match value {
                Json::Array(items) => self.each(key, items, Self::template),
                _ => self.wrong(key, "a list of texts"),
            },
            Control::Names => self.list(key, value, |fields, path, row| {
                if row.as_str().is_none_or(|name| name.trim().is_empty()) {
                    fields.wrong(path, "a name for this way out");
                }
            }),
            Control::Replies => self.list(key, value, |fields, path, row| {
                if row.get("name").and_then(Json::as_str).is_none_or(|name| name.trim().is_empty())
                {
                    fields.wrong(&format!("{path}.name"), "a name for this way out");
                }
                if row.get("accepts").is_some_and(|accepts| !accepts.is_array()) {
                    fields.wrong(&format!("{path}.accepts"), "a list of answers");
                }
            }),
            Control::Pattern => match value.as_str().map(Pattern::parse) {
                Some(Ok(_)) => {}
                _ => self.wrong(key, "a regular expression, such as ^[0-9]{4}$"),
            },
            Control::Script => self.script(key, value),
            Control::Sql | Control::Workflow | Control::Connection | Control::TimeZone => {
                if value.as_str().is_none_or(|text| text.trim().is_empty()) {
                    self.wrong(key, "text");
                }
            }
            Control::Json => self.templates_within(key, value),
            Control::Secret => {
                if value.get("$secret").is_none() {
                    self.template(key, value);
                }
            }
            Control::Hours | Control::Schedule => {
                if !value.is_object() {
                    self.wrong(key, "rows of name and value");
                }
            }
            Control::Holidays => {
                if !value.is_array() {
                    self.wrong(key, "a list of days");
                }
            }
            Control::Receivers => match value {
                Json::Array(items) => self.each(key, items, Self::template),
                _ => self.template(key, value),
            },
            Control::Urls => match value {
                Json::Array(items) => self.each(key, items, Self::template),
                _ => self.wrong(key, "a list of addresses"),
            },
            Control::Expression => self.expression(key, value),
            Control::Number { min, max, .. } => match value.as_i64() {
                Some(number) if (min..=max).contains(&number) => {}
                _ => self.wrong(key, &format!("a whole number from {min} to {max}")),
            },
            Control::Toggle { .. } => {
                if !value.is_boolean() {
                    self.wrong(key, "true or false");
                }
            }
            Control::Choice(choices) => {
                if !choices.iter().any(|(choice, _)| value == choice) {
                    let choices: Vec<&str> = choices.iter().map(|(choice, _)| *choice).collect();
                    self.wrong(key, &format!("one of {}", choices.join(", ")));
                }
            }
            Control::Keys => match value.as_str() {
                Some(keys) if keys.chars().all(|key| KEYS.contains(key)) => {}
                _ => self.wrong(key, "keys of a telephone, such as 123*#"),
            },
            Control::Key => match value.as_str() {
                Some(text)
                    if text.chars().count() <= 1 && text.chars().all(|key| KEYS.contains(key)) => {}
                _ => self.wrong(key, "one key of a telephone, or empty for none"),
            },
            Control::Prompt => self.prompt(key, value),
            Control::Params => self.rows(key, value, |fields, path, row| {
                if !row.is_object() {
                    fields.wrong(path, "a row such as { \"required\": true }");
                }
            }),
            Control::Assignments | Control::Pairs => self.rows(key, value, Self::template),
            Control::Choices => self.list(key, value, |fields, path, row| {
                match row.get("key").and_then(Json::as_str) {
                    Some(pressed) if pressed.chars().count() == 1 && KEYS.contains(pressed) => {}
                    _ => fields.wrong(&format!("{path}.key"), "one key of a telephone"),
                }
            }),
            Control::Cases => self.list(key, value, Self::case),
            Control::HttpBody => self.http_body(key, value),
            Control::HttpAuth => {
                if !(value.get("basic").is_some_and(Json::is_object)
                    || value.get("bearer").is_some()
                    || value.get("client_credentials").is_some_and(Json::is_object))
                {
                    self.wrong(key, "{ \"basic\": { \"user\", \"password\" } }, { \"bearer\" } or { \"client_credentials\": { \"token_url\", \"client_id\", \"client_secret\", \"scope\" } }");
                }
            }
            Control::HttpExpect => {
                if !value.is_object() {
                    self.wrong(key, "{ \"content_type\", \"keys\" }");
                }
            }
        }
    }

    fn template(&mut self, path: &str, value: &Json) {
        let text = match value {
            Json::String(text) => text,
            Json::Number(_) | Json::Bool(_) => return,
            _ => return self.wrong(path, "text"),
        };
        if let Err(reason) = Template::parse(text) {
            let remedy = "Write {{ Node.variable }}; names have no spaces, and filters stand after a bar: {{ name | upcase }}.";
            self.push(Problem::of_node(
                "bad_template",
                self.node,
                path,
                format!("The text cannot be filled in: {reason}."),
                remedy,
            ));
        }
        for name in Template::single_braces(text) {
            let message = format!("{{{name}}} is spoken or sent as it stands.");
            let remedy = format!("To fill in a value, write {{{{ {name} }}}}.");
            let problem =
                Problem::of_node("single_braces", self.node, path, message, remedy).as_warning();
            let change = Change::set(problem.pointer.as_str(), with_double_braces(text, name));
            self.push(problem.with_fix(Fix::safe(format!("Write {{{{ {name} }}}}"), change)));
        }
    }

    fn expression(&mut self, path: &str, value: &Json) {
        let Some(text) = value.as_str() else { return self.wrong(path, "a formula, as text") };
        if let Err(reason) = Expression::parse(text) {
            let message = format!("The formula cannot be read: {reason}.");
            self.push(Problem::of_node(
                "bad_expression",
                self.node,
                path,
                message,
                "A formula looks like this: Menu.digits == \"1\" && count < 3",
            ));
        }
    }

    fn script(&mut self, path: &str, value: &Json) {
        let Some(text) = value.as_str() else { return self.wrong(path, "a script, as text") };
        if let Err(reason) = Script::parse(text) {
            let message = format!("The script cannot be read: {reason}.");
            let remedy = "A script ends with its result: let total = count * 2; total";
            self.push(Problem::of_node("bad_script", self.node, path, message, remedy));
        }
    }

    fn prompt(&mut self, path: &str, value: &Json) {
        let Some(prompt) = value.as_object() else {
            return self.wrong(path, "{ \"speak\": … } or { \"play\": … }");
        };
        for (key, value) in prompt {
            match key.as_str() {
                "speak" | "play" | "voice" | "language" => {
                    self.template(&format!("{path}.{key}"), value)
                }
                _ => self.unknown(&format!("{path}.{key}"), "speak, play, voice, language"),
            }
        }
        if prompt.contains_key("speak") == prompt.contains_key("play") {
            let message = "The prompt must either speak a text or play a file.";
            self.push(Problem::of_node(
                "wrong_value",
                self.node,
                path,
                message,
                "Fill in one of speak and play, not both.",
            ));
        }
    }

    fn case(&mut self, path: &str, row: &Json) {
        let Some(row) = row.as_object() else {
            return self.wrong(path, "a row such as { \"name\": \"Sales\", \"equals\": \"1\" }");
        };
        if row.get("name").and_then(Json::as_str).is_none_or(|name| name.trim().is_empty()) {
            self.wrong(&format!("{path}.name"), "a name for this way out");
        }
        if let Some(when) = row.get("when") {
            self.expression(&format!("{path}.when"), when);
        }
        for key in ["equals", "starts_with", "contains", "less_than", "at_least"] {
            if let Some(value) = row.get(key) {
                self.template(&format!("{path}.{key}"), value);
            }
        }
    }

    fn http_body(&mut self, path: &str, value: &Json) {
        match value.as_object().and_then(|body| body.iter().next().filter(|_| body.len() == 1)) {
            Some((kind, json)) if kind == "json" => {
                self.templates_within(&format!("{path}.json"), json)
            }
            Some((kind, form)) if kind == "form" => {
                self.rows(&format!("{path}.form"), form, Self::template)
            }
            Some((kind, text)) if kind == "text" => self.template(&format!("{path}.text"), text),
            _ => self.wrong(path, "one of { \"json\": … }, { \"form\": … } and { \"text\": … }"),
        }
    }

    fn templates_within(&mut self, path: &str, value: &Json) {
        match value {
            Json::String(_) => self.template(path, value),
            Json::Array(items) => self.each(path, items, Self::templates_within),
            Json::Object(_) => self.rows(path, value, Self::templates_within),
            _ => {}
        }
    }

    fn each(&mut self, path: &str, items: &[Json], check: impl Fn(&mut Self, &str, &Json)) {
        for (index, item) in items.iter().enumerate() {
            check(self, &format!("{path}[{index}]"), item);
        }
    }

    fn rows(&mut self, path: &str, value: &Json, check: impl Fn(&mut Self, &str, &Json)) {
        let Some(rows) = value.as_object() else {
            return self.wrong(path, "rows of name and value");
        };
        for (name, row) in rows {
            check(self, &format!("{path}.{name}"), row);
        }
    }

    fn list(&mut self, path: &str, value: &Json, check: impl Fn(&mut Self, &str, &Json)) {
        let Some(items) = value.as_array() else { return self.wrong(path, "a list of rows") };
        self.each(path, items, check);
    }

    fn wrong(&mut self, path: &str, expected: &str) {
        let message = format!("{path} does not have a value that fits.");
        self.push(Problem::of_node(
            "wrong_value",
            self.node,
            path,
            message,
            format!("It must be {expected}."),
        ));
    }

    fn unknown(&mut self, path: &str, known: &str) {
        let message = format!("There is no field {path}.");
        let remedy = format!("It can have: {known}.");
        self.push(
            Problem::of_node("unknown_field", self.node, path, message, remedy)
                .with_removal("Remove the setting"),
        );
    }

    fn push(&mut self, problem: Problem) {
        self.problems.push(problem);
    }
}

/// `{name}` as `{{ name }}`, where it does not stand in double braces already.
fn with_double_braces(text: &str, name: &str) -> String {
    let single = format!("{{{name}}}");
    let mut changed = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(&single) {
        let (before, after) = (&rest[..at], &rest[at + single.len()..]);
        let is_doubled = before.ends_with('{') || after.starts_with('}');
        changed.push_str(before);
        changed.push_str(&if is_doubled { single.clone() } else { format!("{{{single}}}") });
        rest = after;
    }
    let spaced = format!("{{{{ {name} }}}}");
    (changed + rest).replace(&format!("{{{{{name}}}}}"), &spaced)
}

impl Control {
    /// Whether a value says nothing: it is what is taken when the field is left out.
    pub(crate) fn is_default(&self, value: &Json) -> bool {
        match self {
            Control::Number { default, .. } => value.as_i64() == Some(*default),
            Control::Toggle { default } => value.as_bool() == Some(*default),
            Control::Choice(choices) => choices.first().is_some_and(|(first, _)| value == first),
            // An empty finishing key says something: no key finishes.
            Control::Key => value.is_null(),
            _ => match value {
                Json::Null => true,
                Json::String(text) => text.is_empty(),
                Json::Array(items) => items.is_empty(),
                Json::Object(map) => map.is_empty(),
                _ => false,
            },
        }
    }

    /// The JSON Schema of a field's value.
    pub fn schema(&self) -> Json {
        let text = json!({ "type": ["string", "number", "boolean"] });
        let rows = json!({ "type": "object", "additionalProperties": text });
        match self {
            Control::Template
            | Control::LongTemplate
            | Control::Receiver
            | Control::Url
            | Control::Moment
            | Control::Voice
            | Control::Language
            | Control::Sender => text,
            Control::Texts => json!({ "type": "array", "items": text }),
            Control::Names => {
                json!({ "type": "array", "items": { "type": "string", "minLength": 1 } })
            }
            Control::Replies => json!({ "type": "array", "items": {
                "type": "object",
                "required": ["name"],
                "properties": { "name": { "type": "string", "minLength": 1 }, "accepts": { "type": "array", "items": text } },
                "additionalProperties": false,
            } }),
            Control::Pattern
            | Control::Script
            | Control::Sql
            | Control::Workflow
            | Control::Connection
            | Control::TimeZone => json!({ "type": "string", "minLength": 1 }),
            Control::Json => json!({}),
            Control::Secret => json!({ "anyOf": [text, {
                "type": "object",
                "required": ["$secret"],
                "properties": { "$secret": { "type": "string" } },
                "additionalProperties": false,
            }] }),
            Control::Hours => {
                let spans = json!({ "type": "array", "items": { "type": "string", "pattern": "^[0-2][0-9]:[0-5][0-9]-[0-2][0-9]:[0-5][0-9]$" } });
                let days: serde_json::Map<String, Json> =
                    ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
                        .into_iter()
                        .map(|day| (day.to_owned(), spans.clone()))
                        .collect();
                json!({ "type": "object", "properties": days, "additionalProperties": false })
            }
            Control::Holidays => json!({ "type": "array", "items": {
                "type": "object",
                "required": ["date"],
                "properties": {
                    "date": { "type": "string", "pattern": "^([0-9]{4}-)?[0-1][0-9]-[0-3][0-9]$" },
                    "name": { "type": "string" },
                    "hours": { "type": "array", "items": { "type": "string" } },
                },
                "additionalProperties": false,
            } }),
            Control::Schedule => json!({
                "type": "object",
                "required": ["cron"],
                "properties": { "cron": { "type": "string" }, "time_zone": { "type": "string" } },
                "additionalProperties": false,
            }),
            Control::Receivers => json!({ "anyOf": [text, { "type": "array", "items": text }] }),
            Control::Urls => json!({ "type": "array", "items": text }),
            Control::Expression => json!({ "type": "string", "minLength": 1 }),
            Control::Number { min, max, default, .. } => {
                json!({ "type": "integer", "minimum": min, "maximum": max, "default": default })
            }
            Control::Toggle { default } => json!({ "type": "boolean", "default": default }),
            Control::Choice(choices) => {
                json!({ "enum": choices.iter().map(|(choice, _)| choice).collect::<Vec<_>>() })
            }
            Control::Keys => json!({ "type": "string", "pattern": "^[0-9*#]*$" }),
            Control::Key => json!({ "type": "string", "pattern": "^[0-9*#]?$" }),
            Control::Prompt => json!({
                "type": "object",
                "properties": { "speak": text, "play": text, "voice": text, "language": text },
                "additionalProperties": false,
                "oneOf": [{ "required": ["speak"] }, { "required": ["play"] }],
            }),
            Control::Params => json!({ "type": "object", "additionalProperties": {
                "type": "object",
                "properties": { "required": { "type": "boolean" }, "default": {}, "type": { "enum": ["text", "number", "yes_no", "list", "any"] }, "description": { "type": "string" } },
                "additionalProperties": false,
            } }),
            Control::Cases => json!({ "type": "array", "items": {
                "type": "object",
                "required": ["name"],
                "properties": {
                    "name": { "type": "string", "minLength": 1 }, "equals": text, "in": { "type": "array", "items": text }, "matches": { "type": "string" }, "less_than": text,
                    "at_least": text, "starts_with": text, "contains": text, "when": { "type": "string" },
                },
                "additionalProperties": false,
            } }),
            Control::Choices => json!({ "type": "array", "items": {
                "type": "object",
                "required": ["key"],
                "properties": { "key": { "type": "string", "pattern": "^[0-9*#]$" }, "label": { "type": "string" } },
                "additionalProperties": false,
            } }),
            Control::Assignments | Control::Pairs => rows,
            Control::HttpBody => {
                json!({ "type": "object", "minProperties": 1, "maxProperties": 1, "properties": { "json": {}, "form": rows, "text": text }, "additionalProperties": false })
            }
            Control::HttpAuth => {
                json!({ "type": "object", "minProperties": 1, "maxProperties": 1, "properties": { "basic": { "type": "object" }, "bearer": {}, "client_credentials": { "type": "object" } }, "additionalProperties": false })
            }
            Control::HttpExpect => json!({
                "type": "object",
                "properties": { "content_type": { "type": "string" }, "keys": { "type": "array", "items": { "type": "string" } } },
                "additionalProperties": false,
            }),
        }
    }
}
