//! Finding nodes by what they are called, what they are and what they say.

use serde_json::Value;

use crate::document::{Document, Node};

/// A node that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The node's name.
    pub name: String,
    /// The text it was found by: a label, a name, or a line of its configuration.
    pub excerpt: String,
}

/// The nodes whose name, label, kind or configuration contains every word of `query`, best first.
///
/// A hit at the beginning of a name counts more than one inside it, and that more than one in a text.
pub fn search(document: &Document, query: &str) -> Vec<Found> {
    let words: Vec<String> = query.split_whitespace().map(str::to_lowercase).collect();
    if words.is_empty() {
        return Vec::new();
    }
    let mut found: Vec<(u32, Found)> = Vec::new();
    for (name, node) in document.nodes() {
        let texts = texts_of(name, node);
        let best: Option<Vec<(u32, &String)>> = words
            .iter()
            .map(|word| {
                let ranked = texts.iter().filter_map(|(weight, text)| {
                    let lower = text.to_lowercase();
                    let at = lower.find(word.as_str())?;
                    Some((weight * 2 + u32::from(at == 0), text))
                });
                ranked.max_by_key(|(rank, _)| *rank)
            })
            .collect();
        let Some(best) = best else { continue };
        let rank = best.iter().map(|(rank, _)| rank).sum();
        let excerpt = best.iter().min_by_key(|(rank, _)| *rank).map(|(_, text)| (*text).clone());
        found.push((rank, Found { name: name.to_owned(), excerpt: excerpt.unwrap_or_default() }));
    }
    found.sort_by(|(a_rank, a), (b_rank, b)| b_rank.cmp(a_rank).then_with(|| a.name.cmp(&b.name)));
    found.into_iter().map(|(_, found)| found).collect()
}

fn texts_of(name: &str, node: &Node) -> Vec<(u32, String)> {
    let mut texts = vec![(4, name.to_owned()), (2, node.kind.replace('_', " "))];
    texts.extend(node.label.iter().map(|label| (5, label.clone())));
    collect_texts(&node.config, &mut texts);
    texts
}

fn collect_texts(value: &Value, texts: &mut Vec<(u32, String)>) {
    match value {
        Value::String(text) => texts.push((1, text.clone())),
        Value::Number(number) => texts.push((1, number.to_string())),
        Value::Array(items) => items.iter().for_each(|item| collect_texts(item, texts)),
        Value::Object(fields) => fields.values().for_each(|field| collect_texts(field, texts)),
        Value::Null | Value::Bool(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::document::Shape;

    #[test]
    fn names_come_before_texts_and_all_words_must_match() {
        let mut document = Document::new();
        for (name, label, text) in [
            ("Menu", Some("Main menu"), "Press 1"),
            ("Bye", None, "Back to the menu? Goodbye."),
            ("Other", None, "Nothing"),
        ] {
            let mut node = Node::new("speak", Shape::default());
            node.label = label.map(str::to_owned);
            node.config = json!({ "prompt": { "speak": text } });
            document.insert(name, node);
        }
        let names = |query| {
            search(&document, query).into_iter().map(|found| found.name).collect::<Vec<_>>()
        };
        assert_eq!(names("MENU"), ["Menu", "Bye"]);
        assert_eq!(names("menu goodbye"), ["Bye"]);
        assert_eq!(names("speak press"), ["Menu"]);
        assert!(names("  ").is_empty());
    }
}
