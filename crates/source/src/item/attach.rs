//! Files of items, with their labels, texts, tracks and posters.

use std::collections::BTreeSet;

use khizana_model::{LangMap, LangTag, message};

use super::gather::RowValues;
use super::report::RowReport;
use super::{
    Dialect, FileRef, ItemBuilder, LocalFile, PosterRef, Reference, Role, TextRef, TrackRef, files,
};
use khizana_model::printable;

impl ItemBuilder {
    /// Resolves the files of an item and attaches their labels, texts, tracks and posters.
    pub(super) fn files(
        &mut self,
        row: &RowValues,
        report: &mut RowReport,
        links: &mut Vec<String>,
        language: &LangTag,
    ) -> Vec<FileRef> {
        report.about_role(&[Role::File]);
        let mut files: Vec<FileRef> = Vec::new();
        for path in &row.files {
            let resolved = self.resolve(path, report, links);
            files.extend(resolved.into_iter().map(file_ref));
        }
        report.about_role(&[Role::FileLabel]);
        for (tag, labels) in &row.labels {
            if labels.len() != files.len() && report.problems.is_empty() {
                report.error(
                    "label-count",
                    message!("The number of labels in `file_label` ({count}) differs from the number of files of the item ({files}).", count = labels.len(), files = files.len()),
                    "Specify one label per file. Leave the label of a file empty if it has none, as in `1||3`.",
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
        self.attach_texts(row, report, links, language, &mut files);
        self.attach_tracks(row, report, links, &mut files);
        report.about_role(&[Role::File]);
        let mut names = BTreeSet::new();
        for file in &files {
            if !names.insert(file.name.as_str()) {
                report.error(
                    "file-twice",
                    message!(
                        "The item lists the file `{name}` twice.",
                        name = printable(&file.name)
                    ),
                    "List each file once.",
                );
            }
        }
        files
    }

    /// Attaches the nth text to the nth file. If the item has no files, or has several files but
    /// only one text, the texts become files of the item instead.
    fn attach_texts(
        &mut self,
        row: &RowValues,
        report: &mut RowReport,
        links: &mut Vec<String>,
        language: &LangTag,
        files: &mut Vec<FileRef>,
    ) {
        report.about_role(&[Role::Text]);
        let texts = self.companions("text", &row.texts, report, links);
        if files.is_empty() || (texts.len() == 1 && files.len() > 1) {
            files.extend(texts.into_iter().flatten().map(file_ref));
            return;
        }
        if !texts.is_empty() && texts.len() != files.len() && report.problems.is_empty() {
            report.error(
                "text-count",
                message!("The number of texts in `text` ({count}) differs from the number of files of the item ({files}).", count = texts.len(), files = files.len()),
                "Specify one text per file. Leave the text of a file empty if it has none, as in `1.txt||3.txt`.",
            );
        }
        for (file, text) in files.iter_mut().zip(texts) {
            file.text = text.map(|text| TextRef {
                name: text.name,
                path: text.path,
                language: language.clone(),
            });
        }
    }

    /// Attaches the nth track of each column and the nth poster to the nth file.
    fn attach_tracks(
        &mut self,
        row: &RowValues,
        report: &mut RowReport,
        links: &mut Vec<String>,
        files: &mut [FileRef],
    ) {
        let check_count = |report: &mut RowReport, header: &str, count: usize, files: usize| {
            if count != files && report.problems.is_empty() {
                report.error(
                    "track-count",
                    message!("The number of values in `{header}` ({count}) differs from the number of files of the item ({files}).", header = printable(header), count, files),
                    "Specify one value per file. Leave the value of a file empty if it has none, as in `1.vtt||3.vtt`.",
                );
            }
        };
        for tracks in &row.tracks {
            report.about_header(&tracks.header);
            let resolved = self.companions(&tracks.header, &tracks.paths, report, links);
            check_count(report, &tracks.header, resolved.len(), files.len());
            for (file, track) in files.iter_mut().zip(resolved) {
                file.tracks.extend(track.map(|track| TrackRef {
                    kind: tracks.kind,
                    file: TextRef {
                        name: track.name,
                        path: track.path,
                        language: tracks.language.clone(),
                    },
                }));
            }
        }
        report.about_role(&[Role::Poster]);
        let posters = self.companions("poster", &row.posters, report, links);
        if !posters.is_empty() {
            check_count(report, "poster", posters.len(), files.len());
        }
        for (file, poster) in files.iter_mut().zip(posters) {
            file.poster = poster.map(|poster| PosterRef {
                name: poster.name,
                path: poster.path,
            });
        }
    }

    /// Resolves the paths of files that belong to other files. An element of the result is `None`
    /// if its path is empty or cannot be resolved.
    fn companions(
        &mut self,
        header: &str,
        paths: &[String],
        report: &mut RowReport,
        links: &mut Vec<String>,
    ) -> Vec<Option<LocalFile>> {
        let mut companions = Vec::new();
        for path in paths {
            let mut resolved = if path.is_empty() {
                Vec::new()
            } else {
                self.resolve(path, report, links)
            };
            if resolved.len() > 1 {
                report.error(
                    "file-special",
                    message!(
                        "`{path}` in `{header}` is a folder.",
                        path = printable(path),
                        header = printable(header)
                    ),
                    "Specify the path of a file.",
                );
            }
            companions.push(resolved.pop());
        }
        companions
    }

    /// Resolves a path to files. If it is a URL, adds it to `links`. If it cannot be resolved,
    /// reports an error.
    fn resolve(
        &mut self,
        path: &str,
        report: &mut RowReport,
        links: &mut Vec<String>,
    ) -> Vec<LocalFile> {
        let slash_is_root = self.dialect == Dialect::CollectionBuilder;
        match files::resolve(&self.root, path, slash_is_root, &mut self.folders) {
            Ok(Reference::Local(files)) => files,
            Ok(Reference::Remote(urls)) => {
                self.warnings.add(
                    "",
                    report.warning(
                        "file-remote",
                        message!("`{path}` is a URL; it is kept as a link, and the file is not downloaded.", path = printable(path)),
                        "Add the file to the source if it must be preserved.",
                    ),
                );
                links.extend(urls);
                Vec::new()
            }
            Err(error) => {
                report.file_error(path, &error);
                Vec::new()
            }
        }
    }
}

/// Converts a file to a [`FileRef`] without label, text, tracks and poster.
fn file_ref(file: LocalFile) -> FileRef {
    FileRef {
        name: file.name,
        path: file.path,
        label: LangMap::new(),
        text: None,
        tracks: Vec::new(),
        poster: None,
    }
}
