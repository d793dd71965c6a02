//! Variables that are read: whether anything gives them a value, and whether it can have done so by then.

use super::{
    graph::{Graph, Vertex},
    kinds,
    nearest::nearest,
    reads::{self, Read},
};
use crate::{
    component::Control,
    name::NodeName,
    workflow::{
        fix::{Change, Fix},
        problem::{Problem, escape, pointer_of},
    },
};
use serde_json::{Value as Json, json};
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn check(graph: &Graph<'_>, problems: &mut Vec<Problem>) {
    let names = Names::of(graph);
    names.check_clashes(problems);
    let known = problems.len();
    let branches =
        graph.vertices.iter().enumerate().map(|(index, vertex)| (vertex.branches(), index));
    let branches = branches.filter(|(branches, _)| !branches.is_empty());
    let branches =
        branches.map(|(branches, index)| (graph.reached_from(branches), index)).collect();
    let mut reach = Reach { graph, after: BTreeMap::new(), branches, begun: BTreeMap::new() };
    for (index, vertex) in graph.vertices.iter().enumerate() {
        let mut told = BTreeSet::new();
        // What cannot be read has been told already.
        let is_broken = |field: &str| {
            let about = |problem: &&Problem| problem.node.as_ref() == Some(vertex.name);
            problems[..known]
                .iter()
                .filter(about)
                .any(|problem| problem.is_error() && problem.field.as_deref() == Some(field))
        };
        let reads: Vec<Read> = reads::of(vertex)
            .into_iter()
            .filter(|read| !read.is_guarded && !is_broken(&read.field))
            .collect();
        for read in &reads {
            if let Some(problem) = names.problem(&mut reach, index, read)
                && told.insert((read.field.clone(), read.name()))
            {
                problems.push(problem);
            }
        }
    }
}

/// Who gives which run variable a value.
struct Names<'g, 'a> {
    graph: &'g Graph<'a>,
    params: BTreeMap<&'g str, usize>,
    assigned: BTreeMap<&'g str, Vec<usize>>,
    /// Whether services may send parameters along.
    takes_requests: bool,
}

impl<'g, 'a> Names<'g, 'a> {
    fn of(graph: &'g Graph<'a>) -> Names<'g, 'a> {
        let mut names = Names {
            graph,
            params: BTreeMap::new(),
            assigned: BTreeMap::new(),
            takes_requests: graph.triggers().any(|(state, _)| kinds::brings_params(state.as_str())),
        };
        for (index, vertex) in graph.vertices.iter().enumerate() {
            for (control, row) in rows(vertex) {
                match control {
                    Control::Params => drop(names.params.insert(row, index)),
                    _ => names.assigned.entry(row).or_default().push(index),
                }
            }
        }
        names
    }

    /// A run variable of the same name as a node: texts that say it mean the node.
    fn check_clashes(&self, problems: &mut Vec<Problem>) {
        for vertex in &self.graph.vertices {
            for (control, row) in rows(vertex) {
                let Some(node) = self.graph.find(row) else { continue };
                let field = field_of(vertex, control).unwrap_or_default();
                let message = format!(
                    "`{row}` is also the name of the step {}: once a run was there, {{{{ {row} }}}} means the step.",
                    self.graph.vertices[node].name
                );
                let remedy = "Give one of the two another name.";
                problems.push(
                    Problem::of_node(
                        "name_clash",
                        vertex.name,
                        &format!("{field}.{row}"),
                        message,
                        remedy,
                    )
                    .as_warning(),
                );
            }
        }
    }

    fn problem(&self, reach: &mut Reach<'_, '_>, reader: usize, read: &Read) -> Option<Problem> {
        let vertex = &self.graph.vertices[reader];
        let root = read.path[0].text.as_str();
        if root == "run" {
            return None;
        }
        let (code, message, remedy, fix) = if let Some(node) = self.graph.find(root) {
            self.problem_of_node(reach, reader, node, read)?
        } else if self.params.contains_key(root) || (root == "to" && self.takes_requests) {
            return None;
        } else if let Some(setters) = self.assigned.get(root) {
            if setters.iter().any(|setter| *setter == reader || reach.leads(*setter, reader)) {
                return None;
            }
            let setter = self.graph.vertices[setters[0]].name;
            let message = format!(
                "`{root}` has no value here yet: {setter} sets it, and no way leads from there to here."
            );
            ("read_too_early", message, "Set it before, or make it a parameter of the start.", None)
        } else if read.is_script {
            // A script has words of its own.
            return None;
        } else {
            let near = self.nearest_root(root).map(|near| correct(vertex, read, 0, near));
            let message = format!(
                "Nothing gives `{root}` a value: no step of this name, no parameter, no step that sets it."
            );
            (
                "unknown_variable",
                message,
                "Correct the name, or make it a parameter of the start.",
                near.or_else(|| self.declare(root)),
            )
        };
        Some(
            Problem::of_node(code, vertex.name, &read.field, message, remedy)
                .as_warning()
                .with_fix(fix),
        )
    }

    fn problem_of_node(
        &self,
        reach: &mut Reach<'_, '_>,
        reader: usize,
        node: usize,
        read: &Read,
    ) -> Option<(&'static str, String, &'static str, Option<Fix>)> {
        let reader_vertex = &self.graph.vertices[reader];
        let of = &self.graph.vertices[node];
        let name = read.name();
        let second = read.path.get(1).map(|word| word.text.as_str());
        if of.kind() == "start" {
            if let Some(triggers) = second.and_then(kinds::triggers_that_set)
                && !reach.begins(triggers, reader)
            {
                let message =
                    format!("`{name}` has no value here: no run that begins that way comes here.");
                return Some((
                    "read_too_early",
                    message,
                    "Read what the runs that come here begin with.",
                    None,
                ));
            }
            if let [_, http, params, param, ..] = read.path.as_slice()
                && http.text == "http"
                && params.text == "params"
            {
                let is_known = self.params.contains_key(param.text.as_str()) || param.text == "to";
                let message =
                    format!("Nothing gives `{name}` a value: the start has no such parameter.");
                return (!is_known).then(|| {
                    let near = nearest(&param.text, self.params.keys().copied());
                    let near = near.map(|near| correct(reader_vertex, read, 3, near));
                    (
                        "unknown_variable",
                        message,
                        "Correct the name, or add it to the parameters of the start.",
                        near.or_else(|| self.declare(&param.text)),
                    )
                });
            }
        } else if node != reader && !reach.leads(node, reader) {
            let message =
                format!("`{name}` has no value here yet: no way leads from {} to here.", of.name);
            return Some((
                "read_too_early",
                message,
                "Read it after that step, or read something else.",
                None,
            ));
        }
        let known = of.spec?.variables.iter().map(|variable| first_word(variable.name));
        let known: BTreeSet<&str> = known.collect();
        let second =
            second.filter(|second| !known.contains(second) && !kinds::has_open_variables(of))?;
        let fix = if self.assigned.get(second).is_some_and(|setters| setters.contains(&node)) {
            // What Set variable sets belongs to the run.
            let whole = Read { path: vec![read.path[0].clone()], ..read.clone() };
            let end = read.path[1].at + second.len();
            let text = format!("{}{second}{}", &read.text[..whole.path[0].at], &read.text[end..]);
            Some(rewrite(reader_vertex, read, second, text))
        } else {
            nearest(second, known.iter().copied()).map(|near| correct(reader_vertex, read, 1, near))
        };
        let message = if known.is_empty() {
            format!("Nothing gives `{name}` a value: {} leaves no variables of its own.", of.name)
        } else {
            let known: Vec<&str> = known.into_iter().collect();
            format!("Nothing gives `{name}` a value: {} has {}.", of.name, known.join(", "))
        };
        Some(("unknown_variable", message, "Correct the name.", fix))
    }

    fn nearest_root(&self, root: &str) -> Option<&str> {
        let nodes = self.graph.vertices.iter().map(|vertex| vertex.name.as_str());
        nearest(root, nodes.chain(self.params.keys().copied()).chain(self.assigned.keys().copied()))
    }

    /// Makes it a parameter of the start, where services can send it.
    fn declare(&self, name: &str) -> Option<Fix> {
        let [start] = self.graph.starts.as_slice() else { return None };
        let start = escape(self.graph.vertices[*start].name.as_str());
        let is_possible = self.takes_requests && NodeName::is_identifier(name);
        is_possible.then(|| {
            let change = Change::set(format!("/nodes/{start}/config/params/{name}"), json!({}));
            Fix::offered(format!("Make {name} a parameter"), change)
        })
    }
}

/// Writes another word in the place of one.
fn correct(vertex: &Vertex<'_>, read: &Read, word: usize, other: &str) -> Fix {
    let words = read.path.iter().enumerate();
    let name: Vec<&str> =
        words.map(|(index, each)| if index == word { other } else { &each.text }).collect();
    rewrite(vertex, read, &name.join("."), read.with(&read.path[word], other))
}

fn rewrite(vertex: &Vertex<'_>, read: &Read, name: &str, text: String) -> Fix {
    let pointer = pointer_of(vertex.name, &read.field);
    Fix::offered(format!("Write {name}"), Change::set(pointer, Json::from(text)))
}

fn first_word(path: &str) -> &str {
    path.split('.').next().unwrap_or(path)
}

/// The run variables that a node declares or sets.
pub(super) fn rows<'v>(vertex: &'v Vertex<'_>) -> impl Iterator<Item = (Control, &'v str)> {
    let fields = vertex.spec.map_or(&[][..], |spec| spec.fields).iter();
    fields
        .filter(|field| matches!(field.control, Control::Params | Control::Assignments))
        .filter_map(|field| Some((field.control, vertex.node.config.get(field.key)?.as_object()?)))
        .flat_map(|(control, rows)| rows.keys().map(move |row| (control, row.as_str())))
}

fn field_of(vertex: &Vertex<'_>, control: Control) -> Option<&'static str> {
    vertex.spec?.fields.iter().find(|field| field.control == control).map(|field| field.key)
}

/// Which nodes come after which, worked out once for each that is asked about.
struct Reach<'g, 'a> {
    graph: &'g Graph<'a>,
    after: BTreeMap<usize, Vec<bool>>,
    /// What can come in the branches of a node, and the node.
    branches: Vec<(Vec<bool>, usize)>,
    begun: BTreeMap<&'static str, Vec<bool>>,
}

impl Reach<'_, '_> {
    /// Whether a run can have been at one node before it comes to the other. Branches of one step run beside each other, so each counts as before the others.
    fn leads(&mut self, from: usize, to: usize) -> bool {
        let Reach { graph, branches, .. } = self;
        let after = self.after.entry(from).or_insert_with(|| {
            let next = graph.vertices[from].next.iter().map(|(_, to)| *to);
            let beside = branches.iter().filter(|(region, _)| region[from]);
            let beside = beside.flat_map(|(_, vertex)| &graph.vertices[*vertex].next);
            let beside = beside.map(|(_, to)| *to);
            graph.reached_from(next.chain(beside))
        });
        after[to]
    }

    /// Whether a run that begins in one of these ways can come to the node.
    fn begins(&mut self, triggers: &'static [&'static str], to: usize) -> bool {
        let graph = self.graph;
        let reached = self.begun.entry(triggers[0]).or_insert_with(|| {
            let begins = graph.triggers().filter(|(state, _)| triggers.contains(&state.as_str()));
            graph.reached_from(begins.map(|(_, to)| to))
        });
        reached[to]
    }
}
