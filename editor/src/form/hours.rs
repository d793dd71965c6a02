//! A week of opening hours: spans for each day, all day, or closed.

use super::{
    parts::{Tool, focus_soon},
    place::Place,
    time_of_day::{DAY_MIN, TimeInput, span, span_text},
};
use crate::icon::Icon;
use leptos::prelude::*;
use serde_json::{Map, Value as Json, json};

/// The days of the week, as in files and in words.
pub const DAYS: &[(&str, &str)] = &[
    ("mon", "Monday"),
    ("tue", "Tuesday"),
    ("wed", "Wednesday"),
    ("thu", "Thursday"),
    ("fri", "Friday"),
    ("sat", "Saturday"),
    ("sun", "Sunday"),
];

/// How many of them are working days.
const WEEKDAYS: usize = 5;

/// The widget.
#[component]
pub fn HoursField(place: Place, id: String) -> impl IntoView {
    let id = StoredValue::new(id);
    let nine_to_five = move |_| {
        let days =
            DAYS[..WEEKDAYS].iter().map(|(day, _)| ((*day).to_owned(), json!(["09:00-17:00"])));
        place.set(Json::Object(days.collect()));
    };
    view! {
        <div class="week">
            {(0..DAYS.len()).map(|day| view! { <Day week=place day=day id=id.get_value() /> }).collect_view()}
        </div>
        <Show when=move || place.len() == 0>
            <button type="button" class="link" on:click=nine_to_five><Icon name="clock" small=true />"Monday to Friday, 9 to 5"</button>
        </Show>
    }
}

#[component]
fn Day(week: Place, day: usize, id: String) -> impl IntoView {
    let (key, name) = DAYS[day];
    let spans = week.key(key);
    let id = format!("{id}-{key}");
    let others = if day < WEEKDAYS { 0..WEEKDAYS } else { WEEKDAYS..DAYS.len() };
    let copy_label = match day {
        5 => "Copy Saturday to Sunday".to_owned(),
        6 => "Copy Sunday to Saturday".to_owned(),
        _ => format!("Copy {name} to the other weekdays"),
    };
    let copy = move |()| {
        let mut map = week.get_untracked().as_object().cloned().unwrap_or_else(Map::new);
        let hours = map.get(key).cloned();
        for (other, _) in &DAYS[others.clone()] {
            match &hours {
                Some(hours) => map.insert((*other).to_owned(), hours.clone()),
                None => map.remove(*other),
            };
        }
        week.set(if map.is_empty() { Json::Null } else { Json::Object(map) });
    };
    let ids = StoredValue::new(id.clone());
    view! {
        <div class="day-row" role="group" aria-label=name>
            <span class="day" aria-hidden="true">{&name[..3]}</span>
            <Spans place=spans id=id day=name />
            <span class="tools">
                <Tool icon="plus" id=format!("{}-add", ids.get_value()) label=format!("Add hours on {name}") on_press=Callback::new(move |()| add_span(spans, &ids.get_value())) />
                <Tool icon="clock" label=format!("Open all day on {name}") on_press=Callback::new(move |()| spans.set(json!([span_text(0, DAY_MIN)]))) />
                <Tool icon="copy" label=copy_label on_press=Callback::new(copy) />
            </span>
            <span class="day-bar" aria-hidden="true" style=move || bar(&spans.get())></span>
        </div>
    }
}

/// The spans of one day; closed without any.
#[component]
pub fn Spans(place: Place, id: String, #[prop(into)] day: Signal<String>) -> impl IntoView {
    let id = StoredValue::new(id);
    view! {
        <span class="spans">
            <Show when=move || place.len() == 0><span class="faint closed">"Closed"</span></Show>
            <For each=move || 0..place.len() key=|index| *index let(index)>
                <Span list=place index=index day_id=id.get_value() day=day />
            </For>
        </span>
    }
}

#[component]
fn Span(list: Place, index: usize, day_id: String, day: Signal<String>) -> impl IntoView {
    let row = list.row(index);
    let times = Memo::new(move |_| span(&row.text()));
    let is_all_day = Memo::new(move |_| times.get() == Some((0, DAY_MIN)));
    let from = Signal::derive(move || times.get().map(|(from, _)| from));
    let to = Signal::derive(move || times.get().map(|(_, to)| to));
    let set = move |from: Option<u16>, to: Option<u16>| {
        let (before_from, before_to) = times.get_untracked().unwrap_or((9 * 60, 17 * 60));
        list.row_text(index, span_text(from.unwrap_or(before_from), to.unwrap_or(before_to)));
    };
    let ids = StoredValue::new(format!("{day_id}-{index}"));
    let remove = move |_| {
        list.remove(index);
        focus_soon(format!("{day_id}-add"));
    };
    view! {
        <span class="span" class:has-problem=move || times.get().is_none_or(|(from, to)| from == to)>
            {move || if is_all_day.get() {
                view! { <b>"All day"</b> }.into_any()
            } else {
                view! {
                    <TimeInput id=format!("{}-from", ids.get_value()) label=Signal::derive(move || format!("{} from", day.get())) value=from on_change=Callback::new(move |time| set(Some(time), None)) />
                    <span aria-hidden="true">"–"</span>
                    <TimeInput id=format!("{}-to", ids.get_value()) label=Signal::derive(move || format!("{} to", day.get())) value=to on_change=Callback::new(move |time| set(None, Some(time))) />
                }.into_any()
            }}
            <button type="button" class="span-close" aria-label=move || format!("Take {} {} away", day.get(), row.text().replace('-', " to ")) on:click=remove><Icon name="close" small=true /></button>
        </span>
    }
}

/// Adds the hours that most likely come next and puts the focus there.
pub fn add_span(spans: Place, id: &str) {
    let before = spans.get_untracked();
    let rows = before.as_array().map(Vec::as_slice).unwrap_or_default();
    let last = rows.last().and_then(|row| span(row.as_str()?));
    spans.push(Json::String(next_span(last)));
    focus_soon(format!("{id}-{}-from", rows.len()));
}

/// After a morning comes an afternoon; after an afternoon, an evening.
fn next_span(last: Option<(u16, u16)>) -> String {
    const MORNING: u16 = 9 * 60;
    const EVENING: u16 = 17 * 60;
    const HOUR: u16 = 60;
    let Some((_, end)) = last else { return span_text(MORNING, EVENING) };
    let from = (end + HOUR).min(DAY_MIN - HOUR);
    span_text(from, if from < EVENING { EVENING } else { (from + 2 * HOUR).min(DAY_MIN) })
}

/// The day as a strip, from midnight to midnight, open hours in colour.
fn bar(spans: &Json) -> String {
    let stops = spans.as_array().into_iter().flatten().filter_map(|row| span(row.as_str()?)).map(
        |(from, to)| {
            let percent = |minutes: u16| f64::from(minutes) * 100.0 / f64::from(DAY_MIN);
            // Hours past midnight are shown up to it.
            let to = if to > from { to } else { DAY_MIN };
            format!(
                "linear-gradient(var(--accent), var(--accent)) {:.2}% 0 / {:.2}% 100% no-repeat",
                at(percent(from), percent(to)),
                percent(to) - percent(from)
            )
        },
    );
    let stops: Vec<String> = stops.collect();
    if stops.is_empty() {
        String::new()
    } else {
        format!("background: {}, var(--line)", stops.join(", "))
    }
}

/// Where a background of a width begins, as CSS counts: in parts of the room that is left.
fn at(from: f64, to: f64) -> f64 {
    let left = 100.0 - (to - from);
    if left > 0.0 { from * 100.0 / left } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_hours_follow_the_last() {
        assert_eq!(next_span(None), "09:00-17:00");
        assert_eq!(next_span(Some((540, 750))), "13:30-17:00");
        assert_eq!(next_span(Some((540, 1020))), "18:00-20:00");
        assert_eq!(next_span(Some((540, 1440))), "23:00-24:00");
    }
}
