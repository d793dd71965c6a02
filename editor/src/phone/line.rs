//! The phone's connection to the simulator, and to the run behind the call.

use super::speech;
use crate::{
    backend::{self, Call, Error, Events, Message, Phone, PhoneAct},
    edit::Editing,
    follow::Followed,
    words,
};
use gloo_timers::callback::Interval;
use leptos::{prelude::*, task::spawn_local};

/// The number of the phone on the screen.
pub const OUR_PHONE: &str = "+15550199001";
/// Taken where every number starts something else already.
const LAST_NUMBER: &str = "+15550100009";
/// A run shows in the list a moment after the call; looked for this often at most.
const FIND_TRIES_MAX: u32 = 12;
const FIND_PAUSE_MS: u32 = 350;

/// What the phone reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// What is drawn.
    Draft,
    /// An older version.
    Older(u32),
    /// Nothing is published.
    Nothing,
}

/// The phone's state and what can be done with it.
#[derive(Clone, Copy)]
pub struct PhoneLine {
    editing: Editing,
    phone: RwSignal<Phone>,
    trouble: RwSignal<Option<String>>,
    is_busy: RwSignal<bool>,
    followed: Followed,
    is_aloud: RwSignal<bool>,
    now_ms: RwSignal<f64>,
    /// Calls of before the panel was opened stay out of sight.
    calls_before: StoredValue<usize>,
    texts_before: RwSignal<usize>,
    events: StoredValue<Option<Events>, LocalStorage>,
}

impl PhoneLine {
    /// Switches the phone on: from now on it rings for a person.
    pub fn begin(editing: Editing) -> PhoneLine {
        let line = PhoneLine {
            editing,
            phone: RwSignal::new(Phone::default()),
            trouble: RwSignal::new(None),
            is_busy: RwSignal::new(false),
            followed: Followed::new(),
            is_aloud: RwSignal::new(speech::is_wanted()),
            now_ms: RwSignal::new(js_sys::Date::now()),
            calls_before: StoredValue::new(0),
            texts_before: RwSignal::new(0),
            events: StoredValue::new_local(None),
        };
        spawn_local(async move { line.switch_on().await });
        let tick = StoredValue::new_local(Some(Interval::new(1_000, move || {
            line.now_ms.set(js_sys::Date::now())
        })));
        Effect::new(move |_| editing.path.set(line.followed.path()));
        line.follow_new_activity();
        line.speak_new_captions();
        on_cleanup(move || {
            line.events.set_value(None);
            tick.set_value(None);
            speech::stop();
        });
        line
    }

    async fn switch_on(self) {
        if let Err(error) = backend::phone_rings(OUR_PHONE).await {
            self.trouble.try_set(Some(error.to_string()));
            return;
        }
        match backend::phone(OUR_PHONE).await {
            Ok(phone) => {
                let ended = phone.calls.iter().take_while(|call| call.state == "ended").count();
                self.calls_before.try_set_value(ended);
                self.texts_before
                    .try_set(phone.messages.iter().filter(|text| text.direction == "in").count());
                self.phone.try_set(phone);
            }
            Err(error) => {
                self.trouble.try_set(Some(error.to_string()));
            }
        }
        let events = backend::follow_phone(OUR_PHONE, move |phone| {
            self.phone.try_set(phone);
        });
        self.events.try_set_value(events);
    }

    /// The call that is on the screen: the one going on, else the last; tracked.
    pub fn call(self) -> Option<Call> {
        let phone = self.phone.read();
        let calls = phone.calls.get(self.calls_before.get_value()..).unwrap_or_default();
        calls.iter().rev().find(|call| call.state != "ended").or(calls.last()).cloned()
    }

    /// Texts, oldest first; tracked.
    pub fn texts(self) -> Vec<Message> {
        self.phone.read().messages.clone()
    }

    /// How many texts had come when the phone was switched on, and how many have come by now; tracked.
    pub fn texts_counted(self) -> (usize, usize) {
        let now = self.phone.read().messages.iter().filter(|text| text.direction == "in").count();
        (self.texts_before.get(), now)
    }

    /// What went wrong last; tracked.
    pub fn trouble(self) -> Option<String> {
        self.trouble.get()
    }

    /// Whether something was asked for and has not happened yet; tracked.
    pub fn is_busy(self) -> bool {
        self.is_busy.get()
    }

    /// The run behind the call; tracked.
    pub fn run_id(self) -> Option<String> {
        self.followed.run().map(|run| run.id)
    }

    /// What stands at the top; tracked.
    pub fn title(self) -> String {
        match self.call() {
            Some(call) if call.state == "ringing" && call.direction == "incoming" => {
                format!("{} calls", words::number(&call.other))
            }
            Some(call) if call.state == "ringing" => "Calling…".to_owned(),
            Some(call) if call.state == "in_call" && call.direction == "outgoing" => {
                "You, calling".to_owned()
            }
            Some(call) if call.state == "in_call" => "You, called".to_owned(),
            Some(_) => "Call ended".to_owned(),
            None => "Phone".to_owned(),
        }
    }

    /// How long the call has been up; tracked.
    pub fn call_time(self) -> Option<String> {
        let call = self.call().filter(|call| call.state == "in_call")?;
        let began = js_sys::Date::new(&call.started_at.into()).get_time();
        (!began.is_nan()).then(|| words::call_time((self.now_ms.get() - began) / 1000.0))
    }

    /// Which version answers; tracked.
    pub fn reach(self) -> Reach {
        let draft = self.editing.draft;
        match draft.published_version() {
            None => Reach::Nothing,
            Some(version) if draft.differs_from_published() => Reach::Older(version),
            Some(_) => Reach::Draft,
        }
    }

    /// Whether what is said is also spoken; tracked.
    pub fn is_aloud(self) -> bool {
        self.is_aloud.get()
    }

    /// Speaks aloud from now on, or no longer.
    pub fn set_aloud(self, is_aloud: bool) {
        self.is_aloud.set(is_aloud);
        speech::want(is_aloud);
        if !is_aloud {
            speech::stop();
        }
    }

    /// Rings the workflow from this phone.
    pub fn call_workflow(self) {
        self.act(async move {
            let number = self.number_of_workflow().await?;
            backend::call_from(OUR_PHONE, &number).await
        });
    }

    /// Starts a run that is told this phone's number as `to`.
    pub fn be_called(self) {
        self.act(async move {
            let body = serde_json::json!({ "to": OUR_PHONE });
            let accepted = backend::start_run(&self.editing.draft.id(), &body).await?;
            self.followed.begin(&accepted.phlo_run_id);
            Ok(())
        });
    }

    /// Texts the workflow from this phone; while its run goes on, whoever texted last is answered.
    pub fn text_workflow(self, text: String) {
        let asked = self.followed.run_is_going_on() == Some(true);
        let last = self
            .phone
            .read_untracked()
            .messages
            .iter()
            .rfind(|text| text.direction == "in")
            .map(|text| text.other.clone());
        self.act(async move {
            let number = match last.filter(|number| asked && number.starts_with('+')) {
                Some(number) => number,
                None => self.number_of_workflow().await?,
            };
            backend::text_from(OUR_PHONE, &number, &text).await
        });
    }

    /// Does something with the call.
    pub fn phone_act(self, act: PhoneAct) {
        self.act(backend::phone_act(OUR_PHONE, act));
    }

    /// Presses a key.
    pub fn press(self, key: char) {
        self.act(async move { backend::phone_keys(OUR_PHONE, &key.to_string()).await });
    }

    /// Says something.
    pub fn say(self, words: String) {
        self.act(async move { backend::phone_says(OUR_PHONE, &words).await });
    }

    /// Addresses of what the run has recorded, oldest first; tracked.
    pub fn recordings(self) -> Vec<String> {
        let mut urls = Vec::new();
        for entry in self.followed.entries() {
            let url =
                entry.event.get("recording").and_then(|recording| recording.get("url")?.as_str());
            if let Some(url) = url.filter(|url| !urls.iter().any(|known| known == url)) {
                urls.push(url.to_owned());
            }
        }
        urls
    }

    fn act(self, doing: impl Future<Output = Result<(), Error>> + 'static) {
        self.trouble.set(None);
        self.is_busy.set(true);
        spawn_local(async move {
            if let Err(error) = doing.await {
                self.trouble.try_set(Some(error.to_string()));
            }
            self.is_busy.try_set(false);
        });
    }

    /// The number that starts this workflow; where there is none yet, a free one is made to.
    async fn number_of_workflow(self) -> Result<String, Error> {
        let id = self.editing.draft.id();
        let numbers = backend::numbers().await?.numbers;
        if let Some(number) = numbers.iter().find(|number| number.workflow.as_deref() == Some(&id))
        {
            return Ok(number.number.clone());
        }
        let free = numbers
            .iter()
            .find(|number| number.workflow.is_none())
            .map_or(LAST_NUMBER, |number| &number.number);
        backend::link_number(free, &id).await?;
        Ok(free.to_owned())
    }

    /// Whenever a call or a text is new, the run behind it is looked for and followed.
    fn follow_new_activity(self) {
        let activity = Memo::new(move |_| {
            let phone = self.phone.read();
            (phone.calls.len(), phone.messages.len())
        });
        Effect::new(move |before: Option<(usize, usize)>| {
            let now = activity.get();
            if before.is_some_and(|before| before != now && before != (0, 0))
                || (before == Some((0, 0)) && now == (1, 0))
            {
                spawn_local(async move { self.find_run().await });
            }
            now
        });
    }

    async fn find_run(self) {
        for _ in 0..FIND_TRIES_MAX {
            if self.followed.run_is_going_on() != Some(false) {
                return;
            }
            let newest = backend::runs(&self.editing.draft.id(), "", None)
                .await
                .ok()
                .and_then(|list| list.runs.into_iter().next());
            let is_new = |run: &api::runs::Run| {
                words::is_going_on(&run.status)
                    || js_sys::Date::now()
                        - js_sys::Date::new(&run.started_at.as_str().into()).get_time()
                        < 10_000.0
            };
            if let Some(run) = newest
                .filter(is_new)
                .filter(|run| Some(&run.id) != self.followed.run_id_untracked().as_ref())
            {
                self.followed.begin(&run.id);
                return;
            }
            gloo_timers::future::TimeoutFuture::new(FIND_PAUSE_MS).await;
        }
    }

    fn speak_new_captions(self) {
        let heard = Memo::new(move |_| {
            let call = self.call()?;
            let last = call.captions.iter().rposition(|caption| caption.who == "them")?;
            Some((call.call_uuid, last, call.captions[last].text.clone()))
        });
        Effect::new(move |before: Option<Option<(String, usize, String)>>| {
            let now = heard.get();
            if before.is_some_and(|before| before != now)
                && self.is_aloud.get_untracked()
                && let Some((_, _, words)) = &now
            {
                speech::say(words);
            }
            now
        });
    }
}
