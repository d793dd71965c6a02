//! Goes one of several ways, by a value: the first row that fits wins.
//!
//! ```flow
//! > api_request {"choice": "2"}
//! -> Support
//! = completed
//! ```
//!
//! ```flow
//! > api_request {"choice": "9"}
//! -> no_match
//! = completed
//! ```

use crate::component::{
    Component, Control, Field, Group, Problems, Spec, State, Step, Variable, leave,
};
use crate::{
    expression::Expression,
    limits,
    name::StateName,
    run::{Ctx, HUNG_UP},
    template::Template,
};
use regex_lite::{Regex, RegexBuilder};
use serde::{Deserialize, Deserializer, de};
use serde_json::{Map, Value as Json};

/// The configuration of `switch`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Switch {
    #[serde(default)]
    value: Template,
    cases: Vec<Case>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    equals: Option<Template>,
    #[serde(rename = "in")]
    any_of: Option<Vec<Template>>,
    matches: Option<Pattern>,
    less_than: Option<Template>,
    at_least: Option<Template>,
    starts_with: Option<Template>,
    contains: Option<Template>,
    when: Option<Expression>,
}

const NO_MATCH: &str = "no_match";

impl Component for Switch {
    const SPEC: Spec = Spec {
        kind: "switch",
        label: "Switch",
        summary: "Goes one of several ways, by a value.",
        group: Group::Logic,
        aliases: &["branch", "split"],
        help: "Each row is a way out; the first that fits wins. Numbers and keys compare by value, texts without regard to spaces around them. \
               What fits no row leaves by No match.",
        example: r#"{ "value": "{{ choice }}", "cases": [{ "name": "Sales", "equals": "1" }, { "name": "Support", "equals": "2" }] }"#,
        fields: &[
            Field {
                key: "value",
                label: "Look at",
                help: "The value to decide by.",
                control: Control::Template,
                is_required: false,
            },
            Field {
                key: "cases",
                label: "Ways out",
                help: "First match wins.",
                control: Control::Cases,
                is_required: true,
            },
        ],
        states: &[State { name: NO_MATCH, label: "No match", help: "no row fits" }],
        variables: &[Variable { name: "matched", help: "the name of the row that fitted" }],
        is_voice: false,
        joins_prompts: false,
        gives_call_by: &[],
        waits: false,
    };

    fn states(config: &Map<String, Json>) -> Vec<StateName> {
        let rows = config.get("cases").and_then(Json::as_array).into_iter().flatten();
        let mut states: Vec<StateName> = Vec::new();
        for name in rows
            .filter_map(|row| row.get("name").and_then(Json::as_str))
            .filter(|name| !name.is_empty() && *name != NO_MATCH)
        {
            if !states.contains(&name.into()) {
                states.push(name.into());
            }
        }
        states.push(NO_MATCH.into());
        states
    }

    fn check(&self, problems: &mut Problems<'_>) {
        for (index, case) in self.cases.iter().enumerate() {
            let field = |key: &str| format!("cases[{index}].{key}");
            if [NO_MATCH, HUNG_UP].contains(&case.name.as_str())
                || self.cases[..index].iter().any(|other| other.name == case.name)
            {
                let message = format!("There is another way out called {}.", case.name);
                problems.error(
                    "case_twice",
                    &field("name"),
                    message,
                    "Give this one another name.",
                );
            }
            if case.tests() != 1 {
                let message = format!(
                    "The way out {} has {} conditions.",
                    case.name,
                    if case.tests() == 0 { "no" } else { "several" }
                );
                let remedy = "Give it one of equals, in, matches, less_than, at_least, starts_with, contains and when.";
                problems.error("case_tests", &field("name"), message, remedy);
            }
            if case.tests() == 1 && case.when.is_none() && self.value.is_empty() {
                problems.error(
                    "missing_field",
                    "value",
                    "Look at is missing.",
                    "Fill in the value to decide by, or give every row a formula of its own.",
                );
            }
        }
    }

    fn summary(&self) -> String {
        self.value.source().to_owned()
    }

    fn enter(&self, ctx: &mut Ctx<'_>) -> Step {
        let value = ctx.text(&self.value);
        for case in &self.cases {
            if case.fits(value.trim(), ctx) {
                ctx.set("matched", case.name.as_str());
                return leave(&case.name);
            }
        }
        ctx.set("matched", "");
        leave(NO_MATCH)
    }
}

impl Case {
    fn tests(&self) -> usize {
        let given = [
            self.equals.is_some(),
            self.any_of.is_some(),
            self.matches.is_some(),
            self.less_than.is_some(),
            self.at_least.is_some(),
            self.starts_with.is_some(),
            self.contains.is_some(),
            self.when.is_some(),
        ];
        given.into_iter().filter(|given| *given).count()
    }

    fn fits(&self, value: &str, ctx: &mut Ctx<'_>) -> bool {
        let mut against = |template: &Option<Template>, test: fn(&str, &str) -> bool| {
            template.as_ref().is_some_and(|template| test(value, ctx.text(template).trim()))
        };
        if against(&self.equals, equals)
            || against(&self.less_than, |value, other| {
                numbers(value, other).is_some_and(|(value, other)| value < other)
            })
            || against(&self.at_least, |value, other| {
                numbers(value, other).is_some_and(|(value, other)| value >= other)
            })
            || against(&self.starts_with, |value, other| value.starts_with(other))
            || against(&self.contains, |value, other| {
                value.to_lowercase().contains(&other.to_lowercase())
            })
        {
            return true;
        }
        let any_of =
            self.any_of.iter().flatten().any(|template| equals(value, ctx.text(template).trim()));
        any_of
            || self.matches.as_ref().is_some_and(|pattern| pattern.0.is_match(value))
            || self.when.as_ref().is_some_and(|when| ctx.holds(when))
    }
}

/// Numbers compare as numbers, `yes` and `no` words as such, all else as text, as PHLO's Branch casts.
fn equals(value: &str, other: &str) -> bool {
    value == other
        || numbers(value, other).is_some_and(|(value, other)| value == other)
        || (is_truth(value) && value.eq_ignore_ascii_case(other))
}

fn is_truth(value: &str) -> bool {
    value.eq_ignore_ascii_case("true") || value.eq_ignore_ascii_case("false")
}

/// Both as numbers. Long strings of digits are numbers of people, not amounts, and a leading 0 or + is part of them.
fn numbers(value: &str, other: &str) -> Option<(f64, f64)> {
    let number = |text: &str| {
        let is_amount = text.len() <= 15
            && text
                .starts_with(|first: char| first.is_ascii_digit() || first == '-' || first == '.')
            && !(text.len() > 1 && text.starts_with('0') && !text.starts_with("0."));
        is_amount.then(|| text.parse::<f64>().ok()).flatten()
    };
    Some((number(value)?, number(other)?))
}

/// A regular expression, found anywhere in the value, without regard to case. `regex-lite`: the editor would have to load Unicode's tables for the other.
#[derive(Debug)]
struct Pattern(Regex);

impl<'de> Deserialize<'de> for Pattern {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let source = String::deserialize(deserializer)?;
        let regex = RegexBuilder::new(&source)
            .case_insensitive(true)
            .size_limit(limits::PATTERN_BYTES_MAX)
            .build();
        regex.map(Pattern).map_err(|error| {
            de::Error::custom(error.to_string().lines().last().unwrap_or("it is no pattern"))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_compare_as_people_mean_them() {
        for (value, other, expected) in [
            ("1", "1.0", true),
            ("1", "01", false),
            ("TRUE", "true", true),
            ("+15550100", "15550100", false),
            ("a", "A", false),
            ("", "", true),
        ] {
            assert_eq!(equals(value, other), expected, "{value} = {other}");
        }
    }

    #[test]
    fn patterns_are_found_anywhere_and_in_any_case() {
        for (pattern, value, expected) in [
            ("^help\\b", "HELP me", true),
            ("help", "please help", true),
            ("^h.lp$", "helps", false),
            ("^\\d{4}$", "2468", true),
        ] {
            let pattern: Pattern = serde_json::from_value(pattern.into()).unwrap();
            assert_eq!(pattern.0.is_match(value), expected, "{pattern:?} ~ {value}");
        }
        assert!(serde_json::from_value::<Pattern>("(".into()).is_err());
        assert!(serde_json::from_value::<Pattern>("(a{1000}){1000}".into()).is_err());
    }
}
