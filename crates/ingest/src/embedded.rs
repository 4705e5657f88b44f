//! Completion of records with the metadata that is embedded in files.

use std::path::Path;

use khizana_media::{EmbeddedMetadata, LangString};
use khizana_model::{Field, Item, ItemDate, LangMap, LangTag, Location, known_rights};

use khizana_source::{SourceItem, date, language, text};

/// Completes a record with the metadata that is embedded in the first file of the item.
///
/// Title, description, creators, date and rights are added if the table does not provide them. The
/// location is added if the table does not provide it and the collection publishes locations. The
/// names of the added values are listed in [`Item::from_file`].
///
/// The metadata of the other files is ignored, because it describes single pages. If there is still no
/// title, the fallback title of the source is used.
pub(crate) fn complete(item: &mut Item, source: &SourceItem) {
    add_embedded(item, source);
    if let (true, Some(title)) = (item.title.is_empty(), &source.fallback_title) {
        item.title = LangMap::of(LangTag::und(), title.clone());
    }
}

/// Adds the metadata that is embedded in the first file.
fn add_embedded(item: &mut Item, source: &SourceItem) {
    let Some(first) = source.files.first() else {
        return;
    };
    let pdf = item
        .media
        .first()
        .filter(|media| media.media_type == khizana_pdf::MEDIA_TYPE);
    let embedded = match pdf {
        // The PDF could not be opened when its pages were counted.
        Some(media) if media.pages.is_none() => return,
        Some(_) => pdf_metadata(&first.path),
        None => khizana_media::read_embedded(&first.path),
    };
    add_missing(item, embedded, source.location_from_files);
}

/// Returns the title that is embedded in the first file of an item.
pub(crate) fn embedded_title(source: &SourceItem) -> Option<String> {
    let first = source.files.first()?;
    let extension = first.path.extension()?.to_str()?;
    let embedded = if extension.eq_ignore_ascii_case("pdf") {
        pdf_metadata(&first.path)
    } else {
        khizana_media::read_embedded(&first.path)
    };
    let titles = lang_map(&embedded.title);
    titles.iter().next().map(|(_, title)| title.to_owned())
}

/// Returns the metadata of a PDF. It is empty if the PDF cannot be opened.
fn pdf_metadata(path: &Path) -> EmbeddedMetadata {
    let info = khizana_pdf::Document::open(path).map(|document| document.metadata());
    let info = info.unwrap_or_default();
    let author = info.author.filter(|author| !is_placeholder(author));
    let worded = |text: Option<String>| -> Vec<LangString> {
        let text = text.map(|text| LangString {
            language: None,
            text,
        });
        text.into_iter().collect()
    };
    EmbeddedMetadata {
        title: worded(info.title),
        creator: worded(author),
        description: worded(info.subject),
        ..EmbeddedMetadata::default()
    }
}

/// Returns `true` if an author is a placeholder that a program wrote because it knew none.
fn is_placeholder(author: &str) -> bool {
    let author = author
        .trim()
        .trim_matches(['(', ')', '<', '>', '[', ']', '.']);
    let placeholders = [
        "",
        "anonymous",
        "unspecified",
        "unknown",
        "unknown author",
        "author",
        "user",
        "admin",
        "administrator",
        "owner",
        "default",
        "default user",
        "none",
        "null",
        "n/a",
        "untitled",
        "microsoft office user",
        "windows user",
        "utilisateur",
        "utilisateur windows",
        "anonyme",
        "مجهول",
        "المستخدم",
        "مستخدم",
    ];
    placeholders.contains(&author.to_lowercase().as_str())
}

/// Adds embedded metadata to those members and fields of a record that are empty.
fn add_missing(item: &mut Item, embedded: EmbeddedMetadata, with_location: bool) {
    let has = |item: &Item, name: &str| item.fields.iter().any(|field| field.name == name);
    if item.title.is_empty() {
        item.title = lang_map(&embedded.title);
        if !item.title.is_empty() {
            item.from_file.push("title".to_owned());
        }
    }
    let has_rights = item.rights.is_some() || has(item, "rights_text");
    for (name, values) in [
        ("creator", &embedded.creator),
        ("description", &embedded.description),
    ] {
        if !has(item, name) {
            add_field(item, name, lang_map(values));
        }
    }
    if item.date.is_none()
        && let Some(written) = embedded.date
        && let date::ParsedDate::Edtf(edtf) = date::parse(&written)
    {
        item.date = Some(ItemDate {
            written,
            edtf: Some(edtf),
            hijri: None,
        });
        item.from_file.push("date".to_owned());
    }
    if !has_rights {
        let mut texts = lang_map(&embedded.rights);
        match embedded.rights_url {
            Some(address) if known_rights(&address).is_some() => {
                item.rights = Some(address);
                item.from_file.push("rights".to_owned());
            }
            Some(address) => texts.push(LangTag::und(), address),
            None => {}
        }
        add_field(item, "rights_text", texts);
    }
    if with_location
        && item.location.is_none()
        && let Some((latitude, longitude)) = embedded.location
        && let Some(location) = Location::new(latitude, longitude)
    {
        item.location = Some(location);
        item.from_file.push("location".to_owned());
    }
}

fn add_field(item: &mut Item, name: &str, values: LangMap) {
    if values.is_empty() {
        return;
    }
    item.fields.push(Field {
        name: name.to_owned(),
        values,
    });
    item.from_file.push(name.to_owned());
}

/// Cleans texts in the same way as those in a table. Texts that contain control characters and
/// language tags that are invalid are dropped.
fn lang_map(values: &[LangString]) -> LangMap {
    let mut map = LangMap::new();
    for value in values {
        let tag = value.language.as_deref().and_then(language::parse_tag);
        if let Ok(clean) = text::clean(&value.text) {
            map.push(tag.unwrap_or_else(LangTag::und), clean.text);
        }
    }
    map
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn worded(language: &str, text: &str) -> LangString {
        LangString {
            language: (!language.is_empty()).then(|| language.to_owned()),
            text: text.to_owned(),
        }
    }

    fn embedded() -> EmbeddedMetadata {
        EmbeddedMetadata {
            title: vec![worded("ar", "صفحة"), worded("fre", "Page")],
            description: vec![worded("", "A \u{202e}page")],
            creator: vec![worded("", "A"), worded("", "B\u{7}")],
            rights: vec![worded("xx-nothing", "Free")],
            rights_url: Some("https://example.org/rights".to_owned()),
            date: Some("1906-02-25".to_owned()),
            location: Some((33.5, 36.25)),
        }
    }

    fn item(json: &str) -> Item {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn recognises_placeholders_of_programs() {
        for author in [
            "anonymous",
            "(anonymous)",
            "Unspecified",
            "unknown ",
            "Administrator",
            "مستخدم",
        ] {
            assert!(is_placeholder(author), "{author}");
        }
        for author in ["Anonymous of Ravenna", "Owner, John", "كرد علي"] {
            assert!(!is_placeholder(author), "{author}");
        }
    }

    #[test]
    fn adds_missing_metadata_and_lists_it() {
        let mut item = item(r#"{"id": "x"}"#);
        add_missing(&mut item, embedded(), false);
        let json = serde_json::to_value(&item).unwrap();
        let expected = serde_json::json!({
            "id": "x",
            "title": { "ar": ["صفحة"], "fr": ["Page"] },
            "fields": [
                { "name": "creator", "values": { "und": ["A"] } },
                { "name": "description", "values": { "und": ["A page"] } },
                { "name": "rights_text", "values": { "und": ["Free", "https://example.org/rights"] } },
            ],
            "date": {
                "written": "1906-02-25",
                "edtf": { "from": "1906-02-25", "to": "1906-02-25" },
            },
            "from_file": ["title", "creator", "description", "date", "rights_text"],
        });
        assert_eq!(json, expected);
    }

    #[test]
    fn keeps_metadata_of_the_table() {
        let json = r#"{
            "id": "x",
            "title": { "ar": ["المقتبس"] },
            "fields": [
                { "name": "creator", "values": { "ar": ["كرد علي"] } },
                { "name": "description", "values": { "ar": ["مجلة"] } }
            ],
            "date": { "written": "حوالي 1906" },
            "rights": "https://creativecommons.org/publicdomain/mark/1.0/",
            "location": { "latitude": 1.0, "longitude": 2.0 }
        }"#;
        let mut complete = item(json);
        add_missing(&mut complete, embedded(), true);
        assert_eq!(complete, item(json));
    }

    #[test]
    fn adds_known_licences_and_requested_positions() {
        let mut item = item(r#"{"id": "x"}"#);
        let licence = "https://creativecommons.org/licenses/by/4.0/";
        let embedded = EmbeddedMetadata {
            rights_url: Some(licence.to_owned()),
            location: Some((33.5, 36.25)),
            ..EmbeddedMetadata::default()
        };
        add_missing(&mut item, embedded, true);
        assert_eq!(item.rights.as_deref(), Some(licence));
        assert_eq!(item.location, Location::new(33.5, 36.25));
        assert_eq!(item.from_file, ["rights", "location"]);
    }
}
