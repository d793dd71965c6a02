//! Recordings, and what was said in them.

use super::{Error, Params};

/// A recording that is done, or that just began in the background.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recording {
    /// Plivo's name for it.
    pub id: Option<String>,
    /// Where to fetch it.
    pub url: Option<String>,
    /// How long it is, in milliseconds; nothing while it goes on in the background.
    pub duration_ms: Option<u64>,
    /// When it began, in milliseconds since 1970.
    pub started_ms: Option<u64>,
    /// When it ended, in milliseconds since 1970.
    pub ended_ms: Option<u64>,
    /// Why it ended: `RecordingTimeout`, `maxLength`, `FinishedOnKey` or `HungUp`.
    pub end_reason: Option<String>,
}

impl Recording {
    pub(super) fn from_params(params: &Params) -> Option<Recording> {
        let (id, url) = (params.text("RecordingID"), params.text("RecordUrl"));
        if id.is_none() && url.is_none() {
            return None;
        }
        // Seconds are there where milliseconds are not, and -1 means that it goes on. All of them may be decimals.
        let whole = |field: &str, factor: f64| {
            let number = params.number::<f64>(field).filter(|number| *number >= 0.0)?;
            Some((number * factor).round() as u64)
        };
        Some(Recording {
            id,
            url,
            duration_ms: match params.get("RecordingDurationMs") {
                Some(_) => whole("RecordingDurationMs", 1.0),
                None => whole("RecordingDuration", 1_000.0),
            },
            started_ms: whole("RecordingStartMs", 1.0),
            ended_ms: whole("RecordingEndMs", 1.0),
            end_reason: params.text("RecordingEndReason"),
        })
    }

    /// How it is stored, `mp3` or `wav`: the ending of its address.
    pub fn format(&self) -> Option<&str> {
        let path = self.url.as_deref()?.split(['?', '#']).next()?;
        let (_, ending) = path.rsplit_once('.')?;
        matches!(ending, "mp3" | "wav").then_some(ending)
    }
}

/// What was said in a recording: the request to a transcription address, which comes some time after the recording. It belongs to no call that goes on,
/// and its fields are written like those of the REST API.
#[derive(Clone, PartialEq, Eq)]
pub struct Transcription {
    /// The recording.
    pub recording_id: Option<String>,
    /// The call that was recorded.
    pub call_uuid: Option<String>,
    /// What was said; nothing where it could not be understood.
    pub text: Option<String>,
    /// How long the recording is, in seconds.
    pub duration_s: Option<u32>,
    /// Why nothing could be written down.
    pub error: Option<String>,
}

impl Transcription {
    /// Reads what is there.
    ///
    /// # Errors
    /// When there is neither a `recording_id` nor a `transcription` nor an `error`: then it is something else.
    pub fn from_params(params: &Params) -> Result<Transcription, Error> {
        let transcription = Transcription {
            recording_id: params.text("recording_id"),
            call_uuid: params.text("call_uuid"),
            text: params.text("transcription"),
            duration_s: params.number("duration"),
            error: params.text("error"),
        };
        match (&transcription.recording_id, &transcription.text, &transcription.error) {
            (None, None, None) => Err(Error::Missing { field: "recording_id" }),
            _ => Ok(transcription),
        }
    }
}

/// Without the text, because debug output ends up in logs.
impl std::fmt::Debug for Transcription {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Transcription")
            .field("recording_id", &self.recording_id)
            .field("call_uuid", &self.call_uuid)
            .field("error", &self.error)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recording_says_where_when_and_how_it_is() {
        let form = b"RecordingID=r&RecordUrl=https://m.example/r.wav?x=1.0&RecordingDuration=3&RecordingDurationMs=2760.00000\
            &RecordingStartMs=1700000000000.00000&RecordingEndMs=1700000002760";
        let recording = Recording::from_params(&Params::parse(form)).unwrap();
        assert_eq!((recording.duration_ms, recording.format()), (Some(2760), Some("wav")));
        assert_eq!(recording.ended_ms.zip(recording.started_ms).map(|(e, s)| e - s), Some(2760));
        let beside = Params::parse(
            b"RecordingID=r&RecordingDuration=-1&RecordingDurationMs=-1&RecordingStartMs=-1",
        );
        let beside = Recording::from_params(&beside).unwrap();
        assert_eq!((beside.duration_ms, beside.started_ms, beside.format()), (None, None, None));
    }

    #[test]
    fn a_transcription_is_told_from_everything_else() {
        let form = b"recording_id=r&call_uuid=c&transcription=call+me+back&duration=4&transcription_charge=0.05";
        let transcription = Transcription::from_params(&Params::parse(form)).unwrap();
        assert_eq!(transcription.text.as_deref(), Some("call me back"));
        assert_eq!((transcription.duration_s, transcription.error.as_deref()), (Some(4), None));
        assert!(!format!("{transcription:?}").contains("back"));
        let failed = Params::parse(b"recording_id=r&transcription=&error=no+speech");
        let failed = Transcription::from_params(&failed).unwrap();
        assert_eq!((failed.text, failed.error.as_deref()), (None, Some("no speech")));
        let other = Transcription::from_params(&Params::parse(b"CallUUID=c&RecordingID=r"));
        assert_eq!(other.unwrap_err(), Error::Missing { field: "recording_id" });
    }
}
