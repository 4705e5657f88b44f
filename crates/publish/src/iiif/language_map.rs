//! Language maps of the Presentation API.

use khizana_model::LangMap;
use serde_json::{Map, Value, json};

/// Converts a language map. The key of values in an unknown language is `none`. Returns `None` if
/// the map is empty, because IIIF does not allow empty language maps.
pub(super) fn to_json(values: &LangMap) -> Option<Value> {
    let mut out: Map<String, Value> = Map::new();
    for (tag, value) in values.iter() {
        let key = if tag.is_und() { "none" } else { tag.as_str() };
        let list = out.entry(key).or_insert_with(|| json!([]));
        if let Value::Array(list) = list {
            list.push(Value::String(disable_html(value)));
        }
    }
    (!out.is_empty()).then_some(Value::Object(out))
}

/// Returns a language map with one text in an unknown language.
pub(super) fn without_language(text: &str) -> Value {
    json!({ "none": [disable_html(text)] })
}

/// Returns a language map with the text of each language of the user interface, or `None` if there
/// is no text.
pub(super) fn from_interface<'a>(
    languages: &'a [String],
    text: impl Fn(&'a str) -> Option<&'static str>,
) -> Option<Value> {
    let texts = languages.iter().filter_map(|language| {
        let text = text(language)?;
        Some((language.clone(), json!([text])))
    });
    let texts: Map<String, Value> = texts.collect();
    (!texts.is_empty()).then_some(Value::Object(texts))
}

/// Appends a space to a text that starts with `<` and ends with `>`, because clients would
/// otherwise interpret it as HTML (Presentation API 3.0, section 4.4).
fn disable_html(text: &str) -> String {
    let mut text = text.to_owned();
    if text.starts_with('<') && text.ends_with('>') {
        text.push(' ');
    }
    text
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use khizana_model::LangTag;

    #[test]
    fn groups_values_by_language_and_prevents_html() {
        let mut values = LangMap::of("ar".parse().unwrap(), "كتاب");
        values.push("ar".parse().unwrap(), "سفر");
        values.push(LangTag::und(), "<b>Kitab</b>");
        assert_eq!(
            to_json(&values),
            Some(json!({ "ar": ["كتاب", "سفر"], "none": ["<b>Kitab</b> "] }))
        );
        assert_eq!(to_json(&LangMap::new()), None);
    }
}
