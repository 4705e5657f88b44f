//! Tags in the head of the page of an item, for reference managers and other programs.

use khizana_model::{Day, ItemDate, known_rights};

use super::date::{edtf, iso};
use super::{Kind, Reference};

/// A `<meta>` element: its name and content.
pub type Meta = (&'static str, String);

/// Returns the tags of Highwire Press and of Dublin Core, which Zotero, Google Scholar and others read, and the
/// item type of Zotero.
pub fn meta(reference: &Reference) -> Vec<Meta> {
    let mut out: Vec<Meta> = Vec::new();
    let mut add = |name: &'static str, content: &str| {
        if !content.is_empty() {
            out.push((name, content.to_owned()));
        }
    };
    let kind = reference.kind;
    let is_bibliographic = matches!(
        kind,
        Kind::Article
            | Kind::MagazineArticle
            | Kind::NewspaperArticle
            | Kind::Book
            | Kind::Chapter
            | Kind::Report
            | Kind::Thesis
    );
    // Zotero takes every item with these tags for an article unless they name another work.
    if is_bibliographic {
        add("citation_title", &reference.title.text);
        for name in &reference.creators {
            add("citation_author", &name.inverted());
        }
        let (day, year) = highwire_date(reference.date.as_ref());
        add("citation_publication_date", &day);
        add("citation_year", &year);
        let container = reference.container.as_ref().map_or("", |text| &text.text);
        add(
            match kind {
                Kind::Chapter => "citation_inbook_title",
                _ => "citation_journal_title",
            },
            container,
        );
        add("citation_volume", &reference.volume);
        add("citation_issue", &reference.issue);
        let pages = reference.pages.replace('–', "-");
        let (first, last) = pages.split_once('-').unwrap_or((&pages, ""));
        add("citation_firstpage", first);
        add("citation_lastpage", last);
        add(
            "citation_publisher",
            reference.publisher.as_ref().map_or("", |text| &text.text),
        );
        add(
            "citation_language",
            reference.languages.first().map_or("", |tag| tag.as_str()),
        );
        add(
            "citation_abstract_html_url",
            reference.url.as_deref().unwrap_or_default(),
        );
    }
    add("z.itemType", kind.names().zotero);
    add("DC.title", &reference.title.text);
    for name in &reference.creators {
        add("DC.creator", &name.inverted());
    }
    add("DC.date", &edtf_date(reference.date.as_ref()));
    add(
        "DC.description",
        reference.description.as_ref().map_or("", |text| &text.text),
    );
    for subject in &reference.subjects {
        add("DC.subject", &subject.text);
    }
    add(
        "DC.publisher",
        reference.publisher.as_ref().map_or("", |text| &text.text),
    );
    add(
        "DC.language",
        reference.languages.first().map_or("", |tag| tag.as_str()),
    );
    add("DC.rights", reference.rights.as_deref().unwrap_or_default());
    add(
        "DC.identifier",
        reference.url.as_deref().unwrap_or(&reference.id),
    );
    add("DC.source", &reference.archive.text);
    out
}

/// A `<link>` element: its relation and URL.
pub type Link = (&'static str, String);

/// Returns the typed links of Signposting (FAIR Signposting Profile, level 1).
pub fn signposts(reference: &Reference, manifest: Option<&str>) -> Vec<Link> {
    let mut out = Vec::new();
    if let Some(url) = &reference.url {
        out.push(("cite-as", url.clone()));
    }
    let class = reference.kind.names().schema;
    out.push(("type", format!("https://schema.org/{class}")));
    out.push(("type", "https://schema.org/AboutPage".to_owned()));
    let licence = reference
        .rights
        .as_ref()
        .filter(|rights| known_rights(rights).is_some());
    if let Some(licence) = licence {
        out.push(("license", licence.clone()));
    }
    if let Some(manifest) = manifest {
        out.push(("describedby", manifest.to_owned()));
    }
    out
}

/// Returns a date for Highwire tags, such as `1906/02/25`, and the first year of an interval or of a date that is
/// not certain. Only one of them is not empty: reference managers prefer the former to the date of Dublin Core.
fn highwire_date(date: Option<&ItemDate>) -> (String, String) {
    let edtf = date.and_then(ItemDate::gregorian);
    let first = edtf.as_ref().and_then(|edtf| edtf.from.or(edtf.to));
    let (Some(edtf), Some(Day { year, .. })) = (edtf, first.filter(|day| day.year > 0)) else {
        return Default::default();
    };
    let iso = iso(&edtf);
    if edtf.approximate || edtf.uncertain || iso.contains('/') {
        (String::new(), format!("{year:04}"))
    } else {
        (iso.replace('-', "/"), String::new())
    }
}

/// Formats a date in EDTF, or returns it as it was written.
fn edtf_date(date: Option<&ItemDate>) -> String {
    let written = || date.map(|date| date.written.clone());
    let edtf = date.and_then(ItemDate::gregorian).map(|date| edtf(&date));
    edtf.or_else(written).unwrap_or_default()
}
