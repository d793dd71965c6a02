//! Which variables the texts and formulas of a node read, and where they stand.

use super::graph::Vertex;
use crate::component::Control;
use serde_json::Value as Json;
use std::collections::BTreeSet;

/// One variable that a setting reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Read {
    /// The setting: `prompt.speak`.
    pub(super) field: String,
    /// The text it stands in.
    pub(super) text: String,
    /// Its words: `Menu`, `digits`; those after an index by number are left out.
    pub(super) path: Vec<Word>,
    /// Whether the text itself says what happens without a value: a default, or a test.
    pub(super) is_guarded: bool,
    /// Whether it stands in a script, which has variables of its own.
    pub(super) is_script: bool,
}

/// A word of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word {
    pub(super) text: String,
    /// Where it begins in the text, in bytes.
    pub(super) at: usize,
}

impl Read {
    /// The path as it is written.
    pub(super) fn name(&self) -> String {
        name(&self.path)
    }

    /// The text with one of the words changed.
    pub(super) fn with(&self, word: &Word, other: &str) -> String {
        let after = &self.text[word.at + word.text.len()..];
        format!("{}{other}{after}", &self.text[..word.at])
    }
}

/// Everything that a node reads.
pub(super) fn of(vertex: &Vertex<'_>) -> Vec<Read> {
    let mut found = Vec::new();
    for (key, value) in &vertex.node.config {
        let control = vertex
            .spec
            .and_then(|spec| spec.fields.iter().find(|field| field.key == key))
            .map(|field| field.control);
        match (control, value) {
            // Defaults and descriptions of parameters are not filled in.
            (Some(Control::Params | Control::Pattern), _) => {}
            (Some(Control::Expression), Json::String(text)) => formula(key, text, &mut found),
            (Some(Control::Script), Json::String(text)) => {
                let mut reads = Vec::new();
                formula(key, text, &mut reads);
                found.extend(reads.into_iter().map(|read| Read { is_script: true, ..read }));
            }
            _ => within(key, value, &mut found),
        }
    }
    found
}

/// What a template reads.
pub(super) fn of_text(text: &str) -> Vec<Read> {
    let mut found = Vec::new();
    template("", text, &mut found);
    found
}

fn within(field: &str, value: &Json, found: &mut Vec<Read>) {
    match value {
        Json::String(text) if field.ends_with(".when") => formula(field, text, found),
        Json::String(text) => template(field, text, found),
        Json::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                within(&format!("{field}[{index}]"), item, found);
            }
        }
        Json::Object(map) => {
            for (key, item) in map {
                within(&format!("{field}.{key}"), item, found);
            }
        }
        _ => {}
    }
}

fn formula(field: &str, text: &str, found: &mut Vec<Read>) {
    let paths = paths(text, 0, text.len(), true);
    let tested: Vec<String> = paths
        .iter()
        .filter(|path| {
            path.last().is_some_and(|last| is_tested(&text[last.at + last.text.len()..]))
        })
        .map(|path| name(path))
        .collect();
    found.extend(paths.into_iter().map(|path| Read {
        field: field.to_owned(),
        text: text.to_owned(),
        is_script: false,
        is_guarded: tested.iter().any(|tested| {
            name(&path)
                .strip_prefix(tested.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        }),
        path,
    }));
}

/// Whether what follows a path asks whether it has a value.
fn is_tested(rest: &str) -> bool {
    let rest = rest.trim_start();
    let compared = rest.strip_prefix("==").or_else(|| rest.strip_prefix("!="));
    compared.is_some_and(|other| other.trim_start().starts_with("()"))
        || rest.starts_with(".is_empty")
        || rest.starts_with("??")
}

fn name(path: &[Word]) -> String {
    path.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(".")
}

/// The parts of a template: what stands as it is, what is filled in (`{{ }}`), and tags (`{% %}`).
enum Part {
    Fixed(usize, usize),
    Output(usize, usize),
    Tag(usize, usize),
}

fn parts(text: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let (mut from, mut fixed) = (0, 0);
    while let Some(open) = text[from..].find('{').map(|open| from + open) {
        let close = match text.as_bytes().get(open + 1) {
            Some(b'{') => "}}",
            Some(b'%') => "%}",
            _ => {
                from = open + 1;
                continue;
            }
        };
        let inner = open + 2;
        let Some(end) = text[inner..].find(close).map(|end| inner + end) else { break };
        parts.push(Part::Fixed(fixed, open));
        parts.push(if close == "}}" { Part::Output(inner, end) } else { Part::Tag(inner, end) });
        (from, fixed) = (end + 2, end + 2);
    }
    parts.push(Part::Fixed(fixed, text.len()));
    parts
}

/// What of a template is sure to be sent or said: all but what is filled in.
pub(super) fn fixed(text: &str) -> String {
    let parts = parts(text);
    let fixed = parts.iter().filter_map(|part| match part {
        Part::Fixed(from, to) => Some(&text[*from..*to]),
        _ => None,
    });
    fixed.collect()
}

fn template(field: &str, text: &str, found: &mut Vec<Read>) {
    if !text.contains("{{") && !text.contains("{%") {
        return;
    }
    let (mut own, mut tested) = (BTreeSet::new(), BTreeSet::new());
    let mut reads: Vec<Read> = Vec::new();
    let mut skip_to = None;
    for part in parts(text) {
        let (from, to, is_tag) = match part {
            Part::Fixed(..) => continue,
            Part::Output(from, to) => (from, to, false),
            Part::Tag(from, to) => (from, to, true),
        };
        let inner = text[from..to].trim_matches(['-', ' ', '\n', '\t', '\r']);
        let word = inner.split_whitespace().next().unwrap_or_default();
        if skip_to.is_some() {
            if is_tag && skip_to == Some(word) {
                skip_to = None;
            }
            continue;
        }
        let tag = text[from..to].find(word).map_or(0, |at| at + word.len());
        let paths = paths(text, if is_tag { from + tag } else { from }, to, false);
        if is_tag {
            match word {
                "raw" => skip_to = Some("endraw"),
                "comment" => skip_to = Some("endcomment"),
                "assign" | "capture" => {
                    own.extend(inner.split_whitespace().nth(1).map(str::to_owned));
                }
                _ => {}
            }
        }
        let is_test = is_tag && word != "assign";
        let is_guarded = is_test || inner.contains("default:");
        for path in paths {
            let (field, text) = (field.to_owned(), text.to_owned());
            let read = Read { field, text, path, is_guarded, is_script: false };
            if is_test {
                tested.insert(read.name());
            }
            reads.push(read);
        }
    }
    reads.retain(|read| !own.contains(&read.path[0].text));
    for read in &mut reads {
        read.is_guarded |= tested.contains(&read.name());
    }
    found.append(&mut reads);
}

/// Words that are no variables: of Liquid, of rhai.
const RESERVED: [&str; 26] = [
    "true", "false", "nil", "null", "and", "or", "not", "contains", "blank", "empty", "in", "if",
    "else", "let", "const", "fn", "is", "this", "return", "switch", "throw", "try", "catch",
    "break", "continue", "until",
];

/// The paths in a part of a text. Quoted texts, numbers, filters and functions are passed over.
fn paths(text: &str, from: usize, to: usize, is_formula: bool) -> Vec<Vec<Word>> {
    let bytes = &text.as_bytes()[..to];
    let mut found = Vec::new();
    let (mut at, mut before) = (from, b' ');
    while at < to {
        match bytes[at] {
            quote @ (b'"' | b'\'' | b'`') => {
                at = after_quote(bytes, at, is_formula);
                before = quote;
            }
            b'/' if is_formula && bytes[at..].starts_with(b"//") => {
                at = text[at..to].find('\n').map_or(to, |end| at + end);
            }
            b'/' if is_formula && bytes[at..].starts_with(b"/*") => {
                at = text[at..to].find("*/").map_or(to, |end| at + end + 2);
            }
            byte if byte.is_ascii_digit() => {
                while at < to && (bytes[at].is_ascii_alphanumeric() || bytes[at] == b'.') {
                    at += 1;
                }
                before = b'0';
            }
            byte if is_word(byte) => {
                let (path, end) = path(text, at, to, is_formula, &mut found);
                let rest = text[end..to].trim_start();
                let is_named = rest.starts_with(':') && (is_formula || before == b',');
                let is_filter = !is_formula && before == b'|';
                let is_call = is_formula && path.is_empty();
                if before != b'.' && !is_filter && !is_named && !is_call && !is_reserved(&path) {
                    found.push(path);
                }
                at = end;
                before = b'a';
            }
            byte => {
                if !byte.is_ascii_whitespace() {
                    before = byte;
                }
                at += 1;
            }
        }
    }
    found
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

fn is_reserved(path: &[Word]) -> bool {
    matches!(path, [only] if RESERVED.contains(&only.text.as_str()))
}

/// Reads `Menu.digits`, `list[index].name`; gives its words and where it ends. What stands in brackets is read as well.
fn path(
    text: &str,
    from: usize,
    to: usize,
    is_formula: bool,
    found: &mut Vec<Vec<Word>>,
) -> (Vec<Word>, usize) {
    let bytes = &text.as_bytes()[..to];
    let mut words = Vec::new();
    let (mut at, mut is_open) = (from, true);
    loop {
        let begin = at;
        while at < to && is_word(bytes[at]) {
            at += 1;
        }
        // A method is not part of the path: `people.len()`.
        let is_method = is_formula && text[at..to].trim_start().starts_with('(');
        if is_open && !is_method {
            words.push(Word { text: text[begin..at].to_owned(), at: begin });
        }
        is_open &= !is_method;
        while at < to && bytes[at] == b'[' {
            let end = closing(bytes, at, is_formula);
            let inner = text[at + 1..end].trim();
            let quoted = inner.len() > 2 && inner.starts_with(['"', '\'']);
            if quoted && is_open {
                let quote = text[at..end].find(['"', '\'']).unwrap_or(1);
                words.push(Word { text: inner[1..inner.len() - 1].to_owned(), at: at + quote + 1 });
            }
            is_open &= quoted;
            found.extend(paths(text, at + 1, end, is_formula));
            at = (end + 1).min(to);
        }
        if at + 1 < to && bytes[at] == b'.' && is_word(bytes[at + 1]) {
            at += 1;
        } else {
            return (words, at);
        }
    }
}

/// The bracket that closes the one at `at`, or the end.
fn closing(bytes: &[u8], at: usize, is_formula: bool) -> usize {
    let (mut depth, mut at) = (0, at);
    while at < bytes.len() {
        match bytes[at] {
            b'[' => depth += 1,
            b']' if depth == 1 => return at,
            b']' => depth -= 1,
            b'"' | b'\'' => {
                at = after_quote(bytes, at, is_formula);
                continue;
            }
            _ => {}
        }
        at += 1;
    }
    bytes.len()
}

/// Behind the quoted text that begins at `at`.
fn after_quote(bytes: &[u8], at: usize, has_escapes: bool) -> usize {
    let quote = bytes[at];
    let mut at = at + 1;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' if has_escapes => at += 1,
            byte if byte == quote => return at + 1,
            _ => {}
        }
        at += 1;
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(reads: &[Read]) -> String {
        let word =
            |read: &Read| format!("{}{}", read.name(), if read.is_guarded { "?" } else { "" });
        reads.iter().map(word).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn templates_read_what_stands_in_braces() {
        for (text, expected) in [
            ("Plain, {single}", ""),
            ("{{ Menu.digits }} and {{severity|upcase}}", "Menu.digits severity"),
            ("{{ on_call[index].name }}", "index on_call"),
            ("{{ Ask.response['a b'].c }}", "Ask.response.a b.c"),
            ("{{ Lead.to | default: Backup.to | append: 'x.y' }}", "Lead.to? Backup.to?"),
            ("{{ list | where: 'kind', wanted }}", "list wanted"),
            (
                "{% if name and name != 'Bo' %}Hello {{ name }}{% else %}{{ other }}{% endif %}",
                "name? name? name? other",
            ),
            ("{% assign x = Menu.digits %}{{ x }}{{ y }}", "Menu.digits y"),
            ("{% raw %}{{ a }}{% endraw %}{% comment %}{{ b }}{% endcomment %}{{ c }}", "c"),
            ("{{- trimmed -}} {{ unclosed", "trimmed"),
        ] {
            let mut reads = Vec::new();
            template("text", text, &mut reads);
            assert_eq!(said(&reads), expected, "{text}");
        }
    }

    #[test]
    fn formulas_read_their_words() {
        for (text, expected) in [
            ("Menu.digits == \"1 and x\" && to_int(count) < 3", "Menu.digits count"),
            ("to_int(index) < on_call.len()", "index on_call"),
            ("people[i].name.to_lower() == 'b'", "i people"),
            ("Lead != () && Lead.to > count", "Lead? Lead.to? count"),
            ("if a { 1.5 } else { #{ key: b }.key }", "a b"),
            ("\"x\" in list && !false", "list"),
            ("a // b's\n + /* c */ d", "a d"),
        ] {
            let mut reads = Vec::new();
            formula("when", text, &mut reads);
            assert_eq!(said(&reads), expected, "{text}");
        }
    }

    #[test]
    fn only_one_word_is_changed() {
        let mut reads = Vec::new();
        template("text", "Meun {{ Meun.digits }}", &mut reads);
        assert_eq!(reads[0].with(&reads[0].path[0], "Menu"), "Meun {{ Menu.digits }}");
    }
}
