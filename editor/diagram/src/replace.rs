//! Putting other text where something was found: the commands that do it, to be carried out as one step.

use std::collections::BTreeMap;

use serde_json::{Number, Value};

use crate::command::Command;
use crate::document::{Document, Port};
use crate::find::{Hold, Match, Part, step_to, within};

/// What the whole text becomes when `with` is put at this place; nothing if it cannot stand there.
pub fn becomes(place: &Match, with: &str) -> Option<String> {
    let mut text = place.text.clone();
    text.replace_range(place.from..place.to, with);
    fits(place.hold, &text).then_some(text)
}

fn fits(hold: Hold, text: &str) -> bool {
    match hold {
        Hold::Free => true,
        Hold::Number => serde_json::from_str::<Number>(text).is_ok(),
        Hold::Fixed => false,
    }
}

/// The commands that put `with` in these places; places where it cannot stand are left out. `ports` tells the ways out of a kind that is configured so.
pub fn commands(
    document: &Document,
    places: &[Match],
    with: &str,
    ports: &dyn Fn(&str, &Value) -> Vec<Port>,
) -> Vec<Command> {
    let mut texts: BTreeMap<&Part, Vec<&Match>> = BTreeMap::new();
    for place in places.iter().filter(|place| becomes(place, with).is_some()) {
        texts.entry(&place.part).or_default().push(place);
    }
    let mut commands = Vec::new();
    let mut configs: BTreeMap<&str, Value> = BTreeMap::new();
    for (part, mut places) in texts {
        // From the end, so that the places before stay where they are.
        places.sort_by_key(|place| std::cmp::Reverse(place.from));
        let (mut text, hold) = (places[0].text.clone(), places[0].hold);
        for place in places {
            text.replace_range(place.from..place.to, with);
        }
        if !fits(hold, &text) {
            continue;
        }
        match part {
            Part::Name(_) | Part::Kind(_) | Part::Key { .. } | Part::WayOut(_) => {}
            Part::Label(name) => {
                let label = Some(text).filter(|label| !label.trim().is_empty());
                commands.push(Command::SetLabel { name: name.clone(), label });
            }
            Part::Config { node, path } => {
                let Some(drawn) = document.node(node) else { continue };
                let config = configs.entry(node).or_insert_with(|| drawn.config.clone());
                put(config, &mut String::new(), path, &text);
            }
            Part::Note(name) => {
                let colour = document.marks.notes.get(name).and_then(|note| note.colour);
                commands.push(Command::SetNote { name: name.clone(), text, colour });
            }
            Part::Group(name) => {
                let Some(group) = document.marks.groups.get(name) else { continue };
                let group = crate::Group { label: text, ..(**group).clone() };
                commands.push(Command::SetGroup { name: name.clone(), group });
            }
        }
    }
    commands.extend(configs.into_iter().filter_map(|(name, config)| {
        let ports = ports(&document.node(name)?.kind, &config);
        Some(Command::SetConfig { name: name.to_owned(), config, ports })
    }));
    commands
}

/// Puts a text, or the number it says, where the path leads.
fn put(value: &mut Value, here: &mut String, path: &str, text: &str) {
    match value {
        Value::String(old) if here == path => text.clone_into(old),
        Value::Number(old) if here == path => {
            if let Ok(number) = serde_json::from_str(text) {
                *old = number;
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter_mut().enumerate() {
                within(here, &format!("[{index}]"), |here| put(item, here, path, text));
            }
        }
        Value::Object(fields) => {
            for (key, field) in fields {
                let step = step_to(here, key);
                within(here, &step, |here| put(field, here, path, text));
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::command;
    use crate::find::tests::{document, found, query};

    fn replaced(text: &str, with: &str) -> Document {
        let mut document = document();
        let places = found(&document, &query(text));
        let commands = commands(&document, &places, with, &|_, _| vec![Port::new("menu_left")]);
        command::apply(&mut document, &Command::Batch(commands)).unwrap();
        document
    }

    #[test]
    fn all_that_may_be_replaced_is_replaced_at_once() {
        let document = replaced("menu", "list");
        let menu = document.node("Menu").unwrap();
        assert_eq!(menu.label.as_deref(), Some("Main list"));
        let expected = json!({
            "text": "The list says {{ Menu.digits }}. MENÜ list",
            "cases": [{ "when": "Menu.digits == 1", "say": "list" }],
            "set": { "menu_tries": 12 },
        });
        assert_eq!(menu.config, expected);
        assert_eq!(menu.next["menu_left"], "Bye");
        assert_eq!(document.marks.notes["Note1"].text, "lists change in May");
        assert_eq!(document.marks.groups["Group1"].label, "The list");
    }

    #[test]
    fn a_number_becomes_another_number_or_stays() {
        let tries = |with| replaced("2", with).node("Menu").unwrap().config["set"].clone();
        assert_eq!(tries("5"), json!({ "menu_tries": 15 }));
        assert_eq!(tries(" seconds"), json!({ "menu_tries": 12 }));
        let document = document();
        let place = &found(&document, &query("12"))[0];
        assert_eq!(becomes(place, "30").as_deref(), Some("30"));
        assert_eq!(becomes(place, "many"), None);
    }

    #[test]
    fn a_piece_that_comes_twice_is_replaced_twice() {
        let places = found(&document(), &query("e"));
        let in_note = places.iter().filter(|place| matches!(place.part, Part::Note(_)));
        assert_eq!(in_note.count(), 2);
        assert_eq!(replaced("e", "").marks.notes["Note1"].text, "Mnus chang in May");
    }
}
