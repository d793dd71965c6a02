//! Reads well-formed XML into a plain tree, and refuses what answer documents have no use for.

use super::{DOCUMENT_BYTES_MAX, Error, Place};
use quick_xml::XmlVersion;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::reader::Reader;

/// Response, GetDigits, Speak, and speech markup inside it: nobody needs more.
const DEPTH_MAX: usize = 16;

/// One XML element.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) name: String,
    pub(super) place: Place,
    pub(super) attributes: Vec<(String, String)>,
    pub(super) content: Vec<Content>,
}

/// What stands between the tags of an element.
#[derive(Debug)]
pub(super) enum Content {
    Text(String),
    Node(Node),
}

/// Reads one element with all that is in it.
pub(super) fn read(xml: &str) -> Result<Node, Error> {
    if xml.len() > DOCUMENT_BYTES_MAX {
        return Err(Error::TooLarge { bytes: xml.len() });
    }
    let mut reader = Reader::from_str(xml);
    reader.config_mut().expand_empty_elements = true;
    let mut open: Vec<Node> = Vec::new();
    let mut root: Option<Node> = None;
    loop {
        let start = offset(reader.buffer_position());
        let place = || Place::of(xml, start);
        let malformed = |problem: String| Error::Malformed { place: place(), problem };
        let event = reader.read_event();
        let event = event.map_err(|error| Error::Malformed {
            place: Place::of(xml, offset(reader.error_position())),
            problem: format!("not well-formed XML: {error}"),
        })?;
        match event {
            Event::Start(tag) => {
                if root.is_some() {
                    return Err(malformed("a document has only one outermost element".to_owned()));
                }
                if open.len() == DEPTH_MAX {
                    return Err(malformed(format!(
                        "elements are nested more than {DEPTH_MAX} deep"
                    )));
                }
                open.push(node(&tag, place())?);
            }
            Event::End(_) => {
                let closed = open
                    .pop()
                    .ok_or_else(|| malformed("a closing tag without an opening one".to_owned()))?;
                match open.last_mut() {
                    Some(parent) => parent.content.push(Content::Node(closed)),
                    None => root = Some(closed),
                }
            }
            Event::Text(text) => add_text(&mut open, &text.xml10_content(), malformed)?,
            Event::CData(text) => add_text(&mut open, &text.xml10_content(), malformed)?,
            Event::GeneralRef(reference) => {
                let character = resolve(&reference).ok_or_else(|| {
                    malformed(format!("`&{};` is not a character", reference.xml10_content()))
                })?;
                add_text(&mut open, character.encode_utf8(&mut [0; 4]), malformed)?;
            }
            Event::DocType(_) => {
                return Err(malformed("a document type declaration is not allowed".to_owned()));
            }
            Event::Eof => break,
            Event::Empty(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
        }
    }
    let end = Place::of(xml, xml.len());
    if let Some(unclosed) = open.last() {
        return Err(Error::Malformed {
            place: end,
            problem: format!("`<{}>` is not closed", unclosed.name),
        });
    }
    root.ok_or_else(|| Error::Malformed {
        place: end,
        problem: "the document is empty; it must be a `<Response>`".to_owned(),
    })
}

fn node(tag: &BytesStart<'_>, place: Place) -> Result<Node, Error> {
    let name = tag.name().into_inner().to_owned();
    let mut attributes = Vec::new();
    for attribute in tag.attributes() {
        let malformed = |error: &dyn std::fmt::Display| Error::Malformed {
            place,
            problem: format!("an attribute of `<{name}>` is not well-formed: {error}"),
        };
        let attribute = attribute.map_err(|error| malformed(&error))?;
        let value = attribute
            .normalized_value(XmlVersion::Implicit1_0)
            .map_err(|error| malformed(&error))?;
        attributes.push((attribute.key.into_inner().to_owned(), value.into_owned()));
    }
    Ok(Node { name, place, attributes, content: Vec::new() })
}

fn add_text(
    open: &mut [Node],
    text: &str,
    malformed: impl Fn(String) -> Error,
) -> Result<(), Error> {
    match open.last_mut() {
        None if text.trim().is_empty() => Ok(()),
        None => Err(malformed("text outside `<Response>`".to_owned())),
        Some(parent) => {
            match parent.content.last_mut() {
                Some(Content::Text(before)) => before.push_str(text),
                _ => parent.content.push(Content::Text(text.to_owned())),
            }
            Ok(())
        }
    }
}

/// A numbered character or one of the five names that XML itself knows.
fn resolve(reference: &BytesRef<'_>) -> Option<char> {
    if reference.is_char_ref() {
        return reference.resolve_char_ref().ok().flatten();
    }
    match &*reference.xml10_content() {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => None,
    }
}

fn offset(position: u64) -> usize {
    usize::try_from(position).unwrap_or(usize::MAX)
}
