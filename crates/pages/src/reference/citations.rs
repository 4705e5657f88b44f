//! All citations and exports of an item, which the worker composes when the visitor asks for them.

use serde::Serialize;

use super::{Access, Format, Reference, Run, Style, cite, export};
use crate::i18n::Lang;
use crate::page::{ItemPage, Site};

/// The citations of an item in the styles that its page does not display, and its files for reference managers.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Citations {
    /// The name of each style, and the citation.
    pub styles: Vec<(String, Vec<Run>)>,
    /// The files.
    pub files: Vec<ExportFile>,
}

khizana_json::json_object!(Citations { styles, files });

/// A file for reference managers.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct ExportFile {
    /// Name of the format.
    pub format: String,
    /// Name of the file.
    pub name: String,
    /// Media type.
    pub media_type: String,
    /// The content.
    pub content: String,
}

khizana_json::json_object!(ExportFile {
    format,
    name,
    media_type,
    content
});

impl Citations {
    /// Composes the citations for readers of `lang`.
    pub fn of(site: &Site, lang: &str, view: &ItemPage, access: &Access) -> Citations {
        let reference = Reference::of(site, lang, view);
        let styles = Style::ALL.into_iter().skip(1).map(|style| {
            let runs = cite(&reference, style, access, Lang::of(lang));
            (style.name().to_owned(), runs)
        });
        let files = Format::ALL.into_iter().map(|format| ExportFile {
            format: format.name().to_owned(),
            name: format!("{}.{}", reference.id, format.extension()),
            media_type: format.media_type().to_owned(),
            content: export(&reference, format, access),
        });
        Citations {
            styles: styles.collect(),
            files: files.collect(),
        }
    }
}
