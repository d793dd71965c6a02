//! The variables of a run at rest, as bytes: a fifth of their size, since a run is told the same names and numbers again and again.
//!
//! A text that was said before is the place where it was said. What is counted as said from the beginning is the same for reading and writing: usual words, what the
//! run is known by anyway (its id, its calls' numbers) and the names of its workflow.

use super::{Known, Names, Variables};
use crate::{
    text::Text,
    value::{Map, Value},
};
use std::sync::Arc;

/// The variables of a run at rest.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Packed {
    names: Arc<Names>,
    bytes: Box<[u8]>,
}

/// Words of nearly every run.
const WORDS: [&str; 22] = [
    "id",
    "workflow_id",
    "trigger",
    "api_request",
    "incoming_call",
    "incoming_message",
    "request_type",
    "http",
    "params",
    "call",
    "sms",
    "message",
    "from",
    "to",
    "uuid",
    "direction",
    "inbound",
    "matched",
    "digits",
    "text",
    "true",
    "false",
];

const NULL: u8 = 0;
const FALSE: u8 = 1;
const TRUE: u8 = 2;
const INT: u8 = 3;
const FLOAT: u8 = 4;
const TEXT: u8 = 5;
const LIST: u8 = 6;
const MAP: u8 = 7;

impl Variables {
    /// As bytes. The texts by which the run is known have to be the same in [`Packed::unpack`].
    pub(crate) fn pack(&self, known_texts: &[&str]) -> Packed {
        let mut writer = Writer {
            bytes: Vec::with_capacity(256),
            names: &self.names,
            known_texts,
            said: Vec::new(),
        };
        writer.number(self.weight as u64);
        writer.number(self.known.len() as u64);
        for known in &self.known {
            writer.number(u64::from(known.slot) << 1 | u64::from(known.is_of_node));
            writer.value(&known.value);
        }
        writer.map(&self.others);
        Packed { names: self.names.clone(), bytes: writer.bytes.into() }
    }
}

impl Packed {
    /// What the workflow's texts and formulas say.
    pub(crate) fn names(&self) -> &Names {
        &self.names
    }

    /// As they were.
    pub(crate) fn unpack(&self, known_texts: &[&str]) -> Variables {
        let mut reader =
            Reader { bytes: &self.bytes, names: &self.names, known_texts, said: Vec::new() };
        reader
            .variables(&self.names)
            .expect("these bytes were written by `Variables::pack` with the same texts")
    }
}

struct Writer<'a> {
    bytes: Vec<u8>,
    names: &'a Names,
    known_texts: &'a [&'a str],
    said: Vec<&'a str>,
}

impl<'a> Writer<'a> {
    /// Seven bits to a byte, the lowest first.
    fn number(&mut self, mut number: u64) {
        while number > 0x7f {
            self.bytes.push(number.to_le_bytes()[0] | 0x80);
            number >>= 7;
        }
        self.bytes.push(number.to_le_bytes()[0]);
    }

    /// An odd number is the place of what was said before, an even one twice the length of what is new.
    fn text(&mut self, text: &'a str) {
        if let Some(place) = self.place(text) {
            return self.number(place as u64 * 2 + 1);
        }
        self.number(text.len() as u64 * 2);
        self.bytes.extend_from_slice(text.as_bytes());
        self.said.push(text);
    }

    fn place(&self, text: &str) -> Option<usize> {
        let find = |texts: &[&str]| texts.iter().position(|said| *said == text);
        let (words, known, names) = (WORDS.len(), self.known_texts.len(), self.names.len());
        find(&WORDS)
            .or_else(|| Some(words + find(self.known_texts)?))
            .or_else(|| Some(words + known + usize::from(self.names.slot(text)?)))
            .or_else(|| Some(words + known + names + find(&self.said)?))
    }

    fn value(&mut self, value: &'a Value) {
        match value {
            Value::Null => self.bytes.push(NULL),
            Value::Bool(false) => self.bytes.push(FALSE),
            Value::Bool(true) => self.bytes.push(TRUE),
            Value::Int(number) => {
                self.bytes.push(INT);
                // Small numbers are short, negative ones too.
                self.number(((number << 1) ^ (number >> 63)).cast_unsigned());
            }
            Value::Float(number) => {
                self.bytes.push(FLOAT);
                self.bytes.extend_from_slice(&number.to_le_bytes());
            }
            Value::Text(text) => {
                self.bytes.push(TEXT);
                self.text(text);
            }
            Value::List(items) => {
                self.bytes.push(LIST);
                self.number(items.len() as u64);
                items.iter().for_each(|item| self.value(item));
            }
            Value::Map(map) => {
                self.bytes.push(MAP);
                self.map(map);
            }
        }
    }

    fn map(&mut self, map: &'a Map) {
        self.number(map.len() as u64);
        for (name, value) in map.iter() {
            self.text(name);
            self.value(value);
        }
    }
}

struct Reader<'a> {
    bytes: &'a [u8],
    names: &'a Names,
    known_texts: &'a [&'a str],
    said: Vec<Text>,
}

impl Reader<'_> {
    fn variables(&mut self, names: &Arc<Names>) -> Option<Variables> {
        let mut variables = Variables::of(names.clone());
        variables.weight = self.length()?;
        for _ in 0..self.length()? {
            let slot = self.number()?;
            let value = self.value()?;
            let known =
                Known { slot: u16::try_from(slot >> 1).ok()?, is_of_node: slot & 1 == 1, value };
            variables.known.push(known);
        }
        variables.others = self.map()?;
        Some(variables)
    }

    fn byte(&mut self) -> Option<u8> {
        let (byte, rest) = self.bytes.split_first()?;
        self.bytes = rest;
        Some(*byte)
    }

    fn bytes(&mut self, length: usize) -> Option<&[u8]> {
        let (bytes, rest) = self.bytes.split_at_checked(length)?;
        self.bytes = rest;
        Some(bytes)
    }

    fn number(&mut self) -> Option<u64> {
        let mut number = 0;
        let mut shift = 0;
        loop {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            shift += 7;
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
    }

    fn length(&mut self) -> Option<usize> {
        usize::try_from(self.number()?).ok()
    }

    fn text(&mut self) -> Option<Text> {
        let number = self.length()?;
        if number % 2 == 0 {
            let text = Text::from(str::from_utf8(self.bytes(number / 2)?).ok()?);
            self.said.push(text.clone());
            return Some(text);
        }
        let mut place = number / 2;
        for texts in [&WORDS[..], self.known_texts] {
            match texts.get(place) {
                Some(text) => return Some((*text).into()),
                None => place -= texts.len(),
            }
        }
        match self.names.len() {
            names if place < names => Some(self.names.name(u16::try_from(place).ok()?).into()),
            names => self.said.get(place - names).cloned(),
        }
    }

    fn value(&mut self) -> Option<Value> {
        Some(match self.byte()? {
            FALSE => Value::Bool(false),
            TRUE => Value::Bool(true),
            INT => {
                let number = self.number()?;
                Value::Int((number >> 1).cast_signed() ^ -(number & 1).cast_signed())
            }
            FLOAT => Value::Float(f64::from_le_bytes(self.bytes(8)?.try_into().ok()?)),
            TEXT => Value::Text(self.text()?),
            LIST => {
                let length = self.length()?;
                let items: Option<Vec<Value>> = (0..length).map(|_| self.value()).collect();
                items?.into()
            }
            MAP => Value::Map(self.map()?),
            _ => Value::Null,
        })
    }

    fn map(&mut self) -> Option<Map> {
        let length = self.length()?;
        (0..length).map(|_| Some((self.text()?, self.value()?))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Names, Root, Variables};
    use crate::{value::Value, workflow::NodeId};
    use proptest::{collection::vec, prelude::*, sample::select};
    use std::sync::Arc;

    fn text() -> impl Strategy<Value = String> {
        prop_oneof![
            select(vec![
                "from",
                "Menu",
                "customer",
                "+14155550100",
                "a text of more than twenty-two bytes"
            ])
            .prop_map(str::to_owned),
            "[a-zä]{0,30}",
        ]
    }

    fn value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::Bool),
            any::<i64>().prop_map(Value::Int),
            select(vec![0, -1, 1, i64::MIN, i64::MAX]).prop_map(Value::Int),
            (-1e9..1e9f64).prop_map(Value::Float),
            text().prop_map(Value::from),
        ];
        leaf.prop_recursive(3, 20, 4, |inner| {
            prop_oneof![
                vec(inner.clone(), 0..4).prop_map(Value::from),
                vec((text(), inner), 0..4).prop_map(|rows| Value::Map(rows.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_was_packed_comes_out_as_it_was(
            own in vec((text(), value()), 0..6),
            of_node in vec((text(), value()), 0..4),
        ) {
            let (_, names) = Names::gather(|| ["Menu", "Start", "customer"].map(Root::new));
            let mut variables = Variables::of(Arc::new(names));
            for (name, value) in own {
                variables.set(&name, value);
            }
            for (name, value) in of_node {
                variables.set_of_node(NodeId(1), &name, value);
            }
            let known_texts = ["0190-run-id", "+14155550100"];
            let packed = variables.pack(&known_texts);
            prop_assert_eq!(packed.unpack(&known_texts), variables);
        }
    }
}
