//! Where mail goes in a sandbox that has no mail server: it is kept in memory, to be looked at.

use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
};

/// Mails that are kept; the oldest go.
const KEPT_MAX: usize = 100;

/// Mails as they would have been sent, oldest first.
#[derive(Debug, Default)]
pub struct Mailbox(Mutex<VecDeque<Vec<u8>>>);

impl Mailbox {
    /// Keeps a mail.
    pub fn keep(&self, mail: Vec<u8>) {
        let mut mails = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if mails.len() >= KEPT_MAX {
            mails.pop_front();
        }
        mails.push_back(mail);
    }

    /// The mails that are kept.
    pub fn mails(&self) -> Vec<String> {
        let mails = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        mails.iter().map(|mail| String::from_utf8_lossy(mail).into_owned()).collect()
    }
}
