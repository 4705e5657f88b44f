//! The lines of a page with their places: the content of an object, read when the page is opened.

use khizana_model::{Direction, LangTag};
use serde::Serialize;

/// The text of a page, line by line. JSON.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct PageLines {
    /// The lines, in the order in which they are read.
    pub lines: Vec<PageLine>,
}

khizana_json::json_object!(PageLines { lines });

/// A line of a page.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct PageLine {
    /// Its text, in one line.
    pub text: String,
    /// Whether it begins a paragraph.
    #[serde(skip_serializing_if = "is_false")]
    pub starts: bool,
    /// Its language, where it is another than that of the text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<LangTag>,
    /// Its direction, where it is another than its language gives.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub direction: Option<Direction>,
    /// Its place: left and upper edge, width, height, in pixels of [`crate::Image::width`] and
    /// [`crate::Image::height`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub area: Option<[u32; 4]>,
    /// Its words that have places, in order: where each begins in the text and where it ends, in bytes
    /// of UTF-8, and then its place.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub words: Vec<[u32; 6]>,
}

khizana_json::json_object!(PageLine {
    text,
    starts: optional,
    language: optional,
    direction: optional,
    area: optional,
    words: optional
});

fn is_false(flag: &bool) -> bool {
    !flag
}

impl PageLines {
    /// The lines of a plain text: an empty one begins a paragraph.
    pub fn plain(text: &str) -> PageLines {
        let mut starts = true;
        let mut lines = Vec::new();
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        for line in text.lines().map(str::trim) {
            if line.is_empty() {
                starts = true;
                continue;
            }
            lines.push(PageLine {
                text: line.to_owned(),
                starts,
                ..PageLine::default()
            });
            starts = false;
        }
        PageLines { lines }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read_as_they_are_written() {
        let page = PageLines {
            lines: vec![
                PageLine {
                    text: "خزانة الكتب".into(),
                    starts: true,
                    language: "fa".parse().ok(),
                    direction: Some(Direction::Rtl),
                    area: Some([10, 20, 300, 40]),
                    words: vec![[0, 10, 200, 20, 110, 40], [11, 21, 10, 20, 180, 40]],
                },
                PageLine {
                    text: "x".into(),
                    ..PageLine::default()
                },
            ],
        };
        let json = serde_json::to_string(&page).unwrap();
        assert_eq!(
            json,
            "{\"lines\":[{\"text\":\"خزانة الكتب\",\"starts\":true,\"language\":\"fa\",\
             \"direction\":\"rtl\",\"area\":[10,20,300,40],\
             \"words\":[[0,10,200,20,110,40],[11,21,10,20,180,40]]},{\"text\":\"x\"}]}"
        );
        let read: PageLines = khizana_json::from_slice(json.as_bytes()).unwrap();
        assert_eq!(read, page);
        for wrong in [
            "{\"lines\":[{\"text\":\"x\",\"area\":[1,2,3]}]}",
            "{\"lines\":[{\"text\":\"x\",\"area\":[1,2,3,4,5]}]}",
            "{\"lines\":[{\"text\":\"x\",\"area\":[1,2,3,-4]}]}",
            "{\"lines\":[{}]}",
        ] {
            assert!(khizana_json::from_slice::<PageLines>(wrong.as_bytes()).is_err());
        }
    }

    #[test]
    fn empty_lines_part_paragraphs() {
        let page = PageLines::plain("\u{feff}\n\nأول\r\nثان\r\n\r\n \n third \n\n");
        let lines: Vec<(&str, bool)> = page
            .lines
            .iter()
            .map(|line| (line.text.as_str(), line.starts))
            .collect();
        assert_eq!(lines, [("أول", true), ("ثان", false), ("third", true)]);
        assert!(PageLines::plain(" \r\n\n").lines.is_empty());
    }
}
