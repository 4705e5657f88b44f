//! Reading of XLSX files.
//!
//! The parts of the package are read as streams. A sheet is read twice: once for what follows its
//! cells, namely links, merged cells and images, and once for the cells.

mod extras;
mod sheet;
mod strings;
mod styles;

use khizana_model::message;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use quick_xml::events::Event;

use super::error::Fault;
use super::package::{MAX_PART_BYTES, MAX_SHEET_BYTES, MAX_STRINGS_BYTES, Package};
use super::serial::Epoch;
use super::xml::{Xml, attribute, is_set};
use super::{SheetInfo, number_format::NumberFormat};
pub(super) use extras::Extras;
pub(super) use sheet::SheetReader;
pub(crate) use sheet::{position_of_cell, position_of_row};
use strings::Strings;

/// Maximum size of a part that is copied with corrections, in bytes.
const MAX_COPIED_BYTES: u64 = 512 << 20;

/// An XLSX file.
#[derive(Debug)]
pub(super) struct Xlsx {
    package: Package,
    sheets: Vec<Sheet>,
    shared: Arc<Shared>,
}

/// The parts that all sheets share.
#[derive(Debug, Default)]
pub(super) struct Shared {
    strings: Strings,
    /// The number formats, by the index of the style.
    formats: Vec<NumberFormat>,
    epoch: Epoch,
}

#[derive(Debug)]
struct Sheet {
    info: SheetInfo,
    part: String,
}

/// A relationship of a part to another part or to a web address.
#[derive(Debug)]
struct Relationship {
    kind: String,
    /// The name of the part, or the address.
    target: String,
    is_external: bool,
}

impl Xlsx {
    pub(super) fn open(path: &Path) -> Result<Xlsx, Fault> {
        let package = Package::open(path)?;
        let main = relationships(&package, "")?
            .into_values()
            .find(|relationship| relationship.kind == "officeDocument")
            .map(|relationship| relationship.target)
            .and_then(|target| package.find(&target).map(str::to_owned))
            .unwrap_or_else(|| "xl/workbook.xml".to_owned());
        if !package.has(&main) {
            return Err(Fault::NotWorkbook(message!(
                "it is a zip file without the parts of a workbook"
            )));
        }
        if main.ends_with(".bin") {
            return Err(Fault::NotWorkbook(message!(
                "it is a binary workbook (.xlsb), which is not supported"
            )));
        }
        let related = relationships(&package, &main)?;
        let (epoch, sheets) = read_workbook(&package, &main, &related)?;
        let part = |kind: &str| {
            let mut parts = related.values();
            let part = parts.find(|relationship| relationship.kind == kind)?;
            package.find(&part.target)
        };
        let formats = match part("styles") {
            Some(part) => styles::read(Xml::new(package.read(part, MAX_PART_BYTES)?))?,
            None => Vec::new(),
        };
        let strings = match part("sharedStrings") {
            Some(part) => Strings::read(Xml::new(package.read(part, MAX_STRINGS_BYTES)?))?,
            None => Strings::default(),
        };
        Ok(Xlsx {
            shared: Arc::new(Shared {
                strings,
                formats,
                epoch,
            }),
            package,
            sheets,
        })
    }

    pub(super) fn sheets(&self) -> Vec<SheetInfo> {
        self.sheets.iter().map(|sheet| sheet.info.clone()).collect()
    }

    /// Reads the links, merged cells and images of a sheet.
    pub(super) fn extras(&self, index: usize) -> Result<Extras, Fault> {
        Extras::read(&self.package, self.part(index)?)
    }

    /// Opens the cells of a sheet.
    pub(super) fn cells(&self, index: usize, extras: Arc<Extras>) -> Result<SheetReader, Fault> {
        let part = self.package.read(self.part(index)?, MAX_SHEET_BYTES)?;
        Ok(SheetReader::new(
            Xml::new(part),
            self.shared.clone(),
            extras,
        ))
    }

    /// Returns the name of the part with the cells of a sheet, and its XML.
    pub(super) fn sheet_xml(&self, index: usize) -> Result<(&str, String), Fault> {
        let part = self.part(index)?;
        let xml = self.package.read_all(part, MAX_COPIED_BYTES)?;
        let xml = String::from_utf8(xml)
            .map_err(|_| Fault::damaged("the XML of the sheet is not in UTF-8"))?;
        Ok((part, xml))
    }

    fn part(&self, index: usize) -> Result<&str, Fault> {
        let sheet = self.sheets.get(index);
        sheet
            .map(|sheet| sheet.part.as_str())
            .ok_or_else(|| Fault::damaged(message!("a sheet is missing")))
    }
}

/// Reads the list of sheets and the system of dates.
fn read_workbook(
    package: &Package,
    main: &str,
    related: &BTreeMap<String, Relationship>,
) -> Result<(Epoch, Vec<Sheet>), Fault> {
    let mut xml = Xml::new(package.read(main, MAX_PART_BYTES)?);
    let (mut epoch, mut sheets) = (Epoch::Of1900, Vec::new());
    loop {
        let tag = match xml.next()? {
            Event::Start(tag) | Event::Empty(tag) => tag,
            Event::Eof => return Ok((epoch, sheets)),
            _ => continue,
        };
        match tag.local_name().as_ref() {
            "workbookPr" if is_set(&tag, "date1904") => epoch = Epoch::Of1904,
            "sheet" => {
                let id = attribute(&tag, "id").unwrap_or_default();
                let Some(relationship) = related.get(&id) else {
                    continue;
                };
                // Sheets of another kind contain a chart or macros.
                if relationship.kind != "worksheet" {
                    continue;
                }
                let part = package.find(&relationship.target).ok_or_else(|| {
                    Fault::Damaged(message!(
                        "the part {name} is missing",
                        name = relationship.target
                    ))
                })?;
                let state = attribute(&tag, "state").unwrap_or_default();
                sheets.push(Sheet {
                    info: SheetInfo {
                        name: attribute(&tag, "name").unwrap_or_default(),
                        is_hidden: matches!(state.as_str(), "hidden" | "veryHidden"),
                    },
                    part: part.to_owned(),
                });
            }
            _ => {}
        }
    }
}

/// Reads the relationships of a part, by their identifiers. Those of the package itself have an
/// empty `part`.
fn relationships(package: &Package, part: &str) -> Result<BTreeMap<String, Relationship>, Fault> {
    let (folder, name) = part.rsplit_once('/').unwrap_or(("", part));
    let path = match folder {
        "" => format!("_rels/{name}.rels"),
        folder => format!("{folder}/_rels/{name}.rels"),
    };
    let mut found = BTreeMap::new();
    let Some(path) = package.find(&path) else {
        return Ok(found);
    };
    let mut xml = Xml::new(package.read(path, MAX_PART_BYTES)?);
    loop {
        let tag = match xml.next()? {
            Event::Start(tag) | Event::Empty(tag) => tag,
            Event::Eof => return Ok(found),
            _ => continue,
        };
        if tag.local_name().as_ref() != "Relationship" {
            continue;
        }
        let is_external = attribute(&tag, "TargetMode").is_some_and(|mode| mode == "External");
        let target = attribute(&tag, "Target").unwrap_or_default();
        let kind = attribute(&tag, "Type").unwrap_or_default();
        let relationship = Relationship {
            kind: kind.rsplit('/').next().unwrap_or_default().to_owned(),
            target: if is_external {
                target
            } else {
                resolve(folder, &target)
            },
            is_external,
        };
        found.insert(attribute(&tag, "Id").unwrap_or_default(), relationship);
    }
}

/// Resolves the name of a part relative to a folder of the package.
fn resolve(folder: &str, target: &str) -> String {
    if let Some(absolute) = target.strip_prefix('/') {
        return absolute.to_owned();
    }
    let mut components: Vec<&str> = folder.split('/').filter(|name| !name.is_empty()).collect();
    for name in target.split('/') {
        match name {
            "" | "." => {}
            ".." => {
                components.pop();
            }
            name => components.push(name),
        }
    }
    components.join("/")
}
