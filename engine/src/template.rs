//! Text with `{{ }}`: Liquid, PHLO's own template language, parsed once.
//!
//! Output is never rendered again. What is missing is empty. Loops and includes are left out on purpose: a template cannot run long.

mod filters;
mod segments;

use crate::{
    limits,
    text::{Growing, Text},
    value::Value,
    variables::Variables,
};
use liquid_core::{Language, Renderable, parser, runtime};
use segments::{Filled, Found, Segment};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::{
    fmt,
    io::{self, Write},
    sync::{Arc, OnceLock},
};

/// A parsed template.
#[derive(Clone, Default)]
pub struct Template {
    source: Text,
    form: Form,
}

/// What a template is made of.
#[derive(Clone, Default)]
enum Form {
    /// Nothing to fill in; most prompts are such.
    #[default]
    Plain,
    /// Only values to put in.
    Segments(Arc<[Segment]>),
    /// Filters, conditions and the rest.
    Liquid(Arc<runtime::Template>),
}

impl Template {
    /// Parses a template.
    ///
    /// # Errors
    /// A sentence that says what is wrong and where: unknown filter, unclosed braces, a name with spaces.
    pub fn parse(source: &str) -> Result<Template, String> {
        if source.len() > limits::TEMPLATE_BYTES_MAX {
            return Err(format!("it is longer than {} characters", limits::TEMPLATE_BYTES_MAX));
        }
        let form = if !source.contains("{{") && !source.contains("{%") {
            Form::Plain
        } else if let Some(segments) = segments::segments(source) {
            Form::Segments(segments.into())
        } else {
            Form::Liquid(Arc::new(liquid(source)?))
        };
        Ok(Template { source: source.into(), form })
    }

    /// The same, but that a list that is all it fills in gets commas between its items; Liquid itself writes them without.
    pub(crate) fn with_commas(self) -> Template {
        let inner = self
            .source
            .trim()
            .strip_prefix("{{")
            .and_then(|rest| rest.strip_suffix("}}"))
            .filter(|inner| !inner.contains("}}"));
        let form = inner
            .and_then(|inner| liquid(&format!("{{{{ {inner} | commas }}}}")).ok())
            .map(|parsed| Form::Liquid(Arc::new(parsed)));
        Template { form: form.unwrap_or(self.form), ..self }
    }

    /// The text as it was written.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Whether it was left empty.
    pub fn is_empty(&self) -> bool {
        self.source.trim().is_empty()
    }

    /// Fills it in. What goes wrong (an unfit value for a filter, too long a result) gives what there is so far, and the reason for the journal.
    pub(crate) fn render(&self, variables: &Variables) -> (String, Option<String>) {
        match &self.form {
            Form::Plain => (self.source.as_str().to_owned(), None),
            Form::Segments(segments) => {
                let (text, failure) = self.fill(segments, variables);
                (text.into_string(), failure)
            }
            Form::Liquid(parsed) => render(parsed, variables),
        }
    }

    /// The same as a text that can be a variable's.
    pub(crate) fn text(&self, variables: &Variables) -> (Text, Option<String>) {
        match &self.form {
            Form::Plain => (self.source.clone(), None),
            Form::Segments(segments) => {
                if let [Segment::Path(path)] = &**segments
                    && let Found::Value(Value::Text(text)) = path.find(variables)
                    && text.len() <= limits::RENDERED_BYTES_MAX
                {
                    return (text.clone(), None);
                }
                let (text, failure) = self.fill(segments, variables);
                (text.into_text(), failure)
            }
            Form::Liquid(parsed) => {
                let (text, failure) = render(parsed, variables);
                (text.into(), failure)
            }
        }
    }

    /// The same, but that a template which is one plain path and nothing else (`{{ people }}`) gives the value that is there: a list, a map, a number.
    pub fn evaluate(&self, variables: &Variables) -> (Value, Option<String>) {
        if let Form::Segments(segments) = &self.form
            && let [Segment::Path(path)] = &**segments
        {
            match path.find(variables) {
                Found::Value(value) => return (value.clone(), None),
                Found::Size(size) => return (Value::Int(size), None),
                Found::Unknown => {}
            }
        }
        let (text, failure) = self.text(variables);
        (text.into(), failure)
    }

    fn fill(&self, segments: &[Segment], variables: &Variables) -> (Growing, Option<String>) {
        let mut text = Growing::new(limits::RENDERED_BYTES_MAX);
        let failure = match segments::fill(segments, variables, &mut text) {
            Filled::Completely => None,
            Filled::TooLong => Some(too_long()),
            // So rare that nothing is kept for it.
            Filled::Unknown => {
                liquid(&self.source).map_or_else(Some, |parsed| render(&parsed, variables).1)
            }
        };
        (text, failure)
    }

    /// Fills it in with values of another time, such as those a run ended with; what is not among them is empty. For looking at, not for runs.
    pub fn filled_with(&self, values: serde_json::Map<String, serde_json::Value>) -> String {
        let mut variables = Variables::default();
        for (name, value) in values {
            // Beyond the limit of a run there is nothing to look at either.
            variables.set(&name, value.into());
        }
        self.render(&variables).0
    }

    /// Names in single braces, as the oldest workflows wrote them (`{primary_phone}`); Liquid leaves them as they stand.
    pub fn single_braces(source: &str) -> Vec<&str> {
        let mut found = Vec::new();
        let mut rest = source;
        while let Some(open) = rest.find('{') {
            let after = &rest[open + 1..];
            if let Some(double) = after.strip_prefix(['{', '%']) {
                rest = double
                    .find("}}")
                    .or_else(|| double.find("%}"))
                    .map_or("", |end| &double[end + 2..]);
                continue;
            }
            match after.find(['}', '{']) {
                Some(end)
                    if after[end..].starts_with('}')
                        && crate::NodeName::is_identifier(&after[..end]) =>
                {
                    found.push(&after[..end]);
                    rest = &after[end + 1..];
                }
                _ => rest = after,
            }
        }
        found
    }
}

fn liquid(source: &str) -> Result<runtime::Template, String> {
    let elements = parser::parse(source, language()).map_err(|error| reason(&error.to_string()))?;
    Ok(runtime::Template::new(elements))
}

fn render(parsed: &runtime::Template, variables: &Variables) -> (String, Option<String>) {
    let runtime = runtime::RuntimeBuilder::new().set_globals(variables).build();
    let mut output = Bounded(Vec::new());
    let failure =
        parsed.render_to(&mut output, &runtime).err().map(|error| reason(&error.to_string()));
    (String::from_utf8_lossy(&output.0).into_owned(), failure)
}

fn too_long() -> String {
    format!("the text is longer than {} bytes", limits::RENDERED_BYTES_MAX)
}

/// Liquid's message in one line: of a syntax error the place and what was expected there, of any other its first lines.
fn reason(message: &str) -> String {
    let message = message.strip_prefix("liquid: ").unwrap_or(message).trim();
    let place = message
        .strip_prefix("-->")
        .and_then(|rest| rest.split_whitespace().next()?.split_once(':'));
    if let (Some((line, column)), Some((_, expected))) = (place, message.split_once("= ")) {
        let expected = expected
            .lines()
            .next()
            .unwrap_or_default()
            .replace("Literal", "a name, a text in quotes or a number")
            .replace("EOI", "the end");
        return format!("line {line}, character {column}: {expected}");
    }
    let lines: Vec<&str> = message
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with("from:"))
        .collect();
    lines.join(" ").chars().take(300).collect()
}

fn language() -> &'static Language {
    static LANGUAGE: OnceLock<Language> = OnceLock::new();
    LANGUAGE.get_or_init(|| {
        use liquid_lib::stdlib;
        let mut language = Language::empty();
        macro_rules! filters {
            ($($name:literal: $filter:ident),* $(,)?) => { $( language.filters.register($name.to_owned(), Box::new(stdlib::$filter)); )* };
        }
        filters! {
            "abs": Abs, "append": Append, "at_least": AtLeast, "at_most": AtMost, "capitalize": Capitalize, "ceil": Ceil, "compact": Compact, "concat": Concat,
            "default": Default, "divided_by": DividedBy, "downcase": Downcase, "escape": Escape, "first": First, "floor": Floor, "join": Join,
            "last": Last, "lstrip": Lstrip, "map": Map, "minus": Minus, "modulo": Modulo, "newline_to_br": NewlineToBr, "plus": Plus, "prepend": Prepend,
            "remove": Remove, "remove_first": RemoveFirst, "replace": Replace, "replace_first": ReplaceFirst, "reverse": Reverse, "round": Round,
            "rstrip": Rstrip, "size": Size, "slice": Slice, "sort": Sort, "split": Split, "strip": Strip,
            "strip_newlines": StripNewlines, "times": Times, "truncate": Truncate, "truncatewords": TruncateWords, "uniq": Uniq, "upcase": Upcase,
            "url_decode": UrlDecode, "url_encode": UrlEncode, "where": Where,
        }
        language.filters.register("json".to_owned(), Box::new(filters::Json));
        language.filters.register("commas".to_owned(), Box::new(filters::Commas));
        language.filters.register("date".to_owned(), Box::new(filters::Date));
        language.filters.register("strip_html".to_owned(), Box::new(filters::StripHtml));
        language.tags.register("assign".to_owned(), stdlib::AssignTag.into());
        language.blocks.register("if".to_owned(), stdlib::IfBlock.into());
        language.blocks.register("unless".to_owned(), stdlib::UnlessBlock.into());
        language.blocks.register("case".to_owned(), stdlib::CaseBlock.into());
        language.blocks.register("capture".to_owned(), stdlib::CaptureBlock.into());
        language.blocks.register("comment".to_owned(), stdlib::CommentBlock.into());
        language.blocks.register("raw".to_owned(), stdlib::RawBlock.into());
        language
    })
}

/// Collects at most [`limits::RENDERED_BYTES_MAX`].
struct Bounded(Vec<u8>);

impl Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0.len() + bytes.len() > limits::RENDERED_BYTES_MAX {
            return Err(io::Error::other(too_long()));
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl PartialEq for Template {
    fn eq(&self, other: &Self) -> bool {
        self.source == other.source
    }
}

impl fmt::Debug for Template {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.source.fmt(formatter)
    }
}

impl Serialize for Template {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.source.serialize(serializer)
    }
}

/// A template is text; a bare number or a yes/no, as people write by hand, is taken as its text.
impl<'de> Deserialize<'de> for Template {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let source = match serde_json::Value::deserialize(deserializer)? {
            serde_json::Value::String(text) => text,
            scalar @ (serde_json::Value::Number(_) | serde_json::Value::Bool(_)) => {
                scalar.to_string()
            }
            _ => return Err(de::Error::custom("expected text")),
        };
        Template::parse(&source).map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variables() -> Variables {
        let mut variables = Variables::default();
        variables.set("Menu", Value::from(serde_json::json!({ "digits": "12" })));
        variables.set("severity", "high".into());
        variables.set("list", Value::from(serde_json::json!(["a", "b"])));
        variables
    }

    #[test]
    fn what_is_there_is_filled_in_and_what_is_missing_is_empty() {
        for (source, expected) in [
            ("Plain text, 100 %.", "Plain text, 100 %."),
            ("{{ Menu.digits }}", "12"),
            ("{{ severity | upcase }}!", "HIGH!"),
            ("{{ Menu.digits | plus: 1 }}", "13"),
            ("[{{ Menu.nothing.below.it }}]", "[]"),
            ("[{{ nobody.x.y | default: 'd' }}]", "[d]"),
            ("{{ list[1] }}{{ list[7] }}{{ list.first }}", "ba"),
            ("{{ list.size }} {{ list | join: '-' }}", "2 a-b"),
            ("{% if nobody.x == 'a' %}yes{% else %}no{% endif %}", "no"),
            ("{{ list | json }}", "[\"a\",\"b\"]"),
            ("{{ severity.length.x }}", ""),
        ] {
            let (text, failure) = Template::parse(source).unwrap().render(&variables());
            assert_eq!((text.as_str(), failure), (expected, None), "{source}");
        }
    }

    #[test]
    fn output_is_never_rendered_again() {
        let mut variables = variables();
        variables.set("evil", "{{ severity }}{% if true %}x{% endif %}".into());
        assert_eq!(
            Template::parse("{{ evil }}").unwrap().render(&variables).0,
            "{{ severity }}{% if true %}x{% endif %}"
        );
    }

    #[test]
    fn a_broken_template_says_why() {
        assert_eq!(
            Template::parse("{{ My Node.text }}").unwrap_err(),
            "line 1, character 4: expected a name, a text in quotes or a number"
        );
        assert!(Template::parse("{{ unclosed").is_err());
        assert!(Template::parse("{{ x | shout }}").unwrap_err().to_lowercase().contains("filter"));
        assert!(Template::parse("{% for i in (1..1000000000) %}x{% endfor %}").is_err());
    }

    #[test]
    fn a_text_that_grows_without_end_is_cut_off() {
        let mut variables = variables();
        variables.set("long", "x".repeat(60_000).into());
        let (text, failure) = Template::parse("{{ long }}{{ long }}").unwrap().render(&variables);
        assert_eq!(text.len(), 60_000);
        assert!(failure.is_some());
    }

    #[test]
    fn single_braces_are_found() {
        assert_eq!(
            Template::single_braces("Call {primary_phone} or {{ backup }} { not this } {lead}"),
            ["primary_phone", "lead"]
        );
    }
}
