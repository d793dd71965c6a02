//! The camera: which part of the world is on the screen, and how it moves.

use crate::geometry::{Point, Rect};

/// The smallest zoom a person can choose.
pub const ZOOM_MIN: f64 = 0.1;
/// The largest zoom.
pub const ZOOM_MAX: f64 = 2.0;
/// How far out "fit" may go, for very large drawings.
pub const FIT_ZOOM_MIN: f64 = 0.05;
/// One press of `+`.
pub const ZOOM_STEP: f64 = 1.2;
/// The share of the screen that "fit" leaves free on each side.
pub const FIT_MARGIN: f64 = 0.06;
/// What is opened is shown at least this large, for it is to be read.
pub const OPENING_ZOOM_MIN: f64 = 0.7;
/// Around the first card, where not everything is shown, in screen pixels.
const OPENING_MARGIN_PX: f64 = 64.0;
/// One line of a wheel that counts in lines, in pixels.
const LINE_PX: f64 = 20.0;
/// Near this border a drag moves the camera, in screen pixels.
const AUTOPAN_ZONE_PX: f64 = 40.0;
/// The fastest it does so, in screen pixels a frame.
const AUTOPAN_MAX_PX: f64 = 15.0;

/// How many pixels of the screen the canvas has.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Size {
    /// To the right.
    pub width: f64,
    /// Downwards.
    pub height: f64,
}

/// A view of the world: `screen = world * zoom + (x, y)`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Camera {
    /// Where the world's origin is on the screen, to the right.
    pub x: f64,
    /// Where the world's origin is on the screen, downwards.
    pub y: f64,
    /// Screen pixels for one world pixel.
    pub zoom: f64,
}

impl Default for Camera {
    fn default() -> Camera {
        Camera { x: 0.0, y: 0.0, zoom: 1.0 }
    }
}

impl Camera {
    /// Where a place of the world is on the screen.
    pub fn to_screen(&self, world: Point) -> Point {
        Point::new(world.x * self.zoom + self.x, world.y * self.zoom + self.y)
    }

    /// What place of the world is under a place of the screen.
    pub fn to_world(&self, screen: Point) -> Point {
        Point::new((screen.x - self.x) / self.zoom, (screen.y - self.y) / self.zoom)
    }

    /// The part of the world on a screen of this size.
    pub fn visible(&self, size: Size) -> Rect {
        let corner = self.to_world(Point::default());
        Rect::new(corner.x, corner.y, size.width / self.zoom, size.height / self.zoom)
    }

    /// Moves the paper by screen pixels.
    #[must_use]
    pub fn panned(self, dx: f64, dy: f64) -> Camera {
        Camera { x: self.x + dx, y: self.y + dy, ..self }
    }

    /// Zooms so that what is under `focus` (on the screen) stays there.
    #[must_use]
    pub fn zoomed(self, factor: f64, focus: Point) -> Camera {
        // A drawing too large for the smallest zoom may be fitted below it; zooming out stops where it is.
        let floor = ZOOM_MIN.min(self.zoom);
        let zoom = (self.zoom * factor).clamp(floor, ZOOM_MAX);
        let world = self.to_world(focus);
        Camera { x: focus.x - world.x * zoom, y: focus.y - world.y * zoom, zoom }
    }

    /// Shows all of `bounds` in the middle, never larger than life.
    pub fn fitted(bounds: Rect, size: Size) -> Camera {
        let free = 1.0 - 2.0 * FIT_MARGIN;
        let wide = size.width * free / bounds.width.max(1.0);
        let high = size.height * free / bounds.height.max(1.0);
        let zoom = wide.min(high).clamp(FIT_ZOOM_MIN, 1.0);
        Camera { x: 0.0, y: 0.0, zoom }.centered(bounds.center(), size)
    }

    /// How a drawing is shown at first: all of it if it can be read then, else from its `first` card on.
    pub fn opening(bounds: Rect, first: Rect, size: Size) -> Camera {
        let all = Camera::fitted(bounds, size);
        if all.zoom >= OPENING_ZOOM_MIN {
            return all;
        }
        let zoom = OPENING_ZOOM_MIN;
        let middle = Camera { zoom, ..all }.centered(bounds.center(), size);
        let x = OPENING_MARGIN_PX - first.x * zoom;
        let high = bounds.height * zoom + 2.0 * OPENING_MARGIN_PX;
        let y = if high <= size.height {
            middle.y
        } else {
            size.height / 3.0 - first.center().y * zoom
        };
        Camera { x, y, zoom }
    }

    /// The same zoom with `world` in the middle of the screen.
    #[must_use]
    pub fn centered(self, world: Point, size: Size) -> Camera {
        Camera {
            x: size.width / 2.0 - world.x * self.zoom,
            y: size.height / 2.0 - world.y * self.zoom,
            ..self
        }
    }

    /// Moves no further than needed to have all of `bounds` on the screen with `margin_px` around it;
    /// what does not fit is centred.
    #[must_use]
    pub fn revealing(self, bounds: Rect, size: Size, margin_px: f64) -> Camera {
        let corner = self.to_screen(Point::new(bounds.x, bounds.y));
        let dx = shift_into(corner.x, bounds.width * self.zoom, size.width, margin_px);
        let dy = shift_into(corner.y, bounds.height * self.zoom, size.height, margin_px);
        self.panned(dx, dy)
    }

    /// A view on the way from this one to `to`; `t` from 0 to 1. Zoom changes evenly to the eye, that
    /// is by equal factors in equal times, and the middle of the screen travels straight.
    #[must_use]
    pub fn toward(self, to: Camera, t: f64, size: Size) -> Camera {
        if t >= 1.0 {
            return to;
        }
        let zoom = self.zoom * (to.zoom / self.zoom).powf(t);
        let middle = Point::new(size.width / 2.0, size.height / 2.0);
        let (a, b) = (self.to_world(middle), to.to_world(middle));
        // World distances shrink as the zoom grows, so the way travelled follows the zoom.
        let share = if (to.zoom - self.zoom).abs() < 1e-9 {
            t
        } else {
            (1.0 / self.zoom - 1.0 / zoom) / (1.0 / self.zoom - 1.0 / to.zoom)
        };
        let at = Point::new(a.x + (b.x - a.x) * share, a.y + (b.y - a.y) * share);
        Camera { zoom, ..self }.centered(at, size)
    }
}

fn shift_into(start: f64, length: f64, room: f64, margin: f64) -> f64 {
    if length + 2.0 * margin > room {
        return (room - length) / 2.0 - start;
    }
    let low = margin - start;
    let high = room - margin - (start + length);
    if low > 0.0 { low } else { high.min(0.0) }
}

/// In what a wheel event counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WheelUnit {
    /// Pixels, `deltaMode` 0.
    Pixel,
    /// Lines, `deltaMode` 1 (Firefox with a mouse).
    Line,
    /// Screens, `deltaMode` 2.
    Page,
}

/// How far a wheel event moves the paper on one axis, in screen pixels.
pub fn wheel_pan(delta: f64, unit: WheelUnit, page_px: f64) -> f64 {
    match unit {
        WheelUnit::Pixel => -delta,
        WheelUnit::Line => -delta * LINE_PX,
        WheelUnit::Page => -delta * page_px,
    }
}

/// By what factor a wheel event with Ctrl (or a pinch, which browsers report so) zooms.
///
/// `is_pinch` is for trackpads, whose deltas are about a tenth of a wheel's.
pub fn wheel_zoom(delta_y: f64, unit: WheelUnit, is_pinch: bool) -> f64 {
    let step = match unit {
        WheelUnit::Pixel => 0.002,
        WheelUnit::Line => 0.05,
        WheelUnit::Page => 1.0,
    };
    let gain = if is_pinch { 10.0 } else { 1.0 };
    // One event may at most halve or double, whatever a driver reports.
    (-delta_y * step * gain).clamp(-1.0, 1.0).exp2()
}

/// How the camera moves in one frame while something is dragged to the border, in screen pixels.
pub fn autopan(pointer: Point, size: Size) -> Point {
    let pull = |at: f64, room: f64| {
        let low = ((AUTOPAN_ZONE_PX - at) / AUTOPAN_ZONE_PX).clamp(0.0, 1.0);
        let high = ((at - (room - AUTOPAN_ZONE_PX)) / AUTOPAN_ZONE_PX).clamp(0.0, 1.0);
        (low - high) * AUTOPAN_MAX_PX
    };
    Point::new(pull(pointer.x, size.width), pull(pointer.y, size.height))
}

/// Slow at both ends; `t` from 0 to 1.
pub fn ease_in_out(t: f64) -> f64 {
    if t < 0.5 { 4.0 * t * t * t } else { 1.0 - (-2.0 * t + 2.0).powi(3) / 2.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: Size = Size { width: 800.0, height: 600.0 };

    #[test]
    fn zooming_keeps_what_is_under_the_pointer() {
        let camera = Camera { x: 37.0, y: -12.0, zoom: 0.8 };
        let focus = Point::new(300.0, 200.0);
        let before = camera.to_world(focus);
        for factor in [0.5, 1.3, 100.0, 0.0001] {
            let after = camera.zoomed(factor, focus);
            assert!(after.to_world(focus).distance(before) < 1e-9);
            assert!((ZOOM_MIN..=ZOOM_MAX).contains(&after.zoom));
        }
    }

    #[test]
    fn fit_shows_everything_and_never_magnifies() {
        let small = Camera::fitted(Rect::new(5.0, 5.0, 10.0, 10.0), SIZE);
        assert_eq!(small.zoom, 1.0);
        let bounds = Rect::new(-500.0, 40.0, 3000.0, 900.0);
        let visible = Camera::fitted(bounds, SIZE).visible(SIZE);
        assert!(visible.x < bounds.x && visible.right() > bounds.right());
        assert!(visible.y < bounds.y && visible.bottom() > bounds.bottom());
    }

    #[test]
    fn a_wide_drawing_opens_at_its_first_card_large_enough_to_read() {
        let first = Rect::new(-40.0, 300.0, 232.0, 120.0);
        let camera = Camera::opening(Rect::new(-40.0, 0.0, 5000.0, 600.0), first, SIZE);
        assert_eq!(camera.zoom, OPENING_ZOOM_MIN);
        let visible = camera.visible(SIZE);
        assert!(visible.x < first.x && visible.y < 0.0 && visible.bottom() > 600.0);
        let small = Rect::new(0.0, 0.0, 500.0, 300.0);
        assert_eq!(Camera::opening(small, first, SIZE), Camera::fitted(small, SIZE));
    }

    #[test]
    fn revealing_moves_only_as_far_as_needed() {
        let camera = Camera::default();
        let inside = Rect::new(100.0, 100.0, 232.0, 100.0);
        assert_eq!(camera.revealing(inside, SIZE, 24.0), camera);
        let outside = Rect::new(900.0, 100.0, 232.0, 100.0);
        let moved = camera.revealing(outside, SIZE, 24.0);
        assert_eq!((moved.x, moved.y), (800.0 - 24.0 - 1132.0, 0.0));
    }

    #[test]
    fn an_animation_begins_and_ends_where_it_should() {
        let (from, to) =
            (Camera { x: 10.0, y: 0.0, zoom: 0.4 }, Camera { x: -400.0, y: 90.0, zoom: 1.6 });
        let start = from.toward(to, 0.0, SIZE);
        assert!((start.x - from.x).abs() < 1e-6 && (start.zoom - from.zoom).abs() < 1e-9);
        assert_eq!(from.toward(to, 1.0, SIZE), to);
        assert!((from.toward(to, 0.5, SIZE).zoom - 0.8).abs() < 1e-9);
    }

    #[test]
    fn the_border_pulls_only_when_near() {
        assert_eq!(autopan(Point::new(400.0, 300.0), SIZE), Point::default());
        assert_eq!(autopan(Point::new(0.0, 300.0), SIZE).x, AUTOPAN_MAX_PX);
        assert_eq!(autopan(Point::new(900.0, 300.0), SIZE).x, -AUTOPAN_MAX_PX);
    }
}
