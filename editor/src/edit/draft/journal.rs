//! The journal in this browser's database: every change of the draft from the moment it is made until the server has it.
//!
//! Of each workflow there is the draft as the server had it when the first change was made, and on top of it small entries, one for each node: what the
//! server has of it since (`saved`), and what it does not have yet (`unsaved`). So a change costs what its nodes cost, and the journal cannot grow beyond
//! two drafts. Keys are `<workflow>␁<tab>␁<part>`; the texts are JSON. Each tab writes
//! under its own name, and what a tab that is gone has left is taken over by the next that opens the workflow.

use super::alive;
use crate::{
    drawing::file,
    idb::{Edit, Store},
};
use diagram::{Node, compare};
use engine::{Document, NodeDocument, NodeName};
use serde::{Deserialize, Serialize};
use std::{
    collections::{BTreeMap, BTreeSet},
    hash::{DefaultHasher, Hash, Hasher},
};

const HEAD: &str = "head";
const BASE: &str = "base";
const TYPING: &str = "typing";
/// Before the name of a node: as the server has it since.
const SAVED: &str = "saved:";
/// Before the name of a node: as it was drawn and not saved.
const UNSAVED: &str = "unsaved:";
/// Stands for what the file says beside its nodes; no node is called so.
const ABOUT: &str = "";

/// What the server is known to have.
#[derive(Clone, Default, Serialize, Deserialize)]
struct Head {
    revision: u64,
    /// The mark of the draft that was sent last; its answer may never have come.
    sent: Option<u64>,
}

/// A node and where it stands.
#[derive(Serialize, Deserialize)]
struct Entry {
    node: NodeDocument,
    at: [i32; 2],
}

/// A field that somebody was typing in.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Typing {
    /// The node whose settings were shown.
    pub(super) node: Option<String>,
    /// Whether the whole file was shown as text.
    pub(super) is_json: bool,
    /// Where the field is: a CSS selector, and which of those it finds.
    pub(super) selector: String,
    pub(super) index: u32,
    /// What stood in it.
    pub(super) text: String,
}

/// What a journal holds of an earlier time.
pub(super) struct Found {
    /// The revision of `base`.
    pub(super) revision: u64,
    /// The mark of a draft that may have been saved after `base`.
    pub(super) sent: Option<u64>,
    /// The draft as the server had it.
    pub(super) base: Document,
    /// The draft as it was drawn.
    pub(super) mine: Document,
}

/// The journal of one workflow.
#[derive(Clone)]
pub struct Journal {
    store: Option<Store>,
    prefix: String,
    head: Head,
    /// Whether there is a base that entries can stand on.
    has_base: bool,
    /// What base and entries say together.
    written: diagram::Document,
    /// The nodes that have an entry of what is not saved.
    unsaved: BTreeSet<String>,
    /// What a tab that is gone has left, and under which prefix.
    left: Vec<(String, String)>,
    left_prefix: String,
}

impl Journal {
    /// Reads what is there of a workflow.
    pub async fn read(store: impl Future<Output = Option<Store>>, id: &str) -> Journal {
        let (of_workflow, tab) = (format!("{id}\u{1}"), alive::name());
        alive::live(&tab);
        let store = store.await;
        let read = match &store {
            Some(store) => store.read(&of_workflow).await,
            None => None,
        };
        let living = alive::living().await;
        let dead = |key: &str| {
            let tab = key.strip_prefix(&of_workflow)?.split('\u{1}').next()?;
            (!living.contains(tab)).then(|| format!("{of_workflow}{tab}\u{1}"))
        };
        let mut tabs: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
        for (key, text) in read.iter().flatten() {
            if let Some(prefix) = dead(key) {
                tabs.entry(prefix).or_default().push((key.clone(), text.clone()));
            }
        }
        // Names of tabs begin with the time: the last is the newest. Those that were saved to the end only take up room.
        let is_unsaved = |prefix: &str, texts: &[(String, String)]| {
            texts.iter().any(|(key, _)| {
                let part = key.strip_prefix(prefix).unwrap_or_default();
                part.starts_with(UNSAVED) || part == TYPING
            })
        };
        let mut left = None;
        let mut edits = Vec::new();
        for (prefix, texts) in tabs.into_iter().rev() {
            if !is_unsaved(&prefix, &texts) {
                edits.push(Edit::Clear(prefix));
            } else if left.is_none() {
                left = Some((prefix, texts));
            }
        }
        let (left_prefix, left) = left.unwrap_or_default();
        let mut journal = Journal {
            // A database that opens and cannot be read is no safe place.
            store: read.is_some().then_some(store).flatten(),
            prefix: format!("{of_workflow}{tab}\u{1}"),
            head: Head::default(),
            has_base: false,
            written: diagram::Document::new(),
            unsaved: BTreeSet::new(),
            left,
            left_prefix,
        };
        journal.write(edits);
        journal
    }

    /// Whether changes are kept here.
    pub(super) fn is_kept(&self) -> bool {
        self.store.is_some()
    }

    /// What was drawn at an earlier time and not saved, as far as it can be read.
    pub(super) fn found(&self) -> Option<Found> {
        let head: Head = serde_json::from_str(self.text(HEAD)?).ok()?;
        let mut base: Document = serde_json::from_str(self.text(BASE)?).ok()?;
        self.lay(SAVED, &mut base);
        let mut mine = base.clone();
        self.lay(UNSAVED, &mut mine);
        Some(Found { revision: head.revision, sent: head.sent, base, mine })
    }

    /// The field that was being typed in.
    pub(super) fn typing(&self) -> Option<Typing> {
        serde_json::from_str(self.text(TYPING)?).ok()
    }

    /// Keeps the changes since the last time. Writing has begun when this returns.
    pub(super) fn note(
        &mut self,
        drawn: &diagram::Document,
        saved: &diagram::Document,
        revision: u64,
    ) {
        let mut edits = Vec::new();
        if !self.has_base {
            if compare::is_same(saved, drawn) {
                return;
            }
            self.head = Head { revision, sent: None };
            self.written = saved.clone();
            self.unsaved.clear();
            self.has_base = true;
            edits.push(Edit::Clear(self.prefix.clone()));
            edits.extend(self.let_go());
            edits.extend(self.put(HEAD, "", &self.head));
            edits.extend(self.put(BASE, "", &file::write(saved)));
        }
        for name in compare::names_changed(&self.written, drawn) {
            edits.extend(self.put(UNSAVED, name, &drawn.node(name).map(|node| entry(node))));
            self.unsaved.insert(name.to_owned());
        }
        if !compare::is_about_same(&self.written, drawn) {
            edits.extend(self.put(UNSAVED, ABOUT, &file::write_about(drawn)));
            self.unsaved.insert(ABOUT.to_owned());
        }
        self.written = drawn.clone();
        self.write(edits);
    }

    /// Notes that this draft is on its way to the server.
    pub(super) fn sending(&mut self, document: &Document) {
        if self.has_base {
            self.head.sent = Some(mark(document));
            let head = self.put(HEAD, "", &self.head);
            self.write(head);
        }
    }

    /// Notes that the server has `saved` now, where it had `before`.
    pub(super) fn accept(
        &mut self,
        before: &diagram::Document,
        saved: &diagram::Document,
        revision: u64,
    ) {
        if !self.has_base {
            return;
        }
        self.head = Head { revision, sent: None };
        let mut edits = Vec::from_iter(self.put(HEAD, "", &self.head));
        for name in compare::names_changed(before, saved) {
            edits.extend(self.put(SAVED, name, &saved.node(name).map(|node| entry(node))));
        }
        if !compare::is_about_same(before, saved) {
            edits.extend(self.put(SAVED, ABOUT, &file::write_about(saved)));
        }
        let mut still = BTreeSet::new();
        for name in std::mem::take(&mut self.unsaved) {
            let is_saved = if name == ABOUT {
                compare::is_about_same(&self.written, saved)
            } else {
                self.written.node(&name) == saved.node(&name)
            };
            if is_saved {
                edits.push(Edit::Delete(self.key(UNSAVED, &name)));
            } else {
                still.insert(name);
            }
        }
        self.unsaved = still;
        self.write(edits);
    }

    /// Forgets everything; the next change begins anew.
    pub(super) fn clear(&mut self) {
        self.has_base = false;
        self.unsaved.clear();
        let mut edits = vec![Edit::Clear(self.prefix.clone())];
        edits.extend(self.let_go());
        self.write(edits);
    }

    /// Forgets what the other tab left; it is here now.
    fn let_go(&mut self) -> Option<Edit> {
        self.left.clear();
        let prefix = std::mem::take(&mut self.left_prefix);
        (!prefix.is_empty()).then_some(Edit::Clear(prefix))
    }

    /// Keeps what stands in a field before the draft has it; `None` when it has.
    pub(super) fn note_typing(&mut self, typing: Option<&Typing>) {
        let edit = match typing {
            Some(typing) => self.put(TYPING, "", typing),
            None => Some(Edit::Delete(self.key(TYPING, ""))),
        };
        self.write(edit);
    }

    /// Takes over what stood in a field of the tab that is gone: until it stands in its field again, it stands here.
    pub(super) fn take_over_typing(&mut self, typing: &Typing) {
        let mut edits = Vec::from_iter(self.let_go());
        edits.extend(self.put(TYPING, "", typing));
        self.write(edits);
    }

    fn write(&mut self, edits: impl IntoIterator<Item = Edit>) {
        if let Some(store) = &self.store
            && store.write(edits).is_err()
        {
            // The fallback keeps the draft from here on.
            self.store = None;
        }
    }

    fn put(&self, part: &str, name: &str, content: &impl Serialize) -> Option<Edit> {
        let text = serde_json::to_string(content).ok()?;
        Some(Edit::Put(self.key(part, name), text))
    }

    fn key(&self, part: &str, name: &str) -> String {
        format!("{}{part}{name}", self.prefix)
    }

    fn text(&self, part: &str) -> Option<&str> {
        let key = format!("{}{part}", self.left_prefix);
        self.left.iter().find(|(other, _)| *other == key).map(|(_, text)| text.as_str())
    }

    /// Puts the entries of a part onto a document.
    fn lay(&self, part: &str, document: &mut Document) {
        let start = format!("{}{part}", self.left_prefix);
        for (name, text) in
            self.left.iter().filter_map(|(key, text)| Some((key.strip_prefix(&start)?, text)))
        {
            if name == ABOUT {
                about(document, text);
            } else if let Ok(entry) = serde_json::from_str::<Option<Entry>>(text) {
                let name = NodeName::from(name);
                match entry {
                    Some(Entry { node, at }) => {
                        document.layout.insert(name.clone(), at);
                        document.nodes.insert(name, node);
                    }
                    None => {
                        document.layout.remove(&name);
                        document.nodes.remove(&name);
                    }
                }
            }
        }
    }
}

/// Takes over what a file says beside its nodes.
fn about(document: &mut Document, text: &str) {
    if let Ok(said) = serde_json::from_str::<Document>(text) {
        let nodes = std::mem::take(&mut document.nodes);
        let layout = std::mem::take(&mut document.layout);
        *document = Document { nodes, layout, ..said };
    }
}

fn entry(node: &Node) -> Entry {
    Entry { node: file::write_node(node), at: [node.position.x, node.position.y] }
}

/// Tells one draft from another without keeping it.
pub(super) fn mark(document: &Document) -> u64 {
    let mut hasher = DefaultHasher::new();
    serde_json::to_string(document).unwrap_or_default().hash(&mut hasher);
    hasher.finish()
}
