//! Ranges, which represent the table of contents of an item.

use khizana_model::Section;
use serde_json::{Value, json};

use super::language_map;

/// Returns a range for each section. A range ends before the first file of the next section.
///
/// `base_uri` is the prefix of the URIs of the ranges. `canvases` contains the URI of the canvas of
/// each file, or `None` for a file without a canvas. Sections without a canvas are omitted, because
/// a range must not be empty, and so are sections without a title.
pub(super) fn ranges(
    base_uri: &str,
    sections: &[Section],
    canvases: &[Option<String>],
) -> Vec<Value> {
    let mut out = Vec::new();
    for (number, section) in (1..).zip(sections) {
        // Sections that start with the same file have the same end.
        let starts = sections.iter().map(|other| other.file);
        let end = starts.filter(|start| *start > section.file).min();
        let end = end.map_or(canvases.len(), |file| file as usize);
        let items: Vec<Value> = canvases
            .get(section.file as usize..end)
            .unwrap_or_default()
            .iter()
            .flatten()
            .map(|id| json!({ "id": id, "type": "Canvas" }))
            .collect();
        if let Some(label) = language_map::to_json(&section.title).filter(|_| !items.is_empty()) {
            out.push(json!({
                "id": format!("{base_uri}/range/{number}"),
                "type": "Range",
                "label": label,
                "items": items,
            }));
        }
    }
    out
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use khizana_model::LangMap;

    fn section(file: u32, title: &str) -> Section {
        Section {
            file,
            title: LangMap::of("ar".parse().unwrap(), title),
        }
    }

    #[test]
    fn sections_end_before_the_next_and_omit_files_without_canvas() {
        let canvas = |number: u32| Some(format!("https://a/c/{number}"));
        let canvases = [canvas(1), canvas(2), None, canvas(4), None];
        let sections = [
            section(0, "مقدمة"),
            section(1, "باب"),
            section(1, "فصل"),
            section(3, "فهرس"),
            section(4, "صوت"),
        ];
        let ranges_json = ranges("https://a/i", &sections, &canvases);
        let actual: Vec<(&str, Vec<&str>)> = ranges_json
            .iter()
            .map(|range| {
                let items = range["items"].as_array().unwrap();
                let ids = items.iter().map(|item| item["id"].as_str().unwrap());
                (range["label"]["ar"][0].as_str().unwrap(), ids.collect())
            })
            .collect();
        assert_eq!(
            actual,
            [
                ("مقدمة", vec!["https://a/c/1"]),
                ("باب", vec!["https://a/c/2"]),
                ("فصل", vec!["https://a/c/2"]),
                ("فهرس", vec!["https://a/c/4"]),
            ]
        );
        assert_eq!(ranges_json[3]["id"], "https://a/i/range/4");
        assert!(ranges("https://a/i", &sections, &[]).is_empty());
    }
}
