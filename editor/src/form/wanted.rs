//! Which fields of a node stand in its form: all that apply, the usual ones at once.

use engine::component::Spec;
use serde_json::Value as Json;

/// A form of up to so many fields is shown whole.
const WHOLE_FORM_MAX: usize = 7;
/// Of a longer one, so many; the others are a click away.
const FIRST_FIELDS: usize = 6;

/// Fields that apply only to some values of another: kind, fields, the other field, its values. The first value is also meant where there is none.
const ONLY_WITH: &[(&str, &[&str], &str, &[&str])] = &[
    ("send_whatsapp", &["media_urls"], "type", &["text"]),
    ("send_whatsapp", &["text"], "type", &["text", "interactive"]),
    (
        "send_whatsapp",
        &[
            "template",
            "template_name",
            "template_language",
            "template_values",
            "template_components",
        ],
        "type",
        &["template"],
    ),
    ("send_whatsapp", &["buttons", "interactive"], "type", &["interactive"]),
    ("transfer_call", &["announcement", "accept_key"], "style", &["warm"]),
    ("record_call", &["format", "time_limit_s", "transcribe"], "action", &["start"]),
];

/// Which choice each of those fields stands at when nothing is chosen.
const DEFAULTS: &[(&str, &str)] =
    &[("send_whatsapp", "text"), ("transfer_call", "cold"), ("record_call", "start")];

/// Whether a field applies. One that says something is shown in any case: nothing that counts is hidden.
pub fn is_wanted(kind: &str, key: &str, config: &Json) -> bool {
    if config.get(key).is_some() {
        return true;
    }
    let default = DEFAULTS.iter().find(|(of, _)| *of == kind).map_or("", |(_, value)| *value);
    ONLY_WITH.iter().filter(|(of, keys, ..)| *of == kind && keys.contains(&key)).all(
        |(_, _, other, values)| {
            let chosen = config.get(*other).and_then(Json::as_str).unwrap_or(default);
            values.contains(&chosen)
        },
    )
}

/// How many fields are shown before one has to ask for more; those that are needed always are.
pub fn shown_at_once(spec: &Spec) -> usize {
    if spec.fields.len() <= WHOLE_FORM_MAX {
        return spec.fields.len();
    }
    let needed = spec.fields.iter().rposition(|field| field.is_required).map_or(0, |last| last + 1);
    needed.max(FIRST_FIELDS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn fields_of_another_type_of_message_are_not_asked_for() {
        let wanted = |key: &str, config: Json| is_wanted("send_whatsapp", key, &config);
        assert!(wanted("text", json!({})));
        assert!(!wanted("buttons", json!({})));
        assert!(wanted("buttons", json!({ "type": "interactive" })));
        assert!(!wanted("text", json!({ "type": "template" })));
        assert!(wanted("text", json!({ "type": "template", "text": "kept" })));
        assert!(wanted("to", json!({ "type": "template" })));
    }

    #[test]
    fn no_field_that_is_needed_is_folded_away() {
        for spec in engine::components::LIBRARY {
            let (_, folded) = spec.fields.split_at(shown_at_once(spec));
            assert!(folded.iter().all(|field| !field.is_required), "{}", spec.kind);
        }
    }
}
