//! Who a text comes from: a number, a name or a Powerpack.

use super::{place::Place, template_text::TemplateText};
use leptos::prelude::*;

/// The widget.
#[component]
pub fn SenderField(place: Place, id: String) -> impl IntoView {
    view! { <TemplateText place=place id=id placeholder="The server’s own number" /> }
}
