//! Which variables a formula reads, and how much of each: an HTTP answer of 200 KiB is not handed to `Fetch.status == 200`.

use crate::{text::Text, value::Value, variables::Root};
use rhai::Dynamic;

/// A variable that a formula reads.
#[derive(Debug)]
pub(super) struct Read {
    pub(super) root: Root,
    below: Below,
}

/// What is read below a name.
#[derive(Debug, Default)]
struct Below {
    /// All of it.
    is_whole: bool,
    fields: Vec<(Text, Below)>,
}

/// Everything that a formula may read; rather too much than too little.
pub(super) fn reads(source: &str) -> Vec<Read> {
    let mut reads: Vec<Read> = Vec::new();
    // Texts with formulas in them, and texts with quotes of their own making: there every word may be a variable.
    let paths = if source.contains(['`', '#']) {
        super::words(source).into_iter().map(|word| vec![word]).collect()
    } else {
        paths(source)
    };
    for path in paths {
        let Some((root, fields)) = path.split_first() else { continue };
        match reads.iter_mut().find(|read| read.root.name() == *root) {
            Some(read) => read.below.add(fields),
            None => {
                let mut below = Below::default();
                below.add(fields);
                reads.push(Read { root: Root::new(root), below });
            }
        }
    }
    reads
}

impl Read {
    /// What the formula is given of a value.
    pub(super) fn of(&self, value: &Value) -> Dynamic {
        self.below.of(value)
    }
}

impl Below {
    fn add(&mut self, path: &[&str]) {
        let Some((field, rest)) = path.split_first() else {
            self.is_whole = true;
            return;
        };
        match self.fields.iter_mut().find(|(name, _)| *name == **field) {
            Some((_, below)) => below.add(rest),
            None => {
                let mut below = Below::default();
                below.add(rest);
                self.fields.push(((*field).into(), below));
            }
        }
    }

    fn of(&self, value: &Value) -> Dynamic {
        match value {
            Value::Map(map) if !self.is_whole => {
                let fields = self.fields.iter().filter_map(|(name, below)| {
                    Some((name.as_str().into(), below.of(map.get(name)?)))
                });
                Dynamic::from_map(fields.collect())
            }
            value => value.to_dynamic(),
        }
    }
}

/// Every `name.name…` of a formula that is not in a text or a comment and is no call of a function.
fn paths(source: &str) -> Vec<Vec<&str>> {
    let mut paths = Vec::new();
    let mut rest = source;
    let mut is_after_dot = false;
    while let Some(first) = rest.chars().next() {
        let was_after_dot = std::mem::take(&mut is_after_dot);
        if first == '"' || first == '\'' {
            rest = after_quoted(&rest[1..], first);
        } else if let Some(comment) = rest.strip_prefix("//") {
            rest = comment.find('\n').map_or("", |end| &comment[end..]);
            is_after_dot = was_after_dot;
        } else if let Some(comment) = rest.strip_prefix("/*") {
            rest = after_comment(comment);
            is_after_dot = was_after_dot;
        } else if first.is_ascii_digit() {
            rest = rest
                .trim_start_matches(|other: char| other.is_ascii_alphanumeric() || other == '_');
        } else if let Some((word, after)) = word(rest) {
            rest = after;
            if was_after_dot || super::RESERVED.contains(&word) || is_call(rest) {
                continue;
            }
            let mut path = vec![word];
            while let Some((field, after)) = field(rest).filter(|(_, after)| !is_call(after)) {
                path.push(field);
                rest = after;
            }
            paths.push(path);
        } else if let Some(range) = rest.strip_prefix("..") {
            rest = range;
        } else {
            is_after_dot = first == '.' || (was_after_dot && first.is_whitespace());
            rest = &rest[first.len_utf8()..];
        }
    }
    paths
}

/// A field below what stands before, and what follows it.
fn field(rest: &str) -> Option<(&str, &str)> {
    let rest = rest.trim_start();
    let after = rest.strip_prefix("?.").or_else(|| rest.strip_prefix('.'))?;
    word(after.trim_start())
}

fn word(text: &str) -> Option<(&str, &str)> {
    let is_of_word = |character: char| character.is_ascii_alphanumeric() || character == '_';
    let (word, after) = text.split_at(text.find(|other| !is_of_word(other)).unwrap_or(text.len()));
    (!word.is_empty() && !word.starts_with(|first: char| first.is_ascii_digit()))
        .then_some((word, after))
}

fn is_call(after: &str) -> bool {
    after.trim_start().starts_with('(')
}

fn after_quoted(text: &str, quote: char) -> &str {
    let mut is_escaped = false;
    for (place, character) in text.char_indices() {
        match character {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            _ if character == quote => return &text[place + 1..],
            _ => {}
        }
    }
    ""
}

/// Comments stand in comments.
fn after_comment(mut text: &str) -> &str {
    let mut depth = 1;
    while depth > 0 {
        let Some(place) = text.find(['*', '/']) else { return "" };
        let (step, change) = match &text[place..] {
            mark if mark.starts_with("*/") => (2, -1),
            mark if mark.starts_with("/*") => (2, 1),
            _ => (1, 0),
        };
        depth += change;
        text = &text[place + step..];
    }
    text
}

#[cfg(test)]
mod tests {
    use super::paths;

    #[test]
    fn a_formula_reads_its_variables_and_only_what_it_needs_of_them() {
        for (source, expected) in [
            ("Menu.digits == \"1\" && count > 3", "Menu.digits count"),
            (
                "Fetch.body.items.len() > 2 || Fetch . status != 200",
                "Fetch.body.items Fetch.status",
            ),
            ("people[0].name == other?.name", "people other.name"),
            ("len(people) > limit", "people limit"),
            ("\"say \\\"hi\\\" to Bo\" == text", "text"),
            ("a /* not b /* nor c */ nor d */ == // nor e\n f", "a f"),
            ("a . /* why */ b == 1", "a"),
            ("x in 0..n && y in 1.5..=top.most", "x n y top.most"),
            ("'q' == key", "key"),
            ("to_int(Menu.digits) + 0xff == 1e5", "Menu.digits"),
            ("if ok { (a).b } else { [c][0].d }", "ok a c"),
            ("\"unclosed a", ""),
        ] {
            let found: Vec<String> = paths(source).iter().map(|path| path.join(".")).collect();
            assert_eq!(found.join(" "), expected, "{source}");
        }
    }
}
