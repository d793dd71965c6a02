//! The JSON Schema of the workflow file, made from the component specs.

use crate::{
    components,
    workflow::{Colour, FORMAT},
};
use serde_json::{Map, Value as Json, json};

/// The schema, 2020-12.
pub fn workflow_schema() -> Json {
    let kinds: Vec<Json> = components::LIBRARY.iter().map(|spec| node_schema(spec)).collect();
    let point =
        json!({ "type": "array", "items": { "type": "integer" }, "minItems": 2, "maxItems": 2 });
    let colour = json!({ "enum": Colour::ALL });
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Phloem workflow",
        "type": "object",
        "required": ["format", "id", "name", "nodes"],
        "additionalProperties": false,
        "properties": {
            "format": { "const": FORMAT },
            "id": { "type": "string", "pattern": "^[a-z0-9][a-z0-9_-]{0,63}$" },
            "name": { "type": "string", "minLength": 1, "maxLength": 200 },
            "description": { "type": "string" },
            "on_complete": { "type": "string", "pattern": "^https?://" },
            "nodes": { "type": "object", "propertyNames": { "pattern": "^[A-Za-z_][A-Za-z0-9_]{0,63}$" }, "additionalProperties": { "oneOf": kinds } },
            "layout": { "type": "object", "additionalProperties": point },
            "notes": { "type": "object", "additionalProperties": {
                "type": "object", "required": ["at", "text"], "additionalProperties": false, "properties": {
                    "at": point, "size": point, "text": { "type": "string" }, "colour": colour, "node": { "type": "string" },
                    "comment": { "type": "object", "additionalProperties": false, "properties": {
                        "by": { "type": "string" }, "written_at": { "type": "string", "format": "date-time" }, "resolved": { "type": "boolean" },
                    } },
                },
            } },
            "groups": { "type": "object", "additionalProperties": {
                "type": "object", "required": ["label", "nodes"], "additionalProperties": false, "properties": {
                    "label": { "type": "string" }, "nodes": { "type": "array", "items": { "type": "string" }, "uniqueItems": true },
                    "colour": colour, "collapsed": { "type": "boolean" },
                },
            } },
            "colours": { "type": "object", "additionalProperties": colour },
        },
    })
}

fn node_schema(spec: &crate::component::Spec) -> Json {
    let fields: Map<String, Json> = spec
        .fields
        .iter()
        .map(|field| {
            let mut schema = field.control.schema();
            if let Json::Object(schema) = &mut schema {
                schema.insert("description".to_owned(), field.help.into());
            }
            (field.key.to_owned(), schema)
        })
        .collect();
    let required: Vec<&str> =
        spec.fields.iter().filter(|field| field.is_required).map(|field| field.key).collect();
    let mut needed = vec!["kind"];
    if !required.is_empty() {
        needed.push("config");
    }
    let kinds: Vec<&str> = std::iter::once(spec.kind).chain(spec.aliases.iter().copied()).collect();
    json!({
        "title": spec.label,
        "description": spec.summary,
        "type": "object",
        "required": needed,
        "additionalProperties": false,
        "properties": {
            "kind": { "enum": kinds },
            "label": { "type": "string" },
            "config": { "type": "object", "properties": fields, "required": required, "additionalProperties": false },
            "next": { "type": "object", "additionalProperties": { "type": "string" } },
        },
    })
}
