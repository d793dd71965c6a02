//! Templates of plain text and plain paths (`Hello {{ customer.name }}`), which are nearly all: they are filled in without Liquid, to the same text.

use crate::{
    text::{Growing, Text},
    value::{NOTHING, Value},
    variables::{Root, Variables},
};
use std::fmt::Write as _;

/// A piece of a template.
#[derive(Debug)]
pub(super) enum Segment {
    /// Stands as it is.
    Text(Text),
    /// A value is put there.
    Path(Path),
}

/// Where a value is: `Menu.digits`, `people[0].name`.
#[derive(Debug)]
pub(super) struct Path {
    root: Root,
    steps: Box<[Step]>,
}

#[derive(Debug)]
enum Step {
    Name(Text),
    Index(i64),
}

/// What a path leads to.
#[derive(Debug)]
pub(super) enum Found<'a> {
    Value(&'a Value),
    /// How many items a list has.
    Size(i64),
    /// A list has no such name; Liquid says so in its own words.
    Unknown,
}

/// The segments of a template; `None` where it says something that only Liquid understands.
pub(super) fn segments(source: &str) -> Option<Vec<Segment>> {
    if source.contains("{%") {
        return None;
    }
    let mut segments = Vec::new();
    let mut rest = source;
    while let Some((text, after)) = rest.split_once("{{") {
        if !text.is_empty() {
            segments.push(Segment::Text(text.into()));
        }
        let (inner, after) = after.split_once("}}")?;
        segments.push(Segment::Path(Path::parse(inner.trim_matches([' ', '\n', '\r']))?));
        rest = after;
    }
    if !rest.is_empty() {
        segments.push(Segment::Text(rest.into()));
    }
    Some(segments)
}

impl Path {
    fn parse(source: &str) -> Option<Path> {
        // Liquid takes these for values, and stumbles over what follows them.
        const VALUES: [&str; 6] = ["nil", "null", "empty", "blank", "true", "false"];
        if VALUES.iter().any(|value| source.starts_with(value)) {
            return None;
        }
        let (root, mut rest) = word(source)?;
        let mut steps = Vec::new();
        while !rest.is_empty() {
            if let Some(after) = rest.strip_prefix('.') {
                let (name, after) = word(after)?;
                if name == "size" && !after.is_empty() {
                    return None;
                }
                steps.push(Step::Name(name.into()));
                rest = after;
            } else {
                let (index, after) = rest.strip_prefix('[')?.split_once(']')?;
                let is_plain = !index.is_empty() && index.bytes().all(|byte| byte.is_ascii_digit());
                steps.push(Step::Index(index.parse().ok().filter(|_| is_plain)?));
                rest = after;
            }
        }
        Some(Path { root: Root::new(root), steps: steps.into() })
    }

    /// Follows it.
    #[inline]
    pub(super) fn find<'a>(&self, variables: &'a Variables) -> Found<'a> {
        let mut value = variables.find(&self.root).unwrap_or(&NOTHING);
        for step in &self.steps {
            let next = match (value, step) {
                (Value::Map(map), Step::Name(name)) => map.get(name),
                (Value::Map(map), Step::Index(index)) => map.get(&index.to_string()),
                (Value::List(items), Step::Index(index)) => {
                    usize::try_from(*index).ok().and_then(|index| items.get(index))
                }
                (Value::List(items), Step::Name(name)) => match name.as_str() {
                    "first" => items.first(),
                    "last" => items.last(),
                    "size" => {
                        return Found::Size(i64::try_from(items.len()).unwrap_or(i64::MAX));
                    }
                    _ => return Found::Unknown,
                },
                _ => None,
            };
            value = next.unwrap_or(&NOTHING);
        }
        Found::Value(value)
    }
}

/// An identifier, and what follows it.
fn word(source: &str) -> Option<(&str, &str)> {
    let end = source
        .find(|character: char| !(character.is_ascii_alphanumeric() || character == '_'))
        .unwrap_or(source.len());
    let (word, rest) = source.split_at(end);
    let is_word = word.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_');
    is_word.then_some((word, rest))
}

/// How filling in went.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Filled {
    Completely,
    /// The text grew too long.
    TooLong,
    /// Liquid has something to say about it.
    Unknown,
}

/// Fills the segments in.
pub(super) fn fill(segments: &[Segment], variables: &Variables, text: &mut Growing) -> Filled {
    for segment in segments {
        let is_added = match segment {
            Segment::Text(piece) => text.push(piece),
            Segment::Path(path) => match path.find(variables) {
                Found::Value(Value::Text(piece)) => text.push(piece),
                Found::Value(value) => show(value, text),
                Found::Size(size) => write!(text, "{size}").is_ok(),
                Found::Unknown => return Filled::Unknown,
            },
        };
        if !is_added {
            return Filled::TooLong;
        }
    }
    Filled::Completely
}

/// As Liquid does, the items of a list without anything between them. But a map as JSON: Liquid would say its rows in another order each time, and a replayed run
/// another text.
fn show(value: &Value, text: &mut Growing) -> bool {
    match value {
        Value::List(items) => items.iter().all(|item| show(item, text)),
        value => write!(text, "{value}").is_ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Form, Template, liquid, render};
    use crate::{value::Value, variables::Variables};
    use proptest::{collection, option, prelude::*, sample::select};

    fn value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::Bool),
            any::<i64>().prop_map(Value::Int),
            (-1e9..1e9f64).prop_map(Value::Float),
            select(vec![0.0, -0.0, 1e21, 1.5e-9, f64::INFINITY, f64::NAN]).prop_map(Value::Float),
            "[a-zä{}%,\" ]{0,30}".prop_map(Value::from),
        ];
        leaf.prop_recursive(3, 12, 3, |inner| {
            let name = select(vec!["a", "b", "size", "first", "0", "1"]);
            prop_oneof![
                collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                collection::vec((name, inner), 0..4)
                    .prop_map(|rows| Value::Map(rows.into_iter().collect())),
            ]
        })
    }

    fn path() -> impl Strategy<Value = String> {
        let step =
            select(vec!["", ".a", ".b", ".size", ".first", ".last", "[0]", "[1]", "[7]", ".x_1"]);
        (select(vec!["a", "b", "list", "nobody", "_"]), collection::vec(step, 0..4))
            .prop_map(|(root, steps)| format!("{root}{}", steps.concat()))
    }

    fn source() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            "[a-z .,}{%ä]{0,12}".prop_map(|text| text.replace("{{", "").replace("{%", "")),
            (path(), select(vec!["", " ", "\n", "  "]))
                .prop_map(|(path, space)| format!("{{{{{space}{path}{space}}}}}")),
        ];
        collection::vec(piece, 0..6).prop_map(|pieces| pieces.concat())
    }

    fn holds_map(value: &Value) -> bool {
        match value {
            Value::Map(_) => true,
            Value::List(items) => items.iter().any(holds_map),
            _ => false,
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn segments_give_what_liquid_gives(
            source in source(),
            a in value(),
            b in option::of(value()),
            list in collection::vec(value(), 0..3),
        ) {
            let mut variables = Variables::default();
            variables.set("a", a);
            variables.set("list", list.into());
            if let Some(b) = b {
                variables.set("b", b);
            }
            let has_map = |path: &str| {
                let template = Template::parse(&format!("{{{{ {path} }}}}"));
                template.is_ok_and(|template| holds_map(&template.evaluate(&variables).0))
            };
            let paths = source.split("{{").filter_map(|part| part.split("}}").next());
            prop_assume!(!paths.map(str::trim).any(has_map));
            match (Template::parse(&source), liquid(&source)) {
                (Ok(template), Ok(parsed)) => {
                    let expected = render(&parsed, &variables);
                    prop_assert_eq!(template.render(&variables), expected.clone(), "{}", source);
                    let (text, failure) = template.text(&variables);
                    prop_assert_eq!((text.as_str().to_owned(), failure), expected);
                }
                (Err(reason), Err(expected)) => prop_assert_eq!(reason, expected),
                (template, parsed) => {
                    prop_assert!(false, "{source:?}: {template:?}, {:?}", parsed.err())
                }
            }
        }
    }

    #[test]
    fn only_plain_paths_do_without_liquid() {
        for (source, expected) in [
            ("no braces", "plain"),
            ("{{a}} and {{ b.c_1[0].d }}!", "segments"),
            ("{{ nilly }}", "error"),
            ("{{ a | upcase }}", "liquid"),
            ("{{- a -}}", "liquid"),
            ("{{ a-b }}", "liquid"),
            ("{{ a[b] }}", "liquid"),
            ("{{ true }}", "liquid"),
            ("{{ 'x' }}", "liquid"),
            ("{{ a }}{% if a %}{% endif %}", "liquid"),
            ("{{ a b }}", "error"),
            ("{{ a", "error"),
            ("{{ }}", "error"),
        ] {
            let form = match Template::parse(source) {
                Ok(Template { form: Form::Plain, .. }) => "plain",
                Ok(Template { form: Form::Segments(_), .. }) => "segments",
                Ok(Template { form: Form::Liquid(_), .. }) => "liquid",
                Err(_) => "error",
            };
            assert_eq!(form, expected, "{source}");
        }
    }

    #[test]
    fn a_lone_path_gives_the_value_itself() {
        let mut variables = Variables::default();
        let people = Value::from(serde_json::json!([{ "name": "Ada" }, { "name": "Bo" }]));
        variables.set("people", people.clone());
        for (source, expected) in [
            ("{{ people }}", people),
            ("{{ people.size }}", Value::Int(2)),
            ("{{ people[1].name }}", "Bo".into()),
            ("{{ nobody.at.all }}", Value::Null),
            ("{{ people.size }}!", "2!".into()),
            (" {{ nobody }}", " ".into()),
            ("{{ people }}!", r#"{"name":"Ada"}{"name":"Bo"}!"#.into()),
            ("{{ people | map: 'name' | join: ' ' }}", "Ada Bo".into()),
        ] {
            let (value, failure) = Template::parse(source).unwrap().evaluate(&variables);
            assert_eq!((value, failure), (expected, None), "{source}");
        }
    }
}
