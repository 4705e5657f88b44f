//! The goals of the benchmark, and earlier measurements of Pagefind.

use super::figure::Figure::{self, *};
use super::figure::Statistic::{Median, Worst};

/// The maximum value of a figure for a number of records.
pub struct Goal {
    pub records: usize,
    pub figure: Figure,
    pub max: f64,
}

const fn goal(records: usize, figure: Figure, max: f64) -> Goal {
    Goal {
        records,
        figure,
        max,
    }
}

/// All goals.
pub const GOALS: &[Goal] = &[
    goal(156_000, BuildTime, 12_000.0),
    goal(156_000, BuildMemory, 500e6),
    goal(156_000, Files, 1_500.0),
    goal(156_000, DataBytes, 35e6),
    goal(69_202, FacetBytes(Median), 120_000.0),
    goal(69_202, SlowFacetTime(Median), 4_000.0),
    goal(500_000, BuildTime, 60_000.0),
    goal(500_000, BuildMemory, 1_000e6),
    goal(500_000, Files, 4_000.0),
    goal(500_000, DataBytes, 110e6),
    goal(500_000, FacetBytes(Median), 120_000.0),
    goal(500_000, FacetBytes(Worst), 250_000.0),
    goal(500_000, FacetRequests(Worst), 5.0),
    goal(500_000, Rounds, 2.0),
    goal(500_000, SlowTenTime(Median), 5_000.0),
    goal(500_000, SlowFacetTime(Median), 8_000.0),
    goal(500_000, RepeatedTime(Median), 15.0),
    goal(500_000, RepeatedTime(Worst), 80.0),
];

/// Measurements of Pagefind 1.6 from the day on which the goals were set, possibly on another
/// machine. They are reported if Pagefind is not run, because it takes an hour and 12 GB for
/// 500,000 records.
const EARLIER: &[(usize, Figure, f64)] = &[
    (156_000, BuildTime, 321_000.0),
    (156_000, BuildMemory, 3_865e6),
    (156_000, Files, 156_909.0),
    (156_000, DataBytes, 59e6),
    (69_202, FacetBytes(Median), 1_053_000.0),
    (69_202, SlowFacetTime(Median), 27_000.0),
    (500_000, BuildTime, 3_486_000.0),
    (500_000, BuildMemory, 12_326e6),
    (500_000, Files, 500_984.0),
    (500_000, DataBytes, 183e6),
    (500_000, TenBytes(Median), 3.1e6),
    (500_000, FacetBytes(Median), 7.2e6),
    (500_000, SlowTenTime(Median), 65_000.0),
    (500_000, SlowFacetTime(Median), 147_000.0),
    (500_000, RepeatedTime(Median), 109.0),
    (500_000, RepeatedTime(Worst), 5_995.0),
];

/// Returns an earlier measurement of Pagefind, if there is one.
pub fn earlier(records: usize, figure: Figure) -> Option<f64> {
    EARLIER
        .iter()
        .find(|(other_records, other_figure, _)| {
            *other_records == records && *other_figure == figure
        })
        .map(|(.., value)| *value)
}
