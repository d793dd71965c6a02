//! What a run asked the world to do.

use super::{Line, change, line, role, room, shortened};
use crate::{
    language::{t, tf},
    words,
};
use engine::{
    Effect,
    effect::{Channel, SendMessage, StartRun},
};
use serde_json::Value as Json;
use std::fmt::Display;

/// What the run asked for.
pub fn effect_line(json: &Json) -> Line {
    let Ok(effect) = serde_json::from_value::<Effect>(json.clone()) else {
        let kind = json.get("type").and_then(Json::as_str).unwrap_or(t("Something"));
        return line("info", kind.replace('_', " "));
    };
    match effect {
        Effect::PlaceCall(call) => {
            line("make_call", tf("Calls {number}", &[("number", &words::number(&call.to))]))
        }
        Effect::HangUp { .. } => line("hangup", t("Hangs up")),
        Effect::CheckCall { .. } => {
            line("help", t("Asks the carrier whether the call is still up"))
        }
        Effect::SendMessage(message) => line("send_sms", sends(&message)),
        Effect::HttpRequest(request) => {
            line("http_request", format!("{} {}", request.method, shortened(&request.url)))
        }
        Effect::Redirect { .. } => line("phone", t("Calls the caller back from where they wait")),
        Effect::StartRecording { .. } => line("record_call", t("Records the call from now on")),
        Effect::StopRecording { .. } => line("record_call", t("Stops recording the call")),
        Effect::AddParticipant(participant) => line(
            "multi_party_call",
            tf(
                "Rings {number} into the call “{room}” as {role}",
                &[
                    ("number", &words::number(&participant.to)),
                    ("room", &participant.room),
                    ("role", &role(participant.role)),
                ],
            ),
        ),
        Effect::ChangeMember { room: of, member, change: how } => {
            let order = change(how, &words::number(&member));
            let asks = tf("Asks to {order} in {room}", &[("order", &order), ("room", &room(&of))]);
            line("conference", asks)
        }
        Effect::DropMessage { .. } => {
            line("record_audio", t("Takes somebody out of the room and leaves them a message"))
        }
        Effect::SendEmail(email) => {
            let words = tf(
                "Writes to {to}: “{subject}”",
                &[("to", &email.to.join(", ")), ("subject", &shortened(&email.subject))],
            );
            line("email", words)
        }
        Effect::QueryDatabase(query) => {
            let words = tf(
                "Asks the database {database}: {sql}",
                &[("database", &query.connection), ("sql", &shortened(&query.sql))],
            );
            line("database_query", words)
        }
        Effect::StartRun(StartRun { workflow_id, waits, .. }) => {
            let name: &[(&str, &dyn Display)] = &[("workflow", &workflow_id)];
            let words = if waits {
                tf("Starts the workflow {workflow}, and waits for its end", name)
            } else {
                tf("Starts the workflow {workflow}", name)
            };
            line("run_workflow", words)
        }
    }
}

fn sends(message: &SendMessage) -> String {
    let to = words::number(&message.to);
    let text = shortened(&message.text);
    match &message.channel {
        Channel::Sms => tf("Texts {to}: “{text}”", &[("to", &to), ("text", &text)]),
        Channel::WhatsApp => {
            tf("Writes to {to} on WhatsApp: “{text}”", &[("to", &to), ("text", &text)])
        }
        Channel::WhatsAppTemplate(template) => match template.get("name").and_then(Json::as_str) {
            Some(name) => {
                tf("Sends {to} the WhatsApp template “{name}”", &[("to", &to), ("name", &name)])
            }
            None => tf("Sends {to} the WhatsApp template", &[("to", &to)]),
        },
        Channel::WhatsAppInteractive(_) => tf("Sends {to} choices on WhatsApp", &[("to", &to)]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn effects_are_said_in_words() {
        let said = |json: Json| effect_line(&json).words;
        assert_eq!(
            said(
                json!({ "type": "start_run", "workflow_id": "survey", "params": {}, "depth": 1, "waits": true })
            ),
            "Starts the workflow survey, and waits for its end"
        );
        assert_eq!(
            said(
                json!({ "type": "change_member", "room": { "conference": "oncall" }, "member": "+15550199001", "change": "mute" })
            ),
            "Asks to mute +1 555 019 9001 in the conference “oncall”"
        );
    }
}
