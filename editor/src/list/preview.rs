//! A workflow as a small drawing, made from its own geometry.

use crate::drawing::file;
use diagram::{Rect, geometry, preview};
use engine::Document;
use leptos::prelude::*;

/// The shape of the picture: wider drawings get paper above and below, others at their sides.
const RATIO: f64 = 1.9;
/// A drawing smaller than this is not blown up.
const WIDTH_MIN_PX: f64 = 760.0;

/// The drawing. It says nothing to screen readers; the words beside it do.
#[component]
pub fn Preview(document: Document) -> impl IntoView {
    let preview::Preview { bounds, cards, folds, frames, lines } =
        preview::preview(&file::read(&document))?;
    let width = bounds.width.max(bounds.height * RATIO).max(WIDTH_MIN_PX);
    let height = width / RATIO;
    let (x, y) = (bounds.center().x - width / 2.0, bounds.center().y - height / 2.0);
    let card = |(Rect { x, y, width, height }, kind): (Rect, String)| {
        let group = engine::components::face(&kind).map(|face| face.group.as_str());
        let line = |top: f64, share: f64| {
            view! { <rect class="words" x=x + 48.0 y=y + top width=(width - 72.0) * share height="10" rx="5"></rect> }
        };
        view! {
            <g data-group=group>
                <rect class="card" x=x y=y width=width height=height rx="12"></rect>
                <rect class="tile" x=x + 10.0 y=y + 8.0 width="24" height="24" rx="7"></rect>
                {line(15.0, 0.62)}
                {(height > geometry::HEADER_PX + 20.0).then(|| line(46.0, 0.9))}
            </g>
        }
    };
    let plain = |class: &'static str| {
        move |Rect { x, y, width, height }: Rect| {
            view! { <rect class=class x=x y=y width=width height=height rx="14"></rect> }
        }
    };
    Some(view! {
        <svg
            class="preview"
            viewBox=format!("{x:.0} {y:.0} {width:.0} {height:.0}")
            preserveAspectRatio="xMidYMid meet"
            aria-hidden="true"
            focusable="false"
        >
            {frames.into_iter().map(plain("frame")).collect_view()}
            {lines.into_iter().map(|line| view! { <path d=line></path> }).collect_view()}
            {cards.into_iter().map(card).collect_view()}
            {folds.into_iter().map(plain("card")).collect_view()}
        </svg>
    })
}
