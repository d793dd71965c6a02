//! Every way out of every component is taken at least once through a server and its simulated telephone network, not only in the engine.
//!
//! A row is a small workflow, what the phones do, and the ways out that its run takes. To add a component, add rows to one of the files below; the test names
//! what is missing.

mod logic;
mod message;
mod voice;

use super::harness::{Host, answer, web};
use engine::components::{self, LIBRARY};
use futures::{FutureExt, StreamExt, future::LocalBoxFuture};
use serde_json::{Value, json};
use server::config::Config;
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
    panic::AssertUnwindSafe,
    sync::Arc,
};

/// Who rings or writes to us.
pub(super) const CALLER: &str = "+15550107001";
/// Whom we ring.
pub(super) const FRIEND: &str = "+15550107002";
/// Our number.
pub(super) const LINE: &str = "+15550100009";

/// Stands in a workflow for the address of a web service: `/good` answers with JSON, anything else with an error.
pub(super) const WEB: &str = "http://web.invalid";

/// Servers at once.
const AT_ONCE: usize = 6;

/// Ways out whose names are in the configuration stand in the table as one.
const NAMED_BY_USER: &str = "(named in the form)";

/// What starts the run.
pub(super) enum Begins {
    /// [`CALLER`] rings [`LINE`].
    Call,
    /// [`CALLER`] writes to [`LINE`].
    Text(&'static str),
    /// A service asks, with these parameters.
    Request(Value),
    /// Something else, which the row does itself.
    Otherwise,
}

/// What else happens in a row, given the server.
type Act = Box<dyn FnOnce(Arc<Host>) -> LocalBoxFuture<'static, ()> + Send>;

/// One way through one workflow.
pub(super) struct Row {
    name: &'static str,
    begins: Begins,
    nodes: Value,
    takes: Vec<(&'static str, &'static str)>,
    phones: Vec<(&'static str, Value)>,
    configure: Box<dyn FnOnce(&mut Config) + Send>,
    prepare: Option<Act>,
    act: Option<Act>,
}

impl Row {
    /// A row that takes these ways out: a node and a state each.
    pub(super) fn new(
        name: &'static str,
        begins: Begins,
        takes: &[(&'static str, &'static str)],
        nodes: Value,
    ) -> Row {
        Row {
            name,
            begins,
            nodes,
            takes: takes.to_vec(),
            phones: Vec::new(),
            configure: Box::new(|_| {}),
            prepare: None,
            act: None,
        }
    }

    /// What a phone does.
    pub(super) fn phone(mut self, number: &'static str, script: Value) -> Row {
        self.phones.push((number, script));
        self
    }

    /// Other settings of the server.
    pub(super) fn on(mut self, configure: impl FnOnce(&mut Config) + Send + 'static) -> Row {
        self.configure = Box::new(configure);
        self
    }

    /// What else there has to be before it begins.
    pub(super) fn before(
        mut self,
        prepare: impl FnOnce(Arc<Host>) -> LocalBoxFuture<'static, ()> + Send + 'static,
    ) -> Row {
        self.prepare = Some(Box::new(prepare));
        self
    }

    /// What else happens once it has begun.
    pub(super) fn then(
        mut self,
        act: impl FnOnce(Arc<Host>) -> LocalBoxFuture<'static, ()> + Send + 'static,
    ) -> Row {
        self.act = Some(Box::new(act));
        self
    }

    /// Plays the row and gives every way out that was taken, as component and state.
    async fn play(self) -> BTreeSet<(String, String)> {
        let service = web(|request| async move {
            if request.starts_with("GET /good") || request.starts_with("POST /good") {
                answer("200 OK", "application/json", r#"{"status":"green","items":[1,2]}"#)
            } else {
                answer("500 Internal Server Error", "text/plain", "no")
            }
        })
        .await;
        let address = format!("http://127.0.0.1:{}", service.port);
        let nodes: Value =
            serde_json::from_str(&self.nodes.to_string().replace(WEB, &address)).unwrap();
        let host = Host::with(|config| {
            config.egress_allow = vec![service];
            (self.configure)(config);
        })
        .await;
        let host = Arc::new(host);
        host.publish("row", nodes.clone()).await;
        if let Some(prepare) = self.prepare {
            prepare(Arc::clone(&host)).await;
        }
        for (number, script) in &self.phones {
            host.phone(number, script.clone()).await;
        }
        host.put(&format!("/api/v1/numbers/{LINE}"), json!({ "workflow": "row" })).await;
        match self.begins {
            Begins::Call => host.ring(CALLER, LINE).await,
            Begins::Text(text) => {
                let path = format!("/simulator/control/phones/{CALLER}/message");
                host.post(&path, json!({ "to": LINE, "text": text })).await;
            }
            Begins::Request(params) => {
                host.run("row", params).await;
            }
            Begins::Otherwise => {}
        }
        if let Some(act) = self.act {
            act(Arc::clone(&host)).await;
        }
        let run = host.only_run("row").await;
        host.until(&run, "completed").await;
        let journal = host.get(&format!("/api/v1/runs/{run}/journal")).await;
        let mut left = BTreeSet::new();
        for note in journal["entries"]
            .as_array()
            .unwrap()
            .iter()
            .flat_map(|entry| entry["notes"].as_array().unwrap())
            .filter(|note| note["note"] == "left")
        {
            let (node, state) = (note["node"].as_str().unwrap(), note["state"].as_str().unwrap());
            left.insert((node.to_owned(), state.to_owned()));
        }
        for (node, state) in &self.takes {
            let taken = (String::from(*node), String::from(*state));
            assert!(
                left.contains(&taken),
                "{}: `{node}` was not left by `{state}`, but {left:?}; {}\n{}",
                self.name,
                host.said().await,
                serde_json::to_string_pretty(&journal).unwrap()
            );
        }
        let kind = |node: &str| nodes[node]["kind"].as_str().unwrap().to_owned();
        left.into_iter().map(|(node, state)| (kind(&node), state)).collect()
    }
}

fn rows() -> Vec<Row> {
    [voice::rows(), message::rows(), logic::rows()].into_iter().flatten().collect()
}

/// Every way out there is, with those whose names are in the configuration as one.
fn wanted() -> BTreeSet<(String, String)> {
    let mut wanted = BTreeSet::new();
    for spec in LIBRARY {
        let mut want = |state: &str| wanted.insert((spec.kind.to_owned(), state.to_owned()));
        for state in spec.states {
            want(state.name);
        }
        if spec.is_voice {
            want("hung_up");
        }
        let example = serde_json::from_str(spec.example).unwrap();
        let states = components::states(spec.kind, &example);
        if states.iter().any(|state| spec.states.iter().all(|fixed| *state != *fixed.name)) {
            want(NAMED_BY_USER);
        }
    }
    wanted
}

/// The way out as it stands in the table.
fn told(kind: &str, state: &str, wanted: &BTreeSet<(String, String)>) -> (String, String) {
    let exact = (kind.to_owned(), state.to_owned());
    if wanted.contains(&exact) { exact } else { (kind.to_owned(), NAMED_BY_USER.to_owned()) }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_way_out_of_every_component_is_taken_through_the_telephone_network() {
    let wanted = wanted();
    let plays = rows().into_iter().map(|row| async {
        let name = row.name;
        // One row that goes wrong does not hide the others.
        (name, AssertUnwindSafe(row.play()).catch_unwind().await)
    });
    let played: Vec<_> = futures::stream::iter(plays).buffer_unordered(AT_ONCE).collect().await;
    let mut taken: BTreeMap<(String, String), BTreeSet<&str>> = BTreeMap::new();
    let mut failed = Vec::new();
    for (name, outcome) in played {
        match outcome {
            Ok(left) => {
                for (kind, state) in left {
                    taken.entry(told(&kind, &state, &wanted)).or_default().insert(name);
                }
            }
            Err(_) => failed.push(name),
        }
    }
    let mut table = String::from("component            way out                  taken in\n");
    for (kind, state) in &wanted {
        let names = taken.get(&(kind.clone(), state.clone()));
        let first = names.and_then(|names| names.first()).copied().unwrap_or("- nowhere -");
        writeln!(table, "{kind:<20} {state:<24} {first}").unwrap();
    }
    println!("{table}");
    let missing: Vec<_> = wanted.iter().filter(|way| !taken.contains_key(*way)).collect();
    assert!(failed.is_empty(), "these rows went another way: {failed:?}");
    assert!(missing.is_empty(), "no row takes these ways out: {missing:?}\n{table}");
}
