//! Tags in the head of the page of an item, for reference managers and other programs.

use khizana_model::{Day, ItemDate, known_rights};

use super::date::{edtf, iso};
use super::{Kind, Name, Reference};
use crate::card::LangText;

/// A `<meta>` element: its name and content.
pub type Meta = (&'static str, String);

/// A language that Zotero takes for one and saves as an empty one. Without it, Zotero would take the language of the
/// interface for that of the item.
const NO_LANGUAGE: &str = " ";

/// Returns the tags of Highwire Press and of Dublin Core, which Zotero, Google Scholar and others read, and those with
/// which Zotero names its fields.
pub fn meta(reference: &Reference) -> Vec<Meta> {
    let mut tags = Tags(Vec::new());
    tags.add_highwire(reference);
    tags.add_zotero(reference);
    tags.add_dublin_core(reference);
    tags.0
}

struct Tags(Vec<Meta>);

impl Tags {
    /// Adds a tag, unless its content is empty.
    fn add(&mut self, name: &'static str, content: &str) {
        if !content.is_empty() {
            self.0.push((name, content.to_owned()));
        }
    }

    fn add_text(&mut self, name: &'static str, text: Option<&LangText>) {
        self.add(name, text.map_or("", |text| &text.text));
    }

    fn add_names(&mut self, tag: &'static str, names: &[Name]) {
        for name in names {
            self.add(tag, &name.for_programs());
        }
    }

    fn add_highwire(&mut self, reference: &Reference) {
        let kind = reference.kind;
        self.add_text("citation_abstract", reference.description.as_ref());
        // Zotero takes every item with the other tags for an article unless they name another work.
        let is_bibliographic =
            kind.has_container() || matches!(kind, Kind::Book | Kind::Report | Kind::Thesis);
        if !is_bibliographic {
            return;
        }
        self.add("citation_title", &reference.title.text);
        if !is_divided_by_zotero(&reference.creators) {
            self.add_names("citation_author", &reference.creators);
        }
        let (day, year) = highwire_date(reference.date.as_ref());
        self.add("citation_publication_date", &day);
        self.add("citation_year", &year);
        let container = match kind {
            Kind::Chapter => "citation_inbook_title",
            // With the tag of journals, Zotero ignores that it is no article of a journal.
            Kind::NewspaperArticle | Kind::MagazineArticle => "prism.publicationName",
            _ => "citation_journal_title",
        };
        self.add_text(container, reference.container.as_ref());
        self.add("citation_volume", &reference.volume);
        let number = match kind {
            Kind::Report => "citation_technical_report_number",
            _ => "citation_issue",
        };
        self.add(number, &reference.issue);
        let pages = reference.pages.replace('–', "-");
        let (first, last) = pages.split_once('-').unwrap_or((&pages, ""));
        self.add("citation_firstpage", first);
        self.add("citation_lastpage", last);
        let publisher = match kind {
            Kind::Report => "citation_technical_report_institution",
            Kind::Thesis => "citation_dissertation_institution",
            _ => "citation_publisher",
        };
        self.add_text(publisher, reference.publisher.as_ref());
        let language = reference.languages.first();
        self.add("citation_language", language.map_or("", |tag| tag.as_str()));
        let url = reference.url.as_deref();
        self.add("citation_abstract_html_url", url.unwrap_or_default());
    }

    fn add_zotero(&mut self, reference: &Reference) {
        let kind = reference.kind.names().zotero;
        self.add("z.itemType", kind);
        // It reads the creators of Dublin Core only for types that have authors.
        let role = match kind {
            "artwork" => Some("z.artists"),
            "audioRecording" => Some("z.performers"),
            "film" | "videoRecording" => Some("z.directors"),
            "interview" => Some("z.interviewees"),
            "map" => Some("z.cartographers"),
            "presentation" => Some("z.presenters"),
            _ => None,
        };
        if let Some(role) = role {
            self.add_names(role, &reference.creators);
        }
        self.add_names("so.contributor", &reference.contributors);
        self.add_names("z.recipients", &reference.recipients);
        self.add_text("z.place", reference.place.as_ref());
        self.add("z.archive", &reference.archive.text);
        self.add("z.archiveLocation", &reference.id);
        let hijri = reference.hijri.as_deref();
        self.add("z.extra", hijri.unwrap_or_default());
        if reference.languages.is_empty() {
            self.add("lang", NO_LANGUAGE);
        }
    }

    fn add_dublin_core(&mut self, reference: &Reference) {
        self.add("DC.title", &reference.title.text);
        self.add_names("DC.creator", &reference.creators);
        self.add("DC.date", &edtf_date(reference.date.as_ref()));
        // Zotero adds `DC.description` to the notes of an item that has an abstract.
        self.add_text("dcterms.description", reference.description.as_ref());
        self.add_text("dcterms.medium", reference.medium.as_ref());
        for subject in &reference.subjects {
            self.add("DC.subject", &subject.text);
        }
        self.add_text("DC.publisher", reference.publisher.as_ref());
        let language = reference.languages.first();
        self.add("DC.language", language.map_or("", |tag| tag.as_str()));
        self.add("DC.rights", reference.rights.as_deref().unwrap_or_default());
        let url = reference.url.as_deref();
        self.add("DC.identifier", url.unwrap_or(&reference.id));
    }
}

/// Returns `true` if Zotero would take the only `citation_author` for several names: those between semicolons, or those
/// before and after a comma that both have a space. It then reads the creator of Dublin Core, which it does not divide.
fn is_divided_by_zotero(creators: &[Name]) -> bool {
    let [name] = creators else {
        return false;
    };
    let name = name.for_programs();
    let mut parts = name.split(',').map(str::trim);
    let are_names = |parts: [Option<&str>; 2]| {
        let mut parts = parts.into_iter();
        parts.all(|part| part.is_some_and(|part| part.contains(' ')))
    };
    name.contains(';') || are_names([parts.next(), parts.next()])
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
