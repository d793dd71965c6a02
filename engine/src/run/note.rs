//! Notes: what happened inside a run while it handled an input, for the journal and the canvas.

use super::{
    RunStatus,
    leg::{Instruction, LegId},
    line::LineId,
};
use crate::{
    effect::EffectId,
    name::{NodeName, StateName},
};
use serde::{Deserialize, Serialize};

/// One thing that happened inside a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "note", rename_all = "snake_case")]
pub enum Note {
    /// A line arrived at a node.
    Entered {
        /// The line.
        line: LineId,
        /// The node.
        node: NodeName,
    },
    /// A line left a node.
    Left {
        /// The line.
        line: LineId,
        /// The node.
        node: NodeName,
        /// By which state.
        state: StateName,
    },
    /// A leg was told what to hear.
    Instructed {
        /// The leg.
        leg: LegId,
        /// The instruction's turn.
        turn: u32,
        /// What to hear.
        instruction: Box<Instruction>,
    },
    /// The run asked for an effect; it stands among the entry's effects.
    Asked {
        /// Which.
        effect: EffectId,
    },
    /// Something is not as the author probably meant it.
    Warning {
        /// Where.
        node: NodeName,
        /// What, for people.
        text: String,
    },
    /// The input changed nothing, and why.
    Ignored {
        /// Why, for people.
        text: String,
    },
    /// A line is over.
    LineEnded {
        /// The line.
        line: LineId,
        /// Where it was.
        node: NodeName,
    },
    /// The run is over.
    Ended {
        /// How.
        status: RunStatus,
        /// Why it failed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        problem: Option<String>,
    },
}
