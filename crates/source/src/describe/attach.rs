//! The files of an item, with their labels, texts, tracks and posters.

use khizana_model::{LangMap, LangTag};

use super::gather::Gathered;
use super::report::RowReport;
use super::{Describer, Dialect, FileRef, Found, PosterRef, Reference, TextRef, TrackRef, files};
use khizana_model::printable;

impl Describer {
    /// The files with all that belongs to them.
    pub(super) fn files(
        &mut self,
        row: &Gathered,
        report: &mut RowReport,
        links: &mut Vec<String>,
        language: &LangTag,
    ) -> Vec<FileRef> {
        let mut files: Vec<FileRef> = Vec::new();
        for written in &row.files {
            for found in self.find(written, report, links) {
                files.push(file(found));
            }
        }
        for (tag, labels) in &row.labels {
            if labels.len() != files.len() && report.problems.is_empty() {
                report.error(
                    "label-count",
                    format!("`file_label` has {} labels, but the item has {} files.", labels.len(), files.len()),
                    "Give one label per file, and leave the label of a file empty if it has none: 1||3.",
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
        self.tracks(row, report, links, &mut files);
        for (index, file) in files.iter().enumerate() {
            if files
                .iter()
                .take(index)
                .any(|other| other.name == file.name)
            {
                report.error(
                    "file-twice",
                    format!("The item names the file `{}` twice.", printable(&file.name)),
                    "Name each file once.",
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
        report: &mut RowReport,
        links: &mut Vec<String>,
        language: &LangTag,
        files: &mut Vec<FileRef>,
    ) {
        let texts = self.companions("text", &row.texts, report, links);
        if files.is_empty() || (texts.len() == 1 && files.len() > 1) {
            files.extend(texts.into_iter().flatten().map(file));
            return;
        }
        if !texts.is_empty() && texts.len() != files.len() && report.problems.is_empty() {
            report.error(
                "text-count",
                format!("`text` names {} files, but the item has {} files.", texts.len(), files.len()),
                "Give one text per file, and leave the text of a file empty if it has none: 1.txt||3.txt.",
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

    /// Gives the nth file the nth track of each column, and the nth poster.
    fn tracks(
        &mut self,
        row: &Gathered,
        report: &mut RowReport,
        links: &mut Vec<String>,
        files: &mut [FileRef],
    ) {
        let fits = |report: &mut RowReport, header: &str, count: usize, files: usize| {
            if count != files && report.problems.is_empty() {
                report.error(
                    "track-count",
                    format!("`{}` names {count} files, but the item has {files} files.", printable(header)),
                    "Give one value per file, and leave the value of a file empty if it has none: 1.vtt||3.vtt.",
                );
            }
        };
        for tracks in &row.tracks {
            let found = self.companions(&tracks.header, &tracks.paths, report, links);
            fits(report, &tracks.header, found.len(), files.len());
            for (file, found) in files.iter_mut().zip(found) {
                file.tracks.extend(found.map(|found| TrackRef {
                    kind: tracks.kind,
                    file: TextRef {
                        name: found.name,
                        path: found.path,
                        language: tracks.language.clone(),
                    },
                }));
            }
        }
        let posters = self.companions("poster", &row.posters, report, links);
        if !posters.is_empty() {
            fits(report, "poster", posters.len(), files.len());
        }
        for (file, found) in files.iter_mut().zip(posters) {
            file.poster = found.map(|found| PosterRef {
                name: found.name,
                path: found.path,
            });
        }
    }

    /// Files that belong to others, each in its place; none where the place is empty.
    fn companions(
        &mut self,
        header: &str,
        paths: &[String],
        report: &mut RowReport,
        links: &mut Vec<String>,
    ) -> Vec<Option<Found>> {
        let mut companions = Vec::new();
        for written in paths {
            let mut found = if written.is_empty() {
                Vec::new()
            } else {
                self.find(written, report, links)
            };
            if found.len() > 1 {
                report.error(
                    "file-special",
                    format!(
                        "`{}` in `{}` is a folder.",
                        printable(written),
                        printable(header)
                    ),
                    "Name a file.",
                );
            }
            companions.push(found.pop());
        }
        companions
    }

    /// The files at a path; none where it is remote (a link then) or wrong (a problem).
    fn find(
        &mut self,
        written: &str,
        report: &mut RowReport,
        links: &mut Vec<String>,
    ) -> Vec<Found> {
        match files::resolve(
            &self.root,
            written,
            self.dialect == Dialect::CollectionBuilder,
        ) {
            Ok(Reference::Local(found)) => found,
            Ok(Reference::Remote(link)) => {
                self.notes.add(
                    "",
                    report.warning(
                        "file-remote",
                        format!(
                            "`{}` is a URL; it is kept as a link, and the file is not downloaded.",
                            printable(&link)
                        ),
                        "Add the file to the source if it must be preserved.",
                    ),
                );
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

/// A file by itself.
fn file(found: Found) -> FileRef {
    FileRef {
        name: found.name,
        path: found.path,
        label: LangMap::new(),
        text: None,
        tracks: Vec::new(),
        poster: None,
    }
}
