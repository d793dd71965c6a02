//! Where every run begins.
//!
//! ```flow
//! > api_request {"customer": "Ada"}
//! -> api_request
//! ? customer = Ada
//! ? Start.http.params.customer = Ada
//! = completed
//! ```
//!
//! ```flow
//! > incoming_message from +14155550100 text "Help"
//! -> incoming_message
//! ? Start.message.text = Help
//! ? Start.request_type = sms
//! = completed
//! ```
//!
//! ```flow
//! > incoming_call from +14155550100
//! -> incoming_call
//! ? Start.call.from = +14155550100
//! < hang_up
//! > hung_up
//! = completed
//! ```
//!
//! Schedules and webhooks begin runs without anybody's request.
//!
//! ```flow
//! config {"schedule": {"cron": "0 9 * * mon-fri", "time_zone": "Europe/Berlin"}}
//! > schedule
//! -> schedule
//! ? Start.schedule.planned_at = 2026-01-05T09:00:00Z
//! = completed
//! ```
//!
//! ```flow
//! config {"webhook_secret": {"$secret": "shop"}}
//! > webhook {"order": {"id": 7}}
//! -> webhook
//! ? Start.webhook.body.order.id = 7
//! = completed
//! ```

use crate::component::{Component, Control, Field, Group, Spec, State, Step, Variable, leave};
use crate::{
    effect::Secret, event::Trigger, run::Ctx, schedule::Schedule, value::Value, workflow::ParamType,
};
use serde::Deserialize;
use serde_json::Value as Json;
use std::collections::BTreeMap;

/// The configuration of `start`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Start {
    #[serde(default)]
    params: BTreeMap<String, Param>,
    schedule: Option<Schedule>,
    webhook_secret: Option<Secret>,
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
        summary: "Where every run begins: with a call, a text, a request from another system, or by the clock.",
        group: Group::Trigger,
        aliases: &["receive_call", "receive_sms", "incoming_call", "incoming_message", "trigger"],
        help: "A workflow has one start. Connect the ways in that it should answer; the others end at once. \
               List the values that a service sends along as parameters: texts can then say {{ name }}. \
               A schedule begins runs by the clock; a webhook lets another system begin them by calling the workflow's own address, signed with the secret.",
        example: r#"{ "params": { "customer": { "required": true, "description": "Who this is about." } } }"#,
        fields: &[
            Field::optional(
                "params",
                "Parameters",
                "What a service sends along when it starts a run.",
                Control::Params,
            ),
            Field::optional(
                "schedule",
                "Schedule",
                "When runs begin by themselves: minute, hour, day, month and day of the week as in cron, and the place whose clocks count.",
                Control::Schedule,
            ),
            Field::optional(
                "webhook_secret",
                "Webhook's secret",
                "What the other system signs its calls with; without it nobody can begin runs that way.",
                Control::Secret,
            ),
        ],
        states: &[
            State::new(
                "incoming_call",
                "Incoming call",
                "somebody calls one of the workflow's numbers",
            ),
            State::new(
                "incoming_message",
                "Incoming message",
                "somebody texts one of the workflow's numbers",
            ),
            State::new(
                "api_request",
                "API request",
                "a service or another workflow asks for a run",
            ),
            State::new("schedule", "Schedule", "the moment of the schedule has come"),
            State::new("webhook", "Webhook", "another system calls the workflow's own address"),
        ],
        variables: &[
            Variable::new("request_type", "call, sms, http, schedule or webhook"),
            Variable::new("call.from", "who calls"),
            Variable::new("call.to", "the number that was called"),
            Variable::new("call.uuid", "Plivo's id of the call"),
            Variable::new("message.from", "who wrote"),
            Variable::new("message.to", "the number that was written to"),
            Variable::new("message.text", "what the text says"),
            Variable::new("message.media_urls", "addresses of pictures that came with it"),
            Variable::new("schedule.planned_at", "the moment that the schedule named"),
            Variable::new("webhook.body", "what the other system sent"),
        ],
        gives_call_by: &["incoming_call"],
        ..Spec::BASE
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
        if let Some(schedule) = self.schedule.as_ref().filter(|schedule| !schedule.is_empty()) {
            if schedule.time_zone.is_unknown() {
                problems.error(
                    "unknown_time_zone",
                    "schedule.time_zone",
                    format!("There is no time zone `{}`.", schedule.time_zone()),
                    "Write continent and city: Europe/Berlin, America/New_York, Asia/Kolkata.",
                );
            } else if let Some(fault) = schedule.fault() {
                problems.error(
                    "bad_schedule",
                    "schedule.cron",
                    format!("`{}` is no schedule: {fault}.", schedule.cron()),
                    "Write minute, hour, day of the month, month and day of the week: 0 9 * * mon-fri is nine o'clock on working days.",
                );
            }
        }
        if let Some(Secret::Value(value)) = &self.webhook_secret
            && !value.trim().is_empty()
        {
            problems.warning(
                "secret_in_file",
                "webhook_secret",
                "The secret stands in the workflow itself, where everybody reads it who may open it.",
                "Give it a name among the server's secrets: { \"$secret\": \"name\" }.",
            );
        }
    }

    fn summary(&self) -> String {
        if let Some(schedule) = self.schedule.as_ref().filter(|schedule| !schedule.is_empty()) {
            return format!("At {} {}", schedule.cron(), schedule.time_zone());
        }
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
