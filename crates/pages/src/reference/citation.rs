//! Citations in four styles: Chicago (18th edition, bibliography), APA (7th), MLA (9th) and ISO 690.
//!
//! The words and the punctuation are those of the language of the interface. Titles keep the capital letters
//! of the record, because the rules of English do not apply to titles in other languages.

use khizana_model::{Day, LangTag};
use serde::Serialize;

use super::date::{DateForm, format, format_day};
use super::punctuation::{ends_sentence, with_inner_quotes, without_quotes};
use super::{Kind, Name, Reference};
use crate::card::LangText;
use crate::i18n::{self, Lang};

/// A citation style.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// The Chicago Manual of Style, 18th edition: an entry of a bibliography.
    Chicago,
    /// Publication Manual of the American Psychological Association, 7th edition.
    Apa,
    /// MLA Handbook, 9th edition.
    Mla,
    /// ISO 690:2021.
    Iso690,
}

impl Style {
    /// All styles, in the order in which they are offered.
    pub const ALL: [Style; 4] = [Style::Chicago, Style::Apa, Style::Mla, Style::Iso690];

    /// Returns the name of the style.
    pub fn name(self) -> &'static str {
        match self {
            Style::Chicago => "Chicago",
            Style::Apa => "APA",
            Style::Mla => "MLA",
            Style::Iso690 => "ISO 690",
        }
    }
}

/// The parts of a citation that are not in the record: the displayed page and the day.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Access {
    /// Label of the displayed page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<String>,
    /// URL of what is displayed, if it is not the URL of the item.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The current day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub day: Option<Day>,
    /// `true` if only a region of the image is displayed, which `url` names.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub is_detail: bool,
}

khizana_json::json_object!(Access {
    page: optional,
    url: optional,
    day: optional,
    is_detail: optional
});

/// A part of a citation.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Run {
    /// The text.
    pub text: String,
    /// Language of the text. `None` if it is in the language of the interface.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lang: Option<LangTag>,
    /// `true` if the text is in italics.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub is_italic: bool,
}

khizana_json::json_object!(Run {
    text,
    lang: optional,
    is_italic: optional
});

/// Composes a citation. The text of all parts together is the citation.
pub fn cite(reference: &Reference, style: Style, access: &Access, lang: Lang) -> Vec<Run> {
    let mut citation = Citation {
        runs: Vec::new(),
        reference,
        access,
        lang,
    };
    match style {
        Style::Chicago => citation.chicago(),
        Style::Apa => citation.apa(),
        Style::Mla => citation.mla(),
        Style::Iso690 => citation.iso690(),
    }
    citation.runs
}

struct Citation<'a> {
    runs: Vec<Run>,
    reference: &'a Reference,
    access: &'a Access,
    lang: Lang,
}

/// The conjunction before the last of several names.
#[derive(Clone, Copy)]
enum Conjunction {
    /// `A, B, and C` in English.
    SerialComma,
    /// `A, B and C`
    And,
    /// `A, B, & C`
    Ampersand,
}

impl Citation<'_> {
    fn chicago(&mut self) {
        let reference = self.reference;
        // The name of the newspaper takes the place of a missing name of the creator.
        let is_unsigned = reference.kind == Kind::NewspaperArticle && reference.creators.is_empty();
        let leading = reference.container.as_ref().filter(|_| is_unsigned);
        match leading {
            Some(container) => self.italic(container),
            None => self.names(first_inverted, Conjunction::SerialComma, 6, 3),
        }
        self.end_sentence();
        self.title(reference.kind.is_in_italics() && reference.kind != Kind::Thesis);
        self.end_sentence();
        match (reference.kind, &reference.container) {
            (Kind::Chapter, Some(container)) => {
                self.plain(&format!("{} ", i18n::cite_in(self.lang)));
                self.italic(container);
                self.end_sentence();
                self.publisher_and_date(&self.date_or_none(DateForm::Year, Style::Chicago));
            }
            (_, Some(_)) if leading.is_some() => {
                self.plain(&self.date_or_none(DateForm::MonthFirst, Style::Chicago));
            }
            // The pages of newspapers and magazines are omitted, since they differ between editions.
            (Kind::NewspaperArticle | Kind::MagazineArticle, Some(container)) => {
                self.italic(container);
                self.list_part(&self.date_or_none(DateForm::MonthFirst, Style::Chicago));
            }
            (_, Some(container)) => {
                self.italic(container);
                if !reference.volume.is_empty() {
                    self.plain(&format!(" {}", reference.volume));
                }
                if !reference.issue.is_empty() {
                    self.list_part(&i18n::cite_issue(self.lang, &reference.issue));
                }
                let pages = reference.pages.as_str();
                if reference.volume.is_empty() && reference.issue.is_empty() {
                    self.list_part(&self.date_or_none(DateForm::MonthFirst, Style::Chicago));
                    self.list_part(pages);
                } else {
                    let year = self.date_or_none(DateForm::Year, Style::Chicago);
                    self.plain(&format!(" ({year})"));
                    if !pages.is_empty() {
                        self.plain(&format!(": {pages}"));
                    }
                }
            }
            (Kind::Book | Kind::Report | Kind::Thesis, None) => {
                self.publisher_and_date(&self.date_or_none(DateForm::Year, Style::Chicago));
            }
            _ => {
                let date = match reference.kind.is_in_italics() {
                    true => self.date_or_none(DateForm::MonthFirst, Style::Chicago),
                    false => self.date(DateForm::MonthFirst, Style::Chicago),
                };
                self.publisher_and_date(&date);
                if let Some(medium) = reference
                    .medium
                    .as_ref()
                    .filter(|_| reference.kind.is_visual())
                {
                    self.end_sentence();
                    self.value(medium);
                }
            }
        }
        self.shown_page();
        self.end_sentence();
        if reference.kind.is_visual() {
            self.archive_and_collection();
        } else {
            self.collection_and_archive(". ");
        }
        self.end_sentence();
        if let Some(day) = self.access.day {
            let day = format_day(day, DateForm::MonthFirst, self.lang);
            self.plain(&i18n::cite_accessed(self.lang, &day));
            self.end_sentence();
        }
        self.url();
        self.end_sentence();
    }

    fn apa(&mut self) {
        let reference = self.reference;
        let form = match reference.kind {
            Kind::Document
            | Kind::Film
            | Kind::Interview
            | Kind::Letter
            | Kind::MagazineArticle
            | Kind::NewspaperArticle
            | Kind::Speech
            | Kind::Video => DateForm::YearFirst,
            _ => DateForm::Year,
        };
        let date = self.date_or_none(form, Style::Apa);
        // The institution of a thesis is named with its kind.
        let publisher = reference.publisher.as_ref();
        let institution = publisher.filter(|_| reference.kind == Kind::Thesis);
        self.names(
            |name, _| name.with_initials(),
            Conjunction::Ampersand,
            20,
            19,
        );
        let has_names = !self.runs.is_empty();
        if has_names {
            self.end_sentence();
            self.plain(&format!("({date})"));
            self.end_sentence();
        }
        if reference.kind.has_container() {
            self.value(&reference.title);
        } else {
            self.italic(&reference.title);
            let kind = self.material_or_kind();
            if !kind.is_empty() {
                let kind = format!(" [{kind}");
                self.plain(&kind);
                if let Some(institution) = institution {
                    self.separate();
                    self.value(institution);
                }
                self.plain("]");
            }
        }
        let shown = self.shown_parts();
        if !shown.is_empty() {
            self.plain(&format!(" ({})", shown.join(self.lang.list_separator())));
        }
        self.end_sentence();
        if !has_names {
            self.plain(&format!("({date})"));
            self.end_sentence();
        }
        match (reference.kind, &reference.container) {
            (Kind::Chapter, Some(container)) => {
                self.plain(&format!("{} ", i18n::cite_in(self.lang)));
                self.italic(container);
                if !reference.pages.is_empty() {
                    self.plain(&format!(" ({})", self.page_numbers()));
                }
                self.end_sentence();
            }
            (_, Some(container)) => {
                self.italic(container);
                if !reference.volume.is_empty() {
                    self.separate();
                    self.run(&reference.volume, None, true);
                }
                if !reference.issue.is_empty() {
                    if reference.volume.is_empty() {
                        self.separate();
                    }
                    self.plain(&format!("({})", reference.issue));
                }
                self.list_part(&reference.pages);
                self.end_sentence();
            }
            _ => {}
        }
        if let Some(publisher) = publisher.filter(|_| institution.is_none()) {
            self.value(publisher);
            self.end_sentence();
        }
        self.collection_and_archive(self.lang.list_separator());
        self.end_sentence();
        if let Some(day) = self.access.day {
            let day = format_day(day, DateForm::MonthFirst, self.lang);
            self.plain(&format!("{} ", i18n::cite_retrieved(self.lang, &day)));
        }
        self.url();
    }

    fn mla(&mut self) {
        let reference = self.reference;
        self.names(first_inverted, Conjunction::SerialComma, 2, 1);
        self.end_sentence();
        self.title(reference.kind.is_in_italics());
        self.end_sentence();
        if let Some(container) = &reference.container {
            self.italic(container);
        }
        if !reference.volume.is_empty() {
            self.list_part(&i18n::cite_volume(self.lang, &reference.volume));
        }
        if !reference.issue.is_empty() {
            self.list_part(&i18n::cite_issue(self.lang, &reference.issue));
        }
        let form = match reference.kind {
            Kind::Book | Kind::Sound | Kind::Film => DateForm::Year,
            _ => DateForm::Short,
        };
        let date = self.date(form, Style::Mla);
        // The date of a thesis precedes the institution.
        if reference.kind == Kind::Thesis {
            self.list_part(&date);
            self.end_sentence();
        }
        if let Some(publisher) = &reference.publisher {
            self.separate();
            self.value(publisher);
        }
        if reference.kind == Kind::Thesis {
            self.end_sentence();
        } else {
            self.list_part(&date);
        }
        self.separate();
        self.archive_and_collection();
        if !reference.pages.is_empty() {
            self.list_part(&self.page_numbers());
        }
        self.shown_page();
        self.separate();
        self.url();
        self.end_sentence();
        if let Some(day) = self.access.day {
            let day = format_day(day, DateForm::Short, self.lang);
            self.plain(&i18n::cite_accessed(self.lang, &day));
            self.end_sentence();
        }
    }

    fn iso690(&mut self) {
        let reference = self.reference;
        self.names(|name, _| name.inverted(), Conjunction::And, 3, 1);
        self.end_sentence();
        match &reference.container {
            Some(container) => {
                self.value(&reference.title);
                self.end_sentence();
                if reference.kind == Kind::Chapter {
                    self.plain(&format!("{}: ", i18n::cite_in(self.lang)));
                }
                self.italic(container);
            }
            None => self.italic(&reference.title),
        }
        self.end_sentence();
        self.plain(i18n::cite_online(self.lang));
        self.end_sentence();
        let kind = self.material_or_kind();
        if !kind.is_empty() {
            let kind = format!("[{kind}]");
            self.plain(&kind);
            self.end_sentence();
        }
        if let Some(place) = &reference.place {
            self.value(place);
            self.plain(if reference.publisher.is_some() {
                ": "
            } else {
                ""
            });
        }
        if let Some(publisher) = &reference.publisher {
            self.value(publisher);
        }
        let date = match self.date(DateForm::DayFirst, Style::Iso690) {
            date if date.is_empty() => format!("[{}]", i18n::cite_no_date(self.lang)),
            date => date,
        };
        let is_published = reference.publisher.is_some() || reference.place.is_some();
        if is_published {
            self.list_part(&date);
        } else {
            self.plain(&date);
        }
        self.end_sentence();
        if !reference.volume.is_empty() {
            self.list_part(&i18n::cite_volume(self.lang, &reference.volume));
        }
        if !reference.issue.is_empty() {
            self.list_part(&i18n::cite_issue(self.lang, &reference.issue));
        }
        if !reference.pages.is_empty() {
            self.list_part(&self.page_numbers());
        }
        self.shown_page();
        self.end_sentence();
        self.archive_and_collection();
        self.end_sentence();
        if let Some(day) = self.access.day {
            let day = format_day(day, DateForm::DayFirst, self.lang);
            self.plain(&format!("[{}]", i18n::cite_accessed(self.lang, &day)));
            self.end_sentence();
        }
        if self.has_url() {
            self.plain(&format!("{} ", i18n::cite_available(self.lang)));
            self.url();
        }
    }

    /// Appends the names of the creators. Of more than `max` names, only the first `few` are appended, before “et
    /// al.” or, after an ellipsis, the last name.
    fn names(
        &mut self,
        format_name: impl Fn(&Name, usize) -> String,
        conjunction: Conjunction,
        max: usize,
        few: usize,
    ) {
        let names = &self.reference.creators;
        let is_short = names.len() > max;
        let shown = if is_short { few } else { names.len() };
        for (i, name) in names.iter().take(shown).enumerate() {
            if i > 0 {
                let is_last = i + 1 == shown && !is_short;
                let comma = self.lang.list_separator();
                let and = i18n::cite_and(self.lang);
                let separator = match (is_last, conjunction, self.lang) {
                    (false, ..) => comma.to_owned(),
                    // The Arabic conjunction is joined to the next word.
                    (true, _, Lang::Ar) => format!(" {and}"),
                    (true, Conjunction::Ampersand, _) => format!("{comma}& "),
                    (true, Conjunction::SerialComma, Lang::En) => format!("{comma}{and} "),
                    (true, ..) => format!(" {and} "),
                };
                self.plain(&separator);
            }
            let text = format_name(name, i);
            self.run(&text, Some(&name.text.lang), false);
        }
        if is_short {
            self.plain(self.lang.list_separator());
            match (conjunction, names.last()) {
                (Conjunction::Ampersand, Some(last)) => {
                    self.plain(". . . ");
                    let text = format_name(last, names.len());
                    self.run(&text, Some(&last.text.lang), false);
                }
                _ => self.plain(i18n::cite_others(self.lang)),
            }
        }
    }

    /// Returns the material of a visual work, or the name of the kind. Returns an empty string if citations name
    /// neither.
    fn material_or_kind(&self) -> &str {
        let Reference { kind, medium, .. } = self.reference;
        match medium {
            Some(medium) if kind.is_visual() => &medium.text,
            _ => kind.label(self.lang).unwrap_or_default(),
        }
    }

    /// Appends the title in italics or in quotation marks.
    fn title(&mut self, is_italic: bool) {
        let title = &self.reference.title;
        if is_italic {
            self.italic(title);
            return;
        }
        let (open, close) = match self.lang {
            Lang::En => ("“", "”"),
            Lang::Ar => ("«", "»"),
            Lang::Fr => ("«\u{a0}", "\u{a0}»"),
        };
        self.plain(open);
        self.run(
            &with_inner_quotes(&title.text, self.lang),
            Some(&title.lang),
            false,
        );
        // The full stop precedes the closing quotation mark in American English.
        if self.lang == Lang::En && !ends_sentence(&title.text) {
            self.plain(".");
        }
        self.plain(close);
    }

    fn publisher_and_date(&mut self, date: &str) {
        if let Some(publisher) = &self.reference.publisher {
            self.value(publisher);
            self.list_part(date);
        } else {
            self.plain(date);
        }
    }

    fn archive_and_collection(&mut self) {
        self.value(&self.reference.archive);
        if self.has_collection() {
            self.separate();
            self.value(&self.reference.collection);
        }
    }

    fn collection_and_archive(&mut self, separator: &str) {
        if self.has_collection() {
            self.value(&self.reference.collection);
            self.plain(separator);
        }
        self.value(&self.reference.archive);
    }

    /// Returns `false` if the collection has the same name as the archive or as the work of which the item is
    /// a part.
    fn has_collection(&self) -> bool {
        let Reference {
            collection,
            archive,
            container,
            ..
        } = self.reference;
        let container = container.as_ref().map(|container| &container.text);
        collection.text != archive.text && Some(&collection.text) != container
    }

    fn shown_page(&mut self) {
        for part in self.shown_parts() {
            self.list_part(&part);
        }
    }

    /// Returns the name of the displayed page, and the word for a region of an image if only a region is displayed.
    fn shown_parts(&self) -> Vec<String> {
        let page = self.access.page.as_ref();
        let page = page.map(|page| i18n::cite_page(self.lang, page));
        let detail = self.access.is_detail;
        let detail = detail.then(|| i18n::cite_detail(self.lang).to_owned());
        page.into_iter().chain(detail).collect()
    }

    fn page_numbers(&self) -> String {
        let pages = &self.reference.pages;
        if pages.contains(['-', '–', ',', '،']) {
            i18n::cite_pages(self.lang, pages)
        } else {
            i18n::cite_page(self.lang, pages)
        }
    }

    fn date(&self, form: DateForm, style: Style) -> String {
        format(self.reference.date.as_ref(), form, style, self.lang)
    }

    /// Returns the date, or the abbreviation for works without a date.
    fn date_or_none(&self, form: DateForm, style: Style) -> String {
        match self.date(form, style) {
            date if date.is_empty() => i18n::cite_no_date(self.lang).to_owned(),
            date => date,
        }
    }

    fn has_url(&self) -> bool {
        self.access.url.is_some() || self.reference.url.is_some()
    }

    fn url(&mut self) {
        if let Some(url) = self.access.url.as_ref().or(self.reference.url.as_ref()) {
            self.run(url, Some(&LangTag::und()), false);
        }
    }

    /// Appends a text after a comma, or with a capital letter if a sentence has just begun, unless the text is
    /// empty.
    fn list_part(&mut self, text: &str) {
        if self.is_start() {
            // Abbreviations are in ASCII, and the table of other capital letters is large.
            let mut text = text.to_owned();
            if let Some(first) = text.get_mut(..1) {
                first.make_ascii_uppercase();
            }
            self.plain(&text);
        } else if !text.is_empty() {
            self.separate();
            self.plain(text);
        }
    }

    /// Appends a comma, unless a sentence has just begun.
    fn separate(&mut self) {
        if !self.is_start() {
            self.plain(self.lang.list_separator());
        }
    }

    /// Returns `true` if a sentence has just begun.
    fn is_start(&self) -> bool {
        let last = self.runs.last();
        last.is_none_or(|run| run.text.ends_with(' ') || run.text.is_empty())
    }

    /// Appends a full stop and a space, unless the last sentence already has them.
    fn end_sentence(&mut self) {
        match self.runs.last() {
            None => {}
            Some(run) if run.text.ends_with(' ') => {}
            Some(_) if self.has_ended() => self.plain(" "),
            Some(_) => self.plain(". "),
        }
    }

    /// Returns `true` if no full stop follows the text so far. The last run may be only a closing quotation mark.
    fn has_ended(&self) -> bool {
        let runs = self.runs.iter().rev();
        let mut texts = runs.map(|run| without_quotes(&run.text));
        texts
            .find(|text| !text.is_empty())
            .is_some_and(ends_sentence)
    }

    fn plain(&mut self, text: &str) {
        self.run(text, None, false);
    }

    fn value(&mut self, text: &LangText) {
        self.run(&text.text, Some(&text.lang), false);
    }

    fn italic(&mut self, text: &LangText) {
        self.run(&text.text, Some(&text.lang), true);
    }

    fn run(&mut self, text: &str, lang: Option<&LangTag>, is_italic: bool) {
        if text.is_empty() {
            return;
        }
        match self.runs.last_mut() {
            Some(last) if last.lang.is_none() && lang.is_none() && last.is_italic == is_italic => {
                last.text.push_str(text);
            }
            _ => self.runs.push(Run {
                text: text.to_owned(),
                lang: lang.cloned(),
                is_italic,
            }),
        }
    }
}

fn first_inverted(name: &Name, index: usize) -> String {
    if index == 0 {
        name.inverted()
    } else {
        name.direct()
    }
}
