//! References to a node inside another node's configuration: `{{ Menu.digits }}` and rhai formulas.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::document::Node;

/// Fields whose whole text is a formula, not a template.
pub(crate) const EXPRESSION_KEYS: [&str; 3] = ["when", "expression", "script"];

/// The node with every mention of the renamed nodes rewritten; nothing if it mentions none.
pub fn renamed_in_node(node: &Node, renames: &BTreeMap<String, String>) -> Option<Node> {
    let config = renamed_in_config(&node.config, renames);
    let leads = |to: &String| renames.contains_key(to);
    if config.is_none() && !node.next.values().chain(node.parked.values()).any(leads) {
        return None;
    }
    let mut node = node.clone();
    if let Some(config) = config {
        node.config = config;
    }
    for to in node.next.values_mut().chain(node.parked.values_mut()) {
        if let Some(new) = renames.get(to) {
            to.clone_from(new);
        }
    }
    Some(node)
}

/// A configuration with the references rewritten; nothing if there are none.
pub fn renamed_in_config(config: &Value, renames: &BTreeMap<String, String>) -> Option<Value> {
    let mut renamed = config.clone();
    rewrite(&mut renamed, renames, false).then_some(renamed)
}

fn rewrite(value: &mut Value, renames: &BTreeMap<String, String>, is_expression: bool) -> bool {
    match value {
        Value::String(text) => {
            let new = if is_expression {
                renamed_in_expression(text, renames)
            } else {
                renamed_in_template(text, renames)
            };
            let changed = new != *text;
            *text = new;
            changed
        }
        Value::Array(items) => {
            let mut changed = false;
            for item in items {
                changed |= rewrite(item, renames, is_expression);
            }
            changed
        }
        Value::Object(fields) => {
            let mut changed = false;
            for (key, field) in fields {
                changed |= rewrite(field, renames, EXPRESSION_KEYS.contains(&key.as_str()));
            }
            changed
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

fn renamed_in_template(text: &str, renames: &BTreeMap<String, String>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    loop {
        let opening = ["{{", "{%"].iter().filter_map(|mark| rest.find(mark)).min();
        let Some(start) = opening else { break };
        let closing = if rest[start..].starts_with("{{") { "}}" } else { "%}" };
        let Some(length) = rest[start + 2..].find(closing) else { break };
        let end = start + 2 + length;
        out.push_str(&rest[..start + 2]);
        out.push_str(&renamed_in_expression(&rest[start + 2..end], renames));
        out.push_str(closing);
        rest = &rest[end + 2..];
    }
    out.push_str(rest);
    out
}

/// Both Liquid and rhai write a member as `Node.name` or `Node["name"]`, and quote texts alike.
///
/// Only a name with a member counts: alone it is a variable that happens to be called the same.
fn renamed_in_expression(text: &str, renames: &BTreeMap<String, String>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut quote: Option<char> = None;
    let mut previous = ' ';
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if let Some(closing) = quote {
            let length = if c == '\\' {
                1 + rest[1..].chars().next().map_or(0, char::len_utf8)
            } else {
                c.len_utf8()
            };
            out.push_str(&rest[..length]);
            rest = &rest[length..];
            quote = (c != closing).then_some(closing);
            previous = c;
            continue;
        }
        let word_length = rest.find(|c: char| !is_word(c)).unwrap_or(rest.len());
        if word_length == 0 {
            quote = matches!(c, '"' | '\'' | '`').then_some(c);
            previous = if c.is_whitespace() { previous } else { c };
            out.push(c);
            rest = &rest[c.len_utf8()..];
            continue;
        }
        let (word, after) = rest.split_at(word_length);
        let has_member = after.trim_start().starts_with(['.', '[', '?']);
        let new = renames.get(word).filter(|_| has_member && previous != '.');
        out.push_str(new.map_or(word, String::as_str));
        previous = 'a';
        rest = after;
    }
    out
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn renamed(config: Value) -> Option<Value> {
        let renames = BTreeMap::from([("Menu".to_owned(), "Choice".to_owned())]);
        renamed_in_config(&config, &renames)
    }

    #[test]
    fn references_are_rewritten_wherever_they_stand() {
        let config = json!({
            "text": "{{Menu.digits}}, {{ Menu['digits'] | upcase }} {% if Menu.digits == 'Menu.x' %}é{% endif %}",
            "body": { "json": [{ "a": "{{ Menu.digits }}" }] },
            "cases": [{ "when": "Menu.digits == \"Menu.\" && x.Menu.y" }],
        });
        let expected = json!({
            "text": "{{Choice.digits}}, {{ Choice['digits'] | upcase }} {% if Choice.digits == 'Menu.x' %}é{% endif %}",
            "body": { "json": [{ "a": "{{ Choice.digits }}" }] },
            "cases": [{ "when": "Choice.digits == \"Menu.\" && x.Menu.y" }],
        });
        assert_eq!(renamed(config), Some(expected));
    }

    #[test]
    fn what_only_looks_like_a_reference_is_left_alone() {
        let config = json!({
            "text": "Menu.digits {{ MainMenu.digits }} {{ start.Menu.x }} {{ Menu }} {{ Menu.open",
            "to": "Menu",
        });
        assert_eq!(renamed(config), None);
    }
}
