//! Asks another system over HTTP.
//!
//! ```flow
//! > api_request {}
//! < http_request GET "https://status.example.com/api"
//! > http_answered 200 {"status": "green", "open": 2}
//! -> success
//! ? It.response.status = green
//! ? It.status_code = 200
//! = completed
//! ```
//!
//! ```flow
//! config {"url": "https://example.com/api", "query": {"verbose": "1"}, "retries": 1}
//! > api_request {}
//! < http_request GET "https://example.com/api?verbose=1"
//! > http_answered 503 {}
//! @ +2s
//! < http_request GET "https://example.com/api?verbose=1"
//! > not_done "connection refused"
//! -> failed
//! = completed
//! ```
//!
//! An answer of another type or without an expected key counts as a failure with status 400, as in PHLO.
//!
//! ```flow
//! config {"url": "https://example.com", "expect": {"content_type": "application/json", "keys": ["status"]}}
//! > api_request {}
//! < http_request GET "https://example.com"
//! > http_answered 200 {"state": "green"}
//! -> failed
//! ? It.status_code = 400
//! = completed
//! ```

use crate::component::{
    Component, Control, Field, Group, Problems, Spec, State, Step, Variable, leave,
};
use crate::{
    effect::{self, Secret},
    event::Event,
    run::Ctx,
    template::Template,
    value::Value,
};
use serde::Deserialize;
use serde_json::Value as Json;
use std::{collections::BTreeMap, fmt::Write};

/// The configuration of `http_request`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct HttpRequest {
    #[serde(default)]
    method: Method,
    url: Template,
    #[serde(default)]
    headers: BTreeMap<String, Template>,
    #[serde(default)]
    query: BTreeMap<String, Template>,
    auth: Option<Auth>,
    body: Option<Body>,
    #[serde(default = "timeout_s")]
    timeout_s: u32,
    #[serde(default)]
    retries: u32,
    expect: Option<Expect>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
enum Method {
    #[default]
    Get,
    Post,
    Put,
    Patch,
    Delete,
}

impl Method {
    fn as_str(self) -> &'static str {
        match self {
            Method::Get => "GET",
            Method::Post => "POST",
            Method::Put => "PUT",
            Method::Patch => "PATCH",
            Method::Delete => "DELETE",
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Auth {
    Basic { user: Template, password: Credential },
    Bearer(Credential),
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Credential {
    Named {
        #[serde(rename = "$secret")]
        name: String,
    },
    Value(Template),
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Body {
    Json(JsonTemplate),
    Form(BTreeMap<String, Template>),
    Text(Template),
}

/// A JSON value whose texts are templates, parsed once.
#[derive(Debug, Deserialize)]
#[serde(try_from = "Json")]
enum JsonTemplate {
    Text(Template),
    List(Vec<JsonTemplate>),
    Map(Vec<(String, JsonTemplate)>),
    Plain(Json),
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Expect {
    content_type: Option<String>,
    #[serde(default)]
    keys: Vec<String>,
}

fn timeout_s() -> u32 {
    10
}

impl Component for HttpRequest {
    const SPEC: Spec = Spec {
        kind: "http_request",
        label: "HTTP request",
        summary: "Asks another system over HTTP and keeps its answer.",
        group: Group::Integrate,
        aliases: &["webhook_request", "fetch"],
        help: "An answer from 200 to 299 leads by Success; its JSON can be read as {{ Name.response.key }}. \
               A caller who is on the line hears the hold audio if it takes longer than a moment. \
               Passwords and tokens belong into the server's secrets: { \"$secret\": \"name\" }.",
        example: r#"{ "url": "https://status.example.com/api" }"#,
        fields: &[
            Field {
                key: "method",
                label: "Method",
                help: "What is done: GET reads, POST sends.",
                control: Control::Choice(&[
                    ("GET", "GET"),
                    ("POST", "POST"),
                    ("PUT", "PUT"),
                    ("PATCH", "PATCH"),
                    ("DELETE", "DELETE"),
                ]),
                is_required: false,
            },
            Field {
                key: "url",
                label: "Address",
                help: "Where to ask, beginning with https://.",
                control: Control::Url,
                is_required: true,
            },
            Field {
                key: "query",
                label: "Query",
                help: "Values to add to the address.",
                control: Control::Pairs,
                is_required: false,
            },
            Field {
                key: "headers",
                label: "Headers",
                help: "Headers to send along.",
                control: Control::Pairs,
                is_required: false,
            },
            Field {
                key: "auth",
                label: "Sign in",
                help: "Credentials to send along.",
                control: Control::HttpAuth,
                is_required: false,
            },
            Field {
                key: "body",
                label: "Body",
                help: "What to send.",
                control: Control::HttpBody,
                is_required: false,
            },
            Field {
                key: "timeout_s",
                label: "Give up after",
                help: "How long the answer may take.",
                control: Control::Number { min: 1, max: 60, default: 10, unit: "seconds" },
                is_required: false,
            },
            Field {
                key: "retries",
                label: "Try again",
                help: "How often to try again after no answer, 429 or 500 and above, each time waiting twice as long.",
                control: Control::Number { min: 0, max: 5, default: 0, unit: "times" },
                is_required: false,
            },
            Field {
                key: "expect",
                label: "Expect",
                help: "The type and keys that the answer must have.",
                control: Control::HttpExpect,
                is_required: false,
            },
        ],
        states: &[
            State {
                name: "success",
                label: "Success",
                help: "it was answered with 200 to 299, as expected",
            },
            State {
                name: "failed",
                label: "Failed",
                help: "it was answered otherwise, or not at all",
            },
        ],
        variables: &[
            Variable {
                name: "status_code",
                help: "the HTTP status; 400 where the answer is not as expected",
            },
            Variable { name: "content_type", help: "the type of the answer" },
            Variable { name: "response", help: "the answer: JSON below its keys, else text" },
            Variable { name: "error", help: "why there was no answer" },
        ],
        is_voice: false,
        joins_prompts: false,
        gives_call_by: &[],
        waits: true,
    };

    fn check(&self, problems: &mut Problems<'_>) {
        let url = self.url.source();
        if !url.starts_with("http://") && !url.starts_with("https://") && !url.starts_with("{{") {
            problems.error(
                "bad_url",
                "url",
                format!("`{url}` is no web address."),
                "Begin it with https://.",
            );
        }
        if self.method == Method::Get && self.body.is_some() {
            problems.warning(
                "body_of_get",
                "body",
                "A GET request has no body; it is sent all the same.",
                "Choose POST, or remove the body.",
            );
        }
    }

    fn summary(&self) -> String {
        let url = self.url.source();
        let short = url.trim_start_matches("https://").trim_start_matches("http://");
        format!("{} {short}", self.method.as_str())
    }

    fn enter(&self, ctx: &mut Ctx<'_>) -> Step {
        self.send(ctx)
    }

    fn resume(&self, ctx: &mut Ctx<'_>, event: &Event) -> Step {
        match event {
            Event::HttpAnswered { status, content_type, body, .. } => {
                if (*status == 429 || *status >= 500) && self.tries_again(ctx) {
                    return Step::Wait;
                }
                self.keep(ctx, *status, content_type, body)
            }
            Event::EffectFailed { reason, .. } | Event::EffectUnknown { reason, .. } => {
                if self.tries_again(ctx) {
                    return Step::Wait;
                }
                fail(ctx, reason)
            }
            Event::Woke
                if ctx.remembered("waits").is_some_and(|waits| *waits == Value::Bool(true)) =>
            {
                ctx.remember("waits", false);
                self.send(ctx)
            }
            Event::Woke => fail(ctx, "no answer came"),
            _ => Step::Wait,
        }
    }
}

fn fail(ctx: &mut Ctx<'_>, reason: &str) -> Step {
    ctx.set("error", reason);
    ctx.set("status_code", 0);
    ctx.set("response", "");
    leave("failed")
}

impl HttpRequest {
    fn send(&self, ctx: &mut Ctx<'_>) -> Step {
        let mut url = ctx.render(&self.url).trim().to_owned();
        for (index, (name, value)) in self.query.iter().enumerate() {
            let separator = if index == 0 && !url.contains('?') { '?' } else { '&' };
            let value = ctx.render(value);
            let _ = write!(url, "{separator}{}={}", encoded(name), encoded(&value));
        }
        let mut headers: BTreeMap<String, String> = self
            .headers
            .iter()
            .map(|(name, value)| (name.clone(), one_line(&ctx.render(value))))
            .collect();
        let body = self.body.as_ref().map(|body| {
            let (content_type, text) = body.render(ctx);
            if !headers.keys().any(|name| name.eq_ignore_ascii_case("content-type")) {
                headers.insert("Content-Type".to_owned(), content_type.to_owned());
            }
            text
        });
        let auth = self.auth.as_ref().map(|auth| match auth {
            Auth::Basic { user, password } => {
                effect::HttpAuth::Basic { user: ctx.render(user), password: password.render(ctx) }
            }
            Auth::Bearer(token) => effect::HttpAuth::Bearer(token.render(ctx)),
        });
        ctx.http_request(effect::HttpRequest {
            method: self.method.as_str().to_owned(),
            url,
            headers,
            auth,
            body,
            timeout_s: self.timeout_s,
        });
        Step::Wait
    }

    /// Waits 2, 4, 8 … seconds as durable state, while tries are left.
    fn tries_again(&self, ctx: &mut Ctx<'_>) -> bool {
        let failures = ctx.count("failures");
        if failures > i64::from(self.retries) {
            return false;
        }
        ctx.remember("waits", true);
        ctx.wake_at(ctx.at().plus_ms(1_000 << failures.clamp(1, 6)));
        true
    }

    fn keep(&self, ctx: &mut Ctx<'_>, status: u16, content_type: &str, body: &str) -> Step {
        let json: Option<Json> = serde_json::from_str(body)
            .ok()
            .filter(|_| content_type.is_empty() || content_type.contains("json"));
        let unexpected =
            self.expect.as_ref().and_then(|expect| expect.differs(content_type, json.as_ref()));
        let status =
            if unexpected.is_some() && (200..300).contains(&status) { 400 } else { status };
        ctx.set("status_code", i64::from(status));
        ctx.set("content_type", content_type);
        ctx.set("error", unexpected.unwrap_or_default());
        ctx.set("response", json.map_or_else(|| Value::from(body), Value::from));
        leave(if (200..300).contains(&status) { "success" } else { "failed" })
    }
}

impl Expect {
    fn differs(&self, content_type: &str, json: Option<&Json>) -> Option<String> {
        if let Some(expected) = self
            .content_type
            .as_deref()
            .filter(|expected| !expected.is_empty() && !content_type.starts_with(*expected))
        {
            return Some(format!("the answer is {content_type}, not {expected}"));
        }
        let missing = self.keys.iter().find(|key| {
            json.and_then(|json| key.split('.').try_fold(json, |json, step| json.get(step)))
                .is_none()
        });
        missing.map(|key| format!("the answer has no {key}"))
    }
}

impl Credential {
    fn render(&self, ctx: &mut Ctx<'_>) -> Secret {
        match self {
            Credential::Named { name } => Secret::Named { name: name.clone() },
            Credential::Value(template) => Secret::Value(ctx.render(template)),
        }
    }
}

impl Body {
    fn render(&self, ctx: &mut Ctx<'_>) -> (&'static str, String) {
        match self {
            Body::Json(json) => ("application/json", json.render(ctx).to_string()),
            Body::Form(rows) => {
                let rows: Vec<String> = rows
                    .iter()
                    .map(|(name, value)| {
                        format!("{}={}", encoded(name), encoded(&ctx.render(value)))
                    })
                    .collect();
                ("application/x-www-form-urlencoded", rows.join("&"))
            }
            Body::Text(text) => ("text/plain; charset=utf-8", ctx.render(text)),
        }
    }
}

impl TryFrom<Json> for JsonTemplate {
    type Error = String;

    fn try_from(json: Json) -> Result<Self, String> {
        Ok(match json {
            Json::String(text) => JsonTemplate::Text(Template::parse(&text)?),
            Json::Array(items) => {
                JsonTemplate::List(items.into_iter().map(Self::try_from).collect::<Result<_, _>>()?)
            }
            Json::Object(map) => {
                let rows = map.into_iter().map(|(key, value)| Ok((key, Self::try_from(value)?)));
                JsonTemplate::Map(rows.collect::<Result<_, String>>()?)
            }
            other => JsonTemplate::Plain(other),
        })
    }
}

impl JsonTemplate {
    /// Fills in every text; the result is data, whatever the values hold.
    fn render(&self, ctx: &mut Ctx<'_>) -> Json {
        match self {
            JsonTemplate::Text(text) => Json::String(ctx.render(text)),
            JsonTemplate::List(items) => items.iter().map(|item| item.render(ctx)).collect(),
            JsonTemplate::Map(rows) => {
                rows.iter().map(|(key, value)| (key.clone(), value.render(ctx))).collect()
            }
            JsonTemplate::Plain(json) => json.clone(),
        }
    }
}

/// A value inside a query or form: everything but letters, digits and `-_.~` is encoded.
fn encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

/// A header cannot break lines.
fn one_line(text: &str) -> String {
    text.chars().map(|character| if character.is_control() { ' ' } else { character }).collect()
}
