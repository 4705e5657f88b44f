//! hOCR: HTML whose classes say what is a page, a line and a word, and whose titles say where.

use khizana_model::Direction;

use crate::build::{Builder, Draft, Manner, Part, only};
use crate::error::PageTextError;
use crate::model::{Format, PageText};
use crate::place::{Edges, number};
use crate::tree::{Element, Node};

const LINES: [&str; 6] = [
    "ocr_line",
    "ocrx_line",
    "ocr_header",
    "ocr_footer",
    "ocr_caption",
    "ocr_textfloat",
];
const BLOCKS: [&str; 3] = ["ocr_carea", "ocrx_block", "ocr_par"];
const WORDS: [&str; 2] = ["ocrx_word", "ocr_word"];

pub(crate) fn read(root: &Element) -> Result<PageText, PageTextError> {
    let mut pages = Vec::new();
    root.find(&|element| is(element, &["ocr_page"]), &mut pages);
    let mut builder = Builder::new(Format::Hocr);
    let Some(page) = only(&pages)? else {
        return Err(PageTextError::Unknown {
            line: root.line,
            root: "html without an ocr_page".to_owned(),
        });
    };
    if let Some(Edges(left, top, right, bottom)) = bbox(&mut builder, page) {
        // A page whose corner is not the image's has no size of its own: its places count from the
        // image's corner.
        builder.size(
            (left == 0.0).then_some(right),
            (top == 0.0).then_some(bottom),
        );
    }
    let of_page = manner(&manner(&Manner::default(), root), page);
    walk(&mut builder, page, &of_page)?;
    Ok(builder.finish())
}

fn is(element: &Element, classes: &[&str]) -> bool {
    element
        .get("class")
        .is_some_and(|own| own.split_whitespace().any(|class| classes.contains(&class)))
}

fn manner(outer: &Manner, element: &Element) -> Manner {
    let direction = match element.get("dir") {
        Some("rtl") => Some(Direction::Rtl),
        Some("ltr") => Some(Direction::Ltr),
        _ => None,
    };
    outer.within(element, &["lang"], direction)
}

/// The place in a title: `image "1.tif"; bbox 0 0 2479 3508; ppageno 0`.
fn bbox(builder: &mut Builder, element: &Element) -> Option<Edges> {
    let numbers = element
        .get("title")?
        .split(';')
        .find_map(|part| part.trim().strip_prefix("bbox "))?;
    let mut numbers = numbers.split_whitespace().map(number);
    let mut next = || numbers.next().flatten();
    let edges = match (next(), next(), next(), next()) {
        (Some(left), Some(top), Some(right), Some(bottom)) => Some(Edges(left, top, right, bottom)),
        _ => None,
    };
    if edges.is_none() {
        builder.misplaced(element);
    }
    edges
}

fn walk(builder: &mut Builder, outer: &Element, of_outer: &Manner) -> Result<(), PageTextError> {
    for element in outer.elements() {
        let own = manner(of_outer, element);
        if is(element, &LINES) {
            line(builder, element, &own)?;
            continue;
        }
        if is(element, &BLOCKS) {
            builder.part();
            let mut lines = Vec::new();
            element.find(&|inner| is(inner, &LINES), &mut lines);
            // Programs that know no lines put words into a paragraph.
            if lines.is_empty() && is(element, &["ocr_par"]) {
                line(builder, element, &own)?;
                continue;
            }
        }
        walk(builder, element, &own)?;
    }
    Ok(())
}

fn line(builder: &mut Builder, line: &Element, manner: &Manner) -> Result<(), PageTextError> {
    let mut words = Vec::new();
    gather(builder, line, &mut words, &mut false);
    let draft = Draft {
        text: words.is_empty().then(|| line.text()),
        words,
        edges: bbox(builder, line),
    };
    builder.line(line, manner, draft)
}

/// The words of a line; white space between their elements parts them.
fn gather(builder: &mut Builder, outer: &Element, words: &mut Vec<Part>, apart: &mut bool) {
    for node in &outer.children {
        match node {
            Node::Text(text) => *apart |= text.contains(char::is_whitespace),
            Node::Element(element) if is(element, &WORDS) => words.push(Part {
                text: element.text(),
                apart: std::mem::take(apart),
                edges: bbox(builder, element),
            }),
            Node::Element(element) => gather(builder, element, words, apart),
        }
    }
}
