//! One or several receivers: a text with commas, or a list; each may hold templates.

use crate::{limits, run::Ctx, template::Template};
use serde::{Deserialize, Deserializer};

/// `"+1…"`, `"+1…, +1…"` or `["+1…", "+1…"]`.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Receivers {
    /// A text; commas part the receivers.
    #[serde(deserialize_with = "with_commas")]
    Text(Template),
    /// A list; each entry may again hold commas once it is filled in.
    List(Vec<Template>),
}

fn with_commas<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Template, D::Error> {
    Template::deserialize(deserializer).map(Template::with_commas)
}

impl Receivers {
    /// The receivers, each once, in order.
    pub(super) fn render(&self, ctx: &mut Ctx<'_>) -> Vec<String> {
        let texts: Vec<String> = match self {
            Receivers::Text(template) => vec![ctx.render(template)],
            Receivers::List(templates) => {
                templates.iter().map(|template| ctx.render(template)).collect()
            }
        };
        let mut receivers: Vec<String> = Vec::new();
        for part in texts
            .iter()
            .flat_map(|text| text.split([',', '<', ';']))
            .map(str::trim)
            .filter(|part| !part.is_empty())
        {
            if !receivers.iter().any(|other| other == part) {
                receivers.push(part.to_owned());
            }
        }
        if receivers.len() > limits::RECEIVERS_MAX {
            ctx.warn(format!(
                "More than {} receivers; the rest is left out.",
                limits::RECEIVERS_MAX
            ));
            receivers.truncate(limits::RECEIVERS_MAX);
        }
        receivers
    }

    /// How a card shows them.
    pub(super) fn summary(&self) -> String {
        match self {
            Receivers::Text(template) => template.source().to_owned(),
            Receivers::List(templates) => {
                templates.iter().map(Template::source).collect::<Vec<_>>().join(", ")
            }
        }
    }
}
