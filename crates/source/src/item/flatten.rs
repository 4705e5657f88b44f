//! Flattening of lists and objects to texts.

use std::collections::BTreeSet;

use khizana_model::LangTag;

use super::{Value, language};

/// A value and its language, if the column or a language map specifies one.
pub(super) type TaggedValue = (Option<LangTag>, String);

/// The members that contain the name of an object, in order of preference.
const NAMES: [&str; 15] = [
    "name",
    "label",
    "full_name",
    "fullname",
    "display_name",
    "displayname",
    "preflabel",
    "title",
    "value",
    "@value",
    "text",
    "#text",
    "term",
    // The full name of a person in the records of the Tate.
    "fc",
    "url",
];

/// The texts in the value of a column.
#[derive(Debug, Default)]
pub(super) struct Flattened {
    pub values: Vec<TaggedValue>,
    /// The members of objects without a name, with the names of the members.
    pub members: Vec<(String, TaggedValue)>,
    /// The names of members that are not read.
    pub ignored: BTreeSet<String>,
}

impl Flattened {
    /// Adds a value of a column whose language is `tag`. A single text is split at `separator`.
    ///
    /// An object is either a language map or a thing. The text of a thing is its name. If it has
    /// none, its members are read instead. Lists of things within a thing are flattened, as in
    /// hierarchies of subjects.
    pub(super) fn add(&mut self, value: &Value, separator: Option<char>, tag: Option<&LangTag>) {
        match value {
            Value::Nothing => self.values.push((tag.cloned(), String::new())),
            Value::One(text) => match separator {
                Some(separator) => {
                    let parts = text.split(separator).map(str::to_owned);
                    self.values.extend(parts.map(|part| (tag.cloned(), part)));
                }
                None => self.values.push((tag.cloned(), text.clone())),
            },
            Value::Many(many) => {
                for value in many {
                    self.add(value, None, tag);
                }
            }
            Value::Map(members) => match language_map(members) {
                Some(languages) => {
                    for (tag, value) in languages {
                        self.add(value, None, Some(&tag));
                    }
                }
                None => self.add_object(members, tag),
            },
        }
    }

    fn add_object(&mut self, members: &[(String, Value)], tag: Option<&LangTag>) {
        let language = members
            .iter()
            .find(|(key, _)| matches!(key.as_str(), "@language" | "language" | "lang"))
            .and_then(|(_, value)| language::parse_language(value.single()?));
        let tag = language.as_ref().or(tag);
        let name = name_of(members);
        for (key, value) in members {
            match value {
                _ if Some(key) == name => self.add(value, None, tag),
                Value::Many(values)
                    if values.iter().any(|value| matches!(value, Value::Map(_))) =>
                {
                    self.add(value, None, tag);
                }
                Value::Nothing => {}
                Value::One(text) if text.trim().is_empty() => {}
                Value::One(text) if name.is_none() => {
                    self.members
                        .push((key.clone(), (tag.cloned(), text.clone())));
                }
                _ if matches!(key.as_str(), "@language" | "language" | "lang") => {}
                _ => {
                    self.ignored.insert(key.clone());
                }
            }
        }
    }
}

/// Returns the languages and values of an object if all of its keys are language tags.
fn language_map(members: &[(String, Value)]) -> Option<Vec<(LangTag, &Value)>> {
    let languages = members.iter().map(|(key, value)| {
        // In IIIF, `none` is the key of values in an unknown language.
        let tag = match key.as_str() {
            "none" => LangTag::und(),
            // Much more often an identifier than a text in Indonesian.
            "id" => return None,
            key => language::parse_tag(key)?,
        };
        Some((tag, value))
    });
    languages.collect()
}

/// Returns the key of the member that contains the name of an object.
fn name_of(members: &[(String, Value)]) -> Option<&String> {
    let has_text = |value: &Value| {
        value.single().is_some_and(|text| !text.trim().is_empty())
            || matches!(value, Value::Map(members) if language_map(members).is_some())
    };
    let present = || members.iter().filter(|(_, value)| has_text(value));
    let named = NAMES
        .iter()
        .find_map(|name| present().find(|(key, _)| key.eq_ignore_ascii_case(name)));
    let ends_like_a_name = || {
        present().find(|(key, _)| {
            let key = key.to_ascii_lowercase();
            ["name", "title", "label"]
                .iter()
                .any(|end| key.ends_with(end))
        })
    };
    let only = || match members {
        [member] if has_text(&member.1) => Some(member),
        _ => None,
    };
    let (key, _) = named.or_else(ends_like_a_name).or_else(only)?;
    Some(key)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn flatten(json: &str) -> (Vec<String>, Vec<String>, Vec<String>) {
        let mut flattened = Flattened::default();
        flattened.add(&serde_json::from_str(json).unwrap(), None, None);
        let shown = |(tag, text): &TaggedValue| match tag {
            Some(tag) => format!("{tag}={text}"),
            None => text.clone(),
        };
        (
            flattened.values.iter().map(shown).collect(),
            flattened
                .members
                .iter()
                .map(|(key, value)| format!("{key}: {}", shown(value)))
                .collect(),
            flattened.ignored.into_iter().collect(),
        )
    }

    #[test]
    fn reads_language_maps_and_names() {
        assert_eq!(
            flatten(r#"{"ar": "أ", "none": ["x", "y"]}"#).0,
            ["ar=أ", "und=x", "und=y"]
        );
        assert_eq!(
            flatten(
                r#"[{"artist_id": "p/1", "full_name": "Jane Doe", "role": null, "born": 1800}]"#
            ),
            (
                vec!["Jane Doe".into()],
                vec![],
                vec!["artist_id".into(), "born".into()]
            )
        );
        assert_eq!(
            flatten(r#"{"@value": "Kitab", "@language": "ara"}"#).0,
            ["ar=Kitab"]
        );
        assert_eq!(
            flatten(r#"{"name": {"ar": "أ", "en": "b"}, "id": 3}"#).0,
            ["ar=أ", "en=b"]
        );
        assert_eq!(
            flatten(r#"{"groupType": null, "id": 6, "shortTitle": "Inferno"}"#).0,
            ["Inferno"]
        );
        assert_eq!(
            flatten(r#"[{"image_url": "https://example.org/a.jpg"}]"#)
                .0
                .len(),
            1
        );
    }

    #[test]
    fn reads_hierarchies_and_objects_without_a_name() {
        let tree = r#"{"children": [{"name": "a", "id": 1, "children": [{"id": 2, "name": "b"}]}, {"id": 3, "name": "c"}]}"#;
        assert_eq!(flatten(tree).0, ["a", "b", "c"]);
        assert_eq!(
            flatten(r#"{"lat": 33.5, "lon": 44, "note": ""}"#),
            (vec![], vec!["lat: 33.5".into(), "lon: 44".into()], vec![])
        );
        assert_eq!(flatten("{}"), (vec![], vec![], vec![]));
        assert_eq!(
            flatten(r#"["a", ["b", ["c"]], null]"#).0,
            ["a", "b", "c", ""]
        );
    }
}
