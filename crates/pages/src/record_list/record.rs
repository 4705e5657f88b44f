//! The whole record of an item as HTML.
//!
//! The views are not used, because pages of collections contain hundreds of thousands of records.

use std::fmt::Write as _;

use khizana_format::{CollectionSummary, Record};
use khizana_model::{ItemDate, LangMap, LangTag, known_rights};

use crate::app::AppProps;
use crate::card::{Card, LangText};
use crate::dates;
use crate::document::escape;
use crate::i18n;
use crate::views::{Context, coordinates, field_label, tone_class};

/// The fields that are not displayed: those that address other software, and those with a row elsewhere.
const HIDDEN_FIELDS: [&str; 3] = ["alt", "display_template", "identifier"];

/// Writes records in the language of a page.
pub(super) struct RecordWriter<'a> {
    cx: Context<'a>,
    summary: &'a CollectionSummary,
    /// The name of each field that has occurred, as HTML.
    labels: Vec<(String, String)>,
}

impl<'a> RecordWriter<'a> {
    pub(super) fn new(props: &'a AppProps, summary: &'a CollectionSummary) -> RecordWriter<'a> {
        RecordWriter {
            cx: Context::of(props),
            summary,
            labels: Vec::new(),
        }
    }

    /// Appends the record of an item. Its title links to the item in the viewer, or to its page if it has one.
    pub(super) fn push(&mut self, out: &mut String, record: &Record) {
        let item = &record.item;
        let id = item.id.as_str();
        let href = self.cx.item(id, 0);
        let (lang, title) = item.best_title(&self.cx.page.lang);
        let title = LangText {
            lang,
            text: title.to_owned(),
        };
        let _ = write!(
            out,
            "<article class=\"record\" id=\"item-{}\"><h2><a href=\"{}\"",
            escape(id),
            escape(&href)
        );
        self.close_tag(out, &title);
        out.push_str("</a></h2>");
        self.push_image(out, record);
        out.push_str("<dl>");
        if let Some(date) = &item.date {
            self.push_date(out, date);
        }
        for field in &item.fields {
            let is_hidden = HIDDEN_FIELDS.contains(&field.name.as_str());
            if is_hidden || field.values.is_empty() {
                continue;
            }
            self.push_label(out, &field.name);
            for entity in field.values.entities() {
                self.push_value(out, &self.cx.best(&entity, ""));
            }
        }
        self.push_others(out, record);
        out.push_str("</dl></article>\n");
    }

    fn push_image(&self, out: &mut String, record: &Record) {
        let image = record
            .cover()
            .map(|_| Card::from_record(record, None, &self.cx.page.lang));
        let Some(image) = image.and_then(|card| card.image) else {
            return;
        };
        let _ = write!(
            out,
            "<img class=\"{}\" src=\"{}\" width=\"{}\" height=\"{}\" alt=\"\" loading=\"lazy\">",
            tone_class(&image.tone),
            escape(&self.cx.file(&image.path)),
            image.width,
            image.height,
        );
    }

    fn push_date(&self, out: &mut String, date: &ItemDate) {
        let lang = self.cx.lang;
        push_name(out, i18n::date(lang));
        if let Some(edtf) = &date.edtf {
            let _ = write!(out, "<dd>{}</dd>", escape(&dates::long(edtf, lang)));
        }
        if let Some(hijri) = &date.hijri {
            let _ = write!(out, "<dd>{}</dd>", escape(&dates::hijri(hijri, lang)));
        }
        if let Some(converted) = dates::converted(date, lang) {
            let _ = write!(out, "<dd>{}</dd>", escape(&converted));
        }
        // A date in words may contain more information than its interpretation.
        let has_words = date.written.chars().any(|c| c.is_alphabetic() && c != 'X');
        let written = match date.edtf.is_none() && date.hijri.is_some() {
            true => dates::written_hijri(date, lang),
            false => Some(date.written.as_str()).filter(|_| date.edtf.is_none() || has_words),
        };
        if let Some(written) = written {
            self.push_value(out, &undetermined(written));
        }
    }

    /// Appends the rows that are not fields.
    fn push_others(&self, out: &mut String, record: &Record) {
        let (item, lang) = (&record.item, self.cx.lang);
        if !item.languages.is_empty() {
            push_name(out, i18n::languages(lang));
            for tag in &item.languages {
                let name = i18n::language(lang, tag.as_str()).unwrap_or(tag.as_str());
                let _ = write!(out, "<dd>{}</dd>", escape(name));
            }
        }
        if let Some(parent) = &record.parent {
            push_name(out, i18n::part_of(lang));
            let title = self.cx.best(&parent.title, parent.id.as_str());
            self.push_value(out, &title);
        }
        if let Some(location) = item.location {
            push_name(out, i18n::location(lang));
            let _ = write!(out, "<dd>{}</dd>", escape(&coordinates(&self.cx, location)));
        }
        push_name(out, i18n::identifier(lang));
        let id = item.id.as_str();
        self.push_value(out, &undetermined(id));
        let others = item.field("identifier").map(LangMap::entities);
        for entity in others.into_iter().flatten() {
            let other = self.cx.best(&entity, "");
            if other.text != id {
                self.push_value(out, &other);
            }
        }
        if let Some(uri) = &item.rights {
            push_name(out, i18n::rights(lang));
            match known_rights(uri) {
                Some((known, _)) => {
                    let name = known.name(&self.cx.page.lang);
                    let _ = write!(out, "<dd>{} ({})</dd>", escape(name), escape(uri));
                }
                None => self.push_value(out, &undetermined(uri)),
            }
        }
        if !item.links.is_empty() {
            push_name(out, i18n::links(lang));
            for link in &item.links {
                self.push_value(out, &undetermined(link));
            }
        }
    }

    /// Appends the name of a field.
    fn push_label(&mut self, out: &mut String, field: &str) {
        if let Some((_, html)) = self.labels.iter().find(|(name, _)| name == field) {
            out.push_str(html);
            return;
        }
        let empty = LangMap::new();
        let labels = self.summary.labels.iter();
        let mut labels = labels.filter(|(name, _)| *name == field);
        let label = labels.next().map_or(&empty, |(_, label)| label);
        let label = field_label(self.cx.lang, field, label, &self.cx);
        let mut html = String::from("<dt");
        self.close_tag(&mut html, &label);
        html.push_str("</dt>");
        out.push_str(&html);
        self.labels.push((field.to_owned(), html));
    }

    fn push_value(&self, out: &mut String, value: &LangText) {
        out.push_str("<dd");
        self.close_tag(out, value);
        out.push_str("</dd>");
    }

    /// Completes a start tag with the language and the direction of a text, if they differ from those of the page, and
    /// appends the text.
    fn close_tag(&self, out: &mut String, text: &LangText) {
        let lang = &self.cx.page.lang;
        if !text.lang.is_und() && text.lang.as_str() != lang {
            let _ = write!(out, " lang=\"{}\"", escape(text.lang.as_str()));
        }
        let dir = text.lang.direction_of(&text.text);
        match dir.map(|dir| dir.as_str()) {
            Some(dir) if dir == self.cx.lang.dir() => {}
            dir => {
                let _ = write!(out, " dir=\"{}\"", dir.unwrap_or("auto"));
            }
        }
        out.push('>');
        out.push_str(&escape(&text.text));
    }
}

fn undetermined(text: &str) -> LangText {
    LangText {
        lang: LangTag::und(),
        text: text.to_owned(),
    }
}

/// Appends the name of a row, which is a text of the interface.
fn push_name(out: &mut String, name: &str) {
    let _ = write!(out, "<dt>{}</dt>", escape(name));
}

/// Renders a text within a line, with its language and direction.
pub fn bdi_html(text: &LangText) -> String {
    let dir = text.lang.direction_of(&text.text);
    let dir = dir.map_or("auto", |dir| dir.as_str());
    let lang = match text.lang.is_und() {
        true => String::new(),
        false => format!(" lang=\"{}\"", escape(text.lang.as_str())),
    };
    format!("<bdi{lang} dir=\"{dir}\">{}</bdi>", escape(&text.text))
}
