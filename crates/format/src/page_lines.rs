//! The lines of a page and their positions. They are the content of an object that is fetched
//! together with the page.

use khizana_model::{Direction, LangTag};
use serde::Serialize;

/// The text of a page, divided into lines. It is serialized as JSON.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct PageLines {
    /// The lines in reading order.
    pub lines: Vec<PageLine>,
}

khizana_json::json_object!(PageLines { lines });

/// A line of text on a page.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct PageLine {
    /// Text of the line, without line breaks.
    pub text: String,
    /// `true` if the line starts a paragraph.
    #[serde(skip_serializing_if = "is_false")]
    pub starts: bool,
    /// Language of the line, if it differs from the language of the text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<LangTag>,
    /// Writing direction of the line, if it differs from the direction of its language.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub direction: Option<Direction>,
    /// Bounding box of the line: left edge, top edge, width and height, in pixels of an image of
    /// [`crate::Image::width`] × [`crate::Image::height`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub area: Option<[u32; 4]>,
    /// The words whose positions are known, in order. Each word is stored as its start and end in
    /// [`PageLine::text`], in bytes of UTF-8, followed by the left edge, top edge, width and height
    /// of its bounding box.
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
    /// Splits plain text into lines. Empty lines separate paragraphs and are omitted.
    pub fn from_plain_text(text: &str) -> PageLines {
        let mut starts_paragraph = true;
        let mut lines = Vec::new();
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        for line in text.lines().map(str::trim) {
            if line.is_empty() {
                starts_paragraph = true;
                continue;
            }
            lines.push(PageLine {
                text: line.to_owned(),
                starts: starts_paragraph,
                ..PageLine::default()
            });
            starts_paragraph = false;
        }
        PageLines { lines }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn json_round_trips() {
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
        for malformed in [
            "{\"lines\":[{\"text\":\"x\",\"area\":[1,2,3]}]}",
            "{\"lines\":[{\"text\":\"x\",\"area\":[1,2,3,4,5]}]}",
            "{\"lines\":[{\"text\":\"x\",\"area\":[1,2,3,-4]}]}",
            "{\"lines\":[{}]}",
        ] {
            assert!(khizana_json::from_slice::<PageLines>(malformed.as_bytes()).is_err());
        }
    }

    #[test]
    fn empty_lines_separate_paragraphs() {
        let page = PageLines::from_plain_text("\u{feff}\n\nأول\r\nثان\r\n\r\n \n third \n\n");
        let lines: Vec<(&str, bool)> = page
            .lines
            .iter()
            .map(|line| (line.text.as_str(), line.starts))
            .collect();
        assert_eq!(lines, [("أول", true), ("ثان", false), ("third", true)]);
        assert!(PageLines::from_plain_text(" \r\n\n").lines.is_empty());
    }
}
