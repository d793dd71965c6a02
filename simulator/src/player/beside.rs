//! Sounds that calls hear beside whatever they do: waiting music, music on hold, and what is played when somebody comes or goes.

use std::sync::Arc;

use plivo::xml::{Element, Response};
use uuid::Uuid;

use crate::{
    address::Address,
    network::Network,
    phone::Who,
    webhook::{Family, Hook},
};

impl Network {
    /// Asks an address for a document of sounds, and writes down for each listening call what it hears.
    pub(crate) fn hear_beside(
        self: &Arc<Self>,
        hook: Hook,
        params: Vec<(String, String)>,
        listeners: Vec<(Address, Uuid)>,
    ) {
        if !hook.is_askable() {
            return;
        }
        let network = Arc::clone(self);
        self.spawn(async move {
            let answer = network.ask(&hook, params, Family::Voice).await;
            let sounds = answer.ok().and_then(|answer| Response::parse(&answer.body).ok());
            for (phone, call_uuid) in listeners {
                match &sounds {
                    Some(sounds) => network.note_heard(&phone, call_uuid, &sounds.elements),
                    None => network.show(&phone, call_uuid, |call| {
                        call.caption(
                            Who::Note,
                            format!("There is nothing to hear at {}.", hook.url),
                        )
                    }),
                }
            }
        });
    }

    fn note_heard(&self, phone: &Address, call_uuid: Uuid, elements: &[Element]) {
        for element in elements {
            match element {
                Element::Speak(speak) => {
                    self.note_call(call_uuid, |call| call.add_spoken(&speak.text));
                    self.show(phone, call_uuid, |call| call.caption(Who::Them, &*speak.text));
                }
                Element::Play(play) => {
                    self.note_call(call_uuid, |call| call.add_played(&play.url));
                    let text = format!("Playing {}", play.url);
                    self.show(phone, call_uuid, |call| call.caption(Who::Note, text));
                }
                _ => {}
            }
        }
    }
}
