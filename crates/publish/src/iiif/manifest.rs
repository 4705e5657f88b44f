//! IIIF manifests.

use khizana_format::{Canvas, CollectionSummary, FileRef, Record};
use khizana_model::{Direction, Item, ItemDate, MediaKind, known_rights};
use khizana_pages::i18n::Lang;
use khizana_pages::{Route, format_hijri, language_name, manifest_path};
use serde_json::{Value, json};

use super::properties::{homepage, interface_label, label_or, provider, see_also, thumbnail};
use super::{
    Context, canvas, collection_path, document, language_map, ranges, record_path, recording,
    uri_prefix,
};

/// Returns the manifest of an item, or `None` if none of its files has a canvas.
///
/// A canvas requires a size or a duration, so only images and recordings have canvases.
pub(super) fn manifest(
    context: &Context<'_>,
    collection: &CollectionSummary,
    record: &Record,
) -> Option<Value> {
    if !record.has_iiif_canvas() {
        return None;
    }
    let item = &record.item;
    let id = context.url(&manifest_path(item.id.as_str()));
    let uri_prefix = uri_prefix(context, item.id.as_str());
    let canvases = (1..).zip(&record.canvases);
    let canvases: Vec<Option<Value>> = canvases
        .map(|(number, canvas)| canvas::canvas(context, item, number, canvas))
        .collect();
    let canvas_uris: Vec<Option<String>> = canvases
        .iter()
        .map(|canvas| Some(canvas.as_ref()?["id"].as_str()?.to_owned()))
        .collect();
    let canvases: Vec<Value> = canvases.into_iter().flatten().collect();
    let mut ranges = ranges::ranges(&uri_prefix, &item.contents, &canvas_uris);
    for (canvas, uri) in record.canvases.iter().zip(&canvas_uris) {
        ranges.extend(
            uri.iter()
                .flat_map(|uri| recording::chapter_ranges(uri, canvas)),
        );
    }
    let mut out = document("Manifest", id, label_or(&item.title, item.id.as_str()));
    if let Some(summary) = item.field("description").and_then(language_map::to_json) {
        out["summary"] = summary;
    }
    out["metadata"] = metadata(context, collection, item);
    add_rights(context, item, &mut out);
    out["provider"] = provider(context);
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
        // Items with a reading direction and more than two images are assumed to be bound.
        let are_images = canvases
            .iter()
            .all(|canvas| canvas.get("duration").is_none());
        let is_bound = item.reading_direction.is_some() && canvases.len() > 2 && are_images;
        out["behavior"] = json!([if is_bound { "paged" } else { "individuals" }]);
    }
    if let Some(cover) = record.cover() {
        out["thumbnail"] = thumbnail(context, cover);
    }
    let route = Route::item(item.id.as_str(), 0);
    out["homepage"] = homepage(context, &route, &item.title, item.id.as_str());
    out["seeAlso"] = see_also(context, &record_path(item.id.as_str()));
    let mut files: Vec<Value> = Vec::new();
    let mut previous = None;
    for canvas in &record.canvases {
        // All canvases of a file refer to the same original, which is linked once.
        if let Some(file) = canvas
            .original
            .as_ref()
            .filter(|file| previous != Some(*file))
        {
            files.push(rendering(context, canvas, file));
            previous = Some(file);
        }
    }
    if !files.is_empty() {
        out["rendering"] = Value::Array(files);
    }
    let part_of = context.url(&collection_path(collection.id.as_str()));
    out["partOf"] = json!([{ "id": part_of, "type": "Collection" }]);
    out["items"] = Value::Array(canvases);
    if !ranges.is_empty() {
        out["structures"] = Value::Array(ranges);
    }
    Some(out)
}

fn metadata(context: &Context<'_>, collection: &CollectionSummary, item: &Item) -> Value {
    let label = |field: &str| {
        let label = collection.labels.find(|name| *name == field);
        label
            .and_then(language_map::to_json)
            .unwrap_or_else(|| interface_label(context, field))
    };
    let fields = item
        .fields
        .iter()
        .filter(|field| field.name != "description");
    let mut out: Vec<Value> = fields
        .filter_map(|field| {
            let value = language_map::to_json(&field.values)?;
            Some(json!({ "label": label(&field.name), "value": value }))
        })
        .collect();
    if let Some(date) = &item.date {
        out.push(json!({ "label": label("date"), "value": date_values(context, date) }));
    }
    if let Some(value) = language_names(context, item) {
        out.push(json!({ "label": label("languages"), "value": value }));
    }
    let id = language_map::without_language(item.id.as_str());
    out.push(json!({ "label": label("identifier"), "value": id }));
    Value::Array(out)
}

/// Returns the date as it was written, and the Hijri date with the name of the calendar in each language of the user
/// interface.
fn date_values(context: &Context<'_>, date: &ItemDate) -> Value {
    let Some(hijri) = &date.hijri else {
        return language_map::without_language(&date.written);
    };
    let written = (!date.is_only_hijri()).then(|| date.written.clone());
    let languages = context.root.languages.iter().map(|language| {
        let hijri = format_hijri(hijri, Lang::of(language));
        let values: Vec<String> = written.iter().cloned().chain([hijri]).collect();
        (language.clone(), json!(values))
    });
    Value::Object(languages.collect())
}

/// Returns the names of the languages of an item, in each language of the user interface. A
/// language without a name is represented by its tag.
fn language_names(context: &Context<'_>, item: &Item) -> Option<Value> {
    if item.languages.is_empty() {
        return None;
    }
    let mut out = json!({});
    for lang in &context.root.languages {
        let names = item.languages.iter();
        let names = names.map(|tag| language_name(lang, tag.as_str()).unwrap_or(tag.as_str()));
        out[lang] = names.collect();
    }
    Some(out)
}

/// Returns the canonical URI of a rights statement from Creative Commons or RightsStatements.org.
///
/// The canonical URI starts with `http:`. `uri` may also be the address of the human-readable page
/// or of a translation.
fn canonical_rights(uri: &str) -> Option<String> {
    known_rights(uri)?;
    let (_, rest) = uri.split_once("://")?;
    let rest = rest.strip_prefix("www.").unwrap_or(rest);
    let parts: Vec<&str> = rest.split('/').take(4).collect();
    let [host, category, name, version] = parts[..] else {
        return None;
    };
    let category = if category == "page" {
        "vocab"
    } else {
        category
    };
    Some(format!("http://{host}/{category}/{name}/{version}/"))
}

/// Adds `rights`, in which only known statements are allowed, and `requiredStatement`, which
/// clients display for any statement.
fn add_rights(context: &Context<'_>, item: &Item, out: &mut Value) {
    let Some(uri) = &item.rights else {
        return;
    };
    let languages = &context.root.languages;
    let value = match known_rights(uri) {
        Some((statement, _)) => {
            language_map::from_interface(languages, |lang| Some(statement.name(lang)))
        }
        None => None,
    };
    if let Some(uri) = canonical_rights(uri) {
        out["rights"] = Value::from(uri);
    }
    let value = value.unwrap_or_else(|| language_map::without_language(uri));
    out["requiredStatement"] =
        json!({ "label": interface_label(context, "rights"), "value": value });
}

/// Returns a `rendering` that links to an original.
fn rendering(context: &Context<'_>, canvas: &Canvas, file: &FileRef) -> Value {
    let kind = match canvas.kind {
        // The canvases of a document have the kind `Image`.
        MediaKind::Image if canvas.media_type == khizana_pdf::MEDIA_TYPE => "Text",
        MediaKind::Image => "Image",
        MediaKind::Document | MediaKind::Text => "Text",
        MediaKind::Sound => "Sound",
        MediaKind::Film => "Video",
        MediaKind::Model => "Model",
        MediaKind::Other => "Dataset",
    };
    json!({
        "id": context.url(&file.path()),
        "type": kind,
        "label": label_or(&canvas.label, &file.name),
        "format": canvas.media_type,
    })
}

/// Returns the `navDate` of an item: the first day of its date.
fn nav_date(date: &ItemDate) -> Option<String> {
    let edtf = date.gregorian()?;
    let day = edtf.from.or(edtf.to)?;
    // `xsd:dateTime` requires a year with four digits and has no year 0.
    (1..=9999)
        .contains(&day.year)
        .then(|| format!("{day}T00:00:00Z"))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::iiif::empty_root as root;
    use khizana_format::{Derivative, DerivativeFile, Image};
    use khizana_model::{Hash, LangMap, LangTag, Section, SmallMap};

    fn page(number: u8) -> Canvas {
        let sha256 = Hash([number; 32]);
        let size = |width, height, file| Derivative {
            width,
            height,
            file,
            sha256,
            bytes: 9,
        };
        Canvas {
            kind: MediaKind::Image,
            media_type: "image/tiff".into(),
            label: LangMap::new(),
            image: Some(Image {
                key: format!("{number:032x}"),
                width: 2_000,
                height: 3_000,
                tone: "ffffff".into(),
                sizes: vec![
                    size(320, 480, DerivativeFile::Png),
                    size(1_600, 2_400, DerivativeFile::Max),
                ],
                strip: None,
                jpeg: None,
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
                remote: vec![],
                from_file: vec![],
            },
            collection: "c".parse().unwrap(),
            parent: None,
            children: vec![],
            canvases,
            remote: vec![],
            part: None,
            previous: None,
            next: None,
            related: vec![],
            map: None,
            spot: None,
            has_page: false,
        }
    }

    fn manifest_json(record: &Record) -> Option<Value> {
        let root = root();
        let info = khizana_pages::Site::of(&root, None);
        let context = Context {
            root: &root,
            info: &info,
            base_url: "https://example.org/a/",
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
        manifest(&context, &summary, &record)
    }

    #[test]
    fn a_date_that_is_only_hijri_names_its_calendar_and_is_converted_for_programs() {
        let mut record = record(vec![page(1)]);
        record.item.date = Some(ItemDate {
            written: "1324".into(),
            edtf: None,
            hijri: Some("1324".into()),
        });
        let manifest = manifest_json(&record).unwrap();
        assert_eq!(manifest["navDate"], "1906-02-25T00:00:00Z");
        let mut entries = manifest["metadata"].as_array().unwrap().iter();
        let date = entries.find(|entry| entry["label"]["en"][0] == "Date");
        let value = &date.unwrap()["value"];
        assert_eq!(value["en"], json!(["1324 AH"]));
        assert_eq!(value["ar"], json!(["١٣٢٤ هـ"]));
    }

    #[test]
    fn a_book_has_a_viewing_direction_and_is_paged() {
        let book = manifest_json(&record(vec![page(1), page(2), page(3)])).unwrap();
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
            json!({ "ar": ["1906", "١٣٢٤ هـ"], "en": ["1906", "1324 AH"] })
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
            format!("https://example.org/a/iiif/{key}/full/max/0/default.jpg")
        );
        assert_eq!(painting["body"]["format"], "image/jpeg");
        let thumbnail = &canvas["thumbnail"][0];
        assert_eq!(
            (&thumbnail["id"], &thumbnail["format"]),
            (
                &json!(format!(
                    "https://example.org/a/iiif/{key}/full/320,480/0/default.png"
                )),
                &json!("image/png")
            )
        );
        assert_eq!(painting["body"]["service"][0]["profile"], "level0");
        let text = &canvas["annotations"][0]["items"][0];
        assert_eq!(
            (&text["motivation"], &text["body"]["language"]),
            (&json!("supplementing"), &json!("ar"))
        );
    }

    #[test]
    fn line_positions_are_in_a_separate_annotation_page() {
        let mut first = page(1);
        first.lines = Some(Hash([9; 32]));
        let book = manifest_json(&record(vec![first.clone(), page(2)])).unwrap();
        let canvas = &book["items"][0];
        let page_url = "https://example.org/a/manifests/text/%D9%83%D8%AA%D8%A7%D8%A8-1/1.json";
        assert_eq!(
            canvas["annotations"],
            json!([{ "id": page_url, "type": "AnnotationPage" }])
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
        let info = khizana_pages::Site::of(&root, None);
        let context = Context {
            root: &root,
            info: &info,
            base_url: "https://example.org/a/",
        };
        let page = crate::iiif::text::annotation_page(&context, "كتاب-1", 1, &first, &lines);
        assert_eq!(page["id"], page_url);
        let annotation = |index: usize| page["items"][index].clone();
        let canvas_uri = canvas["id"].as_str().unwrap();
        assert_eq!(
            annotation(0)["target"],
            format!("{canvas_uri}#xywh=10,20,300,40")
        );
        assert_eq!(
            annotation(0)["body"],
            json!({ "type": "TextualBody", "value": "خزانة", "format": "text/plain", "language": "ar" })
        );
        assert_eq!(
            (&annotation(1)["target"], &annotation(1)["body"]["language"]),
            (&json!(canvas_uri), &json!("en"))
        );
    }

    #[test]
    fn two_images_are_individuals_and_one_has_no_behavior() {
        let coin = manifest_json(&record(vec![page(1), page(2)])).unwrap();
        assert_eq!(coin["behavior"], json!(["individuals"]));
        assert_eq!(
            manifest_json(&record(vec![page(1)]))
                .unwrap()
                .get("behavior"),
            None
        );
    }

    #[test]
    fn the_resolution_is_published_as_physical_dimensions() {
        let mut map = record(vec![page(1), page(2)]);
        assert_eq!(
            manifest_json(&map).unwrap()["items"][0].get("service"),
            None
        );
        map.item.dpi = Some(400);
        let with_dpi = manifest_json(&map).unwrap();
        let service = &with_dpi["items"][1]["service"][0];
        assert_eq!(
            (&service["physicalScale"], &service["physicalUnits"]),
            (&json!(0.0025), &json!("in"))
        );
        let canvas = with_dpi["items"][1]["id"].as_str().unwrap();
        assert_eq!(service["@id"], format!("{canvas}/dimensions"));
    }

    #[test]
    fn files_without_canvas_are_renderings_but_have_no_manifest_alone() {
        let mut sound = page(2);
        sound.kind = MediaKind::Sound;
        sound.media_type = "audio/ogg".into();
        sound.image = None;
        sound.original = sound.text.take();
        // The duration of the sound recording is unknown.
        assert_eq!(manifest_json(&record(vec![sound.clone()])), None);
        let with_image = manifest_json(&record(vec![page(1), sound])).unwrap();
        assert_eq!(with_image["items"].as_array().unwrap().len(), 1);
        assert_eq!(
            (
                &with_image["rendering"][0]["type"],
                &with_image["rendering"][0]["format"]
            ),
            (&json!("Sound"), &json!("audio/ogg"))
        );
    }

    #[test]
    fn uris_are_unique() {
        fn collect_ids(value: &Value, out: &mut Vec<String>) {
            match value {
                Value::Object(members) => {
                    let is_resource = matches!(
                        members.get("type").and_then(Value::as_str),
                        Some("Manifest" | "Canvas" | "AnnotationPage" | "Annotation" | "Range")
                    );
                    if let Some(id) = members
                        .get("id")
                        .and_then(Value::as_str)
                        .filter(|_| is_resource)
                    {
                        out.push(id.to_owned());
                    }
                    // A range only refers to canvases.
                    if members.get("type") == Some(&json!("Range")) {
                        return;
                    }
                    members.values().for_each(|value| collect_ids(value, out));
                }
                Value::Array(values) => values.iter().for_each(|value| collect_ids(value, out)),
                _ => {}
            }
        }
        let mut ids = Vec::new();
        collect_ids(
            &manifest_json(&record(vec![page(1), page(2), page(3)])).unwrap(),
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
    fn canonicalises_known_rights_statements() {
        for (uri, expected) in [
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
            assert_eq!(canonical_rights(uri).as_deref(), expected, "{uri}");
        }
    }
}
