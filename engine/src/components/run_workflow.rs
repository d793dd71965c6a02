//! Runs another workflow and goes on when it is over, or at once.
//!
//! ```flow
//! > api_request {"customer": "Ada"}
//! < start_run remind-customer {"customer":"Ada"}
//! = running
//! > done {"run_id": "r-2", "status": "completed", "result": {"confirmed": true}}
//! -> completed
//! ? It.result.confirmed = true
//! ? It.run_id = r-2
//! = completed
//! ```
//!
//! Inputs that are one value and nothing else keep its kind: lists stay lists.
//!
//! ```flow
//! config {"workflow": "alert", "inputs": {"people": "{{ people }}", "text": "{{ people.size }} people"}}
//! > api_request {"people": ["+14155550100"]}
//! < start_run alert {"people":["+14155550100"],"text":"1 people"}
//! > done {"run_id": "r-2", "status": "failed", "problem": "the run is older than 30 days"}
//! -> failed
//! ? It.error = the run is older than 30 days
//! = completed
//! ```
//!
//! ```flow
//! config {"workflow": "alert", "wait": false}
//! > api_request {}
//! < start_run alert {}
//! > done {"run_id": "r-2"}
//! -> completed
//! ? It.run_id = r-2
//! = completed
//! ```

use crate::component::{Component, Control, Field, Group, Spec, State, Step, Variable, leave};
use crate::{
    effect::{Effect, StartRun},
    event::Event,
    limits,
    run::Ctx,
    template::Template,
    value::Value,
};
use serde::Deserialize;
use std::collections::BTreeMap;

/// The configuration of `run_workflow`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RunWorkflow {
    workflow: String,
    #[serde(default)]
    inputs: BTreeMap<String, Template>,
    #[serde(default = "wait")]
    wait: bool,
}

fn wait() -> bool {
    true
}

impl Component for RunWorkflow {
    const SPEC: Spec = Spec {
        kind: "run_workflow",
        label: "Run workflow",
        summary: "Runs another workflow and goes on when it is over.",
        group: Group::Logic,
        aliases: &[
            "sub_workflow",
            "subworkflow",
            "sub_flow",
            "subflow",
            "run_subflow",
            "run_phlo",
            "call_workflow",
        ],
        help: "The other workflow begins as if a service had asked for it, by API request; its parameters are filled in here, and the variables it has at its end \
               come back as {{ Name.result.variable }}. A call stays here: the other workflow places its own. Its published version is run.",
        example: r#"{ "workflow": "remind-customer", "inputs": { "customer": "{{ customer }}" } }"#,
        fields: &[
            Field::required("workflow", "Workflow", "Which one to run.", Control::Workflow),
            Field::optional(
                "inputs",
                "Parameters",
                "What it gets, by the names of its parameters.",
                Control::Pairs,
            ),
            Field::optional(
                "wait",
                "Wait for its end",
                "Go on only when it is over; otherwise as soon as it has begun.",
                Control::Toggle { default: true },
            ),
        ],
        states: &[
            State::new("completed", "Completed", "it came to its end; without waiting, it began"),
            State::new("failed", "Failed", "it failed, was cancelled, or could not begin"),
        ],
        variables: &[
            Variable::new("result", "the variables that it had at its end, by name"),
            Variable::new("run_id", "the id of its run"),
            Variable::new("error", "why it failed"),
        ],
        waits: true,
        ..Spec::BASE
    };

    fn summary(&self) -> String {
        self.workflow.clone()
    }

    fn enter(&self, ctx: &mut Ctx<'_>) -> Step {
        ctx.set("error", "");
        ctx.set("result", Value::Null);
        let depth = ctx.depth() + 1;
        if depth > limits::RUN_DEPTH_MAX {
            let most = limits::RUN_DEPTH_MAX;
            return fail(
                ctx,
                &format!("more than {most} workflows run each other; one of them runs itself"),
            );
        }
        let params =
            self.inputs.iter().map(|(name, value)| (name.clone(), ctx.evaluate(value))).collect();
        let start = StartRun {
            workflow_id: self.workflow.trim().to_owned(),
            params,
            depth,
            waits: self.wait,
        };
        // A run that is waited for may last as long as any run may.
        let timeout_s =
            if self.wait { limits::RUN_AGE_S_MAX } else { limits::MESSAGE_SILENCE_S_MAX };
        ctx.ask_within(Effect::StartRun(start), timeout_s);
        Step::Wait
    }

    fn resume(&self, ctx: &mut Ctx<'_>, event: &Event) -> Step {
        match event {
            Event::EffectDone { values, .. } => {
                for name in ["run_id", "result"] {
                    if let Some(value) = values.get(name) {
                        ctx.set(name, value.clone());
                    }
                }
                let status = values.get("status").map(ToString::to_string);
                match status.as_deref() {
                    None | Some("completed") => leave("completed"),
                    Some(status) => {
                        let problem = values.get("problem").map(ToString::to_string);
                        let problem = problem.filter(|problem| !problem.is_empty());
                        fail(ctx, &problem.unwrap_or_else(|| format!("its run was {status}")))
                    }
                }
            }
            Event::EffectFailed { reason, .. } | Event::EffectUnknown { reason, .. } => {
                fail(ctx, reason)
            }
            Event::Woke => fail(ctx, "nobody said in time what became of it"),
            _ => Step::Wait,
        }
    }
}

fn fail(ctx: &mut Ctx<'_>, reason: &str) -> Step {
    ctx.set("error", reason);
    leave("failed")
}
