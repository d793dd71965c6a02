//! What the commands of the canvas do; which keys they have is in `commands`.

use diagram::hit::Hit;
use diagram::viewport::ZOOM_STEP;
use diagram::{Point, walk};
use leptos::prelude::*;

use crate::canvas::keyboard::focused_card;
use crate::canvas::marks;
use crate::canvas::stage::Stage;
use crate::commands::Id;
use crate::language::{t, tf, tn};

/// Carries out a command of the canvas. Says whether it meant something here.
pub fn run(stage: Stage, id: Id) -> bool {
    let drawing = stage.drawing;
    match id {
        Id::ZoomIn => drawing.zoom_by(ZOOM_STEP),
        Id::ZoomOut => drawing.zoom_by(1.0 / ZOOM_STEP),
        Id::ZoomReset => drawing.zoom_by(1.0 / drawing.camera().get_untracked().zoom),
        Id::FitAll => drawing.fit(),
        Id::FitSelection => drawing.fit_selection(),
        _ => return !stage.is_read_only && edit(stage, id),
    }
    true
}

fn edit(stage: Stage, id: Id) -> bool {
    let drawing = stage.drawing;
    if marks::deeds().is_some_and(|deeds| (deeds.command)(stage, id)) {
        return true;
    }
    match id {
        Id::Undo => {
            if let Some(title) = untrack(|| drawing.undo_title()) {
                drawing.undo();
                stage.say(tf("Undone: {what}", &[("what", &deed(title))]));
            }
        }
        Id::Redo => {
            if let Some(title) = untrack(|| drawing.redo_title()) {
                drawing.redo();
                stage.say(tf("Done again: {what}", &[("what", &deed(title))]));
            }
        }
        Id::SelectAll => {
            let names = drawing.with(walk::reading_order);
            stage.say(tf("{n} selected", &[("n", &names.len())]));
            drawing.select(names);
        }
        Id::Duplicate => {
            drawing.duplicate();
            stage.say(t("Duplicated"));
        }
        Id::Delete => return delete(stage, false),
        Id::DeleteAndHeal => return delete(stage, true),
        Id::EditLabel => return edit_label(stage),
        Id::AddNext => stage.choose_next(),
        Id::ContextMenu => return menu(stage),
        Id::Tidy => {
            drawing.tidy();
            stage.say(t("Tidied up"));
        }
        _ => return false,
    }
    true
}

fn edit_label(stage: Stage) -> bool {
    let selected = stage.drawing.selection_untracked();
    if let [name] = selected.as_slice() {
        stage.editing.set(Some(name.clone()));
    }
    !selected.is_empty()
}

/// Takes away the selected edge or the selected nodes. Says whether there was anything.
pub fn delete(stage: Stage, heal: bool) -> bool {
    if let Some(port) = stage.selected_edge.get_untracked().or_else(|| stage.focused_port()) {
        stage.disconnect(port);
        return true;
    }
    let count = stage.drawing.selection_untracked().len();
    if count == 0 {
        return false;
    }
    stage.drawing.remove_selected(heal);
    stage.say(tn(count, "Deleted", "{n} deleted"));
    stage.focus_surface();
    true
}

fn menu(stage: Stage) -> bool {
    let Some(name) = focused_card(stage) else { return false };
    let card = stage.drawing.with_scene(|scene, _| scene.card(&name)).unwrap_or_default();
    let at =
        stage.drawing.camera().get_untracked().to_screen(Point::new(card.x + 24.0, card.y + 40.0));
    stage.open_menu(Hit::Node(name), at);
    true
}

/// What a step of the history did, in the language that is spoken.
pub fn deed(step: &'static str) -> &'static str {
    match step {
        "add" => t("add"),
        "insert" => t("insert"),
        "remove" => t("remove"),
        "move" => t("move"),
        "tidy up" => t("tidy up"),
        "connect" => t("connect"),
        "disconnect" => t("disconnect"),
        "change settings" => t("change settings"),
        "change label" => t("change label"),
        "rename" => t("rename"),
        "change kind" => t("change kind"),
        "paste" => t("paste"),
        "duplicate" => t("duplicate"),
        "replace" => t("replace"),
        "replace everything" => t("replace everything"),
        "change the order" => t("change the order"),
        "add note" => t("add note"),
        "change note" => t("change note"),
        "move note" => t("move note"),
        "resize note" => t("resize note"),
        "remove note" => t("remove note"),
        "group" => t("group"),
        "ungroup" => t("ungroup"),
        "colour" => t("colour"),
        other => other,
    }
}
