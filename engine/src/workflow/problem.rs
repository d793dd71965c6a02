//! One thing wrong with a workflow: what, where, and how to mend it.

use super::fix::{Change, Fix};
use crate::name::NodeName;
use serde::{Deserialize, Serialize};
use std::fmt;

/// How bad a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The workflow cannot be published or run.
    Error,
    /// It runs, but probably not as meant.
    Warning,
}

/// One thing wrong with a workflow.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// Names the kind of problem for programs and help pages: `unknown_kind`, `missing_field`, …
    pub code: String,
    /// How bad it is.
    pub severity: Severity,
    /// The node it is about, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub node: Option<NodeName>,
    /// The field of the node's configuration, as a path: `prompt.speak`, `cases[1].when`, or `next.digits` for an edge.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// RFC 6901 pointer into the document: `/nodes/Menu/config/prompt/speak`.
    pub pointer: String,
    /// What is wrong, as a sentence for people.
    pub message: String,
    /// How to mend it, as a sentence for people.
    pub remedy: String,
    /// How to mend it with one press, where that is possible.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fix: Option<Fix>,
}

impl Problem {
    /// A problem of the whole document.
    pub fn of_document(
        code: &str,
        pointer: &str,
        message: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Problem {
        Problem {
            code: code.to_owned(),
            severity: Severity::Error,
            node: None,
            field: None,
            pointer: pointer.to_owned(),
            message: message.into(),
            remedy: remedy.into(),
            fix: None,
        }
    }

    /// A problem of one node; `field` is a path below the node's configuration, or empty.
    pub fn of_node(
        code: &str,
        node: &NodeName,
        field: &str,
        message: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Problem {
        Problem {
            node: Some(node.clone()),
            field: (!field.is_empty()).then(|| field.to_owned()),
            pointer: pointer_of(node, field),
            ..Problem::of_document(code, "", message, remedy)
        }
    }

    /// The same as a warning.
    pub fn as_warning(self) -> Problem {
        Problem { severity: Severity::Warning, ..self }
    }

    /// The same with a way to mend it at once, if there is one.
    pub(crate) fn with_fix(self, fix: impl Into<Option<Fix>>) -> Problem {
        Problem { fix: fix.into(), ..self }
    }

    /// The same, mended by taking away what it is about.
    pub(crate) fn with_removal(self, label: &str) -> Problem {
        let fix = Fix::offered(label, Change::Remove { pointer: self.pointer.clone() });
        self.with_fix(fix)
    }

    /// The page of the manual that explains it, as a path in the repository.
    pub fn help_page(&self) -> String {
        format!("docs/problems/{}.md", self.code)
    }

    /// Whether it keeps the workflow from running.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(node) = &self.node {
            write!(formatter, "{node}: ")?;
        }
        if let Some(field) = &self.field {
            write!(formatter, "{field}: ")?;
        }
        write!(formatter, "{} {}", self.message, self.remedy)
    }
}

/// The pointer of a path below a node's configuration, or of an edge; of the node itself where the path is empty.
pub(crate) fn pointer_of(node: &NodeName, field: &str) -> String {
    let mut pointer = format!("/nodes/{}", escape(node.as_str()));
    if !field.is_empty() {
        let (top, path) = match field.split_once('.') {
            Some(("next", state)) => ("next", format!("/{}", escape(state))),
            _ => ("config", path_pointer(field)),
        };
        pointer.push_str(&format!("/{top}{path}"));
    }
    pointer
}

/// Escapes one step of a JSON pointer.
pub(crate) fn escape(step: &str) -> String {
    step.replace('~', "~0").replace('/', "~1")
}

/// `cases[1].when` as `/cases/1/when`.
fn path_pointer(path: &str) -> String {
    path.replace('[', ".")
        .replace(']', "")
        .split('.')
        .map(|step| format!("/{}", escape(step)))
        .collect()
}
