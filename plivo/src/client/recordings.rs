//! Recordings that are begun while something goes on: a call, a conference, a multi-party call.

use super::body::Body;
use super::{Client, record::Record};
use crate::Error;
use serde_json::Value;

/// A recording to begin.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StartRecording {
    /// WAV instead of MP3.
    pub as_wav: bool,
    /// When it ends by itself, in seconds. Plivo's default for a call is 60; a conference is recorded until it ends.
    pub time_limit_s: Option<u32>,
    /// Is told where it is once it has ended. It is posted to.
    pub callback_url: Option<String>,
    /// Is told what was said; without it nothing is written down. It is posted to.
    pub transcription_url: Option<String>,
}

/// A recording that has begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recording {
    /// Its id.
    pub recording_id: String,
    /// Where it will be.
    pub url: String,
}

impl StartRecording {
    pub(super) fn format(&self) -> &'static str {
        if self.as_wav { "wav" } else { "mp3" }
    }

    pub(super) fn body(&self) -> Value {
        let mut body = Body::new();
        body.set("file_format", self.format())
            .some("time_limit", &self.time_limit_s)
            .hook("callback", &self.callback_url)
            .some("transcription_type", &self.transcription_url.as_ref().map(|_| "auto"))
            .hook("transcription", &self.transcription_url)
            .json()
    }
}

impl Client {
    /// Records a call that is going on; nothing if there is none of that id.
    ///
    /// # Errors
    /// After [`Error::Unknown`] it may be recorded.
    pub async fn record_call(
        &self,
        call_uuid: &str,
        how: &StartRecording,
    ) -> Result<Option<Recording>, Error> {
        self.start_recording(&["Call", call_uuid, "Record"], &how.body()).await
    }

    /// Stops all recordings of a call. False means that there is no such call, or nothing is recorded.
    pub async fn stop_recording(&self, call_uuid: &str) -> Result<bool, Error> {
        self.delete(&["Call", call_uuid, "Record"]).await
    }

    pub(super) async fn start_recording(
        &self,
        path: &[&str],
        body: &Value,
    ) -> Result<Option<Recording>, Error> {
        let Some(answer) = self.post_if_known(path, body).await? else { return Ok(None) };
        let answer = Record(&answer);
        Ok(Some(Recording {
            recording_id: answer.needed("recording_id")?,
            // A multi-party call's answer has the longer name.
            url: answer.text("recording_url").map_or_else(|| answer.needed("url"), Ok)?,
        }))
    }
}
