//! Recordings of calls that are going on.

use super::{Client, record::Record};
use crate::{Error, Method};
use serde_json::{Value, json};

/// A recording of a call to begin.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StartRecording {
    /// WAV instead of MP3.
    pub as_wav: bool,
    /// When it ends by itself, in seconds. Plivo's default is 60.
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
    fn body(&self) -> Value {
        let mut body = json!({ "file_format": if self.as_wav { "wav" } else { "mp3" } });
        if let Some(time_limit_s) = self.time_limit_s {
            body["time_limit"] = json!(time_limit_s);
        }
        if let Some(callback_url) = &self.callback_url {
            body["callback_url"] = json!(callback_url);
            body["callback_method"] = json!(Method::Post.as_str());
        }
        if let Some(transcription_url) = &self.transcription_url {
            body["transcription_type"] = json!("auto");
            body["transcription_url"] = json!(transcription_url);
            body["transcription_method"] = json!(Method::Post.as_str());
        }
        body
    }
}

impl Client {
    /// Records a call that is going on; nothing if there is none of that id.
    pub async fn record_call(
        &self,
        call_uuid: &str,
        how: &StartRecording,
    ) -> Result<Option<Recording>, Error> {
        let answer = match self.post(&["Call", call_uuid, "Record"], &how.body()).await {
            Ok(answer) => answer,
            Err(Error::Refused { status: 404, .. }) => return Ok(None),
            Err(error) => return Err(error),
        };
        let answer = Record(&answer);
        Ok(Some(Recording {
            recording_id: answer.needed("recording_id")?,
            url: answer.needed("url")?,
        }))
    }

    /// Stops all recordings of a call. False means that there is no such call, or nothing is recorded.
    pub async fn stop_recording(&self, call_uuid: &str) -> Result<bool, Error> {
        self.delete(&["Call", call_uuid, "Record"]).await
    }
}
