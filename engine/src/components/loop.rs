//! Does the same for each item of a list, or a number of times.
//!
//! The line comes back here for the next item. Which one that is belongs to the line, so that parallel lines walk through a list each for themselves.
//!
//! ```flow
//! config {"over": "{{ phones }}"}
//! next {"each": "Text"}
//! nodes {"Text": {"kind": "send_sms", "config": {"to": "{{ It.item }}", "text": "{{ It.number }} of {{ It.count }}"}, "next": {"sent": "It"}}}
//! > api_request {"phones": ["+14155550100", "+14155550101"]}
//! -> each
//! < send_sms to "+14155550100" text "1 of 2"
//! > message_accepted "m-1"
//! -> each
//! ? It.index = 1
//! < send_sms to "+14155550101" text "2 of 2"
//! > message_accepted "m-2"
//! -> done
//! ? It.item =
//! = completed
//! ```
//!
//! ```flow
//! config {"times": "{{ tries }}"}
//! next {"each": "Pause"}
//! nodes {"Pause": {"kind": "wait", "config": {"for_s": 60}, "next": {"done": "It"}}}
//! > api_request {"tries": 2}
//! -> each
//! ? It.item = 1
//! @ +1m
//! -> each
//! ? It.item = 2
//! @ +1m
//! -> done
//! = completed
//! ```
//!
//! A text with commas is a list; an empty one is done at once.
//!
//! ```flow
//! config {"over": "{{ names }}"}
//! next {"each": "Set"}
//! nodes {"Set": {"kind": "set_variable", "config": {"values": {"all": "{{ all }}{{ It.item }};"}}, "next": {"done": "It"}}}
//! > api_request {"names": "Ada, Bo, "}
//! -> done
//! ? all = Ada;Bo;
//! = completed
//! ```

use crate::component::{
    Component, Control, Field, Group, Problems, Spec, State, Step, Variable, leave,
};
use crate::{limits, run::Ctx, template::Template, value::Value};
use serde::Deserialize;

/// The configuration of `loop`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Loop {
    over: Option<Template>,
    times: Option<Template>,
}

impl Component for Loop {
    const SPEC: Spec = Spec {
        kind: "loop",
        label: "Loop",
        summary: "Does the same for each item of a list, or a number of times.",
        group: Group::Logic,
        aliases: &["for_each", "foreach", "repeat"],
        help: "Connect Each to the first step of what is to be done, and its last step back to the loop; Done goes on after the last item. \
               Steps in between read {{ Name.item }}. The list is read again for each item, so do not change it meanwhile. \
               Put something that takes time into long loops: more than 100 rounds at one go are stopped.",
        example: r#"{ "times": "3" }"#,
        fields: &[
            Field::optional(
                "over",
                "For each of",
                "A list such as {{ people }}, or texts with commas.",
                Control::Template,
            ),
            Field::optional(
                "times",
                "Or so many times",
                "A whole number, or {{ }} for one.",
                Control::Template,
            ),
        ],
        states: &[
            State::new("each", "Each", "there is another item"),
            State::new("done", "Done", "all items had their turn"),
        ],
        variables: &[
            Variable::new("item", "the present item; with a number of times, the same as number"),
            Variable::new("number", "which item it is, from 1"),
            Variable::new("index", "which item it is, from 0"),
            Variable::new("count", "how many items there are"),
        ],
        ..Spec::BASE
    };

    fn check(&self, problems: &mut Problems<'_>) {
        let is_filled = |template: &Option<Template>| {
            template.as_ref().is_some_and(|template| !template.is_empty())
        };
        if is_filled(&self.over) == is_filled(&self.times) {
            problems.error(
                "missing_field",
                "over",
                "It must be clear what to go through.",
                "Fill in either the list or the number of times, not both.",
            );
        }
        if let Some(times) = self.times.as_ref().filter(|times| !times.source().contains("{{"))
            && times.source().trim().parse().ok().and_then(in_bounds).is_none()
            && !times.is_empty()
        {
            problems.error(
                "wrong_value",
                "times",
                format!("`{}` is no number of times.", times.source()),
                format!("Use a whole number from 0 to {}.", limits::LOOP_ITEMS_MAX),
            );
        }
    }

    fn summary(&self) -> String {
        match (&self.over, &self.times) {
            (Some(list), _) if !list.is_empty() => format!("For each of {}", list.source()),
            (_, Some(times)) => format!("{} times", times.source()),
            _ => String::new(),
        }
    }

    fn enter(&self, ctx: &mut Ctx<'_>) -> Step {
        let index = ctx.kept().unwrap_or(0);
        let items = self.items(ctx);
        let count = items.len();
        ctx.set("count", i64::try_from(count).unwrap_or(i64::MAX));
        let Some(item) = usize::try_from(index).ok().and_then(|index| items.get(index)) else {
            ctx.keep_nothing();
            ctx.set("item", Value::Null);
            return leave("done");
        };
        ctx.set("item", item);
        ctx.set("index", index);
        ctx.set("number", index + 1);
        ctx.keep(index + 1);
        leave("each")
    }
}

/// What is gone through. A count is not written out.
enum Items {
    List(std::sync::Arc<[Value]>),
    Count(usize),
}

impl Items {
    fn len(&self) -> usize {
        match self {
            Items::List(items) => items.len().min(limits::LOOP_ITEMS_MAX),
            Items::Count(count) => *count,
        }
    }

    fn get(&self, index: usize) -> Option<Value> {
        if index >= self.len() {
            return None;
        }
        match self {
            Items::List(items) => items.get(index).cloned(),
            Items::Count(_) => i64::try_from(index).ok().map(|index| Value::Int(index + 1)),
        }
    }
}

fn in_bounds(number: i64) -> Option<usize> {
    usize::try_from(number).ok().filter(|count| *count <= limits::LOOP_ITEMS_MAX)
}

impl Loop {
    fn items(&self, ctx: &mut Ctx<'_>) -> Items {
        let Some(list) = self.over.as_ref().filter(|list| !list.is_empty()) else {
            return self.times(ctx);
        };
        let items = list_of(ctx.evaluate(list));
        if items.len() > limits::LOOP_ITEMS_MAX && ctx.kept().is_none() {
            let (count, most) = (items.len(), limits::LOOP_ITEMS_MAX);
            ctx.warn(format!("The list has {count} items; only the first {most} have their turn."));
        }
        Items::List(items)
    }

    fn times(&self, ctx: &mut Ctx<'_>) -> Items {
        let text = self.times.as_ref().map(|times| ctx.render(times)).unwrap_or_default();
        let number = text.trim().parse::<f64>().ok().filter(|number| number.is_finite());
        let most = f64::from(u32::try_from(limits::LOOP_ITEMS_MAX).unwrap_or(u32::MAX));
        match number {
            Some(number) => {
                if number > most {
                    ctx.warn(format!("{text} times are too many; {most} are done."));
                }
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "clamped to 0 and the most items"
                )]
                let count = number.clamp(0.0, most) as usize;
                Items::Count(count)
            }
            None => {
                ctx.warn(format!("`{text}` is no number of times; nothing is done."));
                Items::Count(0)
            }
        }
    }
}

/// What a value has one after the other: a list its items, a map its keys with their values, a text its parts between commas, or what it holds as JSON.
fn list_of(value: Value) -> std::sync::Arc<[Value]> {
    match value {
        Value::List(items) => items,
        Value::Map(map) => map
            .iter()
            .map(|(key, value)| {
                Value::Map(
                    [("key", Value::from(key)), ("value", value.clone())].into_iter().collect(),
                )
            })
            .collect(),
        Value::Null => std::sync::Arc::default(),
        Value::Text(text) => {
            let json = text.trim_start().starts_with('[').then(|| serde_json::from_str(&text));
            match json {
                Some(Ok(serde_json::Value::Array(items))) => {
                    items.into_iter().map(Value::from).collect()
                }
                _ => text
                    .split(',')
                    .map(str::trim)
                    .filter(|part| !part.is_empty())
                    .map(Value::from)
                    .collect(),
            }
        }
        one => std::sync::Arc::from([one]),
    }
}
