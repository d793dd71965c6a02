//! When a run starts by itself: a plain choice for most, a cron line for the rest, and always the same in words.

mod cron;

use super::{
    hours::DAYS,
    parts::{Input, Options, Select},
    place::{Place, text_of},
    time_of_day::TimeInput,
    time_zone::{self, TimeZoneField},
};
use cron::{Days, Plan};
use leptos::prelude::*;
use serde_json::{Value as Json, json};

const KINDS: &[(&str, &str)] = &[
    ("", "Never by itself"),
    ("daily", "Every day"),
    ("weekdays", "Weekdays"),
    ("weekly", "Some weekdays"),
    ("monthly", "Every month"),
    ("cron", "As a cron line says"),
];

/// The widget.
#[component]
pub fn ScheduleField(place: Place, id: String) -> impl IntoView {
    let line = Memo::new(move |_| place.get().get("cron").map(text_of).unwrap_or_default());
    // A line that has a plain name may still be wanted as a line.
    let wants_line = RwSignal::new(false);
    let plan = Memo::new(move |_| Plan::of_cron(&line.read()));
    let kind = Memo::new(move |_| match plan.get() {
        _ if place.get().is_null() => "",
        _ if wants_line.get() => "cron",
        Some(plan) => plan.days.kind(),
        None => "cron",
    });
    let put = move |plan: Plan| {
        let mut after = place.get_untracked();
        if !after.is_object() {
            after = json!({ "time_zone": time_zone::here() });
        }
        after["cron"] = Json::String(plan.to_cron());
        place.set(after);
    };
    let choose = move |chosen: String| {
        let now = plan.get_untracked().unwrap_or(Plan { days: Days::All, minutes: 9 * 60 });
        wants_line.set(chosen == "cron");
        match chosen.as_str() {
            "" => place.set(Json::Null),
            "cron" => put(now),
            kind => put(Plan { days: Days::of_kind(kind, now.days), ..now }),
        }
    };
    let (cron, time_zone) = (place.key("cron"), place.key("time_zone"));
    let ids = StoredValue::new(id);
    let options: Options =
        KINDS.iter().map(|(kind, words)| ((*kind).to_owned(), (*words).to_owned())).collect();
    let time = Signal::derive(move || plan.get().map(|plan| plan.minutes));
    let set_time = move |minutes: u16| {
        if let Some(plan) = plan.get_untracked() {
            put(Plan { minutes, ..plan });
        }
    };
    view! {
        <div class="schedule">
            <div class="row">
                <Select id=ids.get_value() label="How often" options=options value=Signal::derive(move || kind.get().to_owned()) on_change=Callback::new(choose) />
                <Show when=move || !matches!(kind.get(), "" | "cron")>
                    <span class="muted">"at"</span>
                    <TimeInput id=format!("{}-time", ids.get_value()) label="Time of day" value=time on_change=Callback::new(set_time) />
                </Show>
            </div>
            {move || match kind.get() {
                "weekly" => view! { <Weekdays plan=plan on_change=Callback::new(put) /> }.into_any(),
                "monthly" => view! { <DayOfMonth plan=plan id=ids.get_value() on_change=Callback::new(put) /> }.into_any(),
                "cron" => view! {
                    <Input id=format!("{}-cron", ids.get_value()) class="code" is_for_the_end=true label="Cron line" placeholder="0 9 * * mon-fri" value=line invalid=Signal::derive(move || place.has_problem())
                        on_change=Callback::new(move |typed: String| cron.set_text(typed.trim())) />
                    <p class="hint">"Minute, hour, day of the month, month, day of the week."</p>
                }.into_any(),
                _ => ().into_any(),
            }}
            <Show when=move || !kind.get().is_empty()>
                <TimeZoneField place=time_zone id=format!("{}-zone", ids.get_value()) label="Time zone" />
                <p class="in-words">{move || plan.get().map(Plan::words)}</p>
            </Show>
        </div>
    }
}

#[component]
fn Weekdays(plan: Memo<Option<Plan>>, on_change: Callback<Plan>) -> impl IntoView {
    let chosen = move || match plan.get().map(|plan| plan.days) {
        Some(Days::Some(days)) => days,
        _ => [false; 7],
    };
    let toggle = move |day: usize| {
        let mut days = chosen();
        days[day] = !days[day];
        if let Some(plan) = plan.get_untracked().filter(|_| days.contains(&true)) {
            on_change.run(Plan { days: Days::Some(days), ..plan });
        }
    };
    view! {
        <div class="keys week-keys" role="group" aria-label="Days of the week">
            {DAYS.iter().enumerate().map(|(day, (_, name))| view! {
                <button type="button" aria-label=*name aria-pressed=move || chosen()[day].to_string() on:click=move |_| toggle(day)>{&name[..2]}</button>
            }).collect_view()}
        </div>
    }
}

#[component]
fn DayOfMonth(plan: Memo<Option<Plan>>, id: String, on_change: Callback<Plan>) -> impl IntoView {
    let day = Signal::derive(move || match plan.get().map(|plan| plan.days) {
        Some(Days::OfMonth(day)) => day.to_string(),
        _ => "1".to_owned(),
    });
    let options: Options =
        (1..=31).map(|day: u8| (day.to_string(), format!("on day {day}"))).collect();
    let is_rare = move || day.read().parse::<u8>().is_ok_and(|day| day > 28);
    let set = move |day: String| {
        if let (Some(plan), Ok(day)) = (plan.get_untracked(), day.parse()) {
            on_change.run(Plan { days: Days::OfMonth(day), ..plan });
        }
    };
    view! {
        <Select id=format!("{id}-day") label="Day of the month" options=options value=day on_change=Callback::new(set) />
        <Show when=is_rare>
            <p class="hint">"Months without that day are left out."</p>
        </Show>
    }
}
