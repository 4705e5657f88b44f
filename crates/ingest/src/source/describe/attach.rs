//! The files of an item, with their labels and texts.

use khizana_model::{LangMap, LangTag};

use super::gather::Gathered;
use super::report::RowReport;
use super::{Describer, Dialect, FileRef, Found, Reference, TextRef, files};
use crate::problem::shown;

impl Describer {
    /// The files with their labels and texts.
    pub(super) fn files(
        &mut self,
        row: &Gathered,
        report: &mut RowReport<'_>,
        links: &mut Vec<String>,
        language: &LangTag,
    ) -> Vec<FileRef> {
        let mut files: Vec<FileRef> = Vec::new();
        for written in &row.files {
            for found in self.find(written, report, links) {
                files.push(FileRef {
                    name: found.name,
                    path: found.path,
                    label: LangMap::new(),
                    text: None,
                });
            }
        }
        for (tag, labels) in &row.labels {
            if labels.len() != files.len() && report.problems.is_empty() {
                report.error(
                    "label-count",
                    format!("There are {} labels in `file_label` for {} files.", labels.len(), files.len()),
                    "Give one label for each file; leave a place empty where a file has none: 1||3.",
                );
            }
            for (file, label) in files
                .iter_mut()
                .zip(labels)
                .filter(|(_, label)| !label.is_empty())
            {
                file.label.push(tag.clone(), label.clone());
            }
        }
        self.texts(row, report, links, language, &mut files);
        for (index, file) in files.iter().enumerate() {
            if files
                .iter()
                .take(index)
                .any(|other| other.name == file.name)
            {
                report.error(
                    "file-twice",
                    format!("The item names the file `{}` twice.", shown(&file.name)),
                    "Name it once.",
                );
            }
        }
        files
    }

    /// Gives the nth file the nth text. Texts without files, and one text of several files, are
    /// files of their own.
    fn texts(
        &mut self,
        row: &Gathered,
        report: &mut RowReport<'_>,
        links: &mut Vec<String>,
        language: &LangTag,
        files: &mut Vec<FileRef>,
    ) {
        let mut texts = Vec::new();
        for written in &row.texts {
            let mut found = if written.is_empty() {
                Vec::new()
            } else {
                self.find(written, report, links)
            };
            if found.len() > 1 {
                report.error(
                    "file-special",
                    format!("`{}` in `text` is a folder.", shown(written)),
                    "Name the text itself.",
                );
            }
            texts.push(found.pop());
        }
        if files.is_empty() || (texts.len() == 1 && files.len() > 1) {
            files.extend(texts.into_iter().flatten().map(|found| FileRef {
                name: found.name,
                path: found.path,
                label: LangMap::new(),
                text: None,
            }));
            return;
        }
        if !texts.is_empty() && texts.len() != files.len() && report.problems.is_empty() {
            report.error(
                "text-count",
                format!("There are {} texts for {} files.", texts.len(), files.len()),
                "Give one text for each file; leave a place empty where a file has none: 1.txt||3.txt.",
            );
        }
        for (file, text) in files.iter_mut().zip(texts) {
            file.text = text.map(|found| TextRef {
                name: found.name,
                path: found.path,
                language: language.clone(),
            });
        }
    }

    /// The files at a path; none where it is remote (a link then) or wrong (a problem).
    fn find(
        &mut self,
        written: &str,
        report: &mut RowReport<'_>,
        links: &mut Vec<String>,
    ) -> Vec<Found> {
        match files::resolve(
            &self.root,
            written,
            self.dialect == Dialect::CollectionBuilder,
        ) {
            Ok(Reference::Local(found)) => found,
            Ok(Reference::Remote(link)) => {
                self.notes.add("", report.warning(
                    "file-remote",
                    format!("`{}` lies elsewhere; the address is kept as a link, the file is not fetched.", shown(&link)),
                    "Put the file into the source if it is to be preserved.",
                ));
                links.push(link);
                Vec::new()
            }
            Err(flaw) => {
                report.file_error(&flaw);
                Vec::new()
            }
        }
    }
}
