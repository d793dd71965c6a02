//! The translator between runs and Plivo: the only place where both vocabularies meet.
//!
//! - [`address`]: the webhook addresses we hand out, and the code in their path that proves they are ours
//! - [`answer`]: what a leg is to hear → the answer document
//! - [`event`]: a webhook → what happened
//! - [`request`]: an effect → a request to Plivo
//! - [`memory`]: what is known of calls only while the server runs

pub mod address;
pub mod answer;
pub mod event;
pub mod memory;
pub mod request;

use crate::keys::PathKey;
use plivo::{client::Secret, number::Number};

/// What is needed to speak with Plivo about our runs.
#[derive(Clone, Debug)]
pub struct Telephony {
    /// The address under which Plivo reaches us, without a slash at its end.
    public_url: String,
    /// Marks the addresses we hand out.
    key: PathKey,
    /// Signs Plivo's webhooks.
    auth_token: Secret,
    /// Where calls and texts come from when nothing else is said.
    from_number: Number,
}

impl Telephony {
    /// The translator of one server.
    pub fn new(
        public_url: &str,
        key: PathKey,
        auth_token: Secret,
        from_number: Number,
    ) -> Telephony {
        Telephony {
            public_url: public_url.trim_end_matches('/').to_owned(),
            key,
            auth_token,
            from_number,
        }
    }

    /// The address under which Plivo reaches us, without a slash at its end.
    pub fn public_url(&self) -> &str {
        &self.public_url
    }

    /// Where calls and texts come from when nothing else is said.
    pub fn from_number(&self) -> &Number {
        &self.from_number
    }
}
