//! Works something out in a few lines of rhai.
//!
//! ```flow
//! config {"code": "let total = 0; for price in prices { total += price; } #{ total: total, is_large: total > 100 }"}
//! > api_request {"prices": [60, 70]}
//! -> done
//! ? It.result.total = 130
//! ? It.result.is_large = true
//! = completed
//! ```
//!
//! A mistake, or one that runs too long, does not end the run.
//!
//! ```flow
//! config {"code": "loop { }"}
//! > api_request {}
//! -> failed
//! ? It.error = it has too many steps
//! ? It.result =
//! = completed
//! ```

use crate::component::{Component, Control, Field, Group, Spec, State, Step, Variable, leave};
use crate::{run::Ctx, script::Script, value::Value};
use serde::Deserialize;

/// The configuration of `script`.
#[derive(Debug, Deserialize)]
#[serde(rename = "script", deny_unknown_fields)]
pub(super) struct RunScript {
    code: Script,
}

impl Component for RunScript {
    const SPEC: Spec = Spec {
        kind: "script",
        label: "Script",
        summary: "Works something out in a few lines of code.",
        group: Group::Logic,
        aliases: &["function", "run_function", "code", "custom_code"],
        help: "Variables are read by their names, and those of other steps as Name.variable. The last line is the result: later steps read {{ Name.result }}, \
               and of a map such as #{ total: 5 } {{ Name.result.total }}. The language is rhai; it cannot reach files, networks or the clock.",
        example: r#"{ "code": "let attempts = 2;\nattempts + 1" }"#,
        fields: &[Field::required(
            "code",
            "Code",
            "The script; its last line is the result.",
            Control::Script,
        )],
        states: &[
            State::new("done", "Done", "it came to its end"),
            State::new("failed", "Failed", "there is a mistake in it, or it takes too long"),
        ],
        variables: &[
            Variable::new("result", "what the last line gave"),
            Variable::new("error", "why it failed"),
        ],
        ..Spec::BASE
    };

    fn summary(&self) -> String {
        let source = self.code.source();
        let lines = source.lines().map(str::trim).filter(|line| !line.is_empty());
        lines.collect::<Vec<_>>().join(" ")
    }

    fn enter(&self, ctx: &mut Ctx<'_>) -> Step {
        match ctx.run_script(&self.code) {
            Ok(result) => {
                ctx.set("result", result);
                ctx.set("error", "");
                leave("done")
            }
            Err(reason) => {
                // rhai says where it was stopped, which for the author is anywhere.
                let is_endless = reason.starts_with("Too many operations");
                let reason = if is_endless { "it has too many steps".to_owned() } else { reason };
                ctx.warn(format!("The script failed: {reason}."));
                ctx.set("result", Value::Null);
                ctx.set("error", reason);
                leave("failed")
            }
        }
    }
}
