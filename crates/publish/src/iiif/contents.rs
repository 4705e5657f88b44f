//! The table of contents of an item.

use khizana_model::Section;
use serde_json::{Value, json};

use super::language;

/// A range for each section: the canvases from its first file to that of the next section. `below` is
/// the beginning of the addresses, `canvases` the address of each file's canvas, where it has one. A
/// section without a canvas is left out: a range has something in it.
pub(super) fn ranges(below: &str, sections: &[Section], canvases: &[Option<String>]) -> Vec<Value> {
    let mut out = Vec::new();
    for (place, section) in (1..).zip(sections) {
        // Two sections may begin on one page: both have it.
        let next = sections.iter().map(|own| own.file);
        let end = next.filter(|file| *file > section.file).min();
        let end = end.map_or(canvases.len(), |file| file as usize);
        let own = canvases.get(section.file as usize..end).unwrap_or_default();
        let items: Vec<Value> = own
            .iter()
            .flatten()
            .map(|id| json!({ "id": id, "type": "Canvas" }))
            .collect();
        if let Some(label) = language::map(&section.title).filter(|_| !items.is_empty()) {
            out.push(json!({
                "id": format!("{below}/range/{place}"),
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
    fn a_section_ends_before_the_next_and_has_only_what_is_shown() {
        let canvas = |place: u32| Some(format!("https://a/c/{place}"));
        let canvases = [canvas(1), canvas(2), None, canvas(4), None];
        let sections = [
            section(0, "مقدمة"),
            section(1, "باب"),
            section(1, "فصل"),
            section(3, "فهرس"),
            section(4, "صوت"),
        ];
        let found = ranges("https://a/i", &sections, &canvases);
        let told: Vec<(&str, Vec<&str>)> = found
            .iter()
            .map(|own| {
                let items = own["items"].as_array().unwrap();
                let ids = items.iter().map(|item| item["id"].as_str().unwrap());
                (own["label"]["ar"][0].as_str().unwrap(), ids.collect())
            })
            .collect();
        assert_eq!(
            told,
            [
                ("مقدمة", vec!["https://a/c/1"]),
                ("باب", vec!["https://a/c/2"]),
                ("فصل", vec!["https://a/c/2"]),
                ("فهرس", vec!["https://a/c/4"]),
            ]
        );
        assert_eq!(found[3]["id"], "https://a/i/range/4");
        assert!(ranges("https://a/i", &sections, &[]).is_empty());
    }
}
