//! The results of a deployment and of a check.

use khizana_model::Problem;
use serde::Serialize;

use crate::prices::{PRICES_AS_OF, Provider, Requests};

/// The result of a deployment. Its JSON members are stable.
#[derive(Debug, Clone, Serialize)]
pub struct Summary {
    /// The target as it was specified.
    pub target: String,
    /// The snapshot identifier of the site.
    pub snapshot: String,
    /// `true` if nothing was written.
    pub dry_run: bool,
    /// Number of files of the site.
    pub files: u64,
    /// Their total size in bytes.
    pub bytes: u64,
    /// Number of files that were uploaded, or would be.
    pub uploaded: u64,
    /// Their total size in bytes, before compression.
    pub uploaded_bytes: u64,
    /// Number of files that were deleted, or would be.
    pub deleted: u64,
    /// Number of files that the site does not need, and that will be deleted later.
    pub retired: u64,
    /// The requests to the target.
    pub requests: Requests,
    /// The estimated cost, for the providers whose prices are known.
    pub cost: Option<Cost>,
    /// Warnings.
    pub problems: Vec<Problem>,
}

/// An estimated cost in US dollars.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Cost {
    /// The cost of the requests.
    pub requests: f64,
    /// The cost of storing the site for a month.
    pub month: f64,
    /// The year of the prices.
    pub prices: &'static str,
}

impl Cost {
    pub(crate) fn new(provider: Provider, requests: &Requests, bytes: u64) -> Cost {
        let prices = provider.prices();
        Cost {
            requests: prices.of_requests(requests),
            month: prices.of_storage(bytes),
            prices: PRICES_AS_OF,
        }
    }
}

/// The result of a check. Its JSON members are stable.
#[derive(Debug, Clone, Serialize)]
pub struct CheckReport {
    /// The target as it was specified.
    pub target: String,
    /// The snapshot identifier of the deployed site.
    pub snapshot: String,
    /// Number of files that were compared.
    pub files: u64,
    /// Number of files whose content was read, because their tags do not suffice.
    pub read: u64,
    /// The problems that were found. File paths are relative to the target.
    pub problems: Vec<Problem>,
    /// Number of further problems.
    pub omitted: u64,
}

impl CheckReport {
    /// Returns `true` if no error was found.
    pub fn is_intact(&self) -> bool {
        let mut problems = self.problems.iter();
        problems.all(|problem| problem.severity != khizana_model::Severity::Error)
    }
}
