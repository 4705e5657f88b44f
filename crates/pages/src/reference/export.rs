//! References in the formats of reference managers.

use std::fmt::Write as _;

use khizana_model::{Day, Edtf, ItemDate};
use serde::Serialize;

use super::date::precision;
use super::{Access, Kind, Name, Reference};

/// A format of reference managers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// BibTeX, in UTF-8.
    BibTex,
    /// RIS.
    Ris,
    /// CSL-JSON 1.0.2: an array with one item.
    CslJson,
}

impl Format {
    /// All formats, in the order in which they are offered.
    pub const ALL: [Format; 3] = [Format::BibTex, Format::Ris, Format::CslJson];

    /// Returns the name of the format.
    pub fn name(self) -> &'static str {
        match self {
            Format::BibTex => "BibTeX",
            Format::Ris => "RIS",
            Format::CslJson => "CSL-JSON",
        }
    }

    /// Returns the extension of files, without a dot.
    pub fn extension(self) -> &'static str {
        match self {
            Format::BibTex => "bib",
            Format::Ris => "ris",
            Format::CslJson => "json",
        }
    }

    /// Returns the media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Format::BibTex => "application/x-bibtex",
            Format::Ris => "application/x-research-info-systems",
            Format::CslJson => "application/vnd.citationstyles.csl+json",
        }
    }
}

/// Returns the file of a reference in a format.
pub fn export(reference: &Reference, format: Format, access: &Access) -> String {
    match format {
        Format::BibTex => bibtex(reference, access),
        Format::Ris => ris(reference, access),
        Format::CslJson => csl_json(reference, access),
    }
}

fn url<'a>(reference: &'a Reference, access: &'a Access) -> Option<&'a str> {
    access.url.as_deref().or(reference.url.as_deref())
}

/// Returns a page range with hyphens, as these formats require.
fn pages(reference: &Reference) -> Option<String> {
    let pages = reference.pages.replace(['–', '—'], "-");
    (!pages.is_empty()).then_some(pages)
}

/// Returns the first and the last day of the parts of a date that are known in the Gregorian calendar. A year has one
/// part, a day three.
fn date_parts(date: &ItemDate) -> Vec<Vec<i32>> {
    match (&date.edtf, date.gregorian()) {
        (Some(edtf), _) => interval_parts(edtf),
        // A Hijri year or month begins and ends within Gregorian ones.
        (None, Some(edtf)) if edtf.from != edtf.to => {
            edtf.from.map(|day| vec![day.year]).into_iter().collect()
        }
        (None, Some(edtf)) => interval_parts(&edtf),
        (None, None) => Vec::new(),
    }
}

fn interval_parts(edtf: &Edtf) -> Vec<Vec<i32>> {
    let (Some(from), Some(to)) = (edtf.from, edtf.to) else {
        // Most readers of these formats know no open intervals.
        let known = edtf.from.or(edtf.to);
        return known.map(|day| vec![day.year]).into_iter().collect();
    };
    let count = precision(from, to);
    let parts = |day: Day| -> Vec<i32> {
        let parts = [day.year, i32::from(day.month), i32::from(day.day)];
        parts.into_iter().take(count).collect()
    };
    let (first, last) = (parts(from), parts(to));
    if first == last {
        vec![first]
    } else {
        vec![first, last]
    }
}

#[derive(Serialize)]
struct CslName<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    family: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    given: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    literal: Option<&'a str>,
}

impl<'a> CslName<'a> {
    fn of(name: &'a Name) -> CslName<'a> {
        let parts = name.parts();
        CslName {
            family: parts.map(|(family, _)| family),
            given: parts.map(|(_, given)| given),
            literal: parts.is_none().then_some(&name.text.text),
        }
    }
}

#[derive(Serialize)]
struct CslDate<'a> {
    #[serde(rename = "date-parts", skip_serializing_if = "Vec::is_empty")]
    date_parts: Vec<Vec<i32>>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    circa: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    literal: Option<&'a str>,
}

impl<'a> CslDate<'a> {
    fn of(date: &'a ItemDate) -> CslDate<'a> {
        let mut date_parts = date_parts(date);
        for year in date_parts.iter_mut().filter_map(|parts| parts.first_mut()) {
            // CSL formats the year -100 as 100 BC, and has no year 0.
            *year -= i32::from(*year <= 0);
        }
        let literal = date_parts.is_empty().then_some(date.written.as_str());
        CslDate {
            date_parts,
            circa: date
                .edtf
                .as_ref()
                .is_some_and(|edtf| edtf.approximate || edtf.uncertain),
            literal,
        }
    }

    fn of_day(day: Day) -> CslDate<'static> {
        CslDate {
            date_parts: vec![vec![day.year, i32::from(day.month), i32::from(day.day)]],
            circa: false,
            literal: None,
        }
    }
}

/// An item of CSL-JSON. The variables are those of CSL 1.0.2, appendix IV.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct CslItem<'a> {
    id: &'a str,
    #[serde(rename = "type")]
    kind: &'static str,
    title: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    author: Vec<CslName<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    issued: Option<CslDate<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    container_title: Option<&'a str>,
    #[serde(skip_serializing_if = "str::is_empty")]
    volume: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    issue: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    page: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    publisher: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    publisher_place: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    medium: Option<&'a str>,
    archive: &'a str,
    #[serde(rename = "archive_collection")]
    archive_collection: &'a str,
    #[serde(rename = "archive_location")]
    archive_location: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<&'a str>,
    #[serde(rename = "abstract", skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<&'a str>,
    #[serde(rename = "URL", skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    accessed: Option<CslDate<'a>>,
}

fn csl_json(reference: &Reference, access: &Access) -> String {
    let item = CslItem {
        id: &reference.id,
        kind: reference.kind.names().csl,
        title: &reference.title.text,
        author: reference.creators.iter().map(CslName::of).collect(),
        issued: reference.date.as_ref().map(CslDate::of),
        container_title: reference.container.as_ref().map(|text| text.text.as_str()),
        volume: &reference.volume,
        issue: &reference.issue,
        page: pages(reference),
        publisher: reference.publisher.as_ref().map(|text| text.text.as_str()),
        publisher_place: reference.place.as_ref().map(|text| text.text.as_str()),
        medium: reference.medium.as_ref().map(|text| text.text.as_str()),
        archive: &reference.archive.text,
        archive_collection: &reference.collection.text,
        archive_location: &reference.id,
        language: reference.languages.first().map(|tag| tag.as_str()),
        description: reference
            .description
            .as_ref()
            .map(|text| text.text.as_str()),
        note: reference.hijri.as_deref(),
        url: url(reference, access),
        accessed: access.day.map(CslDate::of_day),
    };
    serde_json::to_string(&[item]).unwrap_or_default()
}

fn bibtex(reference: &Reference, access: &Access) -> String {
    let mut out = format!(
        "@{}{{{}",
        reference.kind.names().bibtex,
        bibtex_key(&reference.id)
    );
    let mut field = |name: &str, value: &str| {
        if !value.is_empty() {
            out.push_str(",\n  ");
            out.push_str(name);
            out.push_str(" = {");
            out.push_str(value);
            out.push('}');
        }
    };
    // Braces keep capital letters, and names of institutions whole.
    let protected = |text: &str| format!("{{{}}}", bibtex_text(text));
    let names: Vec<String> = reference
        .creators
        .iter()
        .map(|name| match name.parts() {
            Some((family, given)) => format!("{}, {}", bibtex_text(family), bibtex_text(given)),
            None => protected(&name.text.text),
        })
        .collect();
    field("author", &names.join(" and "));
    field("title", &protected(&reference.title.text));
    if let Some(container) = &reference.container {
        let name = match reference.kind {
            Kind::Chapter => "booktitle",
            _ => "journal",
        };
        field(name, &protected(&container.text));
    }
    if let Some(date) = &reference.date {
        let parts = date_parts(date);
        let years: Vec<String> = parts
            .iter()
            .filter_map(|parts| parts.first().map(i32::to_string))
            .collect();
        match years.as_slice() {
            [] => field("year", &bibtex_text(&date.written)),
            // The programs that read BibTeX do not agree about a year 0.
            [first, ..] if !first.starts_with(|c: char| ('1'..='9').contains(&c)) => {
                field("year", &bibtex_text(&date.written));
            }
            years => field("year", &years.join("--")),
        }
        let month = parts.first().and_then(|parts| parts.get(1));
        if let (Some(month), 1) = (month, parts.len()) {
            field("month", &month.to_string());
        }
    }
    field("volume", &bibtex_text(&reference.volume));
    field("number", &bibtex_text(&reference.issue));
    field(
        "pages",
        &bibtex_text(&pages(reference).unwrap_or_default()).replace('-', "--"),
    );
    let text = |text: &Option<crate::card::LangText>| {
        text.as_ref()
            .map_or_else(String::new, |text| bibtex_text(&text.text))
    };
    let publisher = match reference.kind {
        Kind::Report => "institution",
        Kind::Thesis => "school",
        _ => "publisher",
    };
    field(publisher, &text(&reference.publisher));
    field("address", &text(&reference.place));
    field("howpublished", &text(&reference.medium));
    let archive = format!("{}, {}", reference.archive.text, reference.collection.text);
    let note = match &reference.hijri {
        Some(hijri) => format!("{hijri}. {archive}"),
        None => archive,
    };
    field("note", &bibtex_text(&note));
    let languages: Vec<&str> = reference.languages.iter().map(|tag| tag.as_str()).collect();
    field("language", &languages.join(", "));
    // The reader passes URLs through unchanged, except for braces and percent signs.
    field(
        "url",
        &bibtex_url(url(reference, access).unwrap_or_default()),
    );
    if let Some(day) = access.day {
        field("urldate", &day.to_string());
    }
    out.push_str("\n}\n");
    out
}

/// Returns a citation key of ASCII letters, digits and hyphens.
fn bibtex_key(id: &str) -> String {
    let mut key = String::new();
    for c in id.chars() {
        match c {
            'a'..='z' | 'A'..='Z' | '0'..='9' | '-' | '_' | '.' => key.push(c),
            // Identifiers in other scripts remain distinct.
            c => {
                let _ = write!(key, "u{:x}", u32::from(c));
            }
        }
    }
    key
}

fn bibtex_text(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\textbackslash{}"),
            '~' => out.push_str("\\textasciitilde{}"),
            '^' => out.push_str("\\textasciicircum{}"),
            // In the encoding that LaTeX assumes, they are other characters.
            '<' => out.push_str("\\textless{}"),
            '>' => out.push_str("\\textgreater{}"),
            // LaTeX joins them to dashes and quotation marks.
            '-' | '`' | '\'' if out.ends_with(c) => {
                out.push_str("{}");
                out.push(c);
            }
            // BibTeX counts braces even if they are escaped.
            '{' => out.push('('),
            '}' => out.push(')'),
            '%' | '&' | '$' | '#' | '_' => {
                out.push('\\');
                out.push(c);
            }
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

fn bibtex_url(url: &str) -> String {
    url.replace('{', "%7B").replace('}', "%7D")
}

fn ris(reference: &Reference, access: &Access) -> String {
    let mut out = String::new();
    let mut line = |tag: &str, value: &str| {
        // A line break would begin another tag, and two spaces do for some readers.
        let words = value.split(|c: char| c.is_control() || c == ' ');
        let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
        if !words.is_empty() {
            let _ = write!(out, "{tag}  - {}\r\n", words.join(" "));
        }
    };
    line("TY", reference.kind.names().ris);
    line("ID", &reference.id);
    for name in &reference.creators {
        line("AU", &name.for_programs());
    }
    line("TI", &reference.title.text);
    if let Some(container) = &reference.container {
        line("T2", &container.text);
    }
    if let Some(date) = &reference.date {
        let parts = date_parts(date);
        match parts.first().map(Vec::as_slice) {
            Some([year, rest @ ..]) if *year > 0 => {
                line("PY", &format!("{year:04}"));
                let rest: Vec<String> = rest.iter().map(|part| format!("{part:02}")).collect();
                let slashes = "/".repeat(3 - rest.len().min(3));
                let separator = if rest.is_empty() { "" } else { "/" };
                line(
                    "DA",
                    &format!("{year:04}{separator}{}{slashes}", rest.join("/")),
                );
            }
            _ => line("DA", &format!("///{}", date.written)),
        }
    }
    line("VL", &reference.volume);
    let number = match reference.kind {
        Kind::Report => "SN",
        _ => "IS",
    };
    line(number, &reference.issue);
    let pages = pages(reference).unwrap_or_default();
    match pages.split_once('-') {
        Some((first, last)) => {
            line("SP", first);
            line("EP", last);
        }
        None => line("SP", &pages),
    }
    let mut text = |tag: &str, text: &Option<crate::card::LangText>| {
        line(tag, text.as_ref().map_or("", |text| &text.text));
    };
    text("PB", &reference.publisher);
    text("CY", &reference.place);
    text("M3", &reference.medium);
    text("AB", &reference.description);
    line("N1", reference.hijri.as_deref().unwrap_or_default());
    for subject in &reference.subjects {
        line("KW", &subject.text);
    }
    if let Some(language) = reference.languages.first() {
        line("LA", language.as_str());
    }
    line("DB", &reference.archive.text);
    line("AN", &reference.id);
    line("UR", url(reference, access).unwrap_or_default());
    if let Some(Day { year, month, day }) = access.day {
        line("Y2", &format!("{year:04}/{month:02}/{day:02}/"));
    }
    // `C1` has another meaning for each type.
    line("CR", reference.rights.as_deref().unwrap_or_default());
    out.push_str("ER  - \r\n");
    out
}
