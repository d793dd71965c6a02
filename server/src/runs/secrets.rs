//! What callers entered as a secret: which runs may hold some, which values those are, and hiding them from whoever looks.

use engine::{Event, Input, Run, RunId, Then, Workflow};
use serde_json::Value as Json;
use std::collections::BTreeSet;

/// Values that must not be shown.
pub(super) type Secrets = BTreeSet<String>;

/// Names in events, notes and effects whose values come from the workflow's file or from us, never from a caller. They stay readable even where a caller's secret
/// happens to be a part of them.
const OURS: [&str; 10] =
    ["type", "note", "id", "effect", "leg", "turn", "node", "state", "kind", "trigger"];

/// Whether a workflow asks callers for secrets: a field that is marked as sensitive, or a conference's PIN.
pub(super) fn asks_for_secrets(workflow: &Workflow) -> bool {
    workflow.document().nodes.values().any(|node| {
        let has_pin = node.config.get("pin").is_some_and(|pin| !pin.is_null() && pin != "");
        node.config.get("sensitive").and_then(Json::as_bool).unwrap_or(false)
            || (node.kind == "conference" && has_pin)
    })
}

/// The answer to a question for a secret, if the event is one. An answer to a question that was replaced meanwhile counts as well: it may have been one.
pub(super) fn answer<'a>(run: &Run, event: &'a Event) -> Option<&'a str> {
    let (leg, turn, text) = match event {
        Event::Digits { leg, turn, digits } => (leg, turn, digits),
        Event::Speech { leg, turn, text, .. } => (leg, turn, text),
        _ => return None,
    };
    let leg = run.leg(*leg)?;
    let is_secret = match leg.instruction.as_ref().map(|instruction| &instruction.then) {
        _ if leg.turn != *turn => true,
        Some(Then::GetDigits { sensitive, .. }) => *sensitive,
        Some(Then::GetSpeech(listening)) => listening.sensitive,
        _ => false,
    };
    Some(text.as_str()).filter(|text| is_secret && !text.is_empty())
}

/// Rebuilds a run from what happened, and finds the secrets in it; nothing if its journal does not begin with a start.
pub(super) fn replay(workflow: &Workflow, id: RunId, inputs: Vec<Input>) -> Option<(Run, Secrets)> {
    let mut inputs = inputs.into_iter();
    let first = inputs.next().filter(|first| matches!(first.event, Event::Started(_)))?;
    let (mut run, _) = Run::start(workflow, id, first);
    let mut secrets = Secrets::new();
    for input in inputs {
        secrets.extend(answer(&run, &input.event).map(str::to_owned));
        run.handle(workflow, input);
    }
    secrets.extend(run.secrets().iter().cloned());
    Some((run, secrets))
}

/// Replaces secrets by dots wherever they stand.
pub(super) fn hide(value: &mut Json, secrets: &Secrets) {
    match value {
        _ if secrets.is_empty() => {}
        Json::Object(map) => map
            .iter_mut()
            .filter(|(name, _)| !OURS.contains(&name.as_str()))
            .for_each(|(_, value)| hide(value, secrets)),
        Json::Array(items) => items.iter_mut().for_each(|item| hide(item, secrets)),
        leaf => engine::run::mask(leaf, secrets),
    }
}

#[cfg(test)]
mod tests {
    use super::{Secrets, hide};
    use serde_json::json;

    #[test]
    fn a_secret_is_hidden_in_every_value_and_in_no_name_of_ours() {
        let secrets: Secrets = ["49".to_owned(), "digits".to_owned()].into();
        let mut event = json!({ "type": "digits", "turn": 49, "digits": "49", "deep": [{ "text": "pin 49!" }, 49] });
        hide(&mut event, &secrets);
        assert_eq!(
            event,
            json!({ "type": "digits", "turn": 49, "digits": "••", "deep": [{ "text": "pin ••!" }, "•••"] })
        );
    }
}
