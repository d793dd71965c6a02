//! Counts how often the run comes by, and says when it is often enough.
//!
//! As in PHLO: the visit of that number, and every later one, leaves by `count_reached`. Each line of a run counts for itself.
//!
//! ```flow
//! config {"max_count": 2}
//! next {"count_not_reached": "Pause"}
//! nodes {"Pause": {"kind": "wait", "config": {"for_s": 60}, "next": {"done": "It"}}}
//! > api_request {}
//! -> count_not_reached
//! ? It.count = 1
//! @ +1m
//! -> count_reached
//! ? It.count = 2
//! = completed
//! ```

use crate::component::{Component, Control, Field, Group, Spec, State, Step, Variable, leave};
use crate::run::Ctx;
use serde::Deserialize;

/// The configuration of `counter`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Counter {
    max_count: i64,
}

impl Component for Counter {
    const SPEC: Spec = Spec {
        kind: "counter",
        label: "Counter",
        summary: "Counts how often the run comes by, and says when it is often enough.",
        group: Group::Logic,
        aliases: &["count"],
        help: "Put it where a loop comes by, for example after a wrong key: with 3, the first two visits leave by Count not reached, the third by Count reached. \
               To go through a list, use Loop.",
        example: r#"{ "max_count": 3 }"#,
        fields: &[Field::required(
            "max_count",
            "Count to",
            "The visit at which it is often enough.",
            Control::Number { min: 1, max: 10_000, default: 0, unit: "times" },
        )],
        states: &[
            State::new("count_not_reached", "Count not reached", "it is not often enough yet"),
            State::new(
                "count_reached",
                "Count reached",
                "it is the visit of that number, or a later one",
            ),
        ],
        variables: &[Variable::new("count", "which visit this is, from 1")],
        ..Spec::BASE
    };

    fn summary(&self) -> String {
        format!("To {}", self.max_count)
    }

    fn enter(&self, ctx: &mut Ctx<'_>) -> Step {
        let count = ctx.kept().unwrap_or(0) + 1;
        ctx.keep(count);
        ctx.set("count", count);
        leave(if count >= self.max_count { "count_reached" } else { "count_not_reached" })
    }
}
