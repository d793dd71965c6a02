//! Runs at rest: a server has many that wait and few that move.

use super::{Run, few::Few, leg::Leg};
use crate::variables::{Names, Packed, Variables};
use std::{
    borrow::Cow,
    ops::{Deref, DerefMut},
    sync::Arc,
};

/// The variables of a run, while it moves and while it rests.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kept {
    Awake(Box<Variables>),
    Packed(Packed),
}

impl Kept {
    pub(super) fn new(names: &Arc<Names>) -> Kept {
        Kept::Awake(Box::new(Variables::of(names.clone())))
    }

    pub(super) fn names(&self) -> &Names {
        match self {
            Kept::Awake(variables) => variables.names(),
            Kept::Packed(packed) => packed.names(),
        }
    }
}

impl Run {
    /// Lets the run take as little memory as it can until something happens to it. What can be asked of it stays the same; only asking for its variables takes
    /// longer. It equals another run only if that rests too.
    pub fn rest(&mut self) {
        for (_, leg) in self.legs.iter_mut() {
            leg.shrink();
        }
        if let Kept::Awake(variables) = &self.variables {
            let packed = variables.pack(&known_texts(&self.id.0, &self.legs));
            self.variables = Kept::Packed(packed);
        }
    }

    /// Something happens to it.
    pub(super) fn wake(&mut self) {
        if let Kept::Packed(packed) = &self.variables {
            let variables = packed.unpack(&known_texts(&self.id.0, &self.legs));
            self.variables = Kept::Awake(Box::new(variables));
        }
    }

    /// Its variables, whether or not it rests.
    pub(super) fn variables(&self) -> Cow<'_, Variables> {
        match &self.variables {
            Kept::Awake(variables) => Cow::Borrowed(variables),
            Kept::Packed(packed) => Cow::Owned(packed.unpack(&known_texts(&self.id.0, &self.legs))),
        }
    }
}

/// What the run is known by, in an order that does not change while it rests.
fn known_texts<'a>(id: &'a str, legs: &'a Few<super::LegId, Leg>) -> Vec<&'a str> {
    let of_leg = |leg: &'a Leg| {
        let ids = [&leg.call_uuid, &leg.request_uuid];
        let numbers = leg.from.as_deref().into_iter().chain([&*leg.to]);
        numbers.chain(ids.into_iter().flatten().map(String::as_str))
    };
    [id].into_iter().chain(legs.values().flat_map(of_leg)).collect()
}

/// Invariant: a run is awake while it handles something.
impl Deref for Kept {
    type Target = Variables;

    fn deref(&self) -> &Variables {
        match self {
            Kept::Awake(variables) => variables,
            Kept::Packed(_) => unreachable!("a run that handles something has been woken"),
        }
    }
}

impl DerefMut for Kept {
    fn deref_mut(&mut self) -> &mut Variables {
        match self {
            Kept::Awake(variables) => variables,
            Kept::Packed(_) => unreachable!("a run that handles something has been woken"),
        }
    }
}
