//! What can be done to a call while it goes on, besides ending, moving and recording it: let it hear something, and send keys.

use super::Client;
use super::body::Body;
use crate::Error;
use crate::xml::Speak;

/// Which side of a bridged call something is meant for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Legs {
    /// The call itself.
    #[default]
    A,
    /// Whom it dialled.
    B,
    /// Both.
    Both,
}

impl Legs {
    /// Plivo's word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Legs::A => "aleg",
            Legs::B => "bleg",
            Legs::Both => "both",
        }
    }
}

impl Client {
    /// Plays audio files (MP3 or WAV) into a call, one after the other, mixed with whatever else is heard.
    /// `loops` repeats them until stopped. False means that there is no such call.
    pub async fn play_to_call(
        &self,
        call_uuid: &str,
        urls: &[&str],
        legs: Legs,
        loops: bool,
    ) -> Result<bool, Error> {
        let mut body = Body::new();
        body.set("urls", urls.join(","))
            .unless("legs", legs.as_str(), Legs::A.as_str())
            .unless("loop", loops, false);
        self.post_done(&["Call", call_uuid, "Play"], &body.json()).await
    }

    /// Stops what was played. False means that there is no such call.
    pub async fn stop_playing_to_call(&self, call_uuid: &str) -> Result<bool, Error> {
        self.delete(&["Call", call_uuid, "Play"]).await
    }

    /// Says a text into a call; a `loop_count` of 0 repeats it until stopped. False means that there is no such call.
    pub async fn speak_to_call(
        &self,
        call_uuid: &str,
        speak: &Speak,
        legs: Legs,
    ) -> Result<bool, Error> {
        let default = Speak::default();
        let mut body = Body::new();
        body.set("text", speak.text.as_str())
            .unless("voice", speak.voice.as_str(), default.voice.as_str())
            .unless("language", speak.language.as_str(), default.language.as_str())
            .unless("legs", legs.as_str(), Legs::A.as_str())
            .unless("loop", speak.loop_count == 0, false);
        self.post_done(&["Call", call_uuid, "Speak"], &body.json()).await
    }

    /// Stops what was said. False means that there is no such call.
    pub async fn stop_speaking_to_call(&self, call_uuid: &str) -> Result<bool, Error> {
        self.delete(&["Call", call_uuid, "Speak"]).await
    }

    /// Sends keys (`0` to `9`, `*`, `#`, `w` for half a second, `W` for a second) into a call. False means that there is no such call.
    pub async fn send_digits(
        &self,
        call_uuid: &str,
        digits: &str,
        legs: Legs,
    ) -> Result<bool, Error> {
        let mut body = Body::new();
        // One official SDK writes `leg` and another `legs`; both are taken.
        body.set("digits", digits).unless("leg", legs.as_str(), Legs::A.as_str());
        self.post_done(&["Call", call_uuid, "DTMF"], &body.json()).await
    }
}
