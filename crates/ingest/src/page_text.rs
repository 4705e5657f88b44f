//! Validation of the texts of pages in XML formats.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use khizana_model::{Problem, message};
use khizana_pagetext::{MAX_BYTES, PageText, SNIFF_LEN, is_proportional};
use serde::{Deserialize, Serialize};

use super::file_problem::FileContext;

/// The facts about a parsed text in an XML format, without its lines, because an item may have a thousand
/// such texts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ParsedText {
    /// Width and height of the page, as decimal numbers: JSON readers may round numbers.
    size: Option<(String, String)>,
    has_places: bool,
    whole_page_positions: u32,
    /// The line of the first position that is not a number, and the number of such positions.
    invalid_positions: Option<(u64, u32)>,
}

impl ParsedText {
    fn new(page: &PageText) -> ParsedText {
        let size = page.size;
        let invalid = page.invalid_positions;
        ParsedText {
            size: size.map(|(width, height)| (width.to_string(), height.to_string())),
            has_places: page.has_positions(),
            whole_page_positions: page.whole_page_positions,
            invalid_positions: invalid.map(|invalid| (invalid.line, invalid.count)),
        }
    }

    fn size(&self) -> Option<(f64, f64)> {
        let (width, height) = self.size.as_ref()?;
        Some((width.parse().ok()?, height.parse().ok()?))
    }
}

/// Parses a text in an XML format. Returns `None` if it is plain text. The file must have been
/// validated as UTF-8.
///
/// # Errors
/// Returns a problem if the file cannot be read or its XML is malformed.
pub fn parse(path: &Path, context: FileContext<'_>) -> Result<Option<ParsedText>, Box<Problem>> {
    let unreadable = |error| Box::new(context.unreadable(&error));
    let mut file = File::open(path).map_err(unreadable)?;
    let mut bytes = Vec::new();
    let mut head = (&mut file).take(SNIFF_LEN);
    head.read_to_end(&mut bytes).map_err(unreadable)?;
    if !khizana_pagetext::is_xml(&bytes) {
        return Ok(None);
    }
    // One byte more than the limit is read, so that a longer text is detected.
    let mut rest = file.take(MAX_BYTES + 1 - bytes.len() as u64);
    rest.read_to_end(&mut bytes).map_err(unreadable)?;
    match khizana_pagetext::parse(&bytes) {
        Ok(page) => Ok(Some(ParsedText::new(&page))),
        Err(error) => Err(Box::new(
            context
                .error(
                    error.code(),
                    message!(
                        "The text of the page cannot be read: {error}.",
                        error = error.message()
                    ),
                    error.hint(),
                )
                .at_line(error.line()),
        )),
    }
}

/// Returns warnings about unusable positions in a text. `image` is the width and height of the page
/// image, in pixels.
pub fn warnings(
    text: &ParsedText,
    image: Option<(u32, u32)>,
    context: FileContext<'_>,
) -> Vec<Problem> {
    let mut problems = Vec::new();
    if let Some((line, count)) = text.invalid_positions {
        let warning = context.warning(
            "text-xml-place",
            message!("Positions that are not numbers are ignored ({count} in this file; this is the first).", count),
            "Correct the coordinates, or export the text again. A line without a valid position is not marked on the image.",
        );
        problems.push(warning.at_line(line));
    }
    if text.whole_page_positions > 0 && !text.has_places {
        let warning = context.warning(
            WHOLE_PAGE,
            "The position of every line is the whole page, so the positions are ignored. `khizana publish` locates the lines on the image instead.",
            "No action is needed.",
        );
        problems.push(warning.at_line(1));
    }
    if let Some((width, height)) = image
        && let Some((page_width, page_height)) = text.size()
        && text.has_places
        && !is_proportional((page_width, page_height), (width, height))
    {
        let warning = context.warning(
            "text-xml-size",
            message!("The text describes a page of {page_width} × {page_height}, which does not match the proportions of the image ({width} × {height} pixels). The positions in the text are ignored.", page_width, page_height, width, height),
            "Run the text recognition on the image as supplied, upright and uncropped.",
        );
        problems.push(warning.at_line(1));
    }
    problems
}

const WHOLE_PAGE: &str = "text-xml-whole-page";

/// Merges the [`WHOLE_PAGE`] problems of an item, because all its texts come from the same program.
pub fn group(problems: &mut Vec<Problem>) {
    let is_grouped = |problem: &Problem| problem.code == WHOLE_PAGE;
    let others = problems
        .iter()
        .filter(|problem| is_grouped(problem))
        .count()
        .saturating_sub(1);
    if others == 0 {
        return;
    }
    let mut is_first = true;
    problems.retain_mut(|problem| {
        if !is_grouped(problem) {
            return true;
        }
        if is_first {
            let others = match others {
                1 => message!("This also applies to 1 more text of the item."),
                count => message!(
                    "This also applies to {count} more texts of the item.",
                    count
                ),
            };
            problem.message = problem.message.clone().then(others);
        }
        std::mem::take(&mut is_first)
    });
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use khizana_model::RowPosition;

    use super::*;

    fn problems_of(text: &str, image: Option<(u32, u32)>) -> Vec<Problem> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("1.xml");
        std::fs::write(&path, text).unwrap();
        let position = RowPosition {
            table: "metadata.csv".into(),
            row: 7,
            line: 7,
            sheet: None,
        };
        let context = FileContext {
            file: "text/1.xml",
            position: &position,
            item: "x",
        };
        match parse(&path, context) {
            Ok(Some(text)) => warnings(&text, image, context),
            Ok(None) => Vec::new(),
            Err(problem) => vec![*problem],
        }
    }

    fn codes(problems: &[Problem]) -> Vec<(&str, Option<u64>)> {
        let problems = problems.iter();
        problems
            .map(|problem| (problem.code, problem.line))
            .collect()
    }

    fn page(points: &str) -> String {
        format!(
            "<PcGts><Page imageWidth=\"100\" imageHeight=\"200\"><TextRegion>\n<TextLine>\n\
             <Coords points=\"{points}\"/><TextEquiv><Unicode>x</Unicode></TextEquiv>\
             </TextLine></TextRegion></Page></PcGts>"
        )
    }

    #[test]
    fn reports_malformed_xml_with_its_line() {
        let problems = problems_of("<alto>\n<Layout>\n</alto>", None);
        assert_eq!(codes(&problems), [("text-xml-malformed", Some(3))]);
        let message = problems.first().unwrap().to_string();
        assert!(
            message.starts_with(
                "error[text-xml-malformed]: text/1.xml:3 (metadata.csv, row 7, item x): "
            ),
            "{message}"
        );
        assert_eq!(codes(&problems_of("x < y", None)), []);
        assert_eq!(codes(&problems_of(&page("1,2 30,40"), Some((50, 100)))), []);
    }

    #[test]
    fn warns_about_ignored_positions() {
        assert_eq!(
            codes(&problems_of(&page("1,2 x,4"), None)),
            [("text-xml-place", Some(3))]
        );
        assert_eq!(
            codes(&problems_of(&page("0,0 100,200"), Some((100, 200)))),
            [("text-xml-whole-page", Some(1))]
        );
        assert_eq!(
            codes(&problems_of(&page("1,2 30,40"), Some((200, 100)))),
            [("text-xml-size", Some(1))]
        );
        assert_eq!(codes(&problems_of(&page("1,2 30,40"), None)), []);
    }

    #[test]
    fn warns_about_whole_page_positions_once_per_item() {
        let mut problems = problems_of(&page("0,0 100,200"), None);
        problems.extend(problems_of(&page("1,2 x,4"), None));
        problems.extend(problems_of(&page("0,0 100,200"), None));
        problems.extend(problems_of(&page("0,0 100,200"), None));
        group(&mut problems);
        assert_eq!(codes(&problems).len(), 2);
        let message = &problems.first().unwrap().message;
        assert!(
            message.ends_with("to 2 more texts of the item."),
            "{message}"
        );
    }
}
