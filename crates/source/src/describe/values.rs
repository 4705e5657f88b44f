//! The values that have a form of their own: languages, rights, dates, directions, points.

use khizana_model::{Direction, ItemDate, LangTag, Location};

use super::gather::Gathered;
use super::report::RowReport;
use super::{Describer, Dialect, date, files, language, text};
use khizana_model::printable;

/// Dots per inch that a scanner or a camera on a stand can have.
const DPI: std::ops::RangeInclusive<u32> = 10..=20_000;

impl Describer {
    /// The languages of the item. In another program's table a language in words is kept as a field.
    pub(super) fn languages(&mut self, row: &mut Gathered, report: &mut RowReport) -> Vec<LangTag> {
        let mut languages = Vec::new();
        for written in std::mem::take(&mut row.languages) {
            let message = format!(
                "`{}` in `language` is not a language tag.",
                printable(&written)
            );
            match language::read(&written) {
                Some(tag) if languages.contains(&tag) => {}
                Some(tag) => languages.push(tag),
                None if self.dialect == Dialect::Khizana => {
                    report.error(
                        "language-unknown",
                        message,
                        "Use a BCP 47 tag, for example ar, fa or fr.",
                    );
                }
                None => {
                    self.notes.add(
                        "language",
                        report.warning(
                            "language-unknown",
                            format!("{message} It is kept as text."),
                            "Use a BCP 47 tag, for example ar, fa or fr.",
                        ),
                    );
                    row.add_field("language", self.language.clone(), written);
                }
            }
        }
        languages
    }

    /// The first URI; whatever else is said of rights is kept as the field `rights_text`.
    pub(super) fn rights(&mut self, row: &mut Gathered, report: &mut RowReport) -> Option<String> {
        let mut uri = None;
        for written in std::mem::take(&mut row.rights) {
            if files::is_remote(&written) && uri.is_none() {
                uri = Some(written);
                continue;
            }
            if uri.is_none() {
                self.notes.add("rights", report.warning(
                    "rights-not-uri",
                    format!("`{}` in `rights` is not the URI of a rights statement or licence; it is kept in the field `rights_text`.", printable(&written)),
                    "Choose a statement at rightsstatements.org or a licence at creativecommons.org, and write its URI.",
                ));
            }
            row.add_field("rights_text", self.language.clone(), written);
        }
        uri
    }

    pub(super) fn date(&mut self, row: &mut Gathered, report: &mut RowReport) -> Option<ItemDate> {
        let written = std::mem::take(&mut row.dates).join("; ");
        let hijri = report.only("date_hijri", std::mem::take(&mut row.hijri));
        match hijri.as_deref().map(date::hijri_exists) {
            Some(Some(false)) => report.error(
                "date-impossible",
                format!(
                    "`{}` in `date_hijri` is not a valid date: a Hijri year has 12 months of at most 30 days.",
                    printable(hijri.as_deref().unwrap_or_default())
                ),
                "Correct the date.",
            ),
            Some(None) => self.notes.add(
                "date_hijri",
                report.warning(
                    "date-not-edtf",
                    format!(
                        "`{}` in `date_hijri` is not a date in a supported form; it is kept as written.",
                        printable(hijri.as_deref().unwrap_or_default())
                    ),
                    "Write it as 1324, 1324-01 or 1324-01-01 if possible.",
                ),
            ),
            _ => {}
        }
        if written.is_empty() {
            // Where there is only the Hijri date, it is what the curator wrote.
            return hijri.map(|hijri| ItemDate {
                written: hijri.clone(),
                edtf: None,
                hijri: Some(hijri),
            });
        }
        let edtf = match date::read(&written) {
            date::Read::Edtf(edtf) => Some(edtf),
            date::Read::Safe(edtf, meant) => {
                self.notes.add(
                    "date",
                    report.warning(
                        "date-read",
                        format!(
                            "`{}` in `date` is interpreted as {meant}; it is kept as written.",
                            printable(&written)
                        ),
                        "No action is needed; a date in EDTF needs no interpretation.",
                    ),
                );
                Some(edtf)
            }
            date::Read::Unread => {
                self.notes.add("date", report.warning(
                    "date-not-edtf",
                    format!("`{}` in `date` is not an EDTF date; it is kept as written, and the item cannot be found by date.", printable(&written)),
                    "Write it in EDTF if possible: 1785, 1785~ (about 1785), 1780/1785 (from 1780 to 1785).",
                ));
                None
            }
            date::Read::Impossible => {
                report.error(
                    "date-impossible",
                    format!("`{}` in `date` is not a valid date.", printable(&written)),
                    "Correct the date.",
                );
                None
            }
        };
        Some(ItemDate {
            written,
            edtf,
            hijri,
        })
    }
}

pub(super) fn reading_direction(row: &mut Gathered, report: &mut RowReport) -> Option<Direction> {
    let written = report.only(
        "reading_direction",
        std::mem::take(&mut row.reading_direction),
    )?;
    match written.to_ascii_lowercase().as_str() {
        "rtl" | "right-to-left" => Some(Direction::Rtl),
        "ltr" | "left-to-right" => Some(Direction::Ltr),
        _ => {
            report.error(
                "value-invalid",
                format!(
                    "`{}` in `reading_direction` is not a direction.",
                    printable(&written)
                ),
                "Write rtl (right to left) or ltr (left to right).",
            );
            None
        }
    }
}

/// Of scans only: the many files that call themselves of 72 or 300 dots per inch, whatever is in them,
/// would make a temple as large as a stamp.
pub(super) fn dpi(row: &mut Gathered, report: &mut RowReport) -> Option<u32> {
    let written = report.only("dpi", std::mem::take(&mut row.dpi))?;
    let number = text::ascii_digits(&written).parse::<u32>();
    let dpi = number.ok().filter(|dpi| DPI.contains(dpi));
    if dpi.is_none() {
        report.error(
            "value-invalid",
            format!("`{}` in `dpi` is not a resolution.", printable(&written)),
            "Write the number of pixels per inch of the object: a whole number from 10 to 20,000, for example 400.",
        );
    }
    dpi
}

pub(super) fn location(row: &mut Gathered, report: &mut RowReport) -> Option<Location> {
    let latitude = report.only("latitude", std::mem::take(&mut row.latitude));
    let longitude = report.only("longitude", std::mem::take(&mut row.longitude));
    if latitude.is_none() && longitude.is_none() {
        return None;
    }
    let degrees = |written: &Option<String>| written.as_deref().and_then(text::degrees);
    let location = degrees(&latitude)
        .zip(degrees(&longitude))
        .and_then(|(latitude, longitude)| Location::new(latitude, longitude));
    if location.is_none() {
        let written = |value: &Option<String>| printable(value.as_deref().unwrap_or_default());
        report.error(
            "value-invalid",
            format!(
                "`{}`, `{}` in `latitude` and `longitude` is not a geographic position.",
                written(&latitude),
                written(&longitude)
            ),
            "Write both as decimal degrees, for example 33.31 and 44.36; south and west are negative.",
        );
    }
    location
}
