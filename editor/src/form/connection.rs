//! One of the server's database connections.

use super::{
    parts::{Input, Options, Select},
    place::Place,
};
use crate::backend;
use leptos::{prelude::*, task::spawn_local};

/// The widget: a list, or a text where the server does not tell its connections.
#[component]
pub fn ConnectionField(place: Place, id: String) -> impl IntoView {
    let listed = RwSignal::new(None::<Options>);
    spawn_local(async move {
        if let Ok(list) = backend::connections().await {
            let mut options = vec![(String::new(), "Choose a connection".to_owned())];
            options.extend(list.connections.into_iter().map(|connection| {
                let words = format!("{} ({})", connection.name, kind_words(&connection.kind));
                (connection.name, words)
            }));
            listed.try_set(Some(options));
        }
    });
    let is_none = move || listed.read().as_ref().is_some_and(|options| options.len() == 1);
    let value = Signal::derive(move || place.text());
    let set = Callback::new(move |name: String| place.set_text(name.trim()));
    let id = StoredValue::new(id);
    view! {
        {move || match listed.get() {
            Some(options) if options.len() > 1 => view! { <Select id=id.get_value() options=options value=value on_change=set /> }.into_any(),
            _ => view! { <Input id=id.get_value() class="code" placeholder="bookings" value=value on_change=set /> }.into_any(),
        }}
        <Show when=is_none>
            <p class="hint">"This server has no connection yet. Its operator names one with "<code>"PHLOEM_DATABASE_NAME=postgres://…"</code>"."</p>
        </Show>
    }
}

fn kind_words(kind: &str) -> &str {
    match kind {
        "sqlite" => "SQLite",
        "postgres" => "PostgreSQL",
        other => other,
    }
}
