//! Images in columns other than `file`, such as `image`, `resource` and `thumbnail`.

use khizana_model::{LangTag, message};

use super::gather::RowValues;
use super::report::RowReport;
use super::{Dialect, ItemBuilder, Role, files, remote};
use crate::column::names;
use khizana_model::printable;

/// A value that may be the image of an item.
#[derive(Debug)]
pub(super) struct ImageCandidate {
    /// The rank of the column; see [`Role::Image`].
    pub rank: usize,
    /// The name of the column.
    pub name: String,
    pub header: String,
    pub language: LangTag,
    pub value: String,
    /// `true` if the value is a field in any case.
    pub is_field: bool,
}

impl ItemBuilder {
    /// Uses the images of the preferred column as files of an item that has no files. If none of the
    /// files may be an image, uses the URLs of images in the next column, for example those of previews.
    /// Other values are kept as fields, except for smaller versions of the images.
    pub(super) fn choose_images(&mut self, row: &mut RowValues, report: &mut RowReport) {
        let candidates = std::mem::take(&mut row.images);
        let usable: Vec<bool> = candidates
            .iter()
            .map(|candidate| row.files.is_empty() && self.is_image(candidate))
            .collect();
        let ranks = candidates.iter().zip(&usable);
        let chosen = ranks
            .filter(|(_, usable)| **usable)
            .map(|(candidate, _)| candidate.rank)
            .min();
        let is_chosen =
            |candidate: &ImageCandidate, usable: bool| usable && Some(candidate.rank) == chosen;
        let files = row.files.iter().map(|file| (file, false));
        let values = candidates.iter().zip(&usable);
        let values = values.filter(|(candidate, usable)| is_chosen(candidate, **usable));
        let mut files = files.chain(
            values
                .map(|(candidate, _)| (&candidate.value, names::is_image_column(&candidate.name))),
        );
        let may_be_image = |(file, in_column): (&String, bool)| {
            !files::is_remote(file) || is_image_url(file, in_column)
        };
        let preview = if files.any(may_be_image) {
            None
        } else {
            let previews = candidates
                .iter()
                .filter(|candidate| candidate.is_image_url());
            previews.map(|candidate| candidate.rank).min()
        };
        for (candidate, is_usable) in candidates.into_iter().zip(usable) {
            report.about_header(&candidate.header);
            if is_chosen(&candidate, is_usable) {
                if names::is_image_column(&candidate.name) {
                    row.image_files.insert(candidate.value.clone());
                }
                row.files.push(candidate.value);
                report.move_role(Role::File, report.column());
                continue;
            }
            if Some(candidate.rank) == preview && candidate.is_image_url() {
                row.previews.push(candidate.value);
                continue;
            }
            if candidate.is_field {
                continue;
            }
            let is_small = ["thumbnail", "preview"]
                .iter()
                .any(|n| candidate.name.starts_with(n));
            if is_small && files::is_remote(&candidate.value) {
                self.warn_about_derivatives(report, &candidate.header);
            } else {
                row.add_field(&candidate.name, candidate.language, candidate.value);
            }
        }
    }

    fn is_image(&mut self, candidate: &ImageCandidate) -> bool {
        let slash_is_root = self.dialect == Dialect::CollectionBuilder;
        let resolved = files::resolve(
            &self.root,
            &candidate.value,
            slash_is_root,
            &mut self.folders,
        );
        resolved.is_ok()
    }

    /// Warns once about columns with derivatives.
    pub(super) fn warn_about_derivatives(&mut self, report: &RowReport, header: &str) {
        self.warnings.once(
            "",
            report.warning(
                "derivative-ignored",
                message!("The column `{header}` lists derivatives made by another program, which are ignored.", header = printable(header)),
                "No action is needed: Khizana makes its own derivatives.",
            ),
        );
    }
}

impl ImageCandidate {
    fn is_image_url(&self) -> bool {
        is_image_url(&self.value, names::is_image_column(&self.name))
    }
}

/// Returns `true` if a value is the URL of an image; see [`remote::image`].
fn is_image_url(value: &str, is_in_image_column: bool) -> bool {
    let urls = files::remote_urls(value);
    files::is_remote(value)
        && urls
            .iter()
            .any(|url| remote::image(url, is_in_image_column).is_some())
}
