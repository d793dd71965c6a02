//! What a run does, in the words of transcripts.

use crate::{
    effect::{Channel, Effect},
    run::{Instruction, LegId, Prompt, Then},
};
use std::fmt::Write;

/// The kind of answer that an effect waits for.
pub(super) fn answer_kind(effect: &Effect) -> Option<&'static str> {
    match effect {
        Effect::PlaceCall(_) => Some("call"),
        Effect::SendMessage(_) => Some("message"),
        Effect::HttpRequest(_) => Some("http"),
        Effect::StartRecording { .. }
        | Effect::StopRecording { .. }
        | Effect::AddParticipant(_)
        | Effect::ChangeMember { .. }
        | Effect::DropMessage { .. }
        | Effect::SendEmail(_)
        | Effect::QueryDatabase(_)
        | Effect::StartRun(_) => Some("done"),
        Effect::HangUp { .. } | Effect::CheckCall { .. } | Effect::Redirect { .. } => None,
    }
}

/// Which leg, where it is not the first.
pub(super) fn of_leg(leg: LegId) -> String {
    if leg == LegId::FIRST { String::new() } else { format!(" (leg {leg})") }
}

/// An effect in a line.
pub(super) fn effect_line(effect: &Effect) -> String {
    match effect {
        Effect::PlaceCall(call) => format!("make_call to \"{}\"{}", call.to, of_leg(call.leg)),
        Effect::HangUp { leg } => format!("end_call{}", of_leg(*leg)),
        Effect::CheckCall { leg } => format!("check_call{}", of_leg(*leg)),
        Effect::Redirect { leg, .. } => format!("redirect{}", of_leg(*leg)),
        Effect::StartRecording { leg, .. } => format!("start_recording{}", of_leg(*leg)),
        Effect::StopRecording { leg } => format!("stop_recording{}", of_leg(*leg)),
        Effect::AddParticipant(add) => {
            format!("add_participant \"{}\" to \"{}\" as {}", add.to, add.room, add.role.as_str())
        }
        Effect::ChangeMember { room, member, change } => {
            let change = serde_json::to_string(change).unwrap_or_default();
            format!("{} \"{member}\" in \"{}\"", change.trim_matches('"'), room.name())
        }
        Effect::DropMessage { room, member, prompts } => {
            let words: Vec<String> = prompts.iter().map(prompt_line).collect();
            format!("drop_message \"{member}\" in \"{}\" {}", room.name(), words.join(" "))
        }
        Effect::SendEmail(email) => {
            let files: String =
                email.attachment_urls.iter().map(|url| format!(" file \"{url}\"")).collect();
            let to = email.to.join(", ");
            format!(
                "send_email to \"{to}\" subject \"{}\" text \"{}\"{files}",
                email.subject, email.text
            )
        }
        Effect::QueryDatabase(query) => {
            let params = serde_json::to_string(&query.params).unwrap_or_default();
            format!("query_database {} \"{}\" {params}", query.connection, query.sql)
        }
        Effect::StartRun(start) => {
            let params = serde_json::to_string(&start.params).unwrap_or_default();
            format!("start_run {} {params}", start.workflow_id)
        }
        Effect::SendMessage(message) => match &message.channel {
            Channel::Sms => format!("send_sms to \"{}\" text \"{}\"", message.to, message.text),
            Channel::WhatsApp => {
                format!("send_whatsapp to \"{}\" text \"{}\"", message.to, message.text)
            }
            Channel::WhatsAppTemplate(json) => {
                format!("send_whatsapp to \"{}\" template {json}", message.to)
            }
            Channel::WhatsAppInteractive(json) => {
                format!("send_whatsapp to \"{}\" interactive {json}", message.to)
            }
        },
        Effect::HttpRequest(request) => {
            let body =
                request.body.as_ref().map(|body| format!(" body {body}")).unwrap_or_default();
            format!("http_request {} \"{}\"{body}", request.method, request.url)
        }
    }
}

/// What a leg is to hear, a line for each part.
pub(super) fn instruction_lines(instruction: &Instruction) -> Vec<String> {
    let before = instruction
        .before_answer
        .iter()
        .map(|prompt| format!("before_answer {}", prompt_line(prompt)));
    let mut lines: Vec<String> =
        before.chain(instruction.prompts.iter().map(prompt_line)).collect();
    lines.extend(match &instruction.then {
        Then::Continue => None,
        Then::GetSpeech(speech) => {
            let digits = if speech.takes_digits { " or digits" } else { "" };
            Some(format!("get_speech{digits} timeout {}s", speech.timeout_s))
        }
        Then::Record(record) => Some(format!("record max {}s", record.max_length_s)),
        Then::Dial(dial) => {
            let screening = match &dial.screening {
                Some(screening) => match screening.key {
                    Some(key) => format!(" screening key {key}"),
                    None => " announced".to_owned(),
                },
                None => String::new(),
            };
            let extension =
                dial.send_digits.as_ref().map(|keys| format!(" sends {keys}")).unwrap_or_default();
            Some(format!(
                "dial \"{}\" for {}s{extension}{screening}",
                dial.targets.join(", "),
                dial.ring_timeout_s
            ))
        }
        Then::MultiParty(party) => {
            Some(format!("multi_party \"{}\" as {}", party.name, party.role.as_str()))
        }
        Then::GetDigits { max_digits, timeout_s, .. } => {
            Some(format!("get_digits max {max_digits} timeout {timeout_s}s"))
        }
        Then::Conference(conference) => Some(format!("conference \"{}\"", conference.name)),
        Then::Hold { audio } => Some(match audio {
            Some(url) => format!("hold \"{url}\""),
            None => "hold".to_owned(),
        }),
        Then::HangUp { reason } => {
            let mut line = "hang_up".to_owned();
            if let Some(reason) = reason {
                let _ = write!(line, " {reason}");
            }
            Some(line)
        }
    });
    lines
}

fn prompt_line(prompt: &Prompt) -> String {
    match prompt {
        Prompt::Speak { text, .. } => format!("speak \"{text}\""),
        Prompt::Play { url, .. } => format!("play \"{url}\""),
        Prompt::Quiet { at_most_s } => format!("quiet {at_most_s}s"),
    }
}
