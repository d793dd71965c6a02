//! What the checks know of single components beyond their specs.

use super::{graph::Vertex, walk::Call};
use crate::component::{Group, JOINED};

/// Whether such a node counts its rounds, so that a cycle through it comes to an end.
pub(super) fn counts_rounds(vertex: &Vertex<'_>) -> bool {
    matches!(vertex.kind(), "loop" | "counter")
}

/// Who is on the line after leaving a node by a state.
pub(super) fn after(vertex: &Vertex<'_>, state: &str, call: Call) -> Call {
    let gives_call = vertex.spec.is_some_and(|spec| spec.gives_call_by.contains(&state));
    match (vertex.kind(), state) {
        // A machine that was left a message, or hung up on, is gone; a caller who was on hold is not.
        ("make_call", "voicemail")
            if vertex.text("machine_detection") == "hang_up"
                || vertex.node.config.contains_key("voicemail_message") =>
        {
            call
        }
        // A machine does not mind being hung up on.
        (_, "voicemail") if gives_call => Call::Told,
        _ if gives_call => Call::Waiting,
        // The first branch that leads somewhere keeps the call, and gives it back in the end.
        ("parallel", JOINED) => {
            call.max(if vertex.is_joined_by_calls { Call::Told } else { Call::None })
        }
        ("parallel", _) if is_first_branch(vertex, state) => call,
        ("parallel", _) => Call::None,
        _ if call == Call::None || !vertex.is_voice() => call,
        // Whoever left a message, a room or another party has had their say.
        ("record_audio", _) | (_, "completed") => Call::Told,
        _ => Call::Waiting,
    }
}

fn is_first_branch(vertex: &Vertex<'_>, state: &str) -> bool {
    let first = vertex.states.iter().find(|state| vertex.next(state.as_str()).is_some());
    first.is_some_and(|first| *first == *state)
}

/// Whether a node can be left by this state at all, as it is configured.
pub(super) fn can_leave(vertex: &Vertex<'_>, state: &str) -> bool {
    let has = |key: &str| {
        vertex.node.config.get(key).is_some_and(|value| !value.is_null() && *value != "")
    };
    let is_filled_in =
        |key: &str| vertex.text(key).contains("{{") || vertex.text(key).contains("{%");
    match (vertex.kind(), state) {
        ("get_digits", "invalid") => {
            vertex.number("min_digits").unwrap_or(1) > 1 || has("valid_keys") || has("pattern")
        }
        ("make_call", "voicemail") => {
            let setting = vertex.node.config.get("machine_detection");
            setting
                .is_some_and(|setting| *setting != false && *setting != "off" && !setting.is_null())
        }
        // Without a node behind Joined, the branches take the place of what was before.
        ("parallel", JOINED) => !vertex.next.iter().any(|(state, _)| vertex.states.contains(state)),
        ("parallel", _) => false,
        ("conference", "failed") => is_filled_in("name") || has("pin"),
        ("multi_party_call", "failed") => is_filled_in("name") || has("invite"),
        _ => true,
    }
}

/// Whether a node only chooses between its ways out.
pub(super) fn decides(vertex: &Vertex<'_>) -> bool {
    matches!(vertex.kind(), "condition" | "switch")
}

/// Whether a state means that the caller said nothing, or nothing that is understood.
pub(super) fn is_misunderstanding(vertex: &Vertex<'_>, state: &str) -> bool {
    vertex.is_in(Group::Listen) && matches!(state, "no_input" | "invalid" | "wrong_input")
}

/// Whether a node records what people say on a call, other than a message they leave knowingly.
pub(super) fn records(vertex: &Vertex<'_>) -> bool {
    vertex.is_on("record") || vertex.kind() == "record_call" && vertex.text("action") != "stop"
}

/// Whether a state begins a branch that comes back to its node.
pub(super) fn begins_branch(vertex: &Vertex<'_>, state: &str) -> bool {
    vertex.kind() == "parallel" && state != JOINED && vertex.next(JOINED).is_some()
}

/// Whether a run that begins by this state brings parameters along.
pub(super) fn brings_params(state: &str) -> bool {
    state == "api_request"
}

/// By which ways in a variable of the start gets its value; `None` for those that every run has.
pub(super) fn triggers_that_set(variable: &str) -> Option<&'static [&'static str]> {
    match variable {
        "call" => Some(&["incoming_call"]),
        "message" => Some(&["incoming_message"]),
        "http" => Some(&["api_request"]),
        "schedule" => Some(&["schedule"]),
        "webhook" => Some(&["webhook"]),
        _ => None,
    }
}

/// Whether a node's variables depend on what happens in a run.
pub(super) fn has_open_variables(vertex: &Vertex<'_>) -> bool {
    matches!(vertex.kind(), "start" | "run_workflow")
}

/// Whether a node's text is sent over the telephone network, where each part is charged.
pub(super) fn is_charged_by_length(vertex: &Vertex<'_>) -> bool {
    matches!(vertex.kind(), "send_sms" | "sms_menu")
}
