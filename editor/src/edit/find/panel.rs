//! Find and replace in the whole workflow: a panel beside the canvas that lists every place, leads to it, and shows what would become of it.

use super::{Ask, Finding, list::PlaceList};
use crate::{
    drawing::file,
    edit::{Editing, View},
    icon::Icon,
    language::{t, tf, tn},
};
use diagram::{
    Command,
    find::{self, Match, Part, Words},
    replace,
};
use engine::component::Control;
use leptos::{html, prelude::*};
use std::{collections::BTreeSet, time::Duration};
use wasm_bindgen::JsCast;

/// What the panel and its list share.
#[derive(Clone, Copy)]
pub(super) struct Places {
    pub(super) editing: Editing,
    pub(super) finding: Finding,
    /// Everything that was found.
    pub(super) all: Memo<Vec<Match>>,
    /// Which of it is looked at.
    pub(super) at: RwSignal<usize>,
    said: RwSignal<String>,
}

impl Places {
    /// Shows one of the places; with `is_opening`, in its field with the piece selected.
    pub(super) fn go(self, index: usize, is_opening: bool) {
        let Some(place) = self.all.with_untracked(|all| all.get(index).cloned()) else { return };
        self.at.set(index);
        show_row(index);
        show(self.editing, &place, is_opening);
    }

    fn step(self, by: isize, is_opening: bool) {
        let count = self.all.with_untracked(Vec::len);
        if count > 0 {
            let at = self.at.get_untracked().min(count - 1) + count;
            self.go(at.saturating_add_signed(by) % count, is_opening);
        }
    }

    /// Puts the other text in these places as one step that can be undone.
    fn replace(self, places: &[Match]) -> bool {
        let drawing = self.editing.drawing;
        let with = self.finding.with.get_untracked();
        let commands = drawing.with(|drawn| {
            replace::commands(drawn, places, &with, &|kind, config| file::shape(kind, config).ports)
        });
        if commands.is_empty() {
            return false;
        }
        drawing.begin("replace");
        if drawing.apply(Command::Batch(commands)).is_err() {
            drawing.cancel();
            return false;
        }
        drawing.commit();
        true
    }

    fn replace_one(self) {
        let Some(place) = self.all.with_untracked(|all| {
            all.get(self.at.get_untracked().min(all.len().saturating_sub(1))).cloned()
        }) else {
            return;
        };
        let is_done = self.replace(std::slice::from_ref(&place));
        let stays = self.all.with_untracked(|all| {
            // Still found at the same place: the new text holds what is searched for.
            all.iter().any(|other| other.part == place.part && other.from == place.from)
        });
        if !is_done || stays {
            self.step(1, false);
        } else {
            let last = self.all.with_untracked(Vec::len).saturating_sub(1);
            self.go(self.at.get_untracked().min(last), false);
        }
        self.said.set(if is_done {
            t("Replaced. Undo brings it back.").to_owned()
        } else {
            t("This stays as it is: other steps rely on it, or it would be no number any more.")
                .to_owned()
        });
    }

    fn replace_all(self) {
        let all = self.all.get_untracked();
        let with = self.finding.with.get_untracked();
        let fits: Vec<Match> =
            all.iter().filter(|place| replace::becomes(place, &with).is_some()).cloned().collect();
        let (count, rest) = (fits.len(), all.len() - fits.len());
        let is_done = self.replace(&fits);
        self.at.set(0);
        let mut words = if is_done {
            tn(
                count,
                "{n} place replaced. Undo brings it back.",
                "{n} places replaced. Undo brings them back.",
            )
        } else {
            t("Nothing was replaced.").to_owned()
        };
        if rest > 0 {
            words.push(' ');
            words.push_str(&tn(
                rest,
                "{n} place stays: other steps rely on it.",
                "{n} places stay: other steps rely on them.",
            ));
        }
        self.said.set(words);
    }
}

/// The panel, if it is open.
#[component]
pub fn FindPanel() -> impl IntoView {
    let finding = Editing::of_context().finding;
    view! { <Show when=move || finding.is_open()><Opened /></Show> }
}

#[component]
fn Opened() -> impl IntoView {
    let editing = Editing::of_context();
    let finding = editing.finding;
    let all = Memo::new(move |_| {
        editing.drawing.revision();
        let words = Words {
            kind: &|kind| {
                engine::components::spec(kind)
                    .map_or(kind.to_owned(), |spec| t(spec.label).to_owned())
            },
            has_names: &has_names,
        };
        finding.query.with(|query| editing.drawing.with(|drawn| find::find(drawn, query, words)))
    });
    let places = Places { editing, finding, all, at: RwSignal::new(0), said: RwSignal::default() };
    provide_context(places);
    let before = document().active_element();
    let before = StoredValue::new_local(before);
    let input = NodeRef::<html::Input>::new();
    Effect::new(move |_| {
        let nodes = all.with(|all| {
            all.iter().filter_map(|place| place.part.node().map(str::to_owned)).collect()
        });
        finding.found.set(nodes);
    });
    Effect::new(move |_| match finding.asked.get() {
        Some(Ask::Focus) => {
            if let Some(input) = input.get() {
                finding.asked.set(None);
                let _ = input.focus();
                input.select();
            }
        }
        Some(Ask::Step(by)) => {
            finding.asked.set(None);
            // Whoever is typing in a field goes on to the next field; whoever is here stays here.
            let is_here = document()
                .active_element()
                .is_some_and(|element| element.closest(".find").ok().flatten().is_some());
            places.step(by, !is_here);
        }
        None => {}
    });
    let close = move || {
        finding.close();
        let element =
            before.get_value().and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok());
        if let Some(element) = element {
            let _ = element.focus();
        }
    };
    let pressed = move |event: web_sys::KeyboardEvent| {
        if event.key() == "Escape" {
            event.prevent_default();
            close();
        }
    };
    let in_query = move |event: web_sys::KeyboardEvent| {
        let is_plain = !(event.ctrl_key() || event.meta_key() || event.alt_key());
        match event.key().as_str() {
            "ArrowDown" if is_plain => places.step(1, false),
            "ArrowUp" if is_plain => places.step(-1, false),
            "Enter" if event.shift_key() => places.step(-1, false),
            "Enter" => places.go(places.at.get_untracked(), true),
            _ => return,
        }
        event.prevent_default();
    };
    let in_with = move |event: web_sys::KeyboardEvent| {
        if event.key() == "Enter" {
            event.prevent_default();
            if event.ctrl_key() || event.meta_key() {
                places.replace_all()
            } else {
                places.replace_one()
            }
        }
    };
    let active =
        move || all.with(|all| (!all.is_empty()).then(|| format!("place-{}", places.at.get())));
    let changed = move || {
        places.at.set(0);
        places.said.set(String::new());
    };
    let none = move || all.with(Vec::is_empty);
    view! {
        <aside class="find" role="search" aria-label=t("Find in this workflow") on:keydown=pressed>
            <header class="find-head">
                <div class="seg" role="group" aria-label=t("What to do")>
                    <button type="button" aria-pressed=move || (!finding.is_replacing.get()).to_string() on:click=move |_| finding.is_replacing.set(false)>{t("Find")}</button>
                    <button type="button" aria-pressed=move || finding.is_replacing.get().to_string() on:click=move |_| finding.is_replacing.set(true)>{t("Replace")}</button>
                </div>
                <span class="grow"></span>
                <button type="button" class="btn ghost small square" aria-label=t("Previous place found") title=t("Previous place found") disabled=none on:click=move |_| places.step(-1, false)><Icon name="chevron-up" small=true /></button>
                <button type="button" class="btn ghost small square" aria-label=t("Next place found") title=t("Next place found") disabled=none on:click=move |_| places.step(1, false)><Icon name="chevron-down" small=true /></button>
                <button type="button" class="btn ghost small square" aria-label=t("Close") title=t("Close") on:click=move |_| close()><Icon name="close" small=true /></button>
            </header>
            <div class="search">
                <Icon name="search" small=true />
                <input node_ref=input type="text" aria-label=t("Find") placeholder=t("A word, a number, a step…") autocomplete="off" spellcheck="false" maxlength="200"
                    role="combobox" aria-expanded="true" aria-autocomplete="list" aria-controls="find-places" aria-activedescendant=active
                    prop:value=move || finding.query.with(|query| query.text.clone())
                    on:input=move |event| {
                        finding.query.update(|query| query.text = event_target_value(&event));
                        changed();
                    }
                    on:keydown=in_query />
                <button type="button" class="find-toggle" aria-label=t("Match capitals") title=t("Match capitals")
                    aria-pressed=move || finding.query.with(|query| query.match_case).to_string()
                    on:click=move |_| { finding.query.update(|query| query.match_case = !query.match_case); changed(); }>"Aa"</button>
                <button type="button" class="find-toggle whole" aria-label=t("Whole words only") title=t("Whole words only")
                    aria-pressed=move || finding.query.with(|query| query.whole_word).to_string()
                    on:click=move |_| { finding.query.update(|query| query.whole_word = !query.whole_word); changed(); }>"ab"</button>
            </div>
            <Show when=move || finding.is_replacing.get()>
                <div class="search">
                    <Icon name="arrow-right" small=true />
                    <input type="text" aria-label=t("Replace with") placeholder=t("Replace with…") autocomplete="off" spellcheck="false" maxlength="1000"
                        prop:value=move || finding.with.get() on:input=move |event| finding.with.set(event_target_value(&event)) on:keydown=in_with />
                </div>
                <div class="find-deeds">
                    <button type="button" class="btn small" disabled=none on:click=move |_| places.replace_one()>{t("Replace this one")}</button>
                    <button type="button" class="btn small" disabled=none on:click=move |_| places.replace_all()>{t("Replace all")}</button>
                </div>
            </Show>
            <p class="find-said num" role="status">{move || {
                let said = places.said.get();
                if said.is_empty() { count_words(places) } else { said }
            }}</p>
            <PlaceList />
        </aside>
    }
}

fn count_words(places: Places) -> String {
    if places.finding.query.with(|query| query.text.trim().is_empty()) {
        return String::new();
    }
    places.all.with(|all| {
        if all.is_empty() {
            return t("Found nowhere").to_owned();
        }
        let steps: BTreeSet<&str> = all.iter().filter_map(|place| place.part.node()).collect();
        let at = places.at.get().min(all.len() - 1) + 1;
        tf(
            "{at} of {places}, in {steps}",
            &[
                ("at", &at),
                ("places", &all.len()),
                ("steps", &tn(steps.len(), "{n} step", "{n} steps")),
            ],
        )
    })
}

/// Whether the keys of a field are names that people gave: of variables, of headers.
fn has_names(kind: &str, key: &str) -> bool {
    let spec = engine::components::spec(kind);
    let field = spec.and_then(|spec| spec.fields.iter().find(|field| field.key == key));
    field.is_some_and(|field| matches!(field.control, Control::Assignments | Control::Pairs))
}

/// Shows a place on the canvas; with `is_opening`, also the field it is in.
fn show(editing: Editing, place: &Match, is_opening: bool) {
    editing.view.set(View::Canvas);
    let drawing = editing.drawing;
    match &place.part {
        Part::Note(name) => {
            let rect = drawing.with(|drawn| drawn.marks.notes.get(name).map(|note| note.rect()));
            drawing.fit_to(rect);
        }
        Part::Group(name) => {
            let nodes =
                drawing.with(|drawn| drawn.marks.groups.get(name).map(|group| group.nodes.clone()));
            drawing.select(nodes.unwrap_or_default().into_iter().collect());
            drawing
                .fit_to(drawing.with(|drawn| {
                    diagram::marks::group_rect(drawn, drawn.marks.groups.get(name)?)
                }));
        }
        part => {
            let Some(node) = part.node() else { return };
            drawing.reveal(node);
            if is_opening {
                open(editing, place, node);
            }
        }
    }
}

/// Leads the focus to the field that holds the place.
fn open(editing: Editing, place: &Match, node: &str) {
    let selector = match &place.part {
        Part::Config { path, .. } | Part::Key { path, .. } => {
            editing.wanted_field.set(Some((node.to_owned(), path.clone())));
            ".right .panel-body :is(input, textarea)".to_owned()
        }
        Part::Label(_) => ".right .panel-head input".to_owned(),
        Part::Name(_) => "#node-name".to_owned(),
        Part::WayOut(port) => {
            format!("[data-port-node=\"{node}\"][data-port-state=\"{}\"]", port.state)
        }
        _ => format!("[data-node=\"{node}\"]"),
    };
    let place = place.clone();
    // The settings of this step are made first, then the field that is wanted is unfolded.
    let then = move || {
        request_animation_frame(move || focus_piece(&selector, &place));
    };
    set_timeout(then, Duration::from_millis(50));
}

/// Focuses the field that says exactly this, and selects the piece in it.
fn focus_piece(selector: &str, place: &Match) {
    let Ok(found) = document().query_selector_all(selector) else { return };
    let elements = (0..found.length()).filter_map(|index| found.item(index));
    let mut elements =
        elements.filter_map(|element| element.dyn_into::<web_sys::HtmlElement>().ok());
    let units = |text: &str| u32::try_from(text.encode_utf16().count()).unwrap_or_default();
    let (from, to) = (units(&place.text[..place.from]), units(&place.text[..place.to]));
    if matches!(place.part, Part::WayOut(_) | Part::Kind(_)) {
        if let Some(element) = elements.next() {
            let _ = element.focus();
        }
        return;
    }
    for element in elements {
        if let Some(area) = element.dyn_ref::<web_sys::HtmlTextAreaElement>()
            && area.value() == place.text
        {
            let _ = area.focus();
            let _ = area.set_selection_range(from, to);
            return;
        }
        if let Some(input) = element.dyn_ref::<web_sys::HtmlInputElement>()
            && input.value() == place.text
        {
            let _ = input.focus();
            // Fields for numbers have no selection, and are short.
            let _ = input.set_selection_range(from, to);
            return;
        }
    }
}

fn show_row(index: usize) {
    let options = web_sys::ScrollIntoViewOptions::new();
    options.set_block(web_sys::ScrollLogicalPosition::Nearest);
    if let Some(row) = document().get_element_by_id(&format!("place-{index}")) {
        row.scroll_into_view_with_scroll_into_view_options(&options);
    }
}
