//! Numbers that behave by themselves: `+1500555000N` does what N says, without a script.

use crate::{
    address::Address,
    phone::{OnCall, Script},
};

/// What a number does by its own nature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Magic {
    /// 0: answers and stays silent.
    Answers,
    /// 1: is always busy.
    Busy,
    /// 2: rings until somebody gives up.
    NoAnswer,
    /// 3: turns every call down.
    Rejects,
    /// 4: is an answering machine.
    Machine,
    /// 5: does not exist, for calls and for texts.
    Invalid,
    /// 6: answers calls, but no text ever arrives.
    Undelivered,
}

impl Magic {
    /// The magic of an address, if it has any.
    pub(crate) fn of(address: &Address) -> Option<Magic> {
        match address.as_str().strip_prefix("+1500555000")? {
            "0" => Some(Magic::Answers),
            "1" => Some(Magic::Busy),
            "2" => Some(Magic::NoAnswer),
            "3" => Some(Magic::Rejects),
            "4" => Some(Magic::Machine),
            "5" => Some(Magic::Invalid),
            "6" => Some(Magic::Undelivered),
            _ => None,
        }
    }

    /// The script such a number follows as long as nobody gives it another one.
    pub(crate) fn script(self) -> Script {
        let on_call = match self {
            Magic::Answers | Magic::Undelivered | Magic::Invalid => OnCall::Answer,
            Magic::Busy => OnCall::Busy,
            Magic::NoAnswer => OnCall::NoAnswer,
            Magic::Rejects => OnCall::Reject,
            Magic::Machine => OnCall::Machine,
        };
        Script { on_call, ..Script::default() }
    }
}
