//! Values with a syntax: languages, rights, dates, reading directions, resolutions and locations.

use khizana_model::{Direction, ItemDate, LangTag, Location, Message, message};

use super::gather::RowValues;
use super::report::RowReport;
use super::{ItemBuilder, Role, date, files, language, text};
use khizana_model::{known_rights, printable, probable_rights_uri, rights_uri};

/// The range of plausible resolutions of scanners and reproduction cameras, in pixels per inch.
const DPI: std::ops::RangeInclusive<u32> = 10..=20_000;

/// Returns `true` if a date is a point of time, such as `2019-11-19T22:41:13Z`.
fn has_time(date: &str) -> bool {
    let mut parts = date.splitn(2, 'T');
    let (day, time) = (parts.next().unwrap_or_default(), parts.next());
    day.len() == 10 && time.is_some_and(|time| time.contains(':'))
}

impl ItemBuilder {
    /// Parses the languages of the item, which are written as tags or in words. Values that are not
    /// languages are kept as a field. If no value is a language, the language of the item is `und`.
    pub(super) fn languages(
        &mut self,
        row: &mut RowValues,
        report: &mut RowReport,
    ) -> Vec<LangTag> {
        let mut languages: Vec<LangTag> = Vec::new();
        for text in std::mem::take(&mut row.languages) {
            let (tags, others) = language::parse_languages(&text);
            for tag in tags {
                if !languages.contains(&tag) {
                    languages.push(tag);
                }
            }
            for other in others {
                self.warnings.add(
                    "language",
                    report.warning(
                        "language-unknown",
                        message!("`{other}` in `language` is not a language; it is kept as text.", other = printable(&other)),
                        "Write the name of the language, or its BCP 47 tag, for example ar, fa or fr.",
                    ),
                );
                row.add_field("language", LangTag::und(), other);
            }
        }
        if languages.is_empty() && row.fields.iter().any(|field| field.name == "language") {
            languages.push(LangTag::und());
        }
        languages
    }

    /// Returns the first URI among the rights. Other values are kept in the field `rights_text`.
    pub(super) fn rights(&mut self, row: &mut RowValues, report: &mut RowReport) -> Option<String> {
        let mut uri = None;
        for text in std::mem::take(&mut row.rights) {
            if uri.is_none() && files::is_remote(&text) && !text.contains(char::is_whitespace) {
                uri = Some(text);
                continue;
            }
            // The text of a statement may contain its URI. A text with several may state the rights in
            // images and in metadata.
            if uri.is_none() {
                let words = text.split_whitespace();
                let mut known = words.filter(|word| known_rights(word).is_some());
                let first = known.next();
                uri = first
                    .filter(|first| known.all(|other| other == *first))
                    .map(str::to_owned);
            }
            if uri.is_none() {
                let mut warning = report.warning(
                    "rights-not-uri",
                    message!("`{value}` in `rights` is not the URI of a rights statement or licence; it is kept in the field `rights_text`.", value = printable(&text)),
                    "Choose a statement at rightsstatements.org or a licence at creativecommons.org, and write its URI.",
                );
                if let Some(uri) = rights_uri(&text) {
                    warning = report.corrected(warning, &text, uri, true);
                } else if let Some(uri) = probable_rights_uri(&text) {
                    warning = report.corrected(warning, &text, uri, false);
                }
                self.warnings.add("rights", warning);
            }
            row.add_field("rights_text", self.language.clone(), text);
        }
        uri
    }

    /// Parses the Gregorian and the Hijri date of the item.
    pub(super) fn date(&mut self, row: &mut RowValues, report: &mut RowReport) -> Option<ItemDate> {
        let mut dates = std::mem::take(&mut row.dates);
        // The time of a deposit or a change in addition to the date of the item.
        if dates.iter().any(|date| !has_time(date)) {
            dates.retain(|date| !has_time(date));
        }
        let written = dates.join("; ");
        report.about_role(&[Role::Hijri]);
        let mut hijri = report.at_most_one("date_hijri", std::mem::take(&mut row.hijri));
        match hijri.as_deref().map(date::is_valid_hijri) {
            Some(Some(false)) => self.warnings.add(
                "date_hijri",
                report.warning(
                    "date-impossible",
                    message!("`{value}` in `date_hijri` is not a valid date, because a Hijri year has 12 months of at most 30 days; it is kept as written.", value = printable(hijri.as_deref().unwrap_or_default())),
                    "Correct the date.",
                ),
            ),
            Some(None) => self.warnings.add(
                "date_hijri",
                report.warning(
                    "date-not-edtf",
                    message!("`{value}` in `date_hijri` is not a date in a supported format; it is kept as written.", value = printable(hijri.as_deref().unwrap_or_default())),
                    "Write it as 1324, 1324-01 or 1324-01-01 if possible.",
                ),
            ),
            _ => {}
        }
        if written.is_empty() {
            // The Hijri date is the only date.
            return hijri.map(|hijri| ItemDate {
                written: hijri.clone(),
                edtf: None,
                hijri: Some(hijri),
            });
        }
        report.about_role(&[Role::Date]);
        let (parsed, part) = date::parse_with_hijri(&written);
        let edtf = match parsed {
            date::ParsedDate::Edtf(edtf) => Some(edtf),
            date::ParsedDate::Interpreted(edtf, interpretation) => {
                let warning = report.warning(
                    "date-read",
                    message!(
                        "`{value}` in `date` is interpreted as {interpretation}; it is kept as written.",
                        value = printable(&written),
                        interpretation
                    ),
                    "No action is needed. To avoid this warning, write the date in EDTF.",
                );
                // A month that is not known is certainly not part of the date as it was written.
                let is_safe = written.ends_with("-00");
                // A correction would remove the Hijri date.
                let warning = if part.is_some() {
                    warning
                } else {
                    report.corrected(warning, &written, interpretation, is_safe)
                };
                self.warnings.add("date", warning);
                match part.filter(|_| hijri.is_none()) {
                    // The date is displayed in its calendar, and converted when it is searched.
                    Some(part) if part.is_only => {
                        hijri = Some(part.text);
                        None
                    }
                    part => {
                        hijri = hijri.or(part.map(|part| part.text));
                        Some(edtf)
                    }
                }
            }
            date::ParsedDate::Unrecognised => {
                let mut warning = report.warning(
                    "date-not-edtf",
                    message!("`{value}` in `date` is not an EDTF date; it is kept as written, and the item cannot be found by date.", value = printable(&written)),
                    "Write the year first if possible: 1906-02-25, 1906-02, 1906, 1906~ (about 1906), 1780/1785 (from 1780 to 1785).",
                );
                if let Some(edtf) = date::from_numbers(&written) {
                    warning = report.corrected(warning, &written, edtf, true);
                }
                self.warnings.add("date", warning);
                None
            }
            date::ParsedDate::Impossible => {
                self.warnings.add("date", report.warning(
                    "date-impossible",
                    message!("`{value}` in `date` is not a valid date; it is kept as written, and the item cannot be found by date.", value = printable(&written)),
                    "Write a date that exists, such as 1911-02-28, or only what is known: 1911-02 or 1911.",
                ));
                None
            }
        };
        Some(ItemDate {
            written,
            edtf,
            hijri,
        })
    }

    /// Parses the reading direction of the item.
    pub(super) fn reading_direction(
        &mut self,
        row: &mut RowValues,
        report: &mut RowReport,
    ) -> Option<Direction> {
        let text = std::mem::take(&mut row.reading_direction).join("|");
        let direction = match text.to_ascii_lowercase().as_str() {
            "" => return None,
            "rtl" | "right-to-left" | "right to left" => Some(Direction::Rtl),
            "ltr" | "left-to-right" | "left to right" => Some(Direction::Ltr),
            _ => None,
        };
        if direction.is_none() {
            self.keep_as_text(
                row,
                report,
                &[("reading_direction", &text)],
                message!(
                    "`{value}` in `reading_direction` is not a reading direction; the text is kept as written.",
                    value = printable(&text)
                ),
                "Write `rtl` (right to left) or `ltr` (left to right).",
            );
        }
        direction
    }

    /// Parses the resolution of the images of the item.
    ///
    /// The resolution is read only from the table. The resolution in image files is not reliable:
    /// most cameras write 72 or 300 regardless of the subject.
    pub(super) fn dpi(&mut self, row: &mut RowValues, report: &mut RowReport) -> Option<u32> {
        let text = std::mem::take(&mut row.dpi).join("|");
        if text.is_empty() {
            return None;
        }
        let number = text::ascii_digits(&text).parse::<u32>();
        let dpi = number.ok().filter(|dpi| DPI.contains(dpi));
        if dpi.is_none() {
            self.keep_as_text(
                row,
                report,
                &[("dpi", &text)],
                message!(
                    "`{value}` in `dpi` is not a valid resolution; the text is kept as written.",
                    value = printable(&text)
                ),
                "Write the number of pixels per inch of the object as a whole number from 10 to 20,000, for example 400.",
            );
        }
        dpi
    }

    /// Parses the geographical location of the item.
    pub(super) fn location(
        &mut self,
        row: &mut RowValues,
        report: &mut RowReport,
    ) -> Option<Location> {
        let latitude = std::mem::take(&mut row.latitude).join("|");
        let longitude = std::mem::take(&mut row.longitude).join("|");
        if latitude.is_empty() && longitude.is_empty() {
            return None;
        }
        let location = text::parse_degrees(&latitude)
            .zip(text::parse_degrees(&longitude))
            .and_then(|(latitude, longitude)| Location::new(latitude, longitude));
        if location.is_none() {
            self.keep_as_text(
                row,
                report,
                &[("latitude", &latitude), ("longitude", &longitude)],
                message!(
                    "`{latitude}` in `latitude` and `{longitude}` in `longitude` are not a valid geographic position; the text is kept as written.",
                    latitude = printable(&latitude),
                    longitude = printable(&longitude)
                ),
                "Write both values in decimal degrees, for example 33.31 and 44.36. South and west are negative.",
            );
        }
        location
    }

    /// Keeps values that are not valid as fields, with a warning.
    fn keep_as_text(
        &mut self,
        row: &mut RowValues,
        report: &RowReport,
        values: &[(&str, &str)],
        message: Message,
        hint: &'static str,
    ) {
        let column = values.first().map_or("", |(name, _)| name);
        self.warnings
            .add(column, report.warning("value-invalid", message, hint));
        for (name, value) in values {
            if !value.is_empty() {
                row.add_field(name, LangTag::und(), (*value).to_owned());
            }
        }
    }
}
