//! What a simulator is told when it is made: whose account it plays, where it lives and how fast its people are.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The account, the address and the pace of a simulator.
#[derive(Clone)]
pub struct Config {
    /// The account's public half: 20 characters, `MA…` (the official SDKs refuse anything else before sending).
    pub auth_id: String,
    /// The account's secret half: Basic password of the REST API and key of every webhook signature.
    pub auth_token: String,
    /// Where the REST API can be reached, up to and including `/v1`; used for addresses the simulator prints.
    pub public_base: String,
    /// How fast people are: 1.0 is real time, 20 lets a five-second silence pass in a quarter of a second.
    /// Machines (webhook time-outs and their retries) keep their own pace.
    pub speed: f64,
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config")
            .field("auth_id", &self.auth_id)
            .field("auth_token", &"…")
            .field("public_base", &self.public_base)
            .field("speed", &self.speed)
            .finish()
    }
}

/// What one of our own numbers does when it is rung or texted. A missing address means that nobody is there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NumberUrls {
    /// Asked for an answer document when somebody rings the number.
    #[serde(default)]
    pub answer_url: Option<String>,
    /// Told of every text that arrives at the number.
    #[serde(default)]
    pub message_url: Option<String>,
    /// Told when a call to the number has ended.
    #[serde(default)]
    pub hangup_url: Option<String>,
}
