//! Texts of pages that say where their lines stand: whether they can be read, and fit their image.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use khizana_pagetext::{HEAD, MOST_BYTES, PageText, PageTextError};

use super::facts::Place;
use khizana_model::{Problem, Severity};

/// A text in XML that can be read. Its lines are not kept: an item may have a thousand such texts.
#[derive(Debug)]
pub struct Seen {
    page: PageText,
    has_places: bool,
}

/// Reads a text in XML; `None` where it is a plain one. It has been read as UTF-8 before.
pub fn look(path: &Path, place: Place<'_>) -> Result<Option<Seen>, Box<Problem>> {
    let unreadable = |error| Box::new(place.unreadable(&error));
    let mut file = File::open(path).map_err(unreadable)?;
    let mut bytes = Vec::new();
    let mut head = (&mut file).take(HEAD);
    head.read_to_end(&mut bytes).map_err(unreadable)?;
    if !khizana_pagetext::is_xml(&bytes) {
        return Ok(None);
    }
    // One byte more than may be: then it is known that there are too many.
    let mut rest = file.take(MOST_BYTES + 1 - bytes.len() as u64);
    rest.read_to_end(&mut bytes).map_err(unreadable)?;
    match khizana_pagetext::read(&bytes) {
        Ok(mut page) => {
            let has_places = page.has_places();
            page.lines = Vec::new();
            Ok(Some(Seen { page, has_places }))
        }
        Err(error) => Err(Box::new(problem(place, &error))),
    }
}

fn problem(place: Place<'_>, error: &PageTextError) -> Problem {
    Problem {
        line: Some(error.line()),
        ..place.problem(
            error.code(),
            format!("The text of the page cannot be read: {error}."),
            error.remedy(),
        )
    }
}

/// What the curator should know of a text that can be read: places that are left out. `image` is the
/// size of the page's image in pixels.
pub fn warnings(seen: &Seen, image: Option<(u32, u32)>, place: Place<'_>) -> Vec<Problem> {
    let warning = |code, line, message: String, remedy: &str| Problem {
        severity: Severity::Warning,
        line,
        ..place.problem(code, message, remedy)
    };
    let Seen {
        page: text,
        has_places,
    } = seen;
    let mut found = Vec::new();
    if let Some(odd) = text.misplaced {
        found.push(warning(
            "text-xml-place",
            Some(odd.line),
            format!(
                "{} places are no numbers, here for the first time; they were left out.",
                odd.count
            ),
            "Nothing on the image is marked there: mend the coordinates, or export the text again.",
        ));
    }
    if text.whole_page > 0 && !has_places {
        found.push(warning(
            WHOLE_PAGE,
            Some(1),
            "The place of every line is the whole page, which says nothing. `khizana publish` looks for the lines on the image itself.".to_owned(),
            "Nothing needs to be done.",
        ));
    }
    if let Some((width, height)) = image
        && let Some((own_width, own_height)) = text.size
        && *has_places
        && !text.fits(width, height)
    {
        found.push(warning(
            "text-xml-size",
            Some(1),
            format!(
                "The text is of a page of {own_width} × {own_height}, and the image has {width} × {height} pixels: its places are not those of this image, and none is marked."
            ),
            "Read the text from the image as it is handed in, upright and uncut.",
        ));
    }
    found
}

const WHOLE_PAGE: &str = "text-xml-whole-page";

/// Of an item, whose texts come from one program, such a warning is given once.
pub fn fold(problems: &mut Vec<Problem>) {
    let is_folded = |problem: &Problem| problem.code == WHOLE_PAGE;
    let more = problems
        .iter()
        .filter(|problem| is_folded(problem))
        .count()
        .saturating_sub(1);
    if more == 0 {
        return;
    }
    let mut first = true;
    problems.retain_mut(|problem| {
        if !is_folded(problem) {
            return true;
        }
        if first {
            problem
                .message
                .push_str(&format!(" Likewise in {more} other texts of the item."));
        }
        std::mem::take(&mut first)
    });
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const PLACE: Place<'_> = Place {
        name: "text/1.xml",
        line: 7,
        item: "x",
    };

    fn found(text: &str, image: Option<(u32, u32)>) -> Vec<Problem> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("1.xml");
        std::fs::write(&path, text).unwrap();
        match look(&path, PLACE) {
            Ok(Some(text)) => warnings(&text, image, PLACE),
            Ok(None) => Vec::new(),
            Err(problem) => vec![*problem],
        }
    }

    fn codes(problems: &[Problem]) -> Vec<(&str, Option<u64>)> {
        let each = problems.iter();
        each.map(|problem| (problem.code, problem.line)).collect()
    }

    fn page(points: &str) -> String {
        format!(
            "<PcGts><Page imageWidth=\"100\" imageHeight=\"200\"><TextRegion>\n<TextLine>\n\
             <Coords points=\"{points}\"/><TextEquiv><Unicode>x</Unicode></TextEquiv>\
             </TextLine></TextRegion></Page></PcGts>"
        )
    }

    #[test]
    fn a_fault_is_in_a_line_of_the_file() {
        let problems = found("<alto>\n<Layout>\n</alto>", None);
        assert_eq!(codes(&problems), [("text-xml-malformed", Some(3))]);
        let said = problems.first().unwrap().to_string();
        assert!(
            said.starts_with("text/1.xml:3: error[text-xml-malformed] x: "),
            "{said}"
        );
        assert_eq!(codes(&found("x < y", None)), []);
        assert_eq!(codes(&found(&page("1,2 30,40"), Some((50, 100)))), []);
    }

    #[test]
    fn places_that_are_left_out_are_told() {
        assert_eq!(
            codes(&found(&page("1,2 x,4"), None)),
            [("text-xml-place", Some(3))]
        );
        assert_eq!(
            codes(&found(&page("0,0 100,200"), Some((100, 200)))),
            [("text-xml-whole-page", Some(1))]
        );
        assert_eq!(
            codes(&found(&page("1,2 30,40"), Some((200, 100)))),
            [("text-xml-size", Some(1))]
        );
        assert_eq!(codes(&found(&page("1,2 30,40"), None)), []);
    }

    #[test]
    fn of_an_item_the_whole_page_is_told_once() {
        let mut problems = found(&page("0,0 100,200"), None);
        problems.extend(found(&page("1,2 x,4"), None));
        problems.extend(found(&page("0,0 100,200"), None));
        problems.extend(found(&page("0,0 100,200"), None));
        fold(&mut problems);
        assert_eq!(codes(&problems).len(), 2);
        let message = &problems.first().unwrap().message;
        assert!(
            message.ends_with("in 2 other texts of the item."),
            "{message}"
        );
    }
}
