//! Fetching answer documents.

use std::sync::Arc;

use plivo::xml::Response;
use tokio::sync::oneshot;

use crate::{
    hangup::{DocumentKind, DocumentTrouble, Hangup},
    limits::DOCUMENTS_FETCHED_MAX,
    line::{Interruption, Line},
    phone::Who,
    webhook::{Failure, Family, Hook},
};

/// A document to fetch: where, why and with what to tell.
#[derive(Clone, Debug)]
pub(crate) struct Page {
    pub(crate) hook: Hook,
    pub(crate) kind: DocumentKind,
    pub(crate) event: &'static str,
    pub(crate) extra: Vec<(String, String)>,
}

impl Page {
    pub(crate) fn answer(hook: Hook, extra: Vec<(String, String)>) -> Page {
        Page { hook, kind: DocumentKind::Answer, event: "StartApp", extra }
    }

    pub(crate) fn action(hook: Hook, extra: Vec<(String, String)>) -> Page {
        Page { hook, kind: DocumentKind::Action, event: "Redirect", extra }
    }

    pub(crate) fn redirect(hook: Hook) -> Page {
        Page { hook, kind: DocumentKind::Redirect, event: "Redirect", extra: Vec::new() }
    }

    pub(crate) fn transfer(hook: Hook) -> Page {
        Page { hook, kind: DocumentKind::Transfer, event: "Redirect", extra: Vec::new() }
    }
}

impl Line {
    /// Asks for a document; an answer address that fails has the fallback address behind it.
    pub(super) async fn fetch(&mut self, page: &Page) -> Result<Response, Interruption> {
        self.documents_fetched += 1;
        if self.documents_fetched > DOCUMENTS_FETCHED_MAX {
            return Err(Interruption::Ended(Hangup::LOOP));
        }
        match self.fetch_once(page).await? {
            Ok(response) => Ok(response),
            Err(trouble) => {
                match self.order.fallback.clone().filter(|_| page.kind == DocumentKind::Answer) {
                    Some(fallback) => {
                        let page = Page { hook: fallback, ..page.clone() };
                        let second = self.fetch_once(&page).await?;
                        second.map_err(|trouble| {
                            Interruption::Ended(Hangup::document(page.kind, trouble))
                        })
                    }
                    None => Err(Interruption::Ended(Hangup::document(page.kind, trouble))),
                }
            }
        }
    }

    async fn fetch_once(
        &mut self,
        page: &Page,
    ) -> Result<Result<Response, DocumentTrouble>, Interruption> {
        if !page.hook.is_askable() {
            self.problem(&page.hook.url, "", "not an absolute http address");
            return Ok(Err(DocumentTrouble::Address));
        }
        let mut params = self.params(page.event);
        params.extend(page.extra.iter().cloned());
        let answer = match self.ask(&page.hook, params).await? {
            Ok(answer) => answer,
            Err(failure) => {
                self.problem(&page.hook.url, "", &failure.to_string());
                let trouble = if matches!(failure, Failure::TooLong) {
                    DocumentTrouble::Xml
                } else {
                    DocumentTrouble::Unreachable
                };
                return Ok(Err(trouble));
            }
        };
        match Response::parse(&answer) {
            Ok(response) => {
                self.network.note_call(self.call_uuid, |call| {
                    call.add_document(&page.hook.url, &answer, None)
                });
                Ok(Ok(response))
            }
            Err(error) => {
                self.problem(&page.hook.url, &answer, &error.to_string());
                Ok(Err(DocumentTrouble::Xml))
            }
        }
    }

    /// Asks an address while listening to what else happens. The request is carried to its end even if the call is not.
    pub(crate) async fn ask(
        &mut self,
        hook: &Hook,
        params: Vec<(String, String)>,
    ) -> Result<Result<String, Failure>, Interruption> {
        let (network, hook) = (Arc::clone(&self.network), hook.clone());
        let (sender, mut receiver) = oneshot::channel();
        self.network.spawn(async move {
            let answer = network.ask(&hook, params, Family::Voice).await;
            // Nobody waits for it any more if the call has ended.
            let _ = sender.send(answer);
        });
        loop {
            tokio::select! {
                answer = &mut receiver => {
                    return Ok(answer.unwrap_or(Err(Failure::Broken)).map(|answer| answer.body));
                }
                // Keys that nobody asked for are lost, as on a real line.
                woken = self.next(None) => { woken?; }
            }
        }
    }

    fn problem(&self, url: &str, xml: &str, problem: &str) {
        self.network.note_call(self.call_uuid, |call| {
            call.add_document(url, xml, Some(problem.to_owned()))
        });
        self.caption(Who::Note, format!("There is no usable answer document: {problem}."));
    }
}
