//! Distribution of the work on a source over many machines.
//!
//! 1. [`plan()`] reads a source and writes a [`Plan`], which fixes its files, and distributes them to shards.
//! 2. [`derive()`] does the expensive work for the files of one shard: it hashes and inspects them, and makes
//!    their derivatives. The results are a folder, which appears when it is complete. It reads neither the table
//!    nor the archive, and can run anywhere, several times, and in any order.
//! 3. [`merge()`] is an ingest that reads the results instead of the images, and gives the derivatives to the
//!    cache of the archive, where the next publication finds them.
//!
//! [`estimate()`] extrapolates from the work on one shard.
//!
//! The store and the site are the same, byte by byte, as those of one machine.

mod derive;
mod distribution;
mod error;
mod estimate;
mod files;
mod merge;
mod plan;
mod shard;

pub use derive::{DeriveSummary, derive};
pub use error::ShardsError;
pub use estimate::{Estimate, estimate};
pub use merge::{MergeOptions, merge};
pub use plan::{Plan, PlanSummary, plan};
