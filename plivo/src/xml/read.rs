//! Reads answer documents: which element may stand where, and what its parts mean.

use super::attributes::{Attributes, Walk};
use super::tree::{self, Content, Node};
use super::value::Value;
use super::{
    Conference, Dial, DialNumber, DialUser, Dtmf, Element, Error, GetDigits, GetInput, Message,
    MultiPartyCall, Play, Prompt, Redirect, Response, Speak, Target,
};

/// Values are shown in errors, but not at any length.
const SHOWN_CHARACTERS_MAX: usize = 60;

/// The elements of Plivo's speech markup. `cont` is known to its SDKs only.
const SPEECH_MARKUP: &[&str] =
    &["break", "cont", "emphasis", "lang", "p", "phoneme", "prosody", "s", "say-as", "sub", "w"];

pub(super) fn document(xml: &str) -> Result<Response, Error> {
    let root = tree::read(xml)?;
    if root.name != "Response" {
        return Err(Error::Malformed {
            place: root.place,
            problem: format!("the document begins with `<{}>` instead of `<Response>`", root.name),
        });
    }
    Ok(Response { elements: children(&root)?.map(element).collect::<Result<_, _>>()? })
}

fn element(node: &Node) -> Result<Element, Error> {
    Ok(match node.name.as_str() {
        "Speak" => Element::Speak(speak(node)?),
        "Play" => Element::Play(play(node)?),
        "GetDigits" => {
            Element::GetDigits(GetDigits { prompts: prompts(node)?, ..attributes(node)? })
        }
        "GetInput" => Element::GetInput(GetInput { prompts: prompts(node)?, ..attributes(node)? }),
        "Record" => Element::Record(empty(node)?),
        "Dial" => Element::Dial(Dial { targets: targets(node)?, ..attributes(node)? }),
        "Conference" => Element::Conference(Conference {
            name: needed_text(node, "the name of the room")?,
            ..attributes(node)?
        }),
        "MultiPartyCall" => {
            if attribute(node, "role").is_none() {
                return Err(missing(node, "the attribute `role`"));
            }
            MultiPartyCall {
                name: needed_text(node, "the name of the multi-party call")?,
                ..attributes(node)?
            }
            .into()
        }
        "Redirect" => Element::Redirect(Redirect {
            url: needed_text(node, "an address")?,
            ..attributes(node)?
        }),
        "Hangup" => Element::Hangup(empty(node)?),
        "Wait" => Element::Wait(empty(node)?),
        "PreAnswer" => {
            Element::PreAnswer(children(node)?.map(before_answer).collect::<Result<_, _>>()?)
        }
        "DTMF" => {
            Element::Dtmf(Dtmf { digits: needed_text(node, "keys to send")?, ..attributes(node)? })
        }
        "Message" => {
            Element::Message(Message { text: needed_text(node, "a text")?, ..attributes(node)? })
        }
        _ => {
            let allowed = "Speak, Play, GetDigits, GetInput, Record, Dial, Conference, MultiPartyCall, Redirect, Hangup, Wait, PreAnswer, DTMF and Message";
            return Err(misplaced(node, "Response", allowed));
        }
    })
}

fn before_answer(node: &Node) -> Result<Element, Error> {
    match node.name.as_str() {
        "Speak" | "Play" | "Wait" => element(node),
        _ => Err(misplaced(node, "PreAnswer", "Speak, Play and Wait")),
    }
}

fn prompts(parent: &Node) -> Result<Vec<Prompt>, Error> {
    let prompt = |node: &Node| match node.name.as_str() {
        "Speak" => speak(node).map(Prompt::Speak),
        "Play" => play(node).map(Prompt::Play),
        _ => Err(misplaced(node, &parent.name, "Speak and Play")),
    };
    children(parent)?.map(prompt).collect()
}

fn targets(parent: &Node) -> Result<Vec<Target>, Error> {
    let target = |node: &Node| match node.name.as_str() {
        "Number" => Ok(Target::Number(DialNumber {
            number: needed_text(node, "a phone number")?,
            ..attributes(node)?
        })),
        "User" => Ok(Target::User(DialUser {
            uri: needed_text(node, "a SIP address")?,
            ..attributes(node)?
        })),
        _ => Err(misplaced(node, "Dial", "Number and User")),
    };
    let targets: Vec<Target> = children(parent)?.map(target).collect::<Result<_, _>>()?;
    if targets.is_empty() {
        Err(missing(parent, "a `<Number>` or a `<User>`"))
    } else {
        Ok(targets)
    }
}

fn speak(node: &Node) -> Result<Speak, Error> {
    let mut text = String::new();
    words(node, &mut text)?;
    Ok(Speak { text: text.trim().to_owned(), ..attributes(node)? })
}

/// The words in a `<Speak>`, without the markup that says how to pronounce them.
///
/// The depth of the recursion is bounded by the tree's.
fn words(node: &Node, text: &mut String) -> Result<(), Error> {
    for content in &node.content {
        match content {
            Content::Text(words) => text.push_str(words),
            Content::Node(markup) if markup.name == "break" => text.push(' '),
            Content::Node(markup)
                if markup.name == "sub" && attribute(markup, "alias").is_some() =>
            {
                text.push_str(attribute(markup, "alias").unwrap_or_default());
            }
            Content::Node(markup) if SPEECH_MARKUP.contains(&markup.name.as_str()) => {
                words(markup, text)?
            }
            Content::Node(other) => {
                return Err(misplaced(
                    other,
                    &node.name,
                    "text and break, emphasis, lang, p, phoneme, prosody, s, say-as, sub and w",
                ));
            }
        }
    }
    Ok(())
}

fn play(node: &Node) -> Result<Play, Error> {
    Ok(Play { url: needed_text(node, "the address of an audio file")?, ..attributes(node)? })
}

/// An element without content.
fn empty<A: Attributes>(node: &Node) -> Result<A, Error> {
    if let Some(child) = children(node)?.next() {
        return Err(misplaced(child, &node.name, "nothing"));
    }
    attributes(node)
}

/// The child elements of one that holds only elements.
fn children(node: &Node) -> Result<impl Iterator<Item = &Node>, Error> {
    for content in &node.content {
        if let Content::Text(text) = content
            && !text.trim().is_empty()
        {
            let problem =
                format!("`<{}>` cannot hold the text `{}`", node.name, shortened(text.trim()));
            return Err(Error::Malformed { place: node.place, problem });
        }
    }
    Ok(node.content.iter().filter_map(|content| match content {
        Content::Node(node) => Some(node),
        Content::Text(_) => None,
    }))
}

/// The text of an element that holds only text, and some of it.
fn needed_text(node: &Node, needed: &str) -> Result<String, Error> {
    let mut all = String::new();
    for content in &node.content {
        match content {
            Content::Text(text) => all.push_str(text),
            Content::Node(child) => return Err(misplaced(child, &node.name, "text")),
        }
    }
    match all.trim() {
        "" => Err(missing(node, needed)),
        text => Ok(text.to_owned()),
    }
}

fn attributes<A: Attributes>(node: &Node) -> Result<A, Error> {
    let mut element = A::default();
    let mut reader = Reader { node, error: None };
    element.walk(&mut reader);
    match reader.error {
        Some(error) => Err(error),
        None => Ok(element),
    }
}

/// Fills in what a node says, and keeps the first thing that is wrong.
struct Reader<'a> {
    node: &'a Node,
    error: Option<Error>,
}

impl Walk for Reader<'_> {
    fn optional<V: Value>(&mut self, name: &'static str, value: &mut V, _default: &V) {
        self.always(name, value);
    }

    fn always<V: Value>(&mut self, name: &'static str, value: &mut V) {
        let Some(text) = attribute(self.node, name) else { return };
        match V::from_text(text) {
            Some(given) => *value = given,
            None => {
                self.error.get_or_insert_with(|| Error::Attribute {
                    place: self.node.place,
                    element: self.node.name.clone(),
                    attribute: name,
                    value: shortened(text),
                    expected: V::EXPECTED,
                });
            }
        }
    }

    fn required(&mut self, name: &'static str, value: &mut String) {
        self.always(name, value);
        if value.is_empty() {
            self.error
                .get_or_insert_with(|| missing(self.node, &format!("the attribute `{name}`")));
        }
    }
}

fn attribute<'a>(node: &'a Node, name: &str) -> Option<&'a str> {
    node.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}

fn misplaced(node: &Node, parent: &str, allowed: &'static str) -> Error {
    Error::Element {
        place: node.place,
        parent: parent.to_owned(),
        name: node.name.clone(),
        allowed,
    }
}

fn missing(node: &Node, needed: &str) -> Error {
    Error::Missing { place: node.place, element: node.name.clone(), needed: needed.to_owned() }
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(SHOWN_CHARACTERS_MAX) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}
