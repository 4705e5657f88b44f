//! Language maps as IIIF writes them.

use khizana_model::LangMap;
use serde_json::{Map, Value, json};

/// Language to values; `none` where the language is not known. `None` where there is no value, since
/// IIIF has no empty map.
pub(super) fn map(values: &LangMap) -> Option<Value> {
    let mut out: Map<String, Value> = Map::new();
    for (tag, value) in values.iter() {
        let key = if tag.is_und() { "none" } else { tag.as_str() };
        let own = out.entry(key).or_insert_with(|| json!([]));
        if let Value::Array(own) = own {
            own.push(Value::String(plain(value)));
        }
    }
    (!out.is_empty()).then_some(Value::Object(out))
}

/// One text of no language.
pub(super) fn none(text: &str) -> Value {
    json!({ "none": [plain(text)] })
}

/// A text for each language of the interface in which there is one.
pub(super) fn each<'a>(
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

/// A text that stands between `<` and `>` would be taken for HTML (Presentation 3.0, 4.4): a space
/// behind it says that it is none.
fn plain(text: &str) -> String {
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
    fn values_stand_under_their_languages_and_are_never_markup() {
        let mut values = LangMap::of("ar".parse().unwrap(), "كتاب");
        values.push("ar".parse().unwrap(), "سفر");
        values.push(LangTag::und(), "<b>Kitab</b>");
        assert_eq!(
            map(&values),
            Some(json!({ "ar": ["كتاب", "سفر"], "none": ["<b>Kitab</b> "] }))
        );
        assert_eq!(map(&LangMap::new()), None);
    }
}
