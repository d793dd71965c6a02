//! JSON whose texts are templates: the body of a request, the parts of a WhatsApp message.

use crate::{run::Ctx, template::Template, value::Value};
use serde::Deserialize;
use serde_json::Value as Json;

/// A JSON value whose texts are templates, parsed once.
#[derive(Debug, Deserialize)]
#[serde(try_from = "Json")]
pub(super) enum JsonTemplate {
    Text(Template),
    List(Vec<JsonTemplate>),
    Map(Vec<(String, JsonTemplate)>),
    Plain(Json),
}

impl TryFrom<Json> for JsonTemplate {
    type Error = String;

    fn try_from(json: Json) -> Result<Self, String> {
        Ok(match json {
            Json::String(text) => JsonTemplate::Text(Template::parse(&text)?),
            Json::Array(items) => {
                JsonTemplate::List(items.into_iter().map(Self::try_from).collect::<Result<_, _>>()?)
            }
            Json::Object(map) => {
                let rows = map.into_iter().map(|(key, value)| Ok((key, Self::try_from(value)?)));
                JsonTemplate::Map(rows.collect::<Result<_, String>>()?)
            }
            other => JsonTemplate::Plain(other),
        })
    }
}

impl JsonTemplate {
    /// Fills in every text; the result is data, whatever the values hold. A text that is one path and nothing else stays what the variable is: a number a number, a
    /// list a list. What is not there is empty text.
    pub(super) fn render(&self, ctx: &mut Ctx<'_>) -> Json {
        match self {
            JsonTemplate::Text(text) => match ctx.evaluate(text) {
                Value::Null => Json::String(String::new()),
                value => Json::from(&value),
            },
            JsonTemplate::List(items) => items.iter().map(|item| item.render(ctx)).collect(),
            JsonTemplate::Map(rows) => {
                rows.iter().map(|(key, value)| (key.clone(), value.render(ctx))).collect()
            }
            JsonTemplate::Plain(json) => json.clone(),
        }
    }
}
