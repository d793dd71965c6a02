//! Texts by key in the browser's database (IndexedDB): what is written here outlives the tab.

use js_sys::{Array, Promise};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    IdbDatabase, IdbKeyRange, IdbObjectStore, IdbOpenDbRequest, IdbRequest, IdbTransactionMode,
};

const DATABASE: &str = "phloem";
const STORE: &str = "drafts";

/// The open database.
#[derive(Clone)]
pub struct Store {
    database: IdbDatabase,
}

/// One change of what is stored.
pub enum Edit {
    /// Stores a text under a key.
    Put(String, String),
    /// Forgets a key.
    Delete(String),
    /// Forgets every key that begins so.
    Clear(String),
}

/// Opens the database. It begins at once, also if nobody waits for it yet; `None` where the browser refuses.
pub fn open() -> impl Future<Output = Option<Store>> {
    let request = leptos::prelude::window()
        .indexed_db()
        .ok()
        .flatten()
        .and_then(|factory| factory.open_with_u32(DATABASE, 1).ok());
    let opening = request.map(|request| {
        let opened = request.clone();
        let upgrade = Closure::once_into_js(move || {
            if let Ok(database) = opened.result() {
                let _ = database.unchecked_into::<IdbDatabase>().create_object_store(STORE);
            }
        });
        request.set_onupgradeneeded(Some(upgrade.unchecked_ref()));
        // Another tab of an older editor may hold it; nobody shall wait for that.
        promise(&request)
    });
    async move {
        let database = JsFuture::from(opening?).await.ok()?.dyn_into::<IdbDatabase>().ok()?;
        Some(Store { database })
    }
}

impl Store {
    /// Begins to write, in one piece: all of it or none. It goes on if the tab ends right after.
    ///
    /// # Errors
    /// If the browser does not take it.
    #[expect(deprecated, reason = "only the name of this binding is old")]
    pub fn write(&self, edits: impl IntoIterator<Item = Edit>) -> Result<(), JsValue> {
        let mut edits = edits.into_iter().peekable();
        if edits.peek().is_none() {
            return Ok(());
        }
        let (transaction, store) = self.begin(IdbTransactionMode::Readwrite)?;
        for edit in edits {
            match edit {
                Edit::Put(key, text) => store.put_with_key(&text.into(), &key.into())?,
                Edit::Delete(key) => store.delete(&key.into())?,
                Edit::Clear(prefix) => store.delete(&range(&prefix)?)?,
            };
        }
        // Without this the browser asks the tab once more before it commits.
        transaction.commit()
    }

    /// Everything under keys that begin so, in their order.
    pub async fn read(&self, prefix: &str) -> Option<Vec<(String, String)>> {
        let (_, store) = self.begin(IdbTransactionMode::Readonly).ok()?;
        let range = range(prefix).ok()?;
        let keys = promise(&store.get_all_keys_with_key(&range).ok()?);
        let texts = promise(&store.get_all_with_key(&range).ok()?);
        let keys: Array = JsFuture::from(keys).await.ok()?.dyn_into().ok()?;
        let texts: Array = JsFuture::from(texts).await.ok()?.dyn_into().ok()?;
        let entry = |(key, text): (JsValue, JsValue)| Some((key.as_string()?, text.as_string()?));
        Some(keys.iter().zip(texts.iter()).filter_map(entry).collect())
    }

    fn begin(
        &self,
        mode: IdbTransactionMode,
    ) -> Result<(web_sys::IdbTransaction, IdbObjectStore), JsValue> {
        let transaction = self.database.transaction_with_str_and_mode(STORE, mode)?;
        let store = transaction.object_store(STORE)?;
        Ok((transaction, store))
    }
}

fn range(prefix: &str) -> Result<JsValue, JsValue> {
    let end = format!("{prefix}\u{ffff}");
    IdbKeyRange::bound(&prefix.into(), &end.into()).map(Into::into)
}

/// Keeps the answer of a request for whoever waits; an opening that is blocked counts as refused.
fn promise(request: &IdbRequest) -> Promise {
    Promise::new(&mut |resolve, reject| {
        let answered = request.clone();
        let succeeded = Closure::once_into_js(move || {
            let answer = answered.result().unwrap_or(JsValue::UNDEFINED);
            let _ = resolve.call1(&JsValue::NULL, &answer);
        });
        request.set_onsuccess(Some(succeeded.unchecked_ref()));
        request.set_onerror(Some(&reject));
        if let Some(opening) = request.dyn_ref::<IdbOpenDbRequest>() {
            opening.set_onblocked(Some(&reject));
        }
    })
}
