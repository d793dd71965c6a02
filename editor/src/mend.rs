//! What can be mended with one press, by the kind of problem.

use engine::{Document, Problem, Template};
use serde_json::Value as Json;

/// A mend: what its button says; [`carry_out`] does it.
pub fn offered(problem: &Problem) -> Option<&'static str> {
    Some(match problem.code.as_str() {
        "single_braces" => "Fill in the value",
        "unknown_state" | "edge_to_nowhere" | "edge_to_start" => "Remove the edge",
        "unknown_field" => "Remove the setting",
        "unreachable" => "Delete the step",
        _ => return None,
    })
}

/// Mends a problem; a document that does not have it any more stays as it is.
pub fn carry_out(problem: &Problem, document: &mut Document) {
    match problem.code.as_str() {
        "unreachable" => {
            if let Some(node) = &problem.node {
                document.nodes.remove(node);
                document.layout.remove(node);
                document.nodes.values_mut().for_each(|other| other.next.retain(|_, to| to != node));
            }
        }
        "single_braces" => change_as_json(document, |json| {
            if let Some(Json::String(text)) = json.pointer_mut(&problem.pointer) {
                *text = with_double_braces(text);
            }
        }),
        _ => change_as_json(document, |json| {
            let Some((outer, key)) = problem.pointer.rsplit_once('/') else { return };
            if let Some(Json::Object(map)) = json.pointer_mut(outer) {
                map.remove(&key.replace("~1", "/").replace("~0", "~"));
            }
        }),
    }
}

fn change_as_json(document: &mut Document, change: impl FnOnce(&mut Json)) {
    let Ok(mut json) = serde_json::to_value(&*document) else { return };
    change(&mut json);
    if let Ok(changed) = serde_json::from_value(json) {
        *document = changed;
    }
}

/// `{name}` as `{{ name }}`, where it does not stand in double braces already.
fn with_double_braces(text: &str) -> String {
    let mut changed = text.to_owned();
    for name in Template::single_braces(text) {
        let single = format!("{{{name}}}");
        let mut from = 0;
        while let Some(at) = changed[from..].find(&single).map(|at| from + at) {
            let end = at + single.len();
            let is_doubled = changed[..at].ends_with('{') || changed[end..].starts_with('}');
            if is_doubled {
                from = end;
            } else {
                let double = format!("{{{{ {name} }}}}");
                changed.replace_range(at..end, &double);
                from = at + double.len();
            }
        }
    }
    changed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn single_braces_become_double_ones() {
        assert_eq!(
            with_double_braces("Call {phone}, {{ name }} or {phone}"),
            "Call {{ phone }}, {{ name }} or {{ phone }}"
        );
    }

    #[test]
    fn an_edge_to_nowhere_is_removed() {
        let mut document = Document::empty("a", "A");
        if let Some(start) = document.nodes.get_mut("Start") {
            start.next.insert("incoming_call".into(), "Gone".into());
        }
        let problems = engine::workflow::check(&document);
        let problem = problems.iter().find(|problem| problem.code == "edge_to_nowhere").unwrap();
        carry_out(problem, &mut document);
        assert!(document.nodes["Start"].next.is_empty());
    }
}
