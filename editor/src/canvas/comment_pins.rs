//! Where there are comments: a badge on the card they are about, a pin on the paper.

use diagram::{Point, Position, Topic};
use leptos::prelude::*;

use crate::canvas::marks::Voices;
use crate::canvas::stage::Stage;
use crate::icon::Icon;
use crate::language::{t, tn};

/// How many comments there are on a card's node; a press shows them.
#[component]
pub fn CommentBadge(stage: Stage, name: String) -> impl IntoView {
    let topic = Topic::Node(name.clone());
    let voices = Memo::new(move |_| {
        stage
            .marks
            .on_cards
            .with(|cards| cards.get(&name).map(|card| card.voices))
            .unwrap_or_default()
    });
    view! { <Badge stage topic voices class="comment-badge" /> }
}

/// The comments on the paper itself.
#[component]
pub fn Pins(stage: Stage) -> impl IntoView {
    let spots = Memo::new(move |_| {
        stage.marks.spots.with(|spots| spots.keys().copied().collect::<Vec<_>>())
    });
    view! {
        <For each=move || spots.get() key=|at| *at let(at)>
            <Pin stage at />
        </For>
    }
}

#[component]
fn Pin(stage: Stage, at: Position) -> impl IntoView {
    let voices = Memo::new(move |_| {
        stage.marks.spots.with(|spots| spots.get(&at).copied()).unwrap_or_default()
    });
    let Point { x, y } = Point::from(at);
    view! {
        <div class="comment-pin" style=format!("transform:translate({x}px,{y}px)")>
            <Badge stage topic=Topic::Spot(at) voices class="comment-badge" />
        </div>
    }
}

#[component]
fn Badge(stage: Stage, topic: Topic, voices: Memo<Voices>, class: &'static str) -> impl IntoView {
    move || {
        let topic = topic.clone();
        let Voices { open, settled } = voices.get();
        let words = match open {
            0 => t("All comments are resolved").to_owned(),
            open => tn(open, "{n} comment", "{n} comments"),
        };
        (open + settled > 0).then(|| {
            view! {
                <button
                    type="button"
                    class=class
                    class:settled=open == 0
                    tabindex="-1"
                    aria-label=words.clone()
                    title=words
                    on:click=move |_| stage.open_comments(topic.clone())
                >
                    <Icon name=if open == 0 { "check" } else { "comment" } small=true />
                    {(open > 0).then_some(open)}
                </button>
            }
        })
    }
}
