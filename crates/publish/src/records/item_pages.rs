//! The choice of the items that have pages on a host that limits the number of files.

use std::collections::BTreeSet;

use khizana_format::Record;
use khizana_model::Id;

/// Admits items with files, and their parts, to a page each, as long as the files of their pages fit.
#[derive(Debug, Clone)]
pub(crate) struct ItemPageQuota<'a> {
    /// The items with files.
    pub(crate) with_files: &'a BTreeSet<Id>,
    /// Number of files that can still be published.
    pub(crate) files: u64,
    /// Number of languages of the interface.
    pub(crate) languages: u64,
    /// `true` if the site has a URL, so that manifests and descriptions for embedding are published.
    pub(crate) has_url: bool,
}

impl ItemPageQuota<'_> {
    /// Returns `true` if an item has a page, and subtracts its files.
    pub(super) fn admits(&mut self, record: &Record) -> bool {
        // A part of another item displays the files of that item.
        let part_of = record
            .parent
            .as_ref()
            .filter(|_| record.canvases.is_empty());
        let owner = part_of.map_or(&record.item.id, |parent| &parent.id);
        if !self.with_files.contains(owner) {
            return false;
        }
        let lines = record
            .canvases
            .iter()
            .filter(|canvas| canvas.lines.is_some());
        let per_language = if self.has_url { 2 } else { 1 };
        // The manifest and the record that it refers to.
        let manifest = if self.has_url {
            2 + lines.count() as u64
        } else {
            0
        };
        let files = self.languages * per_language + manifest;
        let is_admitted = files <= self.files;
        if is_admitted {
            self.files -= files;
        }
        is_admitted
    }
}
