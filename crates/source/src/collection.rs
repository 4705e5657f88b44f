//! `collection.toml`: what a source says about itself.

use std::collections::BTreeMap;
use std::path::Path;

use khizana_model::{Collection, FieldSettings, Id, IiifSettings, LangMap, LangTag};
use serde::Deserialize;
use serde::de::{Deserializer, Error};

use super::{SourceError, language};

/// The name of the file.
pub(super) const NAME: &str = "collection.toml";

/// What `collection.toml` may say. Everything is optional.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Settings {
    id: Option<Id>,
    language: Option<Tag>,
    title: Names,
    description: Names,
    cover: Option<Id>,
    facets: Vec<String>,
    iiif: IiifSettings,
    fields: BTreeMap<String, Labels>,
    location_from_files: bool,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Labels {
    label: Names,
}

/// A registered language tag.
#[derive(Debug)]
struct Tag(LangTag);

impl<'de> Deserialize<'de> for Tag {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        language::read(&text).map(Tag).ok_or_else(|| {
            D::Error::custom(format!(
                "`{}` is not a BCP 47 language tag",
                khizana_model::printable(&text)
            ))
        })
    }
}

/// A text by language, each one or several: `ar = "خزانة"`, `en = ["One", "Two"]`.
#[derive(Debug, Default)]
struct Names(LangMap);

impl<'de> Deserialize<'de> for Names {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged, expecting = "expected a string or a list of strings")]
        enum Values {
            One(String),
            Many(Vec<String>),
        }
        let mut names = LangMap::new();
        for (tag, values) in BTreeMap::<String, Values>::deserialize(deserializer)? {
            let tag = language::read(&tag).ok_or_else(|| {
                D::Error::custom(format!(
                    "`{}` is not a BCP 47 language tag",
                    khizana_model::printable(&tag)
                ))
            })?;
            let values = match values {
                Values::One(value) => vec![value],
                Values::Many(values) => values,
            };
            for value in values {
                let taken = super::text::take(&value).map_err(|control| {
                    D::Error::custom(format!(
                        "a value contains the control character {}",
                        control.escape_unicode()
                    ))
                })?;
                names.push(tag.clone(), taken.text);
            }
        }
        Ok(Names(names))
    }
}

/// The collection and the language of its values, from `collection.toml` in `root`, or only from
/// `name` where there is no such file.
pub(super) fn read(root: &Path, name: &str) -> Result<(Collection, LangTag), SourceError> {
    let path = root.join(NAME);
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(error) => {
            return Err(SourceError::Unreadable {
                file: NAME.to_owned(),
                error,
            });
        }
    };
    let settings: Settings = toml::from_str(&text).map_err(|error| {
        let before = error
            .span()
            .and_then(|span| text.get(..span.start))
            .unwrap_or_default();
        SourceError::Collection {
            file: NAME.to_owned(),
            line: 1 + before.matches('\n').count() as u64,
            what: error.message().to_owned(),
        }
    })?;
    let id = match settings.id.or_else(|| Id::slugify(name)) {
        Some(id) => id,
        None => {
            return Err(SourceError::NoCollectionId {
                name: khizana_model::printable(name),
            });
        }
    };
    let collection = Collection {
        id,
        title: settings.title.0,
        description: settings.description.0,
        cover: settings.cover,
        facets: settings.facets,
        iiif: settings.iiif,
        fields: settings
            .fields
            .into_iter()
            .map(|(name, labels)| {
                (
                    name,
                    FieldSettings {
                        label: labels.label.0,
                    },
                )
            })
            .collect(),
        location_from_files: settings.location_from_files,
    };
    Ok((
        collection,
        settings.language.map_or_else(LangTag::und, |tag| tag.0),
    ))
}
