//! Number formats of styles.

use std::collections::BTreeMap;

use quick_xml::events::Event;

use crate::workbook::error::Fault;
use crate::workbook::number_format::NumberFormat;
use crate::workbook::xml::{Xml, attribute};

/// Reads the number formats, in the order of the styles.
pub(super) fn read(mut xml: Xml) -> Result<Vec<NumberFormat>, Fault> {
    let mut custom: BTreeMap<u32, NumberFormat> = BTreeMap::new();
    let mut formats = Vec::new();
    let mut is_in_cell_styles = false;
    loop {
        let event = xml.next()?;
        let (Event::Start(tag) | Event::Empty(tag)) = &event else {
            match event {
                Event::End(tag) if tag.local_name().as_ref() == "cellXfs" => {
                    is_in_cell_styles = false;
                }
                Event::Eof => return Ok(formats),
                _ => {}
            }
            continue;
        };
        let id = |name: &str| {
            let id = attribute(tag, name);
            id.and_then(|id| id.parse::<u32>().ok()).unwrap_or_default()
        };
        match tag.local_name().as_ref() {
            "numFmt" => {
                let code = attribute(tag, "formatCode").unwrap_or_default();
                custom.insert(id("numFmtId"), NumberFormat::parse(&code));
            }
            "cellXfs" => is_in_cell_styles = matches!(event, Event::Start(_)),
            "xf" if is_in_cell_styles => {
                let id = id("numFmtId");
                let format = custom.get(&id).cloned();
                formats.push(format.unwrap_or_else(|| NumberFormat::built_in(id)));
            }
            _ => {}
        }
    }
}
