//! Goes one of two ways.
//!
//! ```flow
//! > api_request {"severity": "high"}
//! -> true
//! = completed
//! ```
//!
//! ```flow
//! > api_request {"severity": "low"}
//! -> false
//! = completed
//! ```

use crate::component::{Component, Control, Field, Group, Spec, State, Step, leave};
use crate::{expression::Expression, run::Ctx};
use serde::Deserialize;

/// The configuration of `condition`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Condition {
    when: Expression,
}

impl Component for Condition {
    const SPEC: Spec = Spec {
        kind: "condition",
        label: "Condition",
        summary: "Goes one way if a formula holds, and another if not.",
        group: Group::Logic,
        aliases: &["if"],
        help: "Compare with ==, !=, < and >, join with && and ||. Keys and numbers compare by value: Menu.digits == 1 holds for the key 1. \
               A formula that cannot be worked out counts as not true.",
        example: r#"{ "when": "severity == \"high\"" }"#,
        fields: &[Field {
            key: "when",
            label: "When",
            help: "A formula that is true or false.",
            control: Control::Expression,
            is_required: true,
        }],
        states: &[
            State { name: "true", label: "True", help: "the formula holds" },
            State { name: "false", label: "False", help: "it does not" },
        ],
        variables: &[],
        is_voice: false,
        joins_prompts: false,
        gives_call_by: &[],
        waits: false,
    };

    fn summary(&self) -> String {
        self.when.source().to_owned()
    }

    fn enter(&self, ctx: &mut Ctx<'_>) -> Step {
        leave(if ctx.holds(&self.when) { "true" } else { "false" })
    }
}
