//! Plays an audio file.
//!
//! ```flow
//! > incoming_call from +14155550100
//! -> completed
//! < play "https://example.com/welcome.mp3"
//! < hang_up
//! > hung_up
//! = completed
//! ```
//!
//! ```flow
//! config {"url": "https://example.com/closed.mp3", "before_answer": true}
//! > incoming_call from +14155550100
//! < before_answer play "https://example.com/closed.mp3"
//! < hang_up
//! ```

use super::speak::{BEFORE_ANSWER, COMPLETED, LOOP, check_before_answer, hear, once};
use crate::component::{Component, Control, Field, Group, Problems, Spec, Step};
use crate::{
    run::{Ctx, Prompt},
    template::Template,
};
use serde::Deserialize;

/// The configuration of `play_audio`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PlayAudio {
    url: Template,
    #[serde(rename = "loop", default = "once")]
    times: u32,
    #[serde(default)]
    before_answer: bool,
}

impl Component for PlayAudio {
    const SPEC: Spec = Spec {
        kind: "play_audio",
        label: "Play audio",
        summary: "Plays an audio file to the caller.",
        group: Group::Talk,
        aliases: &["play", "play_sound", "play_file", "play_music"],
        help: "The file must be MP3 or WAV, smaller than 10 MB, at an address that Plivo can reach without a password.",
        example: r#"{ "url": "https://example.com/welcome.mp3" }"#,
        fields: &[
            Field::required(
                "url",
                "Address of the file",
                "Where the MP3 or WAV file is.",
                Control::Url,
            ),
            LOOP,
            BEFORE_ANSWER,
        ],
        states: &[COMPLETED],
        is_voice: true,
        joins_prompts: true,
        ..Spec::BASE
    };

    fn check(&self, problems: &mut Problems<'_>) {
        check_before_answer(self.times, self.before_answer, problems);
    }

    fn summary(&self) -> String {
        self.url.source().to_owned()
    }

    fn enter(&self, ctx: &mut Ctx<'_>) -> Step {
        match ctx.render_some(Some(&self.url)) {
            Some(url) => hear(ctx, Prompt::Play { url, times: self.times }, self.before_answer),
            None => {
                ctx.warn("There is nothing to play: the address is empty once it is filled in.")
            }
        }
        Step::LeaveAfterPrompts(COMPLETED.name.into())
    }
}
