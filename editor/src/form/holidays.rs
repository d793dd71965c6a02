//! Days that are not like others: a date or a day of every year, a name, and hours of its own.

use super::{
    PlaceProblems,
    hours::{Spans, add_span},
    parts::{AddButton, Input, Options, Select, Tool, focus_soon},
    place::{Place, text_of},
    rows::{RowTools, Rows, SortableRows},
};
use js_sys::Date;
use leptos::prelude::*;
use serde_json::{Value as Json, json};

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// The widget.
#[component]
pub fn HolidaysField(place: Place, id: String) -> impl IntoView {
    let rows = Rows::of(place, &id);
    let id = StoredValue::new(id);
    let add = move |()| {
        let index = place.get_untracked().as_array().map_or(0, Vec::len);
        place.push(json!({ "date": today() }));
        focus_soon(format!("{}-{index}", id.get_value()));
    };
    view! {
        <div class="rows">
            <SortableRows rows=rows row=Callback::new(move |index| view! { <Holiday list=place rows=rows index=index id=id.get_value() /> }.into_any()) />
            <AddButton id=id.get_value() words="Add a day" on_press=Callback::new(add) />
        </div>
    }
}

#[component]
fn Holiday(list: Place, rows: Rows, index: usize, id: String) -> impl IntoView {
    let row = list.row(index);
    let field = move |key: &'static str| {
        Signal::derive(move || row.get().get(key).map(text_of).unwrap_or_default())
    };
    let put = move |key: &'static str, value: Json| {
        let mut after = row.get_untracked();
        if let Some(row) = after.as_object_mut() {
            if value.as_str() == Some("") {
                row.remove(key);
            } else {
                row.insert(key.to_owned(), value);
            }
        }
        row.set(after);
    };
    let (name, date) = (field("name"), field("date"));
    let is_yearly = Memo::new(move |_| date.read().len() == "12-25".len());
    let toggle_yearly = move |event: web_sys::Event| {
        let date = date.get_untracked();
        let day = date.get(date.len().saturating_sub("12-25".len())..).unwrap_or("01-01");
        put(
            "date",
            json!(if event_target_checked(&event) {
                day.to_owned()
            } else {
                format!("{}-{day}", Date::new_0().get_full_year())
            }),
        );
    };
    let title = Signal::derive(move || {
        if name.read().is_empty() { format!("Day {}", index + 1) } else { name.get() }
    });
    let id = format!("{id}-{index}");
    let ids = StoredValue::new(id.clone());
    let hours = row.key("hours");
    let remove = Callback::new(move |()| list.remove(index));
    view! {
        <div class="card-row" class:has-problem=move || row.has_problem() role="group" aria-label=move || title.get()>
            <div class="row">
                <Input id=id.clone() class="grow" value=name label="Name of the day" placeholder="Christmas Day" on_change=Callback::new(move |typed: String| put("name", json!(typed.trim()))) />
                <RowTools rows=rows index=index what=title on_remove=remove />
            </div>
            <div class="row date-row">
                {move || if is_yearly.get() {
                    view! { <DayOfYear date=date id=ids.get_value() on_change=Callback::new(move |date: String| put("date", json!(date))) /> }.into_any()
                } else {
                    view! {
                        <input type="date" id=format!("{}-date", ids.get_value()) class="input num" aria-label="Date" prop:value=move || date.get()
                            on:change=move |event| put("date", json!(event_target_value(&event))) />
                    }.into_any()
                }}
                <label class="check"><input type="checkbox" prop:checked=move || is_yearly.get() on:change=toggle_yearly />"Every year"</label>
            </div>
            <div class="row">
                <Spans place=hours id=id.clone() day=title />
                <span class="grow"></span>
                <Tool icon="plus" id=format!("{}-add", ids.get_value()) label=Signal::derive(move || format!("Add hours on {}", title.get())) on_press=Callback::new(move |()| add_span(hours, &ids.get_value())) />
            </div>
            <PlaceProblems place=row />
        </div>
    }
}

/// A day and a month: `12-25`.
#[component]
fn DayOfYear(date: Signal<String>, id: String, on_change: Callback<String>) -> impl IntoView {
    let part = move |index: usize| date.get().split('-').nth(index).unwrap_or_default().to_owned();
    let months: Options =
        (1..).zip(MONTHS).map(|(number, name)| (format!("{number:02}"), name.to_owned())).collect();
    let days = Signal::derive(move || {
        let last = match part(0).as_str() {
            "02" => 29,
            "04" | "06" | "09" | "11" => 30,
            _ => 31,
        };
        (1..=last).map(|day| (format!("{day:02}"), day.to_string())).collect::<Options>()
    });
    view! {
        <Select id=format!("{id}-day") class="narrow num" label="Day" options=days value=Signal::derive(move || part(1)) on_change=Callback::new(move |day: String| on_change.run(format!("{}-{day}", part(0)))) />
        <Select id=format!("{id}-month") label="Month" options=months value=Signal::derive(move || part(0)) on_change=Callback::new(move |month: String| on_change.run(format!("{month}-{}", part(1)))) />
    }
}

fn today() -> String {
    let now = Date::new_0();
    format!("{}-{:02}-{:02}", now.get_full_year(), now.get_month() + 1, now.get_date())
}
