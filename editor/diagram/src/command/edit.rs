//! How each command changes a drawing, remembering what was there before.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::Value;

use super::{Command, Refusal};
use crate::document::{Document, Node, Port, PortId, Position, Shape, is_name};
use crate::history::Change;
use crate::layout;
use crate::marks::Marks;
use crate::reference;

/// A drawing under change; remembers how each touched node was before.
pub(super) struct Edit<'a> {
    document: &'a mut Document,
    before: BTreeMap<String, Option<Arc<Node>>>,
    about_before: Option<Value>,
    marks_before: Option<Arc<Marks>>,
}

impl<'a> Edit<'a> {
    pub(super) fn begin(document: &'a mut Document) -> Edit<'a> {
        Edit { document, before: BTreeMap::new(), about_before: None, marks_before: None }
    }

    pub(super) fn finish(self) -> Change {
        let document = &*self.document;
        let nodes = self.before.into_iter().filter_map(|(name, before)| {
            let after = document.node(&name).cloned();
            (before != after).then_some((name, (before, after)))
        });
        let about = self.about_before.filter(|before| *before != document.about);
        let marks = self.marks_before.filter(|before| *before != document.marks);
        Change {
            nodes: nodes.collect(),
            marks: marks.map(|before| (before, Arc::clone(&document.marks))),
            about: about.map(|before| (before, document.about.clone())),
        }
    }

    pub(super) fn carry_out(&mut self, command: &Command) -> Result<(), Refusal> {
        if self.mark(command)? {
            return Ok(());
        }
        match command {
            Command::Add { name, node } => self.add(name, node),
            Command::Insert { on, name, node } => self.insert(on, name, node),
            Command::Remove { names, heal } => self.remove(names, *heal),
            Command::Move { names, by } => names.iter().try_for_each(|name| {
                let node = self.node_mut(name)?;
                node.position = node.position.moved(*by);
                Ok(())
            }),
            Command::Place { positions } => positions.iter().try_for_each(|(name, position)| {
                self.node_mut(name)?.position = Position::new(position.x, position.y);
                Ok(())
            }),
            Command::Connect { from, to } => self.connect(from, to),
            Command::Disconnect { from } => self.disconnect(from),
            Command::SetConfig { name, config, ports } => self.set_config(name, config, ports),
            Command::SetLabel { name, label } => {
                let label = label.as_deref().map(str::trim).filter(|label| !label.is_empty());
                self.node_mut(name)?.label = label.map(str::to_owned);
                Ok(())
            }
            Command::Rename { from, to } => self.rename(from, to),
            Command::SetKind { name, kind, config, shape } => {
                self.set_kind(name, kind, config, shape)
            }
            Command::Paste { nodes } => {
                nodes.iter().try_for_each(|(name, node)| self.add(name, node))
            }
            Command::Replace { document } => {
                self.replace(document);
                Ok(())
            }
            Command::Batch(commands) => {
                commands.iter().try_for_each(|command| self.carry_out(command))
            }
            // Carried out above.
            Command::AddNote { .. }
            | Command::SetNote { .. }
            | Command::ResolveComment { .. }
            | Command::MoveNote { .. }
            | Command::ResizeNote { .. }
            | Command::RemoveNote { .. }
            | Command::SetGroup { .. }
            | Command::Ungroup { .. }
            | Command::SetColour { .. } => Ok(()),
        }
    }

    fn add(&mut self, name: &str, node: &Node) -> Result<(), Refusal> {
        self.expect_free(name)?;
        self.remember(name);
        let mut node = node.clone();
        node.position = Position::new(node.position.x, node.position.y);
        self.document.insert(name, node);
        Ok(())
    }

    fn insert(&mut self, on: &PortId, name: &str, node: &Node) -> Result<(), Refusal> {
        if !node.shape.has_input {
            return Err(Refusal::NoInput(name.to_owned()));
        }
        let led_to = self.port(on)?.next.get(&on.state).cloned();
        self.add(name, node)?;
        self.connect(on, name)?;
        let onward = node.shape.ports.first().map(|port| PortId::new(name, &port.state));
        if let (Some(from), Some(to)) = (onward, led_to.filter(|to| self.document.contains(to))) {
            self.connect(&from, &to)?;
        }
        for (moved, position) in layout::room_for(self.document, &[name.to_owned()]) {
            self.node_mut(&moved)?.position = position;
        }
        Ok(())
    }

    fn remove(&mut self, names: &[String], heal: bool) -> Result<(), Refusal> {
        let gone: BTreeSet<&String> = names.iter().collect();
        if let Some(unknown) = gone.iter().find(|name| !self.document.contains(name)) {
            return Err(Refusal::UnknownNode((*unknown).clone()));
        }
        let mut leading: Vec<(PortId, String)> = Vec::new();
        for (name, node) in self.document.nodes() {
            let into_gone =
                node.next.iter().chain(&node.parked).filter(|(_, to)| gone.contains(to));
            leading.extend(into_gone.map(|(state, to)| (PortId::new(name, state), to.clone())));
        }
        for (port, to) in leading {
            if gone.contains(&port.node) {
                continue;
            }
            let onward = if heal { self.onward(&to, &gone) } else { None };
            let node = self.node_mut(&port.node)?;
            node.parked.retain(|_, parked| *parked != to);
            if node.next.get(&port.state) == Some(&to) {
                node.next.remove(&port.state);
                node.next.extend(onward.map(|onward| (port.state, onward)));
            }
        }
        for name in names {
            self.remember(name);
            self.document.remove(name);
        }
        if *self.document.marks != Marks::default() {
            self.marks_mut().forget(&gone);
        }
        Ok(())
    }

    /// Where a run would come out if all of `gone` were skipped from `name` on, if that is one place.
    fn onward(&self, name: &str, gone: &BTreeSet<&String>) -> Option<String> {
        let mut seen = BTreeSet::from([name.to_owned()]);
        let mut at = name.to_owned();
        loop {
            let mut targets = self.document.edges_of(&at).map(|edge| edge.to);
            let to = targets.next()?;
            if targets.any(|other| other != to) {
                return None;
            }
            drop(targets);
            if !gone.contains(&to) {
                return Some(to);
            }
            if !seen.insert(to.clone()) {
                return None;
            }
            at = to;
        }
    }

    fn connect(&mut self, from: &PortId, to: &str) -> Result<(), Refusal> {
        self.port(from)?;
        let target = self.document.node(to).ok_or_else(|| Refusal::UnknownNode(to.to_owned()))?;
        if !target.shape.has_input {
            return Err(Refusal::NoInput(to.to_owned()));
        }
        let node = self.node_mut(&from.node)?;
        node.next.insert(from.state.clone(), to.to_owned());
        node.parked.remove(&from.state);
        Ok(())
    }

    fn disconnect(&mut self, from: &PortId) -> Result<(), Refusal> {
        self.port(from)?;
        let node = self.node_mut(&from.node)?;
        node.next.remove(&from.state);
        node.parked.remove(&from.state);
        Ok(())
    }

    fn set_config(&mut self, name: &str, config: &Value, ports: &[Port]) -> Result<(), Refusal> {
        let node = self.node_mut(name)?;
        carry_edges(node, ports);
        node.config = config.clone();
        node.shape.ports = ports.to_vec();
        Ok(())
    }

    fn rename(&mut self, from: &str, to: &str) -> Result<(), Refusal> {
        if !self.document.contains(from) {
            return Err(Refusal::UnknownNode(from.to_owned()));
        }
        if from == to {
            return Ok(());
        }
        self.expect_free(to)?;
        self.remember(from);
        self.remember(to);
        if let Some(node) = self.document.remove(from) {
            self.document.insert(to, node);
        }
        if *self.document.marks != Marks::default() {
            self.marks_mut().rename(from, to);
        }
        let renames = BTreeMap::from([(from.to_owned(), to.to_owned())]);
        let names: Vec<String> = self.document.nodes().map(|(name, _)| name.to_owned()).collect();
        for name in names {
            let Some(node) = self.document.node(&name) else { continue };
            if let Some(renamed) = reference::renamed_in_node(node, &renames) {
                self.remember(&name);
                self.document.insert(name, renamed);
            }
        }
        Ok(())
    }

    fn set_kind(
        &mut self,
        name: &str,
        kind: &str,
        config: &Value,
        shape: &Shape,
    ) -> Result<(), Refusal> {
        if !shape.has_input && !self.document.ports_into(name).is_empty() {
            return Err(Refusal::NoInput(name.to_owned()));
        }
        if !shape.has_input {
            self.forget_parked(name);
        }
        let node = self.node_mut(name)?;
        carry_edges(node, &shape.ports);
        node.kind = kind.to_owned();
        node.config = config.clone();
        node.shape = shape.clone();
        Ok(())
    }

    /// Edges that are parked may not come back to a node that cannot be entered any more.
    fn forget_parked(&mut self, to: &str) {
        let nodes = self.document.nodes();
        let parking = nodes.filter(|(_, node)| node.parked.values().any(|parked| parked == to));
        let names: Vec<String> = parking.map(|(name, _)| name.to_owned()).collect();
        for name in names {
            self.remember(&name);
            if let Some(node) = self.document.node_mut(&name) {
                node.parked.retain(|_, parked| parked != to);
            }
        }
    }

    fn replace(&mut self, document: &Document) {
        let old = self.document.nodes().map(|(name, _)| name.to_owned());
        let new = document.nodes().map(|(name, _)| name.to_owned());
        let all: BTreeSet<String> = old.chain(new).collect();
        for name in all {
            self.remember(&name);
            match document.node(&name) {
                Some(node) => self.document.insert(name, Arc::clone(node)),
                None => drop(self.document.remove(&name)),
            }
        }
        self.about_before.get_or_insert_with(|| self.document.about.clone());
        self.document.about = document.about.clone();
        *self.marks_mut() = (*document.marks).clone();
    }

    pub(super) fn marks(&self) -> &Marks {
        &self.document.marks
    }

    pub(super) fn marks_mut(&mut self) -> &mut Marks {
        self.marks_before.get_or_insert_with(|| Arc::clone(&self.document.marks));
        Arc::make_mut(&mut self.document.marks)
    }

    pub(super) fn has_node(&self, name: &str) -> bool {
        self.document.contains(name)
    }

    fn node_mut(&mut self, name: &str) -> Result<&mut Node, Refusal> {
        self.remember(name);
        self.document.node_mut(name).ok_or_else(|| Refusal::UnknownNode(name.to_owned()))
    }

    fn port(&self, id: &PortId) -> Result<&Node, Refusal> {
        let node =
            self.document.node(&id.node).ok_or_else(|| Refusal::UnknownNode(id.node.clone()))?;
        if !node.has_state(&id.state) {
            return Err(Refusal::UnknownState { node: id.node.clone(), state: id.state.clone() });
        }
        Ok(node)
    }

    fn expect_free(&self, name: &str) -> Result<(), Refusal> {
        if !is_name(name) {
            return Err(Refusal::BadName(name.to_owned()));
        }
        if self.document.contains(name) {
            return Err(Refusal::NameTaken(name.to_owned()));
        }
        Ok(())
    }

    fn remember(&mut self, name: &str) {
        if !self.before.contains_key(name) {
            self.before.insert(name.to_owned(), self.document.node(name).cloned());
        }
    }
}

/// Lets edges follow their states from the node's old ports to the new ones.
///
/// A state renamed in its row keeps its edge; the edge of a state that is gone is parked until the state
/// comes back.
fn carry_edges(node: &mut Node, ports: &[Port]) {
    let old: Vec<String> = node.shape.ports.iter().map(|port| port.state.clone()).collect();
    let stays = |state: &String| ports.iter().any(|port| port.state == *state);
    let is_rename = old.len() == ports.len();
    for (row, state) in old.iter().enumerate().filter(|(_, state)| !stays(state)) {
        let Some(to) = node.next.remove(state) else { continue };
        let successor = &ports.get(row).map(|port| &port.state);
        match successor {
            Some(new) if is_rename && !old.contains(new) => {
                node.next.insert((*new).clone(), to);
            }
            _ => {
                node.parked.insert(state.clone(), to);
            }
        }
    }
    for port in ports {
        if let Some(to) = node.parked.remove(&port.state) {
            node.next.entry(port.state.clone()).or_insert(to);
        }
    }
}
