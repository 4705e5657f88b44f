//! Files of items, with their labels, texts, tracks and posters.

use std::collections::BTreeSet;

use khizana_model::{LangMap, LangTag, message};

use super::gather::RowValues;
use super::report::RowReport;
use super::{
    Dialect, FileRef, ItemBuilder, LocalFile, PosterRef, Reference, RemoteFile, Role, TextRef,
    TrackRef, files, remote,
};
use khizana_model::printable;

impl ItemBuilder {
    /// Resolves the files of an item and attaches their labels, texts, tracks and posters.
    pub(super) fn files(
        &mut self,
        row: &RowValues,
        report: &mut RowReport,
        links: &mut Links,
        language: &LangTag,
    ) -> Vec<FileRef> {
        report.about_role(&[Role::File]);
        let mut files: Vec<FileRef> = Vec::new();
        for path in &row.files {
            match self.resolve(path, report) {
                Reference::Local(local) => files.extend(local.into_iter().map(file_ref)),
                Reference::Remote(urls) => {
                    let in_column = row.image_files.contains(path);
                    self.add_links(urls, report, links, Some((files.len(), in_column)));
                }
            }
        }
        for preview in &row.previews {
            let urls = files::remote_urls(preview);
            self.add_links(urls, report, links, Some((files.len(), true)));
        }
        report.about_role(&[Role::FileLabel]);
        for (tag, labels) in &row.labels {
            attach_labels((tag, labels), report, &mut files, &mut links.images);
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
        links: &mut Links,
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
        links: &mut Links,
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
        links: &mut Links,
    ) -> Vec<Option<LocalFile>> {
        let mut companions = Vec::new();
        for path in paths {
            let mut resolved = Vec::new();
            if !path.is_empty() {
                match self.resolve(path, report) {
                    Reference::Local(files) => resolved = files,
                    Reference::Remote(urls) => self.add_links(urls, report, links, None),
                }
            }
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

    /// Resolves a path to files or URLs. If it cannot be resolved, reports an error.
    fn resolve(&mut self, path: &str, report: &mut RowReport) -> Reference {
        let slash_is_root = self.dialect == Dialect::CollectionBuilder;
        match files::resolve(&self.root, path, slash_is_root, &mut self.folders) {
            Ok(reference) => {
                if let Reference::Local(files) = &reference {
                    files.iter().for_each(|file| self.named.add(file));
                }
                reference
            }
            Err(error) => {
                report.file_error(path, &error);
                Reference::Local(Vec::new())
            }
        }
    }

    /// Adds URLs to the links of an item, and those of images to its images on other hosts. `place` is
    /// the number of files before them, and `true` if they are in a column of images; `None` if the URLs
    /// are not those of files of the item.
    fn add_links(
        &mut self,
        urls: Vec<String>,
        report: &mut RowReport,
        links: &mut Links,
        place: Option<(usize, bool)>,
    ) {
        for mut url in urls {
            if let Some(plain) = remote::without_credentials(&url) {
                url = plain;
                self.warnings.add("", report.warning(
                    "url-credentials",
                    message!("The URL `{url}` contained a user name or a password, which were removed.", url = printable(&url)),
                    "Remove them from the table. If the file needs a password, download it and add it to the source.",
                ));
            }
            let image = place.and_then(|(position, in_column)| {
                let image = remote::image(&url, in_column)?;
                Some(RemoteFile {
                    image,
                    label: LangMap::new(),
                    position,
                })
            });
            let (group, message, hint) = match image {
                Some(_) => (
                    "image",
                    message!(
                        "`{url}` is the URL of an image on another host, which is not part of the source.",
                        url = printable(&url)
                    ),
                    "No action is needed. To keep the image in the store, run `khizana ingest --fetch`.",
                ),
                None => (
                    "",
                    message!(
                        "`{url}` is a URL; it is kept as a link, and the file is not downloaded.",
                        url = printable(&url)
                    ),
                    "Add the file to the source if it must be preserved.",
                ),
            };
            self.warnings
                .add(group, report.warning("file-remote", message, hint));
            let is_new = |image: &RemoteFile| {
                let mut known = links.images.iter();
                !known.any(|known| known.image.url == image.image.url)
            };
            let image = image.filter(is_new);
            links.images.extend(image);
            if !links.urls.contains(&url) {
                links.urls.push(url);
            }
        }
    }
}

/// The URLs in the columns of files of an item.
#[derive(Debug, Default)]
pub(super) struct Links {
    pub urls: Vec<String>,
    /// Those of images.
    pub images: Vec<RemoteFile>,
}

/// Attaches the nth label to the nth file, counting the images on other hosts, or to the nth file of the
/// source if there are only labels for these.
fn attach_labels(
    (tag, labels): (&LangTag, &[String]),
    report: &mut RowReport,
    files: &mut [FileRef],
    images: &mut [RemoteFile],
) {
    let count = files.len() + images.len();
    if labels.len() != count && labels.len() != files.len() && report.problems.is_empty() {
        report.error(
            "label-count",
            message!("The number of labels in `file_label` ({count}) differs from the number of files of the item ({files}).", count = labels.len(), files = count),
            "Specify one label per file. Leave the label of a file empty if it has none, as in `1||3`.",
        );
    }
    let has_all = labels.len() == count;
    let mut images = images.iter_mut().filter(|_| has_all).peekable();
    let mut files = (0..).zip(files);
    let mut next_file = files.next();
    for label in labels {
        // An image precedes the file at its position.
        let at = next_file.as_ref().map_or(usize::MAX, |(at, _)| *at);
        let target = match images.next_if(|image| image.position <= at) {
            Some(image) => Some(&mut image.label),
            None => next_file.take().map(|(_, file)| &mut file.label),
        };
        if next_file.is_none() {
            next_file = files.next();
        }
        if let Some(target) = target.filter(|_| !label.is_empty()) {
            target.push(tag.clone(), label.clone());
        }
    }
}

/// Converts a file to a [`FileRef`] without label, text, tracks and poster.
fn file_ref(file: LocalFile) -> FileRef {
    FileRef {
        name: file.name,
        path: file.path,
        url: None,
        label: LangMap::new(),
        text: None,
        tracks: Vec::new(),
        poster: None,
    }
}
