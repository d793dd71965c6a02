//! Which tabs live: each holds a lock of the browser under its own name, and the browser lets go of it when the tab is gone, however it went.

use js_sys::{Array, Function, Object, Promise, Reflect};
use leptos::prelude::window;
use std::collections::BTreeSet;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;

/// What the locks' names begin with.
const NAMED: &str = "phloem-tab-";

/// A name for this tab that no other has.
pub(super) fn name() -> String {
    let letters = (js_sys::Math::random() * 1e12) as u64;
    format!("{:x}{letters:x}", js_sys::Date::now() as u64)
}

/// Lets other tabs know that this one lives, until it ends.
pub(super) fn live(tab: &str) {
    let forever = Closure::once_into_js(|| Promise::new(&mut |_, _| {}));
    // A browser without locks, or on a plain address, just does not tell.
    let _ = manager().and_then(|(locks, request)| {
        request.call2(&locks, &format!("{NAMED}{tab}").into(), &forever).ok()
    });
}

/// The tabs that live; none where the browser does not tell.
pub(super) async fn living() -> BTreeSet<String> {
    held().await.unwrap_or_default()
}

async fn held() -> Option<BTreeSet<String>> {
    let (locks, _) = manager()?;
    let query: Function = get(&locks, "query")?.dyn_into().ok()?;
    let promise: Promise = query.call0(&locks).ok()?.dyn_into().ok()?;
    let held: Array = get(&JsFuture::from(promise).await.ok()?, "held")?.dyn_into().ok()?;
    let tab =
        |lock: JsValue| Some(get(&lock, "name")?.as_string()?.strip_prefix(NAMED)?.to_owned());
    Some(held.iter().filter_map(tab).collect())
}

fn manager() -> Option<(JsValue, Function)> {
    let locks = get(window().navigator().as_ref(), "locks").filter(JsValue::is_object)?;
    let request = get(&locks, "request")?.dyn_into().ok()?;
    Some((locks, request))
}

fn get(of: &JsValue, key: &str) -> Option<JsValue> {
    let of: &Object = of.dyn_ref()?;
    Reflect::get(of, &key.into()).ok()
}
