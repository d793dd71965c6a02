//! Comparisons that can never hold, or that compare letter by letter where amounts are meant.

use super::{
    graph::{Graph, Vertex},
    names,
    reads::{self, Read},
};
use crate::component::Control;
use crate::workflow::{
    fix::{Change, Fix},
    problem::Problem,
};
use serde_json::Value as Json;

pub(super) fn check(graph: &Graph<'_>, problems: &mut Vec<Problem>) {
    for vertex in &graph.vertices {
        match vertex.kind() {
            "switch" => check_rows(graph, vertex, problems),
            "condition" => check_formula(vertex, "when", vertex.text("when"), problems),
            _ => {}
        }
    }
}

/// What the value of a switch is like.
#[derive(Clone, Copy, PartialEq)]
enum Holds {
    Keys,
    Number,
    YesNo,
    Anything,
}

fn check_rows(graph: &Graph<'_>, vertex: &Vertex<'_>, problems: &mut Vec<Problem>) {
    let value = vertex.text("value");
    let holds = holds(graph, value);
    let rows = vertex.node.config.get("cases").and_then(Json::as_array).into_iter().flatten();
    for (index, row) in rows.enumerate() {
        let field = |key: &str| format!("cases[{index}].{key}");
        let text = |key: &str| row.get(key).and_then(Json::as_str);
        for key in ["less_than", "at_least"] {
            if let Some(other) =
                text(key).filter(|other| is_fixed(other) && number(other).is_none())
            {
                let message = format!("“{other}” is no number, so this row never fits.");
                problems.push(never(vertex, &field(key), message, Holds::Number, other));
            }
        }
        let listed = row.get("in").and_then(Json::as_array).into_iter().flatten().enumerate();
        let listed =
            listed.filter_map(|(at, item)| Some((field(&format!("in[{at}]")), item.as_str()?)));
        for (field, other) in
            text("equals").map(|other| (field("equals"), other)).into_iter().chain(listed)
        {
            let fits = match holds {
                Holds::Keys => {
                    other.trim().chars().all(|key| crate::workflow::fields::KEYS.contains(key))
                }
                Holds::Number => number(other).is_some(),
                Holds::YesNo => {
                    ["true", "false"].contains(&other.trim().to_ascii_lowercase().as_str())
                }
                Holds::Anything => true,
            };
            if is_fixed(other) && !fits {
                let expected = match holds {
                    Holds::Keys => "keys of a telephone",
                    Holds::Number => "a number",
                    _ => "true or false",
                };
                let message = format!(
                    "{value} is {expected}, which “{other}” is not, so this row never fits."
                );
                problems.push(never(vertex, &field, message, holds, other));
            }
        }
        if let Some(when) = text("when") {
            check_formula(vertex, &field("when"), when, problems);
        }
    }
}

fn is_fixed(text: &str) -> bool {
    !text.contains("{{") && !text.contains("{%")
}

fn number(text: &str) -> Option<f64> {
    text.trim().parse().ok()
}

fn never(vertex: &Vertex<'_>, field: &str, message: String, holds: Holds, other: &str) -> Problem {
    let problem = Problem::of_node(
        "text_and_number",
        vertex.name,
        field,
        message,
        "Compare with a value that it can have.",
    )
    .as_warning();
    let change = |better: &str| {
        let change = Change::set(problem.pointer.as_str(), better);
        Fix::offered(format!("Compare with {better}"), change)
    };
    let fix = meant(holds, &other.trim().to_lowercase()).map(change);
    problem.with_fix(fix)
}

/// The value that a word stands for.
fn meant(holds: Holds, word: &str) -> Option<&'static str> {
    const DIGITS: [(&str, &str); 13] = [
        ("zero", "0"),
        ("one", "1"),
        ("two", "2"),
        ("three", "3"),
        ("four", "4"),
        ("five", "5"),
        ("six", "6"),
        ("seven", "7"),
        ("eight", "8"),
        ("nine", "9"),
        ("star", "*"),
        ("hash", "#"),
        ("pound", "#"),
    ];
    match (holds, word) {
        (Holds::YesNo, "yes" | "on" | "1") => Some("true"),
        (Holds::YesNo, "no" | "off" | "0") => Some("false"),
        (Holds::YesNo | Holds::Anything, _) => None,
        (Holds::Number, "star" | "hash" | "pound") => None,
        _ => DIGITS.iter().find(|(name, _)| *name == word).map(|(_, digit)| *digit),
    }
}

/// What a value can be, where it is one variable and nothing else.
fn holds(graph: &Graph<'_>, value: &str) -> Holds {
    let read: Vec<Read> = reads::of_text(value);
    let [read] = read.as_slice() else { return Holds::Anything };
    if !reads::fixed(value).trim().is_empty() || value.contains('|') {
        return Holds::Anything;
    }
    let words: Vec<&str> = read.path.iter().map(|word| word.text.as_str()).collect();
    let kind_of = |name: &str| graph.find(name).map(|node| graph.vertices[node].kind());
    let param = match words.as_slice() {
        [node, "digits"]
            if matches!(kind_of(node), Some("get_digits" | "ivr_menu" | "get_speech")) =>
        {
            return Holds::Keys;
        }
        [node, "count"] if kind_of(node) == Some("counter") => return Holds::Number,
        [node, "index" | "number" | "count"] if kind_of(node) == Some("loop") => {
            return Holds::Number;
        }
        [name] if graph.find(name).is_none() => name,
        [node, "http", "params", name] if kind_of(node) == Some("start") => name,
        _ => return Holds::Anything,
    };
    // Where the run changes it on its way, it may hold anything.
    let sets = |vertex: &Vertex<'_>| {
        names::rows(vertex).any(|(control, row)| control != Control::Params && row == *param)
    };
    let is_set = graph.vertices.iter().any(sets);
    let declared = graph.starts.iter().find_map(|start| {
        graph.vertices[*start].node.config.get("params")?.get(param)?.get("type")?.as_str()
    });
    match declared.filter(|_| !is_set) {
        Some("number" | "integer") => Holds::Number,
        Some("yes_no" | "boolean" | "bool") => Holds::YesNo,
        _ => Holds::Anything,
    }
}

/// A variable beside `<` or `>` and a number in quotes: texts compare letter by letter, so that "10" comes before "9".
fn check_formula(vertex: &Vertex<'_>, field: &str, formula: &str, problems: &mut Vec<Problem>) {
    let mut better = String::new();
    let mut rest = formula;
    let mut quoted = None;
    while let Some(open) = rest.find('"') {
        let Some(end) = rest[open + 1..].find('"').map(|end| open + 1 + end) else { break };
        let (inner, before, after) = (&rest[open + 1..end], &rest[..open], &rest[end + 1..]);
        let is_compared = before.trim_end().trim_end_matches('=').ends_with(['<', '>'])
            || after.trim_start().starts_with(['<', '>']);
        let has_leading_zero =
            inner.len() > 1 && inner.starts_with('0') && !inner.starts_with("0.");
        better.push_str(before);
        if is_compared
            && number(inner).is_some()
            && !has_leading_zero
            && inner.starts_with(|first: char| first.is_ascii_digit())
        {
            quoted = quoted.or(Some(inner));
            better.push_str(inner);
        } else {
            better.push_str(&rest[open..=end]);
        }
        rest = after;
    }
    let Some(inner) = quoted else { return };
    better.push_str(rest);
    let message = format!(
        "“{inner}” in quotes is a text: it is compared letter by letter, and “10” comes before “9”."
    );
    let problem = Problem::of_node(
        "text_and_number",
        vertex.name,
        field,
        message,
        "Leave the quotes out to compare amounts.",
    )
    .as_warning();
    let fix = Fix::safe("Compare as number", Change::set(problem.pointer.as_str(), better));
    problems.push(problem.with_fix(fix));
}
