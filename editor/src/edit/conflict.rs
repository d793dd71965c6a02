//! The choice between two drafts: mine, theirs, or both in one, with what each side did in words.

use super::{Editing, changes::Change};
use crate::{
    dialog::Dialog,
    language::{t, tf},
    words,
};
use diagram::merge::Side;
use leptos::prelude::*;
use std::collections::BTreeMap;

/// What may become the draft.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Choice {
    Both,
    Mine,
    Theirs,
}

/// The dialog; mounted while there is a conflict and it was not put off.
#[component]
pub fn ConflictDialog() -> impl IntoView {
    let draft = Editing::of_context().draft;
    let choice = RwSignal::new(Choice::Both);
    let chosen = RwSignal::new(BTreeMap::<String, Side>::new());
    let use_it = move |_| match choice.get_untracked() {
        Choice::Both => chosen.with_untracked(|chosen| draft.take_both(chosen)),
        Choice::Mine => draft.keep_mine(),
        Choice::Theirs => draft.take_theirs(),
    };
    let sides = draft.sides();
    let lead = sides.as_ref().map(|sides| {
        tf(
            "Another draft was saved {ago}. Nothing is lost, and undo brings the other one back.",
            &[("ago", &words::ago(&sides.saved_at))],
        )
    });
    view! {
        <Dialog title=t("Two drafts of this workflow") lead=lead.unwrap_or_default() wide=true on_close=Callback::new(move |()| draft.choose_now(false))
            footer=move || view! {
                <button type="button" class="btn" on:click=move |_| draft.choose_now(false)>{t("Decide later")}</button>
                <button type="button" class="btn primary" on:click=use_it>{move || match choice.get() {
                    Choice::Both => t("Merge both"),
                    Choice::Mine => t("Keep mine"),
                    Choice::Theirs => t("Take theirs"),
                }}</button>
            }>
            {sides.map(|sides| {
                let overlaps = StoredValue::new(sides.overlaps);
                view! {
                    <div class="two-drafts">
                        <Changes title=t("You changed") changes=sides.mine />
                        <Changes title=t("They changed") changes=sides.theirs />
                    </div>
                    <fieldset class="draft-choice">
                        <legend>{t("What shall be the draft?")}</legend>
                        <Offer choice=choice of=Choice::Both words=t("Merge both") help=t("What only one side changed is taken from that side.") />
                        <Offer choice=choice of=Choice::Mine words=t("Keep mine") help=t("What they changed is left out.") />
                        <Offer choice=choice of=Choice::Theirs words=t("Take theirs") help=t("What you changed is left out.") />
                    </fieldset>
                    <Show when=move || choice.get() == Choice::Both && overlaps.with_value(|overlaps| !overlaps.is_empty())>
                        <section class="overlaps" aria-label=t("Changed on both sides")>
                            <h3>{t("Changed on both sides: whose is right?")}</h3>
                            {overlaps.get_value().into_iter().map(|(name, label)| view! { <Overlap name=name label=label chosen=chosen /> }).collect_view()}
                        </section>
                    </Show>
                }
            })}
        </Dialog>
    }
}

#[component]
fn Changes(title: &'static str, changes: Vec<Change>) -> impl IntoView {
    let nothing = changes.is_empty().then(
        || view! { <li class="faint">{t("Nothing that callers notice; steps were moved.")}</li> },
    );
    view! {
        <section aria-label=title>
            <h3>{title}</h3>
            <ul>{changes.into_iter().map(|change| view! { <li>{change.words}</li> }).collect_view()}{nothing}</ul>
        </section>
    }
}

#[component]
fn Offer(
    choice: RwSignal<Choice>,
    of: Choice,
    words: &'static str,
    help: &'static str,
) -> impl IntoView {
    view! {
        <label class="draft-offer">
            <input type="radio" name="which-draft" prop:checked=move || choice.get() == of on:change=move |_| choice.set(of) />
            <span><strong>{words}</strong><small>{help}</small></span>
        </label>
    }
}

#[component]
fn Overlap(name: String, label: String, chosen: RwSignal<BTreeMap<String, Side>>) -> impl IntoView {
    let name = StoredValue::new(name);
    let side = move || {
        chosen.with(|chosen| name.with_value(|name| chosen.get(name).copied().unwrap_or_default()))
    };
    let offer = move |of: Side, words: &'static str| {
        view! {
            <label>
                <input type="radio" name=format!("overlap-{}", name.get_value()) prop:checked=move || side() == of
                    on:change=move |_| chosen.update(|chosen| { chosen.insert(name.get_value(), of); }) />
                {words}
            </label>
        }
    };
    view! {
        <div class="overlap" role="group" aria-label=label.clone()>
            <span>{label.clone()}</span>
            <div class="seg">{offer(Side::Mine, t("Mine"))}{offer(Side::Theirs, t("Theirs"))}</div>
        </div>
    }
}
