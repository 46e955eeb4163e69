//! The JSON Schema of the scenario language, with which editors complete, explain and check a scenario as it is written.

use serde_json::{Map, Value, json};

use super::keys::{Catalogue, HOUSEHOLD, KEYS, Key, Kind, Level, MOST_SIZES};
use super::language::SHAPES;

/// The schema, draft-07. Nothing is required but ids, since a variant states only what differs.
pub fn schema() -> Value {
    let catalogue = Catalogue::new();
    let mut root = table(&catalogue, "");
    let properties = root["properties"].clone();
    root["$schema"] = json!("http://json-schema.org/draft-07/schema#");
    root["title"] = json!("swabplan scenario");
    root["properties"]["extends"] = json!({
        "type": "string",
        "description": "Another scenario file; this one says only what differs.\n\n以另一个方案文件为底，只写不同之处。",
    });
    root["properties"]["layouts"] = json!({
        "type": "object",
        "description": "Variants inside this file, chosen with --layout.\n\n本文件内的变体，用 --layout 选用。",
        "additionalProperties": { "type": "object", "properties": properties, "additionalProperties": false },
    });
    let definitions = KEYS
        .iter()
        .filter_map(|key| key.keys.shared())
        .map(|path| (definition(path), table(&catalogue, path)));
    let mut definitions: Map<String, Value> = definitions.collect();
    definitions.insert("duration".to_owned(), distribution());
    root["definitions"] = Value::Object(definitions);
    root
}

/// The name under which a table that several keys share is defined.
fn definition(path: &str) -> String {
    path.replace("[]", "").replace('.', "-")
}

fn table(catalogue: &Catalogue, path: &str) -> Value {
    let keys = catalogue.under(path);
    let mut properties: Map<String, Value> = keys
        .iter()
        .map(|key| (key.name().to_owned(), described(catalogue, key)))
        .collect();
    let named = keys.iter().any(|key| key.kind == Kind::Id);
    if named {
        let words =
            "Drops the entry of this id that a scenario below has.\n\n删去底版方案中同 id 的一项。";
        properties.insert(
            "remove".to_owned(),
            json!({ "type": "boolean", "description": words }),
        );
    }
    let mut schema =
        json!({ "type": "object", "properties": properties, "additionalProperties": false });
    if named {
        schema["required"] = json!(["id"]);
    }
    schema
}

/// The schema of a key with what hovering over it shows.
fn described(catalogue: &Catalogue, key: &Key) -> Value {
    let mut schema = value(catalogue, key);
    let mut notes = vec![format!("{}\n\n{}", key.en, key.zh)];
    if let Some(default) = key.default {
        let source = key.source.unwrap_or_default();
        notes.push(format!("Default 默认：{default} ({source})"));
    }
    if key.ranged {
        notes.push(
            "A range may be given 可给范围：{ assumed = …, range = \"a..b\", source = \"…\" }"
                .to_owned(),
        );
    }
    if key.level == Level::Expert {
        notes.push("Expert 专家级".to_owned());
    }
    schema["description"] = json!(notes.join("\n\n"));
    let default = key
        .default
        .and_then(|default| toml::from_str::<toml::Table>(&format!("value = {default}")).ok());
    if let Some(default) = default.and_then(|table| serde_json::to_value(&table["value"]).ok()) {
        schema["default"] = default;
    }
    schema
}

fn value(catalogue: &Catalogue, key: &Key) -> Value {
    let inside = key.inside();
    let inner = || match key.keys.shared() {
        Some(path) => json!({ "$ref": format!("#/definitions/{}", definition(path)) }),
        None => table(catalogue, &inside),
    };
    match key.kind {
        Kind::Table if key.path == "roads" => {
            json!({ "anyOf": [{ "type": "string", "examples": ["roads.csv"] }, inner()] })
        }
        Kind::Table => inner(),
        Kind::Tables => {
            let list = json!({ "type": "array", "items": inner() });
            let from_sheet = matches!(key.path, "cells" | "sites" | "staff" | "roads.times");
            if from_sheet {
                json!({ "anyOf": [{ "type": "string", "examples": ["cells.xlsx#cells"] }, list] })
            } else {
                list
            }
        }
        Kind::Text => json!({ "type": "string", "maxLength": 200 }),
        Kind::Id | Kind::Reference => json!({ "type": ["string", "integer"] }),
        Kind::Words(words) => {
            json!({ "type": "array", "items": plain(Kind::Word(words)), "minItems": 1 })
        }
        Kind::References => {
            json!({ "type": "array", "items": { "type": ["string", "integer"] }, "minItems": 1 })
        }
        Kind::Levers => {
            let lever = json!({ "type": "string", "pattern": "[=＝]", "examples": ["labs.lab.machines=2..6"] });
            json!({ "type": "array", "items": lever, "minItems": 1, "maxItems": 24 })
        }
        Kind::Count { .. }
        | Kind::Pool { .. }
        | Kind::Number { .. }
        | Kind::Span { .. }
        | Kind::Pace { .. }
        | Kind::Speed
        | Kind::Share
        | Kind::Moment
        | Kind::MomentOrSpan
        | Kind::Clock
        | Kind::Window
        | Kind::Windows
        | Kind::Word(_)
        | Kind::Duration { .. }
        | Kind::Weights
        | Kind::Sizes
        | Kind::Flag => {
            let plain = plain(key.kind);
            let mut forms = vec![plain.clone(), qualified(&plain, key)];
            if !catalogue.under(&inside).is_empty() {
                forms.push(inner());
            }
            json!({ "anyOf": forms })
        }
    }
}

/// A value as it stands alone.
fn plain(kind: Kind) -> Value {
    match kind {
        Kind::Count { least, most } => json!({ "anyOf": [
            { "type": "integer", "minimum": least, "maximum": most },
            { "type": "string", "pattern": "^[ 0-9０-９,，_.．万亿]+$" },
        ] }),
        Kind::Pool { most } => json!({ "anyOf": [
            plain(Kind::Count { least: 1, most }),
            { "enum": HOUSEHOLD },
        ] }),
        Kind::Number { least, most } => {
            json!({ "type": "number", "minimum": least, "maximum": most })
        }
        Kind::Span { .. } => {
            json!({ "type": "string", "examples": ["45 min", "1 h 30 min", "90分钟"] })
        }
        Kind::Pace { noun } => json!({ "type": "string", "examples": [format!("60 {noun}/h")] }),
        Kind::Speed => json!({ "type": "string", "examples": ["4.5 km/h"] }),
        Kind::Share => json!({ "anyOf": [
            { "type": "string", "examples": ["93 %"] },
            { "type": "number", "minimum": 0, "maximum": 1 },
        ] }),
        Kind::Moment => json!({ "type": "string", "examples": ["2022-05-09 07:00"] }),
        Kind::MomentOrSpan => json!({ "type": "string", "examples": ["24 h", "2022-05-10 07:00"] }),
        Kind::Clock => json!({ "type": "string", "examples": ["07:30"] }),
        Kind::Window => json!({ "type": "string", "examples": ["08:00-20:00"] }),
        Kind::Windows => json!({ "anyOf": [
            { "type": "array", "items": { "type": "string", "examples": ["07:00-12:00"] }, "minItems": 1 },
            { "type": "string", "examples": ["07:00-12:00"] },
        ] }),
        Kind::Word(words) => {
            json!({ "enum": words.iter().flat_map(|word| [word.word].into_iter().chain(word.also.iter().copied())).collect::<Vec<_>>() })
        }
        Kind::Duration { .. } => json!({ "anyOf": [
            { "type": "string", "examples": ["45 s"] },
            { "$ref": "#/definitions/duration" },
        ] }),
        Kind::Weights => {
            json!({ "type": "array", "items": { "type": "number", "minimum": 0 }, "minItems": 24, "maxItems": 24 })
        }
        Kind::Sizes => json!({ "anyOf": [
            { "type": "number", "minimum": 1, "maximum": MOST_SIZES },
            { "type": "array", "items": { "type": "number", "minimum": 0 }, "minItems": 1, "maxItems": MOST_SIZES },
        ] }),
        Kind::Flag => json!({ "type": "boolean" }),
        Kind::Table
        | Kind::Tables
        | Kind::Text
        | Kind::Id
        | Kind::Reference
        | Kind::References
        | Kind::Levers
        | Kind::Words(_) => {
            json!({})
        }
    }
}

/// A value with how far to believe it.
fn qualified(plain: &Value, key: &Key) -> Value {
    let mut properties = json!({
        "value": plain,
        "assumed": plain,
        "source": { "type": "string", "description": "Where it comes from 来源" },
        "reason": { "type": "string", "description": "Why it is assumed 假定的理由" },
    });
    if key.ranged {
        let range = json!({ "type": ["string", "array"], "examples": ["41..85"], "description": "Least..most, with the value inside 最小..最大，值在其中" });
        properties["range"] = range;
    }
    json!({
        "type": "object",
        "properties": properties,
        "oneOf": [{ "required": ["value"] }, { "required": ["assumed"] }],
        "additionalProperties": false,
    })
}

/// A distribution: one shape with its parameters.
fn distribution() -> Value {
    let parameter = |name: &str| match name {
        "cv" => json!({ "type": "number", "minimum": 0, "maximum": 20 }),
        "shape" => json!({ "type": "number", "minimum": 0.1, "maximum": 100 }),
        "mean" => json!({ "type": ["string", "object"] }),
        _ => json!({ "type": "string" }),
    };
    let shape = |(name, parameters): &(&str, &[&str])| {
        let properties: Map<String, Value> = parameters
            .iter()
            .map(|name| ((*name).to_owned(), parameter(name)))
            .collect();
        let table =
            json!({ "type": "object", "properties": properties, "additionalProperties": false });
        let form = match *name {
            "empirical" => json!({ "type": "array", "items": { "type": "string" }, "minItems": 1 }),
            "constant" | "exponential" => json!({ "anyOf": [{ "type": "string" }, table] }),
            _ => table,
        };
        ((*name).to_owned(), form)
    };
    let properties: Map<String, Value> = SHAPES.iter().map(shape).collect();
    json!({ "type": "object", "properties": properties, "minProperties": 1, "maxProperties": 1, "additionalProperties": false })
}
