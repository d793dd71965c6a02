//! What lies over a canvas and is not needed to look at it: buttons, the map, lists to choose from. It arrives after the first screen (`crate::parts`).

use leptos::prelude::*;

use crate::canvas::stage::Stage;
use crate::canvas::{Hint, chooser, comments, mark_menu, menu, minimap, toolbar};

/// All of it.
pub fn tools(stage: Stage) -> AnyView {
    view! {
        <Hint stage />
        <toolbar::Toolbar stage />
        <minimap::Minimap stage />
        <chooser::ChooserPopover stage />
        <menu::MenuPopover stage />
        <mark_menu::MarkMenu stage />
        <comments::AllComments stage />
        <comments::Comments stage />
    }
    .into_any()
}
