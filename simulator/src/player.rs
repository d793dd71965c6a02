//! Carries out answer documents: fetches one, does what its elements say, follows where they lead.

mod beside;
mod page;

use std::time::{Duration, Instant};

use plivo::xml::{
    Element, Hangup as HangupElement, HangupReason, Play, Prompt, Response, Speak, Wait,
};

pub(crate) use self::page::Page;
use crate::{
    hangup::{CallStatus, Hangup},
    ledger::Direction,
    limits::{CHARACTER_SPOKEN, FILE_PLAYED, TRANSFERS_MAX},
    line::{Destination, Interruption, Line, Woken},
    message,
    phone::Who,
    webhook::{Family, Hook},
};

/// What comes after an element.
#[derive(Debug)]
pub(crate) enum Next {
    /// The next element.
    Continue,
    /// Another document instead of the rest of this one.
    Follow(Page),
    /// Nothing.
    HangUp(Hangup),
}

impl Line {
    /// Plays documents, from this one to wherever they lead, until the call is over.
    pub(crate) async fn perform(&mut self, first: Page) -> Hangup {
        let outcome = self.perform_page(&first).await;
        self.follow(outcome).await
    }

    /// Plays a document that need not be fetched, and whatever it leads to.
    pub(crate) async fn perform_document(&mut self, document: &Response) -> Hangup {
        let outcome = self.play_all(&document.elements).await;
        self.follow(outcome).await
    }

    /// Goes on somewhere else, to wherever that leads.
    pub(crate) async fn perform_at(&mut self, to: Destination) -> Hangup {
        self.follow(Err(Interruption::Transferred(to))).await
    }

    async fn perform_page(&mut self, page: &Page) -> Result<Next, Interruption> {
        let response = self.fetch(page).await?;
        self.play_all(&response.elements).await
    }

    async fn follow(&mut self, mut outcome: Result<Next, Interruption>) -> Hangup {
        loop {
            let page = match outcome {
                Ok(Next::Continue) => return Hangup::END_OF_XML,
                Ok(Next::HangUp(hangup)) => return hangup,
                Ok(Next::Follow(page)) => page,
                Err(Interruption::Ended(hangup)) => return hangup,
                Err(Interruption::Transferred(to)) => {
                    self.transfers += 1;
                    if self.transfers > TRANSFERS_MAX {
                        return Hangup::LOOP;
                    }
                    match to {
                        Destination::Address(hook) => Page::transfer(hook),
                        Destination::Document(document) => {
                            outcome = self.play_all(&document.elements).await;
                            continue;
                        }
                    }
                }
            };
            outcome = self.perform_page(&page).await;
        }
    }

    /// Carries out elements from top to bottom.
    pub(crate) async fn play_all(&mut self, elements: &[Element]) -> Result<Next, Interruption> {
        for element in elements {
            if !self.is_answered
                && self.order.direction == Direction::Inbound
                && !matches!(
                    element,
                    Element::PreAnswer(_) | Element::Hangup(_) | Element::Redirect(_)
                )
            {
                self.answered();
            }
            match Box::pin(self.play(element)).await? {
                Next::Continue => {}
                other => return Ok(other),
            }
        }
        Ok(Next::Continue)
    }

    async fn play(&mut self, element: &Element) -> Result<Next, Interruption> {
        match element {
            Element::Speak(speak) => self.speak(speak).await,
            Element::Play(play) => self.play_file(play).await,
            Element::GetDigits(get_digits) => self.get_digits(get_digits).await,
            Element::GetInput(get_input) => self.get_input(get_input).await,
            Element::Record(record) => self.record(record).await,
            Element::Dial(dial) => self.dial(dial).await,
            Element::Conference(conference) => self.confer(conference).await,
            Element::MultiPartyCall(room) => self.join_multi_party(room).await,
            Element::Redirect(redirect) => {
                let hook = Hook { url: redirect.url.clone(), method: redirect.method };
                Ok(Next::Follow(Page::redirect(hook)))
            }
            Element::Hangup(hangup) => Ok(self.hang_up(hangup)),
            Element::Wait(wait) => self.wait(wait).await,
            Element::PreAnswer(elements) => self.play_before_answer(elements).await,
            Element::Dtmf(dtmf) => {
                self.send_keys(&dtmf.digits);
                Ok(Next::Continue)
            }
            Element::Message(message) => {
                let ours = match self.order.direction {
                    Direction::Inbound => &self.order.to,
                    Direction::Outbound => &self.order.from,
                };
                message::send_element(&self.network, message, ours);
                Ok(Next::Continue)
            }
        }
    }

    async fn play_before_answer(&mut self, elements: &[Element]) -> Result<Next, Interruption> {
        for element in elements {
            match Box::pin(self.play(element)).await? {
                Next::Continue => {}
                other => return Ok(other),
            }
        }
        Ok(Next::Continue)
    }

    fn hang_up(&mut self, hangup: &HangupElement) -> Next {
        if let Some(schedule_s) = hangup.schedule_s {
            self.add_curfew(
                Instant::now() + self.network.pace_s(f64::from(schedule_s)),
                Hangup::TIME_LIMIT,
            );
            return Next::Continue;
        }
        Next::HangUp(match (self.is_answered, hangup.reason) {
            (true, _) => Hangup::BY_XML,
            (false, Some(HangupReason::Busy)) => Hangup::XML_BUSY,
            (false, Some(HangupReason::Rejected) | None) => Hangup::XML_REJECTED,
        })
    }

    async fn wait(&mut self, wait: &Wait) -> Result<Next, Interruption> {
        // Telephones here say nothing of themselves, so a wait for silence is over as soon as one is long enough.
        let silence_s = f64::from(wait.min_silence_ms) / 1_000.0;
        let length_s = f64::from(wait.length_s);
        let length_s = if wait.silence { length_s.min(silence_s) } else { length_s };
        self.pause(self.network.pace_s(length_s)).await?;
        Ok(Next::Continue)
    }

    async fn speak(&mut self, speak: &Speak) -> Result<Next, Interruption> {
        for _ in 0..speak.loop_count.clamp(1, 100) {
            self.hear(&Prompt::Speak(speak.clone()), false).await?;
        }
        self.linger(speak.loop_count).await
    }

    async fn play_file(&mut self, play: &Play) -> Result<Next, Interruption> {
        for _ in 0..play.loop_count.clamp(1, 100) {
            self.hear(&Prompt::Play(play.clone()), false).await?;
        }
        self.linger(play.loop_count).await
    }

    /// What is repeated until the hang-up is said once and then waited out.
    async fn linger(&mut self, loop_count: u32) -> Result<Next, Interruption> {
        if loop_count > 0 {
            return Ok(Next::Continue);
        }
        loop {
            self.next(None).await?;
        }
    }

    /// Says or plays something. Only a person needs time to hear it; where keys count (`is_input`), they interrupt.
    pub(crate) async fn hear(
        &mut self,
        prompt: &Prompt,
        is_input: bool,
    ) -> Result<Option<Woken>, Interruption> {
        let duration = match prompt {
            Prompt::Speak(speak) => {
                let text = speak.text.trim();
                if text.is_empty() {
                    return Ok(None);
                }
                self.network.note_call(self.call_uuid, |call| call.add_spoken(text));
                self.caption(Who::Them, text);
                CHARACTER_SPOKEN
                    .saturating_mul(u32::try_from(text.chars().count()).unwrap_or(u32::MAX))
            }
            Prompt::Play(play) => {
                self.network.note_call(self.call_uuid, |call| call.add_played(&play.url));
                self.caption(Who::Note, format!("Playing {}", play.url));
                FILE_PLAYED
            }
        };
        let until = Instant::now()
            + if self.is_person { self.network.pace(duration) } else { Duration::ZERO };
        while self.is_person {
            match self.next(Some(until)).await? {
                Woken::Elapsed | Woken::Skip => return Ok(None),
                woken @ (Woken::Keys(_) | Woken::Speech(_) | Woken::Silence) if is_input => {
                    return Ok(Some(woken));
                }
                _ => {}
            }
        }
        Ok(None)
    }

    /// What follows an element with an action address: the document it gives, or (`redirect` false) just a note to it.
    pub(crate) async fn follow_action(
        &mut self,
        action: Option<Hook>,
        redirect: bool,
        extra: Vec<(String, String)>,
    ) -> Result<Next, Interruption> {
        let Some(hook) = action else { return Ok(Next::Continue) };
        if redirect {
            return Ok(Next::Follow(Page::action(hook, extra)));
        }
        if hook.is_askable() {
            let mut params = self.params("Redirect");
            params.extend(extra);
            // Its answer does not matter, and neither does its silence.
            let _ = self.ask(&hook, params).await?;
        }
        Ok(Next::Continue)
    }

    /// Tells an action address of something that ended with the call.
    pub(crate) fn notify_action(&self, action: Option<Hook>, extra: Vec<(String, String)>) {
        if let Some(hook) = action.filter(Hook::is_askable) {
            let mut params = self.params("Redirect");
            for (name, value) in &mut params {
                if name == "CallStatus" {
                    *value = CallStatus::Completed.as_str().to_owned();
                }
            }
            params.extend(extra);
            self.network.notify(hook, params, Family::Voice);
        }
    }
}
