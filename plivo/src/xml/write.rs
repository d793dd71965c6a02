//! Writes answer documents.

use super::attributes::{Attributes, Walk};
use super::value::Value;
use super::{Element, Prompt, Response, Target};

pub(super) fn document(response: &Response) -> String {
    let mut xml = String::from("<Response>");
    for child in &response.elements {
        element(&mut xml, child);
    }
    xml.push_str("</Response>");
    xml
}

fn element(xml: &mut String, element: &Element) {
    let name = element.name();
    match element {
        Element::Speak(speak) => with_text(xml, name, speak, &speak.text),
        Element::Play(play) => with_text(xml, name, play, &play.url),
        Element::GetDigits(get_digits) => {
            with_children(xml, name, get_digits, &get_digits.prompts, prompt)
        }
        Element::GetInput(get_input) => {
            with_children(xml, name, get_input, &get_input.prompts, prompt)
        }
        Element::Record(record) => with_text(xml, name, record, ""),
        Element::Dial(dial) => with_children(xml, name, dial, &dial.targets, target),
        Element::Conference(conference) => with_text(xml, name, conference, &conference.name),
        Element::MultiPartyCall(call) => with_text(xml, name, &**call, &call.name),
        Element::Redirect(redirect) => with_text(xml, name, redirect, &redirect.url),
        Element::Hangup(hangup) => with_text(xml, name, hangup, ""),
        Element::Wait(wait) => with_text(xml, name, wait, ""),
        Element::PreAnswer(elements) => {
            xml.push_str("<PreAnswer>");
            elements.iter().for_each(|child| self::element(xml, child));
            xml.push_str("</PreAnswer>");
        }
        Element::Dtmf(dtmf) => with_text(xml, name, dtmf, &dtmf.digits),
        Element::Message(message) => with_text(xml, name, message, &message.text),
    }
}

fn prompt(xml: &mut String, prompt: &Prompt) {
    match prompt {
        Prompt::Speak(speak) => with_text(xml, "Speak", speak, &speak.text),
        Prompt::Play(play) => with_text(xml, "Play", play, &play.url),
    }
}

fn target(xml: &mut String, target: &Target) {
    match target {
        Target::Number(number) => with_text(xml, "Number", number, &number.number),
        Target::User(user) => with_text(xml, "User", user, &user.uri),
    }
}

fn with_text(xml: &mut String, name: &str, attributes: &impl Attributes, text: &str) {
    open(xml, name, attributes);
    if text.is_empty() {
        xml.push_str("/>");
    } else {
        xml.push('>');
        escape(xml, text, false);
        close(xml, name);
    }
}

fn with_children<C>(
    xml: &mut String,
    name: &str,
    attributes: &impl Attributes,
    children: &[C],
    child: fn(&mut String, &C),
) {
    open(xml, name, attributes);
    if children.is_empty() {
        xml.push_str("/>");
    } else {
        xml.push('>');
        children.iter().for_each(|each| child(xml, each));
        close(xml, name);
    }
}

fn open<A: Attributes>(xml: &mut String, name: &str, attributes: &A) {
    xml.push('<');
    xml.push_str(name);
    // The table walks a mutable element because the reader fills one in.
    attributes.clone().walk(&mut Writer { xml });
}

fn close(xml: &mut String, name: &str) {
    xml.push_str("</");
    xml.push_str(name);
    xml.push('>');
}

struct Writer<'a> {
    xml: &'a mut String,
}

impl Walk for Writer<'_> {
    fn optional<V: Value>(&mut self, name: &'static str, value: &mut V, default: &V) {
        if value != default {
            self.always(name, value);
        }
    }

    fn always<V: Value>(&mut self, name: &'static str, value: &mut V) {
        self.xml.push(' ');
        self.xml.push_str(name);
        self.xml.push_str("=\"");
        escape(self.xml, &value.to_text(), true);
        self.xml.push('"');
    }

    fn required(&mut self, name: &'static str, value: &mut String) {
        self.always(name, value);
    }
}

/// Invariant: whatever the text, what is added is well-formed and cannot end the text or the attribute it stands in.
fn escape(xml: &mut String, text: &str, is_attribute: bool) {
    for character in text.chars() {
        match character {
            '&' => xml.push_str("&amp;"),
            '<' => xml.push_str("&lt;"),
            '>' => xml.push_str("&gt;"),
            '"' if is_attribute => xml.push_str("&quot;"),
            // A reader turns these into spaces, or a carriage return into a line feed, unless they are written as references.
            '\t' if is_attribute => xml.push_str("&#9;"),
            '\n' if is_attribute => xml.push_str("&#10;"),
            '\r' => xml.push_str("&#13;"),
            '\t' | '\n' => xml.push(character),
            '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}' => {}
            _ => xml.push(character),
        }
    }
}
