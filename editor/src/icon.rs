//! Pictures from the sprite in `index.html`.

use leptos::prelude::*;

/// One picture; says nothing to screen readers, words beside it do.
#[component]
pub fn Icon(
    /// A symbol's name without `i-`: a component's kind, or a name such as `check`.
    #[prop(into)]
    name: Signal<String>,
    /// 14 pixels instead of 16.
    #[prop(optional)]
    small: bool,
) -> impl IntoView {
    view! {
        <svg class="i" class:small=small aria-hidden="true" focusable="false">
            <use href=move || format!("#i-{}", name.get())></use>
        </svg>
    }
}

/// The coloured tile of a component.
#[component]
pub fn Tile(
    /// The component's kind.
    #[prop(into)]
    kind: String,
    /// 30 pixels instead of 24.
    #[prop(optional)]
    large: bool,
) -> impl IntoView {
    let group = engine::components::face(&kind).map(|face| face.group.as_str());
    view! { <span class="tile" class:large=large data-group=group><Icon name=kind /></span> }
}
