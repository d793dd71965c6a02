//! What a run asked the world to do.

use super::{Line, change, line, role, room, shortened};
use crate::words;
use engine::{
    Effect,
    effect::{Channel, SendMessage, StartRun},
};
use serde_json::Value as Json;

/// What the run asked for.
pub fn effect_line(json: &Json) -> Line {
    let Ok(effect) = serde_json::from_value::<Effect>(json.clone()) else {
        let kind = json.get("type").and_then(Json::as_str).unwrap_or("Something");
        return line("info", kind.replace('_', " "));
    };
    match effect {
        Effect::PlaceCall(call) => line("make_call", format!("Calls {}", words::number(&call.to))),
        Effect::HangUp { .. } => line("hangup", "Hangs up"),
        Effect::CheckCall { .. } => line("help", "Asks the carrier whether the call is still up"),
        Effect::SendMessage(message) => line("send_sms", sends(&message)),
        Effect::HttpRequest(request) => {
            line("http_request", format!("{} {}", request.method, shortened(&request.url)))
        }
        Effect::Redirect { .. } => line("phone", "Calls the caller back from where they wait"),
        Effect::StartRecording { .. } => line("record_call", "Records the call from now on"),
        Effect::StopRecording { .. } => line("record_call", "Stops recording the call"),
        Effect::AddParticipant(participant) => line(
            "multi_party_call",
            format!(
                "Rings {} into the call “{}” as {}",
                words::number(&participant.to),
                participant.room,
                role(participant.role)
            ),
        ),
        Effect::ChangeMember { room: of, member, change: how } => {
            let words = change(how, &words::number(&member));
            line("conference", format!("Asks to {words} in {}", room(&of)))
        }
        Effect::DropMessage { .. } => {
            line("record_audio", "Takes somebody out of the room and leaves them a message")
        }
        Effect::SendEmail(email) => {
            let words =
                format!("Writes to {}: “{}”", email.to.join(", "), shortened(&email.subject));
            line("email", words)
        }
        Effect::QueryDatabase(query) => {
            let words =
                format!("Asks the database {}: {}", query.connection, shortened(&query.sql));
            line("database_query", words)
        }
        Effect::StartRun(StartRun { workflow_id, waits, .. }) => {
            let waits = if waits { ", and waits for its end" } else { "" };
            line("run_workflow", format!("Starts the workflow {workflow_id}{waits}"))
        }
    }
}

fn sends(message: &SendMessage) -> String {
    let to = words::number(&message.to);
    let named = |template: &Json| {
        let name = template.get("name").and_then(Json::as_str);
        name.map(|name| format!(" “{name}”")).unwrap_or_default()
    };
    match &message.channel {
        Channel::Sms => format!("Texts {to}: “{}”", shortened(&message.text)),
        Channel::WhatsApp => format!("Writes to {to} on WhatsApp: “{}”", shortened(&message.text)),
        Channel::WhatsAppTemplate(template) => {
            format!("Sends {to} the WhatsApp template{}", named(template))
        }
        Channel::WhatsAppInteractive(_) => format!("Sends {to} choices on WhatsApp"),
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
