//! Reading of ODS files.
//!
//! All sheets are in one part, `content.xml`, which is read as a stream: once for the styles and the
//! first rows of all sheets, and then for the cells of one sheet.

mod cell;
mod sheet;
mod styles;

use khizana_model::message;
use std::path::Path;
use std::sync::Arc;

use quick_xml::events::Event;

use super::SheetInfo;
use super::error::Fault;
use super::package::{MAX_PART_BYTES, MAX_SHEET_BYTES, Package};
use super::xml::{Xml, prefixed_attribute};
pub(super) use sheet::SheetReader;
use styles::Styles;

/// The part with the sheets.
const CONTENT: &str = "content.xml";

/// An ODS file.
#[derive(Debug)]
pub(super) struct Ods {
    package: Package,
    styles: Arc<Styles>,
    sheets: Vec<SheetInfo>,
}

impl Ods {
    pub(super) fn open(path: &Path) -> Result<Ods, Fault> {
        let package = Package::open(path)?;
        if package.has("mimetype") {
            let kind = package.read_all("mimetype", MAX_PART_BYTES)?;
            if !String::from_utf8_lossy(&kind).contains("opendocument.spreadsheet") {
                return Err(Fault::NotWorkbook(message!(
                    "it is an OpenDocument file of another kind than a spreadsheet"
                )));
            }
        }
        if is_encrypted(&package)? {
            return Err(Fault::Encrypted);
        }
        let mut styles = Styles::default();
        if package.has("styles.xml") {
            let mut xml = Xml::new(package.read("styles.xml", MAX_PART_BYTES)?);
            while !styles.read_next(&mut xml)?.is_end() {}
        }
        let mut sheets = Vec::new();
        let mut xml = Xml::new(package.read(CONTENT, MAX_SHEET_BYTES)?);
        loop {
            match styles.read_next(&mut xml)? {
                styles::Step::Table { name, style } => sheets.push(SheetInfo {
                    is_hidden: styles.is_hidden(&style),
                    name,
                }),
                styles::Step::Other => {}
                styles::Step::End => break,
            }
        }
        styles.finish();
        Ok(Ods {
            package,
            styles: Arc::new(styles),
            sheets,
        })
    }

    pub(super) fn sheets(&self) -> Vec<SheetInfo> {
        self.sheets.clone()
    }

    /// Opens the cells of a sheet.
    pub(super) fn cells(&self, index: usize) -> Result<SheetReader, Fault> {
        let mut xml = Xml::new(self.package.read(CONTENT, MAX_SHEET_BYTES)?);
        let mut tables = 0;
        loop {
            let has_content = match xml.next()? {
                Event::Start(tag) if tag.name().as_ref() == "table:table" => true,
                Event::Empty(tag) if tag.name().as_ref() == "table:table" => false,
                Event::Eof => return Err(Fault::damaged(message!("a sheet is missing"))),
                _ => continue,
            };
            if tables == index {
                break;
            }
            tables += 1;
            if has_content {
                xml.skip_element()?;
            }
        }
        Ok(SheetReader::new(xml, self.styles.clone()))
    }
}

/// Returns `true` if the parts are encrypted.
fn is_encrypted(package: &Package) -> Result<bool, Fault> {
    const MANIFEST: &str = "META-INF/manifest.xml";
    if !package.has(MANIFEST) {
        return Ok(false);
    }
    let mut xml = Xml::new(package.read(MANIFEST, MAX_PART_BYTES)?);
    loop {
        match xml.next()? {
            Event::Start(tag) | Event::Empty(tag) => {
                let name = tag.local_name();
                if name.as_ref() == "encryption-data" || name.as_ref() == "encrypted-key" {
                    return Ok(true);
                }
            }
            Event::Eof => return Ok(false),
            _ => {}
        }
    }
}

/// Returns how often an element is repeated.
fn repetitions(tag: &quick_xml::events::BytesStart<'_>, name: &str) -> u64 {
    let count = prefixed_attribute(tag, name).and_then(|count| count.parse().ok());
    count.unwrap_or(1).max(1)
}
