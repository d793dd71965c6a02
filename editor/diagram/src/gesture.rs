//! A pointer's way over the canvas, turned into intents.
//!
//! The browser tells where the pointer is and what is under it; this decides whether that is a click, a
//! drag, a marquee, a pan or an edge being drawn. Thresholds are in screen pixels, so they are the same at
//! every zoom. Nothing here changes a drawing.

use crate::document::PortId;
use crate::geometry::{Point, Rect};
use crate::hit::Hit;
use crate::selection::Join;

/// Nearer than this a mouse has not moved.
pub const DRAG_MOUSE_PX: f64 = 4.0;
/// Nearer than this a finger or a pen has not moved.
pub const DRAG_TOUCH_PX: f64 = 6.0;
/// Two clicks within this time are a double click.
pub const DOUBLE_CLICK_MS: f64 = 450.0;

/// What points.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Device {
    /// A mouse or a trackpad.
    #[default]
    Mouse,
    /// A finger or a pen.
    Touch,
}

/// Which button went down.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Button {
    /// The main one, or a finger.
    #[default]
    Main,
    /// The wheel.
    Middle,
    /// The one for context menus.
    Secondary,
}

/// Keys held while pointing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Keys {
    /// Shift.
    pub shift: bool,
    /// Ctrl, or Cmd on a Mac.
    pub control: bool,
    /// Alt.
    pub alt: bool,
    /// The space bar: the main button pans.
    pub space: bool,
}

impl Keys {
    /// How a click or marquee with these keys joins the selection.
    pub fn join(self) -> Join {
        match (self.shift, self.control, self.alt) {
            (true, _, _) => Join::Add,
            (_, true, _) => Join::Toggle,
            (_, _, true) => Join::Subtract,
            _ => Join::Replace,
        }
    }
}

/// The pointer going down.
#[derive(Clone, Debug, PartialEq)]
pub struct Press {
    /// Where on the canvas, in screen pixels.
    pub at: Point,
    /// The same place in the world.
    pub world: Point,
    /// What is there.
    pub over: Hit,
    /// With what.
    pub device: Device,
    /// With which button.
    pub button: Button,
    /// With which keys.
    pub keys: Keys,
    /// When, in milliseconds of any clock.
    pub at_ms: f64,
}

/// What the person wants, as far as it can be told yet.
#[derive(Clone, Debug, PartialEq)]
pub enum Intent {
    /// Something was clicked.
    Click { over: Hit, join: Join },
    /// Something was clicked twice.
    DoubleClick { over: Hit, world: Point },
    /// The context menu is wanted.
    Menu { over: Hit, at: Point },
    /// The paper moves by screen pixels.
    Pan { dx: f64, dy: f64 },
    /// What is in this box of the world will be selected.
    Marquee { area: Rect, join: Join },
    /// The marquee is done.
    MarqueeEnd { area: Rect, join: Join },
    /// A card is picked up; with Alt, a copy of it.
    Lift { name: String, join: Join, is_copy: bool },
    /// What was picked up is this far from where it was, in world pixels. `is_free` keeps it off the grid's
    /// neighbours only on screen; the file always holds whole units.
    Carry { dx: f64, dy: f64 },
    /// It is put down there.
    Drop { dx: f64, dy: f64 },
    /// An edge is being drawn from a port to this place of the world.
    Wire { from: PortId, to: Point },
    /// It is let go there, at this place of the screen.
    WireEnd { from: PortId, to: Point, at: Point },
    /// Whatever was going on is off; everything is as before.
    Cancel,
}

/// What the pointer is doing.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Gesture {
    /// Nothing.
    #[default]
    Idle,
    /// It is down and has not moved yet.
    Pressed(Press),
    /// It moves the paper.
    Panning {
        /// Where it was last, on the screen.
        last: Point,
    },
    /// It draws a box.
    Marquee {
        /// Where it began, in the world.
        from: Point,
        /// How what is in it joins the selection.
        join: Join,
    },
    /// It carries cards.
    Carrying {
        /// Where it picked them up, in the world.
        from: Point,
    },
    /// It draws an edge; with `is_click` the button is up and the next click ends it.
    Wiring {
        /// Where the edge begins.
        from: PortId,
        /// Whether it was begun by a click.
        is_click: bool,
    },
}

/// Watches one pointer.
#[derive(Clone, Debug, Default)]
pub struct Tracker {
    gesture: Gesture,
    last_click: Option<(f64, Point)>,
    is_read_only: bool,
}

impl Tracker {
    /// Watches a pointer that does nothing yet; with `is_read_only` it can look around, and no more.
    pub fn new(is_read_only: bool) -> Tracker {
        Tracker { is_read_only, ..Tracker::default() }
    }

    /// What the pointer is doing.
    pub fn gesture(&self) -> &Gesture {
        &self.gesture
    }

    /// Whether the pointer is in the middle of something that the border of the canvas should pull along.
    pub fn pulls(&self) -> bool {
        matches!(
            self.gesture,
            Gesture::Marquee { .. }
                | Gesture::Carrying { .. }
                | Gesture::Wiring { is_click: false, .. }
        )
    }

    /// The pointer goes down.
    pub fn press(&mut self, press: Press) -> Option<Intent> {
        if let Gesture::Wiring { from, is_click: true } = &self.gesture {
            let from = from.clone();
            self.gesture = Gesture::Idle;
            if press.button == Button::Main {
                return Some(Intent::WireEnd { from, to: press.world, at: press.at });
            }
            return Some(Intent::Cancel);
        }
        if press.button == Button::Middle {
            self.gesture = Gesture::Panning { last: press.at };
        } else {
            self.gesture = Gesture::Pressed(press);
        }
        None
    }

    /// The pointer moves, whether it is down or not.
    pub fn moved(&mut self, at: Point, world: Point) -> Option<Intent> {
        match &mut self.gesture {
            Gesture::Idle => {
                // Whoever has been elsewhere in between did not click twice.
                self.last_click =
                    self.last_click.filter(|(_, last)| last.distance(at) <= DRAG_TOUCH_PX);
                None
            }
            Gesture::Panning { last } => {
                let (dx, dy) = (at.x - last.x, at.y - last.y);
                *last = at;
                Some(Intent::Pan { dx, dy })
            }
            Gesture::Marquee { from, join } => {
                Some(Intent::Marquee { area: Rect::around(*from, world), join: *join })
            }
            Gesture::Carrying { from } => {
                Some(Intent::Carry { dx: world.x - from.x, dy: world.y - from.y })
            }
            Gesture::Wiring { from, .. } => Some(Intent::Wire { from: from.clone(), to: world }),
            Gesture::Pressed(press) => {
                let threshold = match press.device {
                    Device::Mouse => DRAG_MOUSE_PX,
                    Device::Touch => DRAG_TOUCH_PX,
                };
                if press.at.distance(at) < threshold {
                    return None;
                }
                let press = press.clone();
                self.begin_drag(press, at, world)
            }
        }
    }

    fn begin_drag(&mut self, press: Press, at: Point, world: Point) -> Option<Intent> {
        let Press { over, keys, device, button, .. } = press;
        self.last_click = None;
        let on_paper = matches!(over, Hit::Nothing | Hit::Edge(_));
        let pans = keys.space
            || button == Button::Secondary
            || self.is_read_only
            || (device == Device::Touch && on_paper);
        if pans {
            self.gesture = Gesture::Panning { last: at };
            return Some(Intent::Pan { dx: at.x - press.at.x, dy: at.y - press.at.y });
        }
        match over {
            Hit::Port(from) => {
                self.gesture = Gesture::Wiring { from: from.clone(), is_click: false };
                Some(Intent::Wire { from, to: world })
            }
            Hit::Node(name) | Hit::Input(name) => {
                self.gesture = Gesture::Carrying { from: press.world };
                let join = if keys.shift { Join::Add } else { Join::Replace };
                Some(Intent::Lift { name, join, is_copy: keys.alt })
            }
            Hit::Edge(_) | Hit::Nothing => {
                let join = keys.join();
                self.gesture = Gesture::Marquee { from: press.world, join };
                Some(Intent::Marquee { area: Rect::around(press.world, world), join })
            }
        }
    }

    /// The pointer goes up.
    pub fn release(&mut self, at: Point, world: Point, at_ms: f64) -> Option<Intent> {
        match std::mem::take(&mut self.gesture) {
            Gesture::Idle | Gesture::Panning { .. } => None,
            Gesture::Marquee { from, join } => {
                Some(Intent::MarqueeEnd { area: Rect::around(from, world), join })
            }
            Gesture::Carrying { from } => {
                Some(Intent::Drop { dx: world.x - from.x, dy: world.y - from.y })
            }
            Gesture::Wiring { from, is_click: false } => {
                Some(Intent::WireEnd { from, to: world, at })
            }
            wiring @ Gesture::Wiring { .. } => {
                self.gesture = wiring;
                None
            }
            Gesture::Pressed(press) => self.click(press, at_ms),
        }
    }

    fn click(&mut self, press: Press, at_ms: f64) -> Option<Intent> {
        let Press { at, over, keys, button, world, .. } = press;
        if button == Button::Secondary {
            return Some(Intent::Menu { over, at });
        }
        if keys.space {
            return None;
        }
        if let (Hit::Port(from), false) = (&over, self.is_read_only) {
            let from = from.clone();
            self.gesture = Gesture::Wiring { from: from.clone(), is_click: true };
            return Some(Intent::Wire { from, to: world });
        }
        let is_double = self.last_click.take().is_some_and(|(last_ms, last)| {
            at_ms - last_ms <= DOUBLE_CLICK_MS && last.distance(at) <= DRAG_TOUCH_PX
        });
        if is_double {
            return Some(Intent::DoubleClick { over, world });
        }
        self.last_click = Some((at_ms, at));
        Some(Intent::Click { over, join: keys.join() })
    }

    /// An edge is begun without a pointer, from the keyboard or a menu.
    pub fn begin_wire(&mut self, from: PortId) {
        self.gesture = Gesture::Wiring { from, is_click: true };
    }

    /// Escape, a lost pointer, a second finger: nothing happened.
    pub fn cancel(&mut self) -> Option<Intent> {
        let was = std::mem::take(&mut self.gesture);
        (was != Gesture::Idle).then_some(Intent::Cancel)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn press(over: Hit) -> Press {
        let at = Point::new(100.0, 100.0);
        Press {
            at,
            world: at,
            over,
            device: Device::Mouse,
            button: Button::Main,
            keys: Keys::default(),
            at_ms: 0.0,
        }
    }

    fn node() -> Hit {
        Hit::Node("Menu".to_owned())
    }

    fn to(x: f64) -> Point {
        Point::new(x, 100.0)
    }

    #[test]
    fn a_hand_that_trembles_still_clicks() {
        let mut tracker = Tracker::default();
        tracker.press(press(node()));
        assert_eq!(tracker.moved(to(103.0), to(103.0)), None);
        let click = tracker.release(to(103.0), to(103.0), 80.0);
        assert_eq!(click, Some(Intent::Click { over: node(), join: Join::Replace }));
        tracker.press(press(node()));
        let second = tracker.release(to(100.0), to(100.0), 300.0);
        assert!(matches!(second, Some(Intent::DoubleClick { .. })));

        tracker.press(press(node()));
        tracker.release(to(100.0), to(100.0), 400.0);
        tracker.moved(to(300.0), to(300.0));
        tracker.press(press(node()));
        let third = tracker.release(to(100.0), to(100.0), 500.0);
        assert!(matches!(third, Some(Intent::Click { .. })));
    }

    #[test]
    fn a_card_is_carried_from_where_it_was_grabbed() {
        let mut tracker = Tracker::default();
        tracker.press(press(node()));
        let lift = tracker.moved(to(110.0), to(110.0));
        assert!(matches!(lift, Some(Intent::Lift { is_copy: false, .. })));
        assert_eq!(tracker.moved(to(150.0), to(150.0)), Some(Intent::Carry { dx: 50.0, dy: 0.0 }));
        let drop = tracker.release(to(160.0), to(160.0), 500.0);
        assert_eq!(drop, Some(Intent::Drop { dx: 60.0, dy: 0.0 }));
    }

    #[test]
    fn escape_ends_anything_and_only_once() {
        let mut tracker = Tracker::default();
        tracker.press(press(node()));
        tracker.moved(to(150.0), to(150.0));
        assert_eq!(tracker.cancel(), Some(Intent::Cancel));
        assert_eq!(tracker.cancel(), None);
        assert_eq!(tracker.release(to(150.0), to(150.0), 0.0), None);
    }

    #[test]
    fn an_edge_is_drawn_by_dragging_or_by_two_clicks() {
        let port = PortId::new("Menu", "1");
        let end = |at| Some(Intent::WireEnd { from: port.clone(), to: at, at });

        let mut dragging = Tracker::default();
        dragging.press(press(Hit::Port(port.clone())));
        dragging.moved(to(200.0), to(200.0));
        assert_eq!(dragging.release(to(200.0), to(200.0), 0.0), end(to(200.0)));

        let mut clicking = Tracker::default();
        clicking.press(press(Hit::Port(port.clone())));
        assert!(matches!(clicking.release(to(100.0), to(100.0), 0.0), Some(Intent::Wire { .. })));
        assert!(matches!(clicking.moved(to(180.0), to(180.0)), Some(Intent::Wire { .. })));
        assert_eq!(clicking.press(press(node())), end(to(100.0)));
        assert_eq!(clicking.gesture(), &Gesture::Idle);
    }

    #[test]
    fn the_paper_moves_by_wheel_button_space_and_on_a_page_that_is_only_read() {
        let pans = |tracker: &mut Tracker, press: Press| {
            tracker.press(press);
            matches!(tracker.moved(to(150.0), to(150.0)), Some(Intent::Pan { dx: 50.0, .. }))
        };
        assert!(pans(&mut Tracker::default(), Press { button: Button::Middle, ..press(node()) }));
        assert!(pans(
            &mut Tracker::default(),
            Press { button: Button::Secondary, ..press(node()) }
        ));
        let keys = Keys { space: true, ..Keys::default() };
        assert!(pans(&mut Tracker::default(), Press { keys, ..press(node()) }));
        let mut reading = Tracker::new(true);
        assert!(pans(&mut reading, press(node())));
        assert!(!pans(&mut Tracker::default(), press(Hit::Nothing)));
    }
}
