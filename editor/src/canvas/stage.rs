//! Everything a canvas is in the middle of: what is mounted, hovered, drawn, asked and said.

use std::collections::BTreeMap;
use std::time::Duration;

use diagram::gesture::Tracker;
use diagram::hit::Hit;
use diagram::{Point, PortId, Rect};
use leptos::html::Div;
use leptos::prelude::*;

use crate::canvas::marks::MarkState;
use crate::commands::Keymap;
use crate::drawing::Drawing;

/// Above this zoom cards show everything, and below the other one they are boxes.
const NEAR_ZOOM: f64 = 0.5;
const FAR_ZOOM: f64 = 0.35;
/// So many cards are cheap enough to stay cards at any zoom.
const FAR_COUNT_MIN: usize = 200;
/// Below this zoom titles are larger still.
const TINY_ZOOM: f64 = 0.4;
/// A zoom this little beyond a limit does not change the detail back.
const ZOOM_SLACK: f64 = 0.03;

/// How much of a card can be read at this zoom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// Everything.
    Near,
    /// Title, icon and badges.
    Middle,
    /// A coloured box.
    Far,
}

/// What has elements in the page.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Mounted {
    /// Cards by name.
    pub nodes: Vec<String>,
    /// Edges by their ports.
    pub edges: Vec<PortId>,
}

/// An edge being drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Wire {
    /// Where it begins.
    pub from: PortId,
    /// Where the pointer is, in the world.
    pub to: Point,
}

/// What a new step is asked for.
#[derive(Clone, Debug, PartialEq)]
pub enum Purpose {
    /// To follow a way out; with a place, where its line was let go.
    From(PortId, Option<Point>),
    /// To be put into an edge.
    Into(PortId),
    /// To stand at a place of the world.
    At(Point),
    /// To follow what is selected.
    After,
}

/// The list of steps to choose from.
#[derive(Clone, Debug, PartialEq)]
pub struct Chooser {
    /// Where on the canvas, in screen pixels.
    pub at: Point,
    /// What for.
    pub purpose: Purpose,
}

/// The context menu.
#[derive(Clone, Debug, PartialEq)]
pub struct Menu {
    /// Where on the canvas, in screen pixels.
    pub at: Point,
    /// What it is about.
    pub over: Hit,
}

/// Cards that are being carried.
#[derive(Clone, Debug, Default)]
pub struct Carried {
    /// Which.
    pub names: Vec<String>,
    /// Whether they are copies, made when they were picked up.
    pub are_copies: bool,
}

/// The state of one canvas. A handle: cheap to copy.
#[derive(Clone, Copy)]
pub struct Stage {
    /// What is drawn.
    pub drawing: Drawing,
    /// Whether it may only be looked at.
    pub is_read_only: bool,
    /// Which keys mean what.
    pub keymap: Keymap,
    /// What is wrong, by node.
    pub problems: Memo<BTreeMap<String, Vec<engine::Problem>>>,
    /// The element pointers are watched on.
    pub surface: NodeRef<Div>,
    /// Where the surface's corner is on the page.
    pub origin: StoredValue<Point>,
    /// What the pointer is doing.
    pub tracker: StoredValue<Tracker>,
    /// Where the pointer was last, on the canvas.
    pub pointer: StoredValue<Point>,
    /// What is being carried.
    pub carried: RwSignal<Carried>,
    /// What has elements.
    pub mounted: RwSignal<Mounted>,
    /// How many nodes there are.
    pub count: Memo<usize>,
    /// How much of a card can be read.
    pub detail: Memo<Detail>,
    /// Whether titles have to be larger to be read.
    pub is_tiny: Memo<bool>,
    /// The edge being drawn.
    pub wire: RwSignal<Option<Wire>>,
    /// The node it would lead to if it were let go now.
    pub wire_target: RwSignal<Option<String>>,
    /// The selection box being drawn.
    pub marquee: RwSignal<Option<Rect>>,
    /// The edge under the pointer, or into which a carried card would go.
    pub hovered_edge: RwSignal<Option<PortId>>,
    /// The edge that was clicked.
    pub selected_edge: RwSignal<Option<PortId>>,
    /// The list of steps, if open.
    pub chooser: RwSignal<Option<Chooser>>,
    /// The context menu, if open.
    pub menu: RwSignal<Option<Menu>>,
    /// Notes, groups and comments.
    pub marks: MarkState,
    /// The card that Tab leads to.
    pub active: RwSignal<Option<String>>,
    /// The card whose label is being edited.
    pub editing: RwSignal<Option<String>>,
    /// What was said last to those who do not see the canvas.
    pub spoken: RwSignal<String>,
    /// Whether the pointer moves the paper.
    pub is_panning: RwSignal<bool>,
    /// Whether the space bar is down.
    pub is_space_down: RwSignal<bool>,
    /// Told when a node's settings are wanted.
    pub on_open: Option<Callback<String>>,
    /// The part of the world whose cards are mounted, and in what detail.
    pub(super) covered: StoredValue<(Rect, Detail)>,
    /// Counts the camera's journeys: one that is not the last ends.
    pub(super) travel: StoredValue<u32>,
}

impl Stage {
    /// A canvas with nothing going on.
    pub fn new(
        drawing: Drawing,
        is_read_only: bool,
        problems: Signal<Vec<engine::Problem>>,
        on_open: Option<Callback<String>>,
    ) -> Stage {
        let by_node = Memo::new(move |_| {
            let mut by_node: BTreeMap<String, Vec<engine::Problem>> = BTreeMap::new();
            problems.with(|problems| {
                for problem in problems {
                    let Some(node) = &problem.node else { continue };
                    by_node.entry(node.to_string()).or_default().push(problem.clone());
                }
            });
            by_node
        });
        let count = Memo::new(move |_| {
            drawing.revision();
            drawing.with(diagram::Document::len)
        });
        let camera = drawing.camera();
        let detail = Memo::new(move |before: Option<&Detail>| {
            let zoom = camera.with(|camera| camera.zoom);
            let slack = |detail| if before == Some(&detail) { ZOOM_SLACK } else { 0.0 };
            if zoom >= NEAR_ZOOM - slack(Detail::Near) {
                Detail::Near
            } else if zoom >= FAR_ZOOM - slack(Detail::Middle) || count.get() < FAR_COUNT_MIN {
                Detail::Middle
            } else {
                Detail::Far
            }
        });
        Stage {
            drawing,
            is_read_only,
            keymap: Keymap::of_context(),
            problems: by_node,
            surface: NodeRef::new(),
            origin: StoredValue::default(),
            tracker: StoredValue::new(Tracker::new(is_read_only)),
            pointer: StoredValue::default(),
            carried: RwSignal::default(),
            mounted: RwSignal::default(),
            count,
            detail,
            is_tiny: Memo::new(move |_| camera.with(|camera| camera.zoom) < TINY_ZOOM),
            wire: RwSignal::default(),
            wire_target: RwSignal::default(),
            marquee: RwSignal::default(),
            hovered_edge: RwSignal::default(),
            selected_edge: RwSignal::default(),
            chooser: RwSignal::default(),
            menu: RwSignal::default(),
            marks: MarkState::new(drawing),
            active: RwSignal::default(),
            editing: RwSignal::default(),
            spoken: RwSignal::default(),
            is_panning: RwSignal::default(),
            is_space_down: RwSignal::default(),
            on_open,
            covered: StoredValue::new((Rect::default(), Detail::Far)),
            travel: StoredValue::new(0),
        }
    }

    /// What of the world is at this place of the canvas.
    pub fn to_world(self, at: Point) -> Point {
        self.drawing.camera().get_untracked().to_world(at)
    }

    /// What is at this place of the canvas.
    pub fn hit(self, at: Point) -> Hit {
        let camera = self.drawing.camera().get_untracked();
        let selected = self.drawing.selected().get_untracked();
        self.drawing.with_scene(|scene, document| {
            scene.hit(document, camera.to_world(at), camera.zoom, |name| selected.contains(name))
        })
    }

    /// Shows which edge the pointer is at; it stays for a moment after the pointer left, so that its
    /// buttons can be reached.
    pub fn hover(self, edge: Option<PortId>) {
        let before = self.hovered_edge.get_untracked();
        if before == edge {
            return;
        }
        if edge.is_some() {
            self.hovered_edge.set(edge);
            return;
        }
        set_timeout(
            move || {
                let still_away = self.tracker.try_with_value(|_| ()).is_some()
                    && self.hovered_edge.get_untracked() == before
                    && !matches!(self.hit(self.pointer.get_value()), Hit::Edge(port) if Some(&port) == before.as_ref());
                if still_away {
                    self.hovered_edge.set(None);
                }
            },
            Duration::from_millis(300),
        );
    }

    /// Tells something to those who do not see the canvas.
    pub fn say(self, words: impl Into<String>) {
        self.spoken.set(words.into());
    }
}
