//! Links, merged cells, hidden columns and images of a sheet.

use std::collections::BTreeMap;
use std::sync::Arc;

use quick_xml::events::Event;

use super::relationships;
use crate::workbook::cell::{Area, MAX_COLUMNS};
use crate::workbook::error::Fault;
use crate::workbook::package::{MAX_PART_BYTES, MAX_SHEET_BYTES, Package};
use crate::workbook::xml::{Xml, attribute, is_set, push_text};

/// Maximum number of cells with a link, and of merged ranges.
const MAX_CELLS: usize = 1 << 20;
/// Maximum number of images that are reported.
const MAX_IMAGES: usize = 10_000;

/// Properties of the cells of a sheet that are not stored with them.
#[derive(Debug, Default)]
pub(in crate::workbook) struct Extras {
    links: BTreeMap<(u64, u32), Arc<str>>,
    /// The merged ranges, by their first cell.
    merged: BTreeMap<(u64, u32), Area>,
    /// The first and the last column of each range of hidden columns.
    pub hidden_columns: Vec<(u32, u32)>,
    /// The cells over which an image lies.
    pub images: Vec<(u64, u32)>,
}

impl Extras {
    /// Reads the extras of the sheet in a part.
    pub(super) fn read(package: &Package, part: &str) -> Result<Extras, Fault> {
        let mut extras = Extras::default();
        let mut links: Vec<(Area, String)> = Vec::new();
        let mut drawings = Vec::new();
        let mut xml = Xml::new(package.read(part, MAX_SHEET_BYTES)?);
        loop {
            let event = xml.next()?;
            let tag = match &event {
                Event::Start(tag) | Event::Empty(tag) => tag,
                Event::Eof => break,
                _ => continue,
            };
            let name = tag.local_name();
            // Most tags of a sheet are `c` and `v`.
            if name.as_ref().len() < 3 {
                continue;
            }
            let area = || Area::parse(&attribute(tag, "ref").unwrap_or_default());
            match name.as_ref() {
                "col" if is_set(tag, "hidden") => {
                    let column = |name: &str| {
                        let number = attribute(tag, name)?.parse::<u32>().ok()?;
                        number.checked_sub(1)
                    };
                    if let (Some(first), Some(last)) = (column("min"), column("max")) {
                        extras.hidden_columns.push((first, last.min(MAX_COLUMNS)));
                    }
                }
                "mergeCell" if extras.merged.len() < MAX_CELLS => {
                    if let Some(area) = area() {
                        extras.merged.insert((area.rows.0, area.columns.0), area);
                    }
                }
                "hyperlink" if links.len() < MAX_CELLS => {
                    if let (Some(area), Some(id)) = (area(), attribute(tag, "id")) {
                        links.push((area, id));
                    }
                }
                "drawing" => drawings.extend(attribute(tag, "id")),
                _ => {}
            }
        }
        if links.is_empty() && drawings.is_empty() {
            return Ok(extras);
        }
        let related = relationships(package, part)?;
        for (area, id) in links {
            let Some(target) = related.get(&id).filter(|target| target.is_external) else {
                continue;
            };
            let target: Arc<str> = Arc::from(target.target.as_str());
            for row in area.rows.0..=area.rows.1 {
                for column in area.columns.0..=area.columns.1 {
                    if extras.links.len() >= MAX_CELLS {
                        break;
                    }
                    extras.links.insert((row, column), target.clone());
                }
            }
        }
        for id in drawings {
            if let Some(part) = related
                .get(&id)
                .and_then(|drawing| package.find(&drawing.target))
            {
                let xml = Xml::new(package.read(part, MAX_PART_BYTES)?);
                extras.images.extend(images(xml)?);
            }
        }
        extras.images.sort_unstable();
        extras.images.truncate(MAX_IMAGES);
        Ok(extras)
    }

    /// Returns the address to which a cell is linked.
    pub(super) fn link(&self, row: u64, column: u32) -> Option<&str> {
        self.links.get(&(row, column)).map(AsRef::as_ref)
    }

    /// Returns the range that begins in a cell.
    pub(super) fn merged(&self, row: u64, column: u32) -> Option<Area> {
        self.merged.get(&(row, column)).copied()
    }
}

/// Returns the cells in which the images of a drawing begin.
fn images(mut xml: Xml) -> Result<Vec<(u64, u32)>, Fault> {
    let mut images = Vec::new();
    // The position of the current anchor, and the name and the text of the current element.
    let mut position: BTreeMap<String, u64> = BTreeMap::new();
    let mut is_at_start = false;
    let mut text = String::new();
    loop {
        let event = xml.next()?;
        match &event {
            Event::Start(tag) | Event::Empty(tag) => {
                text.clear();
                match tag.local_name().as_ref() {
                    "twoCellAnchor" | "oneCellAnchor" | "absoluteAnchor" => position.clear(),
                    "from" => is_at_start = true,
                    "pic" => {
                        let number = |name: &str| position.get(name).copied().unwrap_or_default();
                        let column = u32::try_from(number("col")).unwrap_or_default();
                        images.push((number("row") + 1, column.min(MAX_COLUMNS - 1)));
                    }
                    _ => {}
                }
            }
            Event::End(tag) => match tag.local_name().as_ref() {
                name @ ("row" | "col") if is_at_start => {
                    let number = text.trim().parse::<u32>().unwrap_or_default();
                    position.insert(name.to_owned(), u64::from(number));
                }
                "from" => is_at_start = false,
                _ => {}
            },
            Event::Eof => return Ok(images),
            event => push_text(&mut text, event),
        }
    }
}
