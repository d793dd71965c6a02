//! Gives variables of the run their values.
//!
//! ```flow
//! config {"values": {"greeting": "Hello {{ customer }}", "count": "{{ count | plus: 1 }}"}}
//! > api_request {"customer": "Ada", "count": "2"}
//! ? greeting = Hello Ada
//! ? count = 3
//! -> done
//! = completed
//! ```

use crate::component::{Component, Control, Field, Group, Problems, Spec, State, Step, leave};
use crate::{name::NodeName, run::Ctx, template::Template, variables::Root};
use serde::Deserialize;
use std::collections::BTreeMap;

/// The configuration of `set_variable`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SetVariable {
    values: BTreeMap<Root, Template>,
}

impl Component for SetVariable {
    const SPEC: Spec = Spec {
        kind: "set_variable",
        label: "Set variable",
        summary: "Gives variables of the run their values.",
        group: Group::Logic,
        aliases: &["assign"],
        help: "Later texts say {{ name }}. All rows are filled in first and then set, so that a row cannot change what another reads.",
        example: r#"{ "values": { "attempts": "0" } }"#,
        fields: &[Field {
            key: "values",
            label: "Variables",
            help: "Names and what they are to hold.",
            control: Control::Assignments,
            is_required: true,
        }],
        states: &[State { name: "done", label: "Done", help: "always" }],
        variables: &[],
        is_voice: false,
        joins_prompts: false,
        gives_call_by: &[],
        waits: false,
    };

    fn check(&self, problems: &mut Problems<'_>) {
        for name in self.values.keys().map(Root::name) {
            if !NodeName::is_identifier(name) || name == "run" {
                let message = format!("`{name}` cannot be the name of a variable.");
                problems.error(
                    "bad_variable_name",
                    &format!("values.{name}"),
                    message,
                    "Use letters, digits and _, and not `run`.",
                );
            }
        }
    }

    fn summary(&self) -> String {
        self.values
            .iter()
            .map(|(name, value)| format!("{} = {}", name.name(), value.source()))
            .collect::<Vec<_>>()
            .join(", ")
    }

    fn enter(&self, ctx: &mut Ctx<'_>) -> Step {
        if self.values.len() == 1 {
            for (name, value) in &self.values {
                let value = ctx.text(value);
                ctx.set_root(name, value.into());
            }
        } else {
            let values: Vec<_> =
                self.values.iter().map(|(name, value)| (name, ctx.text(value))).collect();
            for (name, value) in values {
                ctx.set_root(name, value.into());
            }
        }
        leave("done")
    }
}
