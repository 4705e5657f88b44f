//! Citations that hayagriva composes from CSL-JSON, with the styles of the CSL project.

use hayagriva::archive::{ArchivedStyle, locales};
use hayagriva::citationberg::{IndependentStyle, Locale, Style as CslStyle, json};
use hayagriva::{
    BibliographyDriver, BibliographyRequest, BufWriteFormat, CitationItem, CitationRequest,
};
use khizana_pages::reference::Style;
use serde_json::Value;

/// The styles of hayagriva, and the words of each language.
pub struct Oracle {
    locales: Vec<Locale>,
}

impl Oracle {
    /// Loads the words of each language.
    pub fn new() -> Oracle {
        Oracle { locales: locales() }
    }

    /// Returns the entry of the bibliography for a file of CSL-JSON with one item.
    pub fn entry(&self, style: Style, file: &str) -> String {
        let mut file: Value = serde_json::from_str(file).unwrap();
        let item = file[0].as_object_mut().unwrap();
        // Our citations do not repeat the identifier, with which the URL ends.
        item.remove("archive_location").unwrap();
        // Two dates are an interval, at which hayagriva panics.
        if let Some(dates) = item
            .get_mut("issued")
            .and_then(|date| date["date-parts"].as_array_mut())
        {
            dates.truncate(1);
        }
        let items: Vec<json::Item> = serde_json::from_value(file).unwrap();
        let [item] = items.as_slice() else {
            panic!("{} items", items.len())
        };
        let style = independent(style);
        let mut driver = BibliographyDriver::new();
        driver.citation(CitationRequest::from_items(
            vec![CitationItem::with_entry(item)],
            &style,
            &self.locales,
        ));
        let result = driver.finish(BibliographyRequest {
            style: &style,
            locale: None,
            locale_files: &self.locales,
        });
        let mut entry = String::new();
        let bibliography = result.bibliography.unwrap();
        assert_eq!(bibliography.items.len(), 1);
        bibliography.items[0]
            .content
            .write_buf(&mut entry, BufWriteFormat::Plain)
            .unwrap();
        entry
    }
}

/// Returns the style of the CSL project that corresponds to one of ours.
fn independent(style: Style) -> IndependentStyle {
    let archived = match style {
        // Both are of the 18th edition.
        Style::Chicago => ArchivedStyle::ChicagoNotes,
        Style::Apa => ArchivedStyle::AmericanPsychologicalAssociation,
        Style::Mla => ArchivedStyle::ModernLanguageAssociation,
        // The date follows the publisher, as it does in ours, and not the names.
        Style::Iso690 => ArchivedStyle::Iso690Numeric,
    };
    match archived.get() {
        CslStyle::Independent(style) => style,
        CslStyle::Dependent(style) => panic!("{} depends on another style", style.info.id),
    }
}
