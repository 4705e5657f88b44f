//! The manifest of an item.

use khizana_format::{Canvas, CollectionSummary, FileRef, Record};
use khizana_model::{Direction, Item, ItemDate, MediaKind, known_rights};
use khizana_pages::{Route, language_name, manifest_path};
use serde_json::{Value, json};

use super::linked::{homepage, label, name, provider, see_also, thumbnail};
use super::{
    Archive, below, canvas, collection_path, contents, document, language, record_path, recording,
};

/// The manifest of an item; `None` where it has nothing to show or to play:
/// a canvas has a size or a duration.
pub(super) fn of(
    archive: &Archive<'_>,
    collection: &CollectionSummary,
    record: &Record,
) -> Option<Value> {
    if !record.has_iiif_canvas() {
        return None;
    }
    let item = &record.item;
    let id = archive.address(&manifest_path(item.id.as_str()));
    let below = below(archive, item.id.as_str());
    let canvases = (1..).zip(&record.canvases);
    let canvases: Vec<Option<Value>> = canvases
        .map(|(place, own)| canvas::of(archive, item, place, own))
        .collect();
    let addresses: Vec<Option<String>> = canvases
        .iter()
        .map(|own| Some(own.as_ref()?["id"].as_str()?.to_owned()))
        .collect();
    let canvases: Vec<Value> = canvases.into_iter().flatten().collect();
    let mut ranges = contents::ranges(&below, &item.contents, &addresses);
    for (own, address) in record.canvases.iter().zip(&addresses) {
        ranges.extend(address.iter().flat_map(|on| recording::chapters(on, own)));
    }
    let mut out = document("Manifest", id, label(&item.title, item.id.as_str()));
    if let Some(summary) = item.field("description").and_then(language::map) {
        out["summary"] = summary;
    }
    out["metadata"] = metadata(archive, collection, item);
    rights(archive, item, &mut out);
    out["provider"] = provider(archive);
    if let Some(date) = item.date.as_ref().and_then(nav_date) {
        out["navDate"] = Value::String(date);
    }
    if let Some(direction) = item.reading_direction {
        out["viewingDirection"] = Value::from(match direction {
            Direction::Rtl => "right-to-left",
            Direction::Ltr => "left-to-right",
        });
    }
    if canvases.len() > 1 {
        // What has a direction of reading and more than two sides is bound.
        let pages = canvases.iter().all(|own| own.get("duration").is_none());
        let bound = item.reading_direction.is_some() && canvases.len() > 2 && pages;
        out["behavior"] = json!([if bound { "paged" } else { "individuals" }]);
    }
    if let Some(cover) = record.cover() {
        out["thumbnail"] = thumbnail(archive, cover);
    }
    let route = Route::item(item.id.as_str(), 0);
    out["homepage"] = homepage(archive, &route, &item.title, item.id.as_str());
    out["seeAlso"] = see_also(archive, &record_path(item.id.as_str()));
    let mut files: Vec<Value> = Vec::new();
    let mut offered = None;
    for own in &record.canvases {
        // The pages of a file all offer it.
        if let Some(file) = own.original.as_ref().filter(|file| offered != Some(*file)) {
            files.push(rendering(archive, own, file));
            offered = Some(file);
        }
    }
    if !files.is_empty() {
        out["rendering"] = Value::Array(files);
    }
    let part_of = archive.address(&collection_path(collection.id.as_str()));
    out["partOf"] = json!([{ "id": part_of, "type": "Collection" }]);
    out["items"] = Value::Array(canvases);
    if !ranges.is_empty() {
        out["structures"] = Value::Array(ranges);
    }
    Some(out)
}

fn metadata(archive: &Archive<'_>, collection: &CollectionSummary, item: &Item) -> Value {
    let label = |field: &str| {
        let own = collection.labels.find(|own| *own == field);
        own.and_then(language::map)
            .unwrap_or_else(|| name(archive, field))
    };
    let fields = item.fields.iter().filter(|own| own.name != "description");
    let mut out: Vec<Value> = fields
        .filter_map(|own| {
            let value = language::map(&own.values)?;
            Some(json!({ "label": label(&own.name), "value": value }))
        })
        .collect();
    if let Some(date) = &item.date {
        let written = [Some(&date.written), date.hijri.as_ref()];
        let written: Vec<&String> = written.into_iter().flatten().collect();
        out.push(json!({ "label": label("date"), "value": { "none": written } }));
    }
    if let Some(value) = languages(archive, item) {
        out.push(json!({ "label": label("languages"), "value": value }));
    }
    let id = language::none(item.id.as_str());
    out.push(json!({ "label": label("identifier"), "value": id }));
    Value::Array(out)
}

/// The languages of the item, by their names in each language of the interface; by their tags where
/// one of them has no name there.
fn languages(archive: &Archive<'_>, item: &Item) -> Option<Value> {
    if item.languages.is_empty() {
        return None;
    }
    let mut out = json!({});
    for lang in &archive.root.languages {
        let names = item.languages.iter();
        let names = names.map(|tag| language_name(lang, tag.as_str()).unwrap_or(tag.as_str()));
        out[lang] = names.collect();
    }
    Some(out)
}

/// The address by which Creative Commons and RightsStatements.org name a statement themselves, which
/// begins with `http:`; the one of its page, or of its deed in some language, leads there too.
fn canonical(uri: &str) -> Option<String> {
    known_rights(uri)?;
    let (_, rest) = uri.split_once("://")?;
    let rest = rest.strip_prefix("www.").unwrap_or(rest);
    let parts: Vec<&str> = rest.split('/').take(4).collect();
    let [host, shelf, name, version] = parts[..] else {
        return None;
    };
    let shelf = if shelf == "page" { "vocab" } else { shelf };
    Some(format!("http://{host}/{shelf}/{name}/{version}/"))
}

/// `rights` takes nothing but such statements; what they say in words must be shown.
fn rights(archive: &Archive<'_>, item: &Item, out: &mut Value) {
    let Some(uri) = &item.rights else {
        return;
    };
    let languages = &archive.root.languages;
    let value = match known_rights(uri) {
        Some((known, _)) => language::each(languages, |lang| Some(known.name(lang))),
        None => None,
    };
    if let Some(uri) = canonical(uri) {
        out["rights"] = Value::from(uri);
    }
    let value = value.unwrap_or_else(|| language::none(uri));
    out["requiredStatement"] = json!({ "label": name(archive, "rights"), "value": value });
}

/// A file that is offered as it is.
fn rendering(archive: &Archive<'_>, canvas: &Canvas, file: &FileRef) -> Value {
    let kind = match canvas.kind {
        // The pages of a document are pictures.
        MediaKind::Image if canvas.media_type == khizana_pdf::MEDIA_TYPE => "Text",
        MediaKind::Image => "Image",
        MediaKind::Document | MediaKind::Text => "Text",
        MediaKind::Sound => "Sound",
        MediaKind::Film => "Video",
        MediaKind::Model => "Model",
        MediaKind::Other => "Dataset",
    };
    json!({
        "id": archive.address(&file.path()),
        "type": kind,
        "label": label(&canvas.label, &file.name),
        "format": canvas.media_type,
    })
}

/// The day on which a line of time puts the item: the first it may be of.
fn nav_date(date: &ItemDate) -> Option<String> {
    let edtf = date.edtf.as_ref()?;
    let day = edtf.from.or(edtf.to)?;
    // xsd:dateTime has four digits for a year, and none for the year 0.
    (1..=9999)
        .contains(&day.year)
        .then(|| format!("{day}T00:00:00Z"))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::iiif::empty_root as root;
    use khizana_format::{Derivative, Image};
    use khizana_model::{Hash, LangMap, LangTag, Section, SmallMap};

    fn page(place: u8) -> Canvas {
        let sha256 = Hash([place; 32]);
        let size = |width, height| Derivative {
            width,
            height,
            sha256,
            bytes: 9,
        };
        Canvas {
            kind: MediaKind::Image,
            media_type: "image/tiff".into(),
            label: LangMap::new(),
            image: Some(Image {
                key: format!("{place:032x}"),
                width: 2_000,
                height: 3_000,
                tone: "ffffff".into(),
                sizes: vec![size(320, 480), size(1_600, 2_400)],
                pack: None,
            }),
            original: None,
            text: Some(FileRef {
                sha256,
                name: "page.txt".into(),
                bytes: 5,
                language: Some("ar".parse().unwrap()),
            }),
            lines: None,
            html: None,
            rows: None,
            recording: None,
        }
    }

    fn record(canvases: Vec<Canvas>) -> Record {
        Record {
            item: Item {
                id: "كتاب-1".parse().unwrap(),
                title: LangMap::of("ar".parse().unwrap(), "كتاب"),
                fields: vec![khizana_model::Field {
                    name: "creator".into(),
                    values: LangMap::of(LangTag::und(), "Anonymous"),
                }],
                date: Some(ItemDate {
                    written: "1906".into(),
                    edtf: khizana_model::Edtf::parse("1906").ok(),
                    hijri: Some("1324".into()),
                }),
                languages: vec!["ar".parse().unwrap(), "xyz".parse().unwrap()],
                rights: Some("https://creativecommons.org/licenses/by/4.0/deed.ar".into()),
                reading_direction: Some(Direction::Rtl),
                location: None,
                dpi: None,
                parent: None,
                media: vec![],
                contents: vec![],
                links: vec![],
                from_file: vec![],
            },
            collection: "c".parse().unwrap(),
            parent: None,
            children: vec![],
            canvases,
        }
    }

    fn manifest(record: &Record) -> Option<Value> {
        let root = root();
        let archive = Archive {
            root: &root,
            url: "https://example.org/a/",
        };
        let summary = CollectionSummary {
            id: "c".parse().unwrap(),
            title: LangMap::new(),
            description: LangMap::new(),
            first: 0,
            items: 1,
            cover: None,
            labels: SmallMap::new(),
        };
        let chapter = Section {
            file: 1,
            title: LangMap::of("ar".parse().unwrap(), "الباب الأول"),
        };
        let mut record = record.clone();
        record.item.contents = vec![chapter];
        of(&archive, &summary, &record)
    }

    #[test]
    fn a_book_is_read_in_its_own_direction_page_by_page() {
        let book = manifest(&record(vec![page(1), page(2), page(3)])).unwrap();
        assert_eq!(
            book["id"],
            "https://example.org/a/manifests/item/%D9%83%D8%AA%D8%A7%D8%A8-1.json"
        );
        assert_eq!(book["label"], json!({ "ar": ["كتاب"] }));
        assert_eq!(book["viewingDirection"], "right-to-left");
        assert_eq!(book["behavior"], json!(["paged"]));
        assert_eq!(book["navDate"], "1906-01-01T00:00:00Z");
        assert_eq!(
            book["rights"],
            "http://creativecommons.org/licenses/by/4.0/"
        );
        assert_eq!(
            book["requiredStatement"]["value"]["en"],
            json!(["Attribution"])
        );
        assert_eq!(book["metadata"][0]["label"]["en"], json!(["Creator"]));
        assert_eq!(
            book["metadata"][1]["value"],
            json!({ "none": ["1906", "1324"] })
        );
        assert_eq!(
            book["metadata"][2]["value"],
            json!({ "ar": ["العربية", "xyz"], "en": ["Arabic", "xyz"] })
        );
        assert_eq!(book["homepage"].as_array().unwrap().len(), 2);
        assert_eq!(
            book["seeAlso"][0]["id"],
            "https://example.org/a/manifests/record/%D9%83%D8%AA%D8%A7%D8%A8-1.json"
        );
        let chapter = &book["structures"][0];
        assert_eq!(chapter["label"], json!({ "ar": ["الباب الأول"] }));
        assert_eq!(chapter["items"].as_array().unwrap().len(), 2);
        assert_eq!(chapter["items"][0]["id"], book["items"][1]["id"]);
        let canvas = &book["items"][2];
        assert_eq!(
            (&canvas["width"], &canvas["height"]),
            (&json!(2_000), &json!(3_000))
        );
        assert_eq!(canvas["label"], json!({ "none": ["3"] }));
        let painting = &canvas["items"][0]["items"][0];
        assert_eq!(painting["target"], canvas["id"]);
        let key = format!("{:032x}", 3);
        assert_eq!(
            painting["body"]["id"],
            format!("https://example.org/a/iiif/{key}/full/1600,2400/0/default.jpg")
        );
        assert_eq!(painting["body"]["service"][0]["profile"], "level0");
        let text = &canvas["annotations"][0]["items"][0];
        assert_eq!(
            (&text["motivation"], &text["body"]["language"]),
            (&json!("supplementing"), &json!("ar"))
        );
    }

    #[test]
    fn lines_that_have_places_stand_in_a_document_of_their_own() {
        let mut first = page(1);
        first.lines = Some(Hash([9; 32]));
        let book = manifest(&record(vec![first.clone(), page(2)])).unwrap();
        let canvas = &book["items"][0];
        let address = "https://example.org/a/manifests/text/%D9%83%D8%AA%D8%A7%D8%A8-1/1.json";
        assert_eq!(
            canvas["annotations"],
            json!([{ "id": address, "type": "AnnotationPage" }])
        );
        assert_eq!(canvas["rendering"][0]["format"], "text/plain");
        assert!(book["items"][1]["annotations"][0]["items"].is_array());

        let line = |text: &str, language: Option<&str>, area| khizana_format::PageLine {
            text: text.into(),
            language: language.map(|tag| tag.parse().unwrap()),
            area,
            ..Default::default()
        };
        let lines = khizana_format::PageLines {
            lines: vec![
                line("خزانة", None, Some([10, 20, 300, 40])),
                line("Kitab", Some("en"), None),
            ],
        };
        let root = root();
        let archive = Archive {
            root: &root,
            url: "https://example.org/a/",
        };
        let page = crate::iiif::text::page(&archive, "كتاب-1", 1, &first, &lines);
        assert_eq!(page["id"], address);
        let of = |number: usize| page["items"][number].clone();
        let on = canvas["id"].as_str().unwrap();
        assert_eq!(of(0)["target"], format!("{on}#xywh=10,20,300,40"));
        assert_eq!(
            of(0)["body"],
            json!({ "type": "TextualBody", "value": "خزانة", "format": "text/plain", "language": "ar" })
        );
        assert_eq!(
            (&of(1)["target"], &of(1)["body"]["language"]),
            (&json!(on), &json!("en"))
        );
    }

    #[test]
    fn two_sides_are_no_book_and_one_picture_is_as_it_is() {
        let coin = manifest(&record(vec![page(1), page(2)])).unwrap();
        assert_eq!(coin["behavior"], json!(["individuals"]));
        assert_eq!(
            manifest(&record(vec![page(1)])).unwrap().get("behavior"),
            None
        );
    }

    #[test]
    fn what_is_known_of_the_size_of_the_object_is_told_of_pictures() {
        let mut map = record(vec![page(1), page(2)]);
        assert_eq!(manifest(&map).unwrap()["items"][0].get("service"), None);
        map.item.dpi = Some(400);
        let told = manifest(&map).unwrap();
        let service = &told["items"][1]["service"][0];
        assert_eq!(
            (&service["physicalScale"], &service["physicalUnits"]),
            (&json!(0.0025), &json!("in"))
        );
        let canvas = told["items"][1]["id"].as_str().unwrap();
        assert_eq!(service["@id"], format!("{canvas}/dimensions"));
    }

    #[test]
    fn files_without_a_picture_are_offered_and_alone_make_no_manifest() {
        let mut sound = page(2);
        sound.kind = MediaKind::Sound;
        sound.media_type = "audio/ogg".into();
        sound.image = None;
        sound.original = sound.text.take();
        // Of this one it is not known how long it lasts.
        assert_eq!(manifest(&record(vec![sound.clone()])), None);
        let both = manifest(&record(vec![page(1), sound])).unwrap();
        assert_eq!(both["items"].as_array().unwrap().len(), 1);
        assert_eq!(
            (
                &both["rendering"][0]["type"],
                &both["rendering"][0]["format"]
            ),
            (&json!("Sound"), &json!("audio/ogg"))
        );
    }

    #[test]
    fn no_two_things_have_one_address() {
        fn all(value: &Value, out: &mut Vec<String>) {
            match value {
                Value::Object(members) => {
                    let named = matches!(
                        members.get("type").and_then(Value::as_str),
                        Some("Manifest" | "Canvas" | "AnnotationPage" | "Annotation" | "Range")
                    );
                    if let Some(id) = members.get("id").and_then(Value::as_str).filter(|_| named) {
                        out.push(id.to_owned());
                    }
                    // What a range has is named elsewhere.
                    if members.get("type") == Some(&json!("Range")) {
                        return;
                    }
                    members.values().for_each(|value| all(value, out));
                }
                Value::Array(values) => values.iter().for_each(|value| all(value, out)),
                _ => {}
            }
        }
        let mut ids = Vec::new();
        all(
            &manifest(&record(vec![page(1), page(2), page(3)])).unwrap(),
            &mut ids,
        );
        assert_eq!(ids.len(), 1 + 3 * 5 + 1);
        assert!(
            ids.iter()
                .all(|id| id.starts_with("https://example.org/a/manifests/item/"))
        );
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), 1 + 3 * 5 + 1);
    }

    #[test]
    fn only_statements_that_iiif_knows_are_rights() {
        for (uri, own) in [
            (
                "https://www.creativecommons.org/publicdomain/mark/1.0",
                Some("http://creativecommons.org/publicdomain/mark/1.0/"),
            ),
            (
                "http://rightsstatements.org/page/InC/1.0/?language=ar",
                Some("http://rightsstatements.org/vocab/InC/1.0/"),
            ),
            ("https://example.org/terms", None),
            ("CC BY", None),
        ] {
            assert_eq!(canonical(uri).as_deref(), own, "{uri}");
        }
    }
}
