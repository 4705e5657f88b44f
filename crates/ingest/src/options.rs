//! Options of an ingest.

use crate::FetchSettings;

/// The number of items that an ingest may remove or reduce.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Removal {
    /// Exactly this number.
    Count(u64),
    /// Any number.
    All,
}

/// Options of [`ingest`](crate::ingest()).
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// `true` to report what would change and to write nothing.
    pub dry_run: bool,
    /// The number of items that may be removed or reduced. `None` allows a few; see
    /// [`crate::RemovalRefused`].
    pub removal: Option<Removal>,
    /// The number of the newest state of the store, to continue although the catalogue or the site was
    /// made from a state that the store does not contain.
    pub accept_state: Option<u64>,
    /// `true` to read all files, also those whose size and modification time have not changed.
    pub reread: bool,
    /// Limits with which the images on other hosts are fetched, or `None` to fetch nothing. A dry run
    /// fetches nothing.
    pub fetch: Option<FetchSettings>,
}
