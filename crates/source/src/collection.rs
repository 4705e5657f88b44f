//! Reading of `collection.toml`.

use std::collections::BTreeMap;
use std::path::Path;

use khizana_model::{Collection, FieldSettings, Id, IiifSettings, LangMap, LangTag, Message};
use serde::Deserialize;
use serde::de::{Deserializer, Error};

use super::sections::{SectionLines, WrittenSection};
use super::{SourceError, language, sections};

/// The name of the settings file in a source.
pub(super) const FILE_NAME: &str = "collection.toml";

/// The contents of `collection.toml`. All keys are optional.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Settings {
    id: Option<Id>,
    language: Option<ValidTag>,
    title: Texts,
    description: Texts,
    cover: Option<Id>,
    facets: Vec<String>,
    sections: Vec<toml::Spanned<WrittenSection>>,
    iiif: IiifSettings,
    fields: BTreeMap<String, Field>,
    location_from_files: bool,
    sheet: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Field {
    label: Texts,
}

/// A language tag whose subtags are registered.
#[derive(Debug)]
struct ValidTag(LangTag);

impl<'de> Deserialize<'de> for ValidTag {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        language::parse_tag(&text).map(ValidTag).ok_or_else(|| {
            D::Error::custom(format!(
                "`{}` is not a BCP 47 language tag",
                khizana_model::printable(&text)
            ))
        })
    }
}

/// A language map with one or more values per language: `ar = "خزانة"`, `en = ["One", "Two"]`.
#[derive(Debug, Default)]
pub(super) struct Texts(pub(super) LangMap);

impl<'de> Deserialize<'de> for Texts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged, expecting = "expected a string or a list of strings")]
        enum Values {
            One(String),
            Many(Vec<String>),
        }
        let mut texts = LangMap::new();
        for (tag, values) in BTreeMap::<String, Values>::deserialize(deserializer)? {
            let tag = language::parse_tag(&tag).ok_or_else(|| {
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
                let clean = super::text::clean(&value).map_err(|control| {
                    D::Error::custom(format!(
                        "a value contains the control character {}",
                        control.escape_unicode()
                    ))
                })?;
                texts.push(tag.clone(), clean.text);
            }
        }
        Ok(Texts(texts))
    }
}

/// The settings of a source.
pub(super) struct CollectionSettings {
    pub(super) collection: Collection,
    /// The default language of the values.
    pub(super) language: LangTag,
    /// `true` if the file contains the identifier of the collection.
    pub(super) has_id: bool,
    /// The name of the sheet that is read, if the table is a workbook.
    pub(super) sheet: Option<String>,
    /// The lines of the sections of the collection.
    pub(super) section_lines: Vec<SectionLines>,
}

/// Reads `collection.toml` in `root`.
///
/// `name` is the name of the source. If the file does not exist or contains no identifier, the
/// identifier of the collection is derived from `name`.
pub(super) fn read(root: &Path, name: &str) -> Result<CollectionSettings, SourceError> {
    let path = root.join(FILE_NAME);
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(error) => {
            return Err(SourceError::Unreadable {
                file: FILE_NAME.to_owned(),
                error,
            });
        }
    };
    let line = |at: usize| {
        let before = text.get(..at).unwrap_or_default();
        1 + before.matches('\n').count() as u64
    };
    let invalid = |at: usize, what: Message| SourceError::Collection {
        file: FILE_NAME.to_owned(),
        line: line(at),
        what,
    };
    let settings: Settings = toml::from_str(&text).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        invalid(at, error.message().to_owned().into())
    })?;
    let (sections, section_lines) =
        sections::convert(settings.sections, &line).map_err(|(at, what)| invalid(at, what))?;
    let has_id = settings.id.is_some();
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
        sections,
        iiif: settings.iiif,
        fields: settings
            .fields
            .into_iter()
            .map(|(name, field)| {
                (
                    name,
                    FieldSettings {
                        label: field.label.0,
                    },
                )
            })
            .collect(),
        location_from_files: settings.location_from_files,
    };
    Ok(CollectionSettings {
        collection,
        language: settings.language.map_or_else(LangTag::und, |tag| tag.0),
        has_id,
        sheet: settings.sheet,
        section_lines,
    })
}
