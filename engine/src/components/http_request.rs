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
//! `Retry-After` is heeded, and a waiting run costs nothing. What is to be kept is taken from the answer.
//!
//! ```flow
//! config {"method": "POST", "url": "https://example.com/api", "body": {"json": {"people": "{{ people }}", "note": "for {{ customer }}"}}, "retries": 2, "save": {"ticket": "{{ It.response.ticket.id }}", "tags": "{{ It.response.tags }}"}}
//! > api_request {"customer": "Ada", "people": [1, 2]}
//! < http_request POST "https://example.com/api" body {"note":"for Ada","people":[1,2]}
//! > http_answered 429 retry_after 90
//! = waiting
//! @ +89s
//! = waiting
//! @ +1s
//! < http_request POST "https://example.com/api" body {"note":"for Ada","people":[1,2]}
//! > http_answered 201 {"ticket": {"id": 7}, "tags": ["a", "b"]}
//! -> success
//! ? ticket = 7
//! ? tags[1] = b
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

use super::json_template::JsonTemplate;
use crate::component::{
    Component, Control, Field, Group, Problems, Spec, State, Step, Variable, leave,
};
use crate::{
    effect::{self, Secret},
    event::Event,
    limits,
    name::NodeName,
    run::Ctx,
    template::Template,
    value::Value,
    variables::Root,
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
    #[serde(default)]
    save: BTreeMap<Root, Template>,
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
    Head,
    Options,
}

impl Method {
    fn as_str(self) -> &'static str {
        match self {
            Method::Get => "GET",
            Method::Post => "POST",
            Method::Put => "PUT",
            Method::Patch => "PATCH",
            Method::Delete => "DELETE",
            Method::Head => "HEAD",
            Method::Options => "OPTIONS",
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Auth {
    Basic {
        user: Template,
        password: Credential,
    },
    Bearer(Credential),
    ClientCredentials {
        token_url: Template,
        client_id: Template,
        client_secret: Credential,
        #[serde(default)]
        scope: Template,
    },
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
        aliases: &["http", "webhook", "webhook_request", "make_http_request", "api_call", "fetch"],
        help: "An answer from 200 to 299 leads by Success; its JSON can be read as {{ Name.response.key }}. \
               In a JSON body a text that is one value and nothing else, such as {{ people }}, stays a list or number. \
               A caller who is on the line hears the hold audio if it takes longer than a moment. \
               Passwords and tokens belong into the server's secrets: { \"$secret\": \"name\" }.",
        example: r#"{ "url": "https://status.example.com/api" }"#,
        fields: &[
            Field::optional(
                "method",
                "Method",
                "What is done: GET reads, POST sends.",
                Control::Choice(&[
                    ("GET", "GET"),
                    ("POST", "POST"),
                    ("PUT", "PUT"),
                    ("PATCH", "PATCH"),
                    ("DELETE", "DELETE"),
                    ("HEAD", "HEAD"),
                    ("OPTIONS", "OPTIONS"),
                ]),
            ),
            Field::required(
                "url",
                "Address",
                "Where to ask, beginning with https://.",
                Control::Url,
            ),
            Field::optional("query", "Query", "Values to add to the address.", Control::Pairs),
            Field::optional("headers", "Headers", "Headers to send along.", Control::Pairs),
            Field::optional("auth", "Sign in", "Credentials to send along.", Control::HttpAuth),
            Field::optional("body", "Body", "What to send.", Control::HttpBody),
            Field::optional(
                "timeout_s",
                "Give up after",
                "How long the answer may take.",
                Control::Number { min: 1, max: 60, default: 10, unit: "seconds" },
            ),
            Field::optional(
                "retries",
                "Try again",
                "How often to try again after no answer, 429 or 500 and above, each time waiting twice as long, or as long as the answer asks for. What was sent may then arrive twice.",
                Control::Number { min: 0, max: 5, default: 0, unit: "times" },
            ),
            Field::optional(
                "expect",
                "Expect",
                "The type and keys that the answer must have.",
                Control::HttpExpect,
            ),
            Field::optional(
                "save",
                "Keep",
                "Variables to set after success, from the answer: {{ Name.response.key }}, with this step's own name.",
                Control::Assignments,
            ),
        ],
        states: &[
            State::new("success", "Success", "it was answered with 200 to 299, as expected"),
            State::new("failed", "Failed", "it was answered otherwise, or not at all"),
        ],
        variables: &[
            Variable::new(
                "status_code",
                "the HTTP status; 400 where the answer is not as expected",
            ),
            Variable::new("content_type", "the type of the answer"),
            Variable::new("response", "the answer: JSON below its keys, else text"),
            Variable::new("error", "why there was no answer"),
        ],
        waits: true,
        ..Spec::BASE
    };

    fn check(&self, problems: &mut Problems<'_>) {
        let url = self.url.source();
        if !is_address(url) {
            problems.error(
                "bad_url",
                "url",
                format!("`{url}` is no web address."),
                "Begin it with https://.",
            );
        }
        if matches!(self.method, Method::Get | Method::Head) && self.body.is_some() {
            problems.warning(
                "body_of_get",
                "body",
                format!("A {} request has no body; it is sent all the same.", self.method.as_str()),
                "Choose POST, or remove the body.",
            );
        }
        if let Some(Auth::ClientCredentials { token_url, .. }) = &self.auth
            && !is_address(token_url.source())
        {
            problems.error(
                "bad_url",
                "auth.client_credentials.token_url",
                format!("`{}` is no web address.", token_url.source()),
                "Begin it with https://.",
            );
        }
        for name in self.save.keys().map(Root::name) {
            if !NodeName::is_identifier(name) || name == "run" {
                problems.error(
                    "bad_variable_name",
                    &format!("save.{name}"),
                    format!("`{name}` cannot be the name of a variable."),
                    "Use letters, digits and _, and not `run`.",
                );
            }
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
            Event::HttpAnswered { status, content_type, retry_after_s, body, .. } => {
                if (*status == 429 || *status >= 500) && self.tries_again(ctx, *retry_after_s) {
                    return Step::Wait;
                }
                self.keep(ctx, *status, content_type, body)
            }
            Event::EffectFailed { reason, .. } | Event::EffectUnknown { reason, .. } => {
                if self.tries_again(ctx, None) {
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
            Auth::ClientCredentials { token_url, client_id, client_secret, scope } => {
                effect::HttpAuth::ClientCredentials {
                    token_url: ctx.render(token_url).trim().to_owned(),
                    client_id: ctx.render(client_id),
                    client_secret: client_secret.render(ctx),
                    scope: ctx.render(scope),
                }
            }
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

    /// Waits 2, 4, 8 … seconds, or as long as it was asked to, as durable state, while tries are left.
    fn tries_again(&self, ctx: &mut Ctx<'_>, retry_after_s: Option<u32>) -> bool {
        let failures = ctx.count("failures");
        if failures > i64::from(self.retries) {
            return false;
        }
        ctx.remember("waits", true);
        let asked_ms = i64::from(retry_after_s.unwrap_or(0).min(limits::RETRY_AFTER_S_MAX)) * 1_000;
        ctx.wake_at(ctx.at().plus_ms(asked_ms.max(1_000 << failures.clamp(1, 6))));
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
        if !(200..300).contains(&status) {
            return leave("failed");
        }
        for (name, template) in &self.save {
            let value = ctx.evaluate(template);
            ctx.set_of_run(name.name(), value);
        }
        leave("success")
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

fn is_address(url: &str) -> bool {
    ["http://", "https://", "{{"].iter().any(|beginning| url.starts_with(beginning))
}

/// A header cannot break lines.
pub(super) fn one_line(text: &str) -> String {
    text.chars().map(|character| if character.is_control() { ' ' } else { character }).collect()
}
