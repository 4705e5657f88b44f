//! How far a long run has come.

/// What a run is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Looking through the rows of a source; counted in rows.
    Items,
    /// Writing the collection's records; not counted.
    Records,
    /// Hashing the files of the store again; counted in files.
    Verify,
    /// Making what is published of images, and looking for the lines of texts on them; counted in both.
    Derive,
    /// Writing the published records and the index over them; counted in items.
    Publish,
    /// Writing the pages of items; counted in items.
    Pages,
}

/// Is told how far a run has come, from several threads.
pub trait Progress: Sync {
    /// A stage begins; `total` in the stage's unit, where it is known.
    fn begin(&self, stage: Stage, total: Option<u64>);
    /// So much more is done.
    fn advance(&self, n: u64);
    /// The stage is over.
    fn end(&self);
}

/// Nobody is watching.
#[derive(Debug, Clone, Copy)]
pub struct Quiet;

impl Progress for Quiet {
    fn begin(&self, _stage: Stage, _total: Option<u64>) {}
    fn advance(&self, _n: u64) {}
    fn end(&self) {}
}
