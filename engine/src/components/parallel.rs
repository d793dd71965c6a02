//! Does several things at once.
//!
//! Each branch is a line of its own. The first takes the call along, if there is one; the others go on without.
//!
//! ```flow
//! config {"branches": ["text", "chat"]}
//! next {"text": "Text", "chat": "Chat", "joined": "Bye"}
//! nodes {"Text": {"kind": "send_sms", "config": {"to": "+14155550111", "text": "Hi"}}, "Chat": {"kind": "http_request", "config": {"url": "https://chat.example.com"}}, "Bye": {"kind": "speak", "config": {"text": "Everybody knows."}}}
//! > incoming_call from +14155550100
//! -> text
//! -> chat
//! < send_sms to "+14155550111" text "Hi"
//! < http_request GET "https://chat.example.com"
//! > message_accepted "m-1"
//! < hold
//! = running
//! > http_answered 200 {}
//! -> joined
//! < speak "Everybody knows."
//! < hang_up
//! < redirect
//! > hung_up
//! = completed
//! ```
//!
//! With the first that ends, the others are cancelled: of two people who are rung, the one who answers first is kept.
//!
//! ```flow
//! config {"branches": ["ada", "bo"], "join": "first"}
//! next {"ada": "Ada", "bo": "Bo", "joined": "Hello"}
//! nodes {"Ada": {"kind": "make_call", "config": {"to": "+14155550111"}}, "Bo": {"kind": "make_call", "config": {"to": "+14155550112"}}, "Hello": {"kind": "speak", "config": {"text": "Hello."}}}
//! > api_request {}
//! < make_call to "+14155550111"
//! < make_call to "+14155550112" (leg 2)
//! > answered (leg 2)
//! -> joined
//! < end_call
//! < speak "Hello." (leg 2)
//! < hang_up (leg 2)
//! > no_answer (leg 1)
//! = waiting
//! > hung_up (leg 2)
//! = completed
//! ```
//!
//! Without `joined` nobody waits: each branch ends by itself.
//!
//! ```flow
//! config {"branches": ["a", "b"]}
//! next {"a": "A", "b": "B"}
//! nodes {"A": {"kind": "send_sms", "config": {"to": "+14155550111", "text": "A"}}, "B": {"kind": "send_sms", "config": {"to": "+14155550112", "text": "B"}}}
//! > api_request {}
//! -> a
//! -> b
//! < send_sms to "+14155550111" text "A"
//! < send_sms to "+14155550112" text "B"
//! > message_accepted "m-1"
//! = running
//! > message_accepted "m-2"
//! = completed
//! ```

use crate::component::{
    Component, Control, Field, Group, JOINED, Join, Problems, Spec, State, Step,
};
use crate::{name::StateName, run::Ctx};
use serde::Deserialize;
use serde_json::{Map, Value as Json};
use std::collections::BTreeSet;

/// The configuration of `parallel`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Parallel {
    branches: Vec<String>,
    #[serde(default)]
    join: Wanted,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Wanted {
    #[default]
    All,
    First,
}

/// Most branches of one node; more than a person can follow on the canvas.
const BRANCHES_MAX: usize = 20;

const WHEN_JOINED: State = State::new(JOINED, "Joined", "the branches are done");

impl Component for Parallel {
    const SPEC: Spec = Spec {
        kind: "parallel",
        label: "At the same time",
        summary: "Goes on in several branches at once.",
        group: Group::Logic,
        aliases: &["fork", "split_in_parallel", "at_once"],
        help: "Each branch ends where nothing follows, and its call comes back here: then the run goes on by Joined. A call goes with the first branch; \
               while it waits for the others, the caller hears the hold audio. Leave Joined unconnected if nobody has to wait.",
        example: r#"{ "branches": ["first", "second"] }"#,
        fields: &[
            Field::required(
                "branches",
                "Branches",
                "A name for each branch; the first takes the call along.",
                Control::Names,
            ),
            Field::optional(
                "join",
                "Go on when",
                "How many branches have to be done.",
                Control::Choice(&[
                    ("all", "All branches are done"),
                    ("first", "The first is done; the others are cancelled"),
                ]),
            ),
        ],
        states: &[WHEN_JOINED],
        ..Spec::BASE
    };

    fn states(config: &Map<String, Json>) -> Vec<StateName> {
        let branches = config.get("branches").and_then(Json::as_array);
        let names = branches.into_iter().flatten().filter_map(Json::as_str);
        let mut states: Vec<StateName> = Vec::new();
        for name in names.map(str::trim).filter(|name| !name.is_empty()).chain([JOINED]) {
            if !states.iter().any(|state| *state == *name) {
                states.push(name.into());
            }
        }
        states
    }

    fn check(&self, problems: &mut Problems<'_>) {
        let mut seen = BTreeSet::new();
        for (index, name) in self.branches.iter().enumerate() {
            let field = format!("branches[{index}]");
            if matches!(name.trim(), JOINED | "hung_up") {
                let message = format!("`{}` is the name of a way out already.", name.trim());
                problems.error("name_taken", &field, message, "Give the branch another name.");
            } else if !seen.insert(name.trim()) {
                let message = format!("Two branches are called `{}`.", name.trim());
                problems.error("name_twice", &field, message, "Give each branch its own name.");
            }
        }
        if self.branches.len() > BRANCHES_MAX {
            let message = format!("More than {BRANCHES_MAX} branches.");
            let remedy = "Put some of them into a workflow of their own.";
            problems.error("too_many_branches", "branches", message, remedy);
        }
    }

    fn summary(&self) -> String {
        self.branches.join(", ")
    }

    fn enter(&self, _ctx: &mut Ctx<'_>) -> Step {
        let branches = self.branches.iter().map(|name| name.trim().into()).collect();
        let join = match self.join {
            Wanted::All => Join::All,
            Wanted::First => Join::First,
        };
        Step::Branch(branches, join)
    }
}
