//! What the metadata within a picture say, where the curator says nothing.

use std::path::Path;

use khizana_media::{EmbeddedMetadata, LangString};
use khizana_model::{Field, Item, ItemDate, LangMap, LangTag, Location, known_rights};

use khizana_source::{SourceItem, date, language, text};

/// Completes a record with the metadata within the item's first file: its title, description,
/// creators, date and rights where the table leaves them empty, and where it was taken if the
/// collection wants that shown. The record says which they are.
///
/// The other files say what each of them is, which is a page and not the book.
pub(crate) fn complete(item: &mut Item, source: &SourceItem) {
    let Some(first) = source.files.first() else {
        return;
    };
    let pdf = item
        .media
        .first()
        .filter(|media| media.media_type == khizana_pdf::MEDIA_TYPE);
    let found = match pdf {
        // One whose pages could not be counted is not opened again.
        Some(media) if media.pages.is_none() => return,
        Some(_) => of_pdf(&first.path),
        None => khizana_media::read_embedded(&first.path),
    };
    fill(item, found, source.location_from_files);
}

/// What a PDF says of itself; nothing where it cannot be opened.
fn of_pdf(path: &Path) -> Embedded {
    let info = khizana_pdf::Document::open(path).map(|document| document.metadata());
    let info = info.unwrap_or_default();
    let worded = |text: Option<String>| -> Vec<LangString> {
        let text = text.map(|text| LangString {
            language: None,
            text,
        });
        text.into_iter().collect()
    };
    EmbeddedMetadata {
        title: worded(info.title),
        creator: worded(info.author),
        description: worded(info.subject),
        ..EmbeddedMetadata::default()
    }
}

fn fill(item: &mut Item, found: EmbeddedMetadata, with_location: bool) {
    let has = |item: &Item, name: &str| item.fields.iter().any(|field| field.name == name);
    if item.title.is_empty() {
        item.title = map(&found.title);
        if !item.title.is_empty() {
            item.from_file.push("title".to_owned());
        }
    }
    let has_rights = item.rights.is_some() || has(item, "rights_text");
    for (name, values) in [
        ("creator", &found.creator),
        ("description", &found.description),
    ] {
        if !has(item, name) {
            add(item, name, map(values));
        }
    }
    if item.date.is_none()
        && let Some(written) = found.date
        && let date::Read::Edtf(edtf) = date::read(&written)
    {
        item.date = Some(ItemDate {
            written,
            edtf: Some(edtf),
            hijri: None,
        });
        item.from_file.push("date".to_owned());
    }
    if !has_rights {
        let mut words = map(&found.rights);
        match found.rights_url {
            Some(address) if known_rights(&address).is_some() => {
                item.rights = Some(address);
                item.from_file.push("rights".to_owned());
            }
            Some(address) => words.push(LangTag::und(), address),
            None => {}
        }
        add(item, "rights_text", words);
    }
    if with_location
        && item.location.is_none()
        && let Some((latitude, longitude)) = found.location
        && let Some(location) = Location::new(latitude, longitude)
    {
        item.location = Some(location);
        item.from_file.push("location".to_owned());
    }
}

fn add(item: &mut Item, name: &str, values: LangMap) {
    if values.is_empty() {
        return;
    }
    item.fields.push(Field {
        name: name.to_owned(),
        values,
    });
    item.from_file.push(name.to_owned());
}

/// Texts as a table's are taken: composed, and without what only controls their display. A text with
/// other control characters in it is left out.
fn map(values: &[LangString]) -> LangMap {
    let mut map = LangMap::new();
    for value in values {
        let tag = value.language.as_deref().and_then(language::read);
        if let Ok(taken) = text::take(&value.text) {
            map.push(tag.unwrap_or_else(LangTag::und), taken.text);
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

    fn found() -> EmbeddedMetadata {
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
    fn what_is_empty_is_filled_and_named() {
        let mut bare = item(r#"{"id": "x"}"#);
        fill(&mut bare, found(), false);
        let json = serde_json::to_value(&bare).unwrap();
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
    fn what_the_curator_says_stays() {
        let said = r#"{
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
        let mut whole = item(said);
        fill(&mut whole, found(), true);
        assert_eq!(whole, item(said));
    }

    #[test]
    fn a_known_licence_is_the_items_rights_and_a_place_is_shown_where_it_is_wanted() {
        let mut bare = item(r#"{"id": "x"}"#);
        let licence = "https://creativecommons.org/licenses/by/4.0/";
        let found = EmbeddedMetadata {
            rights_url: Some(licence.to_owned()),
            location: Some((33.5, 36.25)),
            ..EmbeddedMetadata::default()
        };
        fill(&mut bare, found, true);
        assert_eq!(bare.rights.as_deref(), Some(licence));
        assert_eq!(bare.location, Location::new(33.5, 36.25));
        assert_eq!(bare.from_file, ["rights", "location"]);
    }
}
