//! Plays an audio file.
//!
//! ```flow
//! > incoming_call from +14155550100
//! < play "https://example.com/welcome.mp3"
//! < hang_up
//! > hung_up
//! = completed
//! ```

use super::speak::{COMPLETED, LOOP, once};
use crate::component::{Component, Control, Field, Group, Spec, Step};
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
}

impl Component for PlayAudio {
    const SPEC: Spec = Spec {
        kind: "play_audio",
        label: "Play audio",
        summary: "Plays an audio file to the caller.",
        group: Group::Talk,
        aliases: &["play"],
        help: "The file must be MP3 or WAV, smaller than 10 MB, at an address that Plivo can reach without a password.",
        example: r#"{ "url": "https://example.com/welcome.mp3" }"#,
        fields: &[
            Field {
                key: "url",
                label: "Address of the file",
                help: "Where the MP3 or WAV file is.",
                control: Control::Url,
                is_required: true,
            },
            LOOP,
        ],
        states: &[COMPLETED],
        variables: &[],
        is_voice: true,
        joins_prompts: true,
        gives_call_by: &[],
        waits: false,
    };

    fn summary(&self) -> String {
        self.url.source().to_owned()
    }

    fn enter(&self, ctx: &mut Ctx<'_>) -> Step {
        match ctx.render_some(Some(&self.url)) {
            Some(url) => ctx.queue(Prompt::Play { url, times: self.times }),
            None => {
                ctx.warn("There is nothing to play: the address is empty once it is filled in.")
            }
        }
        Step::LeaveAfterPrompts(COMPLETED.name.into())
    }
}
