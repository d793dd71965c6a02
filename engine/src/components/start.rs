//! Where every run begins.
//!
//! ```flow
//! > api_request {"customer": "Ada"}
//! = completed
//! ```
//!
//! ```flow
//! > incoming_message from +14155550100 text "Help"
//! = completed
//! ```

use crate::component::{Component, Control, Field, Group, Spec, State, Step, Variable, leave};
use crate::{event::Trigger, run::Ctx, value::Value, workflow::ParamType};
use serde::Deserialize;
use serde_json::Value as Json;
use std::collections::BTreeMap;

/// The configuration of `start`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Start {
    #[serde(default)]
    params: BTreeMap<String, Param>,
}

/// A declared parameter. [`crate::Workflow::accept_params`] reads it; here it only has to be well-formed.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Param {
    #[serde(default)]
    required: bool,
    #[serde(default)]
    default: Json,
    #[serde(rename = "type", default)]
    kind: ParamType,
    /// For the form of the run dialog; a run does not read it.
    #[serde(default, rename = "description")]
    _description: String,
}

impl Component for Start {
    const SPEC: Spec = Spec {
        kind: "start",
        label: "Start",
        summary: "Where every run begins: with a call, a text, or a request from another system.",
        group: Group::Trigger,
        aliases: &["receive_call", "receive_sms", "incoming_call", "incoming_message"],
        help: "A workflow has one start. Connect the ways in that it should answer; the others end at once. \
               List the values that a service sends along as parameters: texts can then say {{ name }}.",
        example: r#"{ "params": { "customer": { "required": true, "description": "Who this is about." } } }"#,
        fields: &[Field {
            key: "params",
            label: "Parameters",
            help: "What a service sends along when it starts a run.",
            control: Control::Params,
            is_required: false,
        }],
        states: &[
            State {
                name: "incoming_call",
                label: "Incoming call",
                help: "somebody calls one of the workflow's numbers",
            },
            State {
                name: "incoming_message",
                label: "Incoming message",
                help: "somebody texts one of the workflow's numbers",
            },
            State { name: "api_request", label: "API request", help: "a service asks for a run" },
        ],
        variables: &[
            Variable { name: "request_type", help: "call, sms or http" },
            Variable { name: "call.from", help: "who calls" },
            Variable { name: "call.to", help: "the number that was called" },
            Variable { name: "call.uuid", help: "Plivo's id of the call" },
            Variable { name: "message.from", help: "who wrote" },
            Variable { name: "message.to", help: "the number that was written to" },
            Variable { name: "message.text", help: "what the text says" },
        ],
        is_voice: false,
        joins_prompts: false,
        gives_call_by: &["incoming_call"],
        waits: false,
    };

    fn check(&self, problems: &mut crate::component::Problems<'_>) {
        for (name, param) in &self.params {
            let field = format!("params.{name}");
            if !crate::NodeName::is_identifier(name) {
                problems.error(
                    "bad_param_name",
                    &field,
                    format!("`{name}` cannot be the name of a parameter."),
                    "Use letters, digits and _.",
                );
            }
            if !param.kind.fits(&param.default) {
                problems.error(
                    "bad_default",
                    &field,
                    format!("The default of `{name}` does not fit its type."),
                    "Change the default or the type.",
                );
            }
            if param.required && !param.default.is_null() {
                let message =
                    format!("`{name}` is required and has a default, which is never used.");
                problems.warning("default_of_required", &field, message, "Remove one of the two.");
            }
        }
    }

    fn summary(&self) -> String {
        let names: Vec<&str> = self.params.keys().map(String::as_str).collect();
        if names.is_empty() {
            "A call, a text or a request".to_owned()
        } else {
            format!("With {}", names.join(", "))
        }
    }

    fn enter(&self, ctx: &mut Ctx<'_>) -> Step {
        // A run that comes by again has been told.
        let Some(trigger) = ctx.trigger().cloned() else { return leave(ctx.begun_by().as_str()) };
        let map = |rows: Vec<(&str, Value)>| Value::Map(rows.into_iter().collect());
        match &trigger {
            Trigger::IncomingCall { call_uuid, from, to } => {
                ctx.set("request_type", "call");
                let uuid = call_uuid.as_str();
                let rows = vec![
                    ("from", from.as_str().into()),
                    ("to", to.as_str().into()),
                    ("uuid", uuid.into()),
                    ("direction", "inbound".into()),
                ];
                ctx.set("call", map(rows));
            }
            Trigger::IncomingMessage { message_uuid, from, to, text, media_urls } => {
                ctx.set("request_type", "sms");
                let media: Vec<Value> = media_urls.iter().map(|url| url.as_str().into()).collect();
                // PHLO's own examples say both `msg` and `text`.
                let rows = vec![
                    ("from", from.as_str().into()),
                    ("to", to.as_str().into()),
                    ("text", text.as_str().into()),
                    ("msg", text.as_str().into()),
                    ("message_uuid", message_uuid.as_str().into()),
                    ("media_urls", media.into()),
                ];
                ctx.set("message", map(rows));
            }
            Trigger::Schedule { planned_at } => {
                ctx.set("request_type", "schedule");
                ctx.set("schedule", map(vec![("planned_at", planned_at.to_rfc3339().into())]));
            }
            Trigger::Webhook { body } => {
                ctx.set("request_type", "webhook");
                ctx.set("webhook", map(vec![("body", body.clone())]));
            }
            Trigger::ApiRequest { params } | Trigger::RunWorkflow { params, .. } => {
                ctx.set("request_type", "http");
                ctx.set(
                    "http",
                    map(vec![("params", Value::Map(params.clone().into_iter().collect()))]),
                );
            }
        }
        leave(trigger.state())
    }
}
