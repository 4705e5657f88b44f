//! The figures in the tables: their names, values and formats.

use super::results::{ColdQuery, CommandLineResult, EngineResults, QueryResult};

/// A row of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Figure {
    BuildTime,
    BuildMemory,
    Files,
    DataBytes,
    AllBytes,
    PrefetchedBytes,
    TenBytes(Statistic),
    TenRequests(Statistic),
    FacetBytes(Statistic),
    FacetRequests(Statistic),
    TotalBytes(Statistic),
    TenTime(Statistic),
    FacetTime(Statistic),
    SlowTenTime(Statistic),
    SlowFacetTime(Statistic),
    Rounds,
    WarmTime(Statistic),
    RepeatedTime(Statistic),
    CommandLineTime(Statistic),
    CommandLineBytes(Statistic),
    CommandLineRequests(Statistic),
}

/// The statistic that is computed over all queries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Statistic {
    Median,
    Worst,
}

/// The unit of a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    Milliseconds,
    Bytes,
    Count,
}

use Figure::*;
use Statistic::{Median, Worst};

/// The rows of the table for one number of records.
pub const ALL: &[Figure] = &[
    BuildTime,
    BuildMemory,
    Files,
    DataBytes,
    AllBytes,
    PrefetchedBytes,
    TenBytes(Median),
    TenBytes(Worst),
    TenRequests(Median),
    TenRequests(Worst),
    FacetBytes(Median),
    FacetBytes(Worst),
    FacetRequests(Median),
    FacetRequests(Worst),
    TotalBytes(Median),
    TotalBytes(Worst),
    TenTime(Median),
    TenTime(Worst),
    FacetTime(Median),
    FacetTime(Worst),
    SlowTenTime(Median),
    SlowTenTime(Worst),
    SlowFacetTime(Median),
    SlowFacetTime(Worst),
    Rounds,
    WarmTime(Median),
    WarmTime(Worst),
    RepeatedTime(Median),
    RepeatedTime(Worst),
    CommandLineTime(Median),
    CommandLineTime(Worst),
    CommandLineBytes(Median),
    CommandLineBytes(Worst),
    CommandLineRequests(Median),
    CommandLineRequests(Worst),
];

impl Figure {
    /// Returns the name of the figure.
    pub fn name(self) -> String {
        let (name, statistic) = match self {
            BuildTime => ("build: time", None),
            BuildMemory => ("build: peak memory", None),
            Files => ("files of the site", None),
            DataBytes => ("bytes of the index and the records", None),
            AllBytes => ("bytes of the site, with pages and programs", None),
            PrefetchedBytes => ("data fetched before the first query", None),
            TenBytes(statistic) => ("first query, ten results: bytes", Some(statistic)),
            TenRequests(statistic) => ("first query, ten results: requests", Some(statistic)),
            FacetBytes(statistic) => ("first query, with facet counts: bytes", Some(statistic)),
            FacetRequests(statistic) => {
                ("first query, with facet counts: requests", Some(statistic))
            }
            TotalBytes(statistic) => (
                "first query, and what is fetched ahead: bytes",
                Some(statistic),
            ),
            TenTime(statistic) => ("first query, ten results", Some(statistic)),
            FacetTime(statistic) => ("first query, with facet counts", Some(statistic)),
            SlowTenTime(statistic) => (
                "first query over the slow line, ten results",
                Some(statistic),
            ),
            SlowFacetTime(statistic) => (
                "first query over the slow line, with facet counts",
                Some(statistic),
            ),
            Rounds => ("requests that wait for each other, slow line", Some(Worst)),
            WarmTime(statistic) => ("warm: a query after others", Some(statistic)),
            RepeatedTime(statistic) => ("warm: the same query again", Some(statistic)),
            CommandLineTime(statistic) => ("`khizana search --limit 10`", Some(statistic)),
            CommandLineBytes(statistic) => ("`khizana search --limit 10`: bytes", Some(statistic)),
            CommandLineRequests(statistic) => {
                ("`khizana search --limit 10`: requests", Some(statistic))
            }
        };
        match statistic {
            None => name.to_owned(),
            Some(Median) => format!("{name}, median"),
            Some(Worst) => format!("{name}, worst"),
        }
    }

    /// Returns the unit of the figure.
    pub fn unit(self) -> Unit {
        match self {
            BuildTime | TenTime(_) | FacetTime(_) | SlowTenTime(_) | SlowFacetTime(_)
            | WarmTime(_) | RepeatedTime(_) | CommandLineTime(_) => Unit::Milliseconds,
            BuildMemory | DataBytes | AllBytes | PrefetchedBytes | TenBytes(_) | FacetBytes(_)
            | TotalBytes(_) | CommandLineBytes(_) => Unit::Bytes,
            Files | TenRequests(_) | FacetRequests(_) | Rounds | CommandLineRequests(_) => {
                Unit::Count
            }
        }
    }

    /// Returns the value of the figure, or `None` if it was not measured.
    pub fn value(self, results: &EngineResults) -> Option<f64> {
        let steps = results.build_steps.iter();
        let queries = |statistic, value: fn(&QueryResult) -> f64| {
            aggregate(&results.browser.queries, statistic, value)
        };
        let slow = |statistic, value: fn(&ColdQuery) -> f64| {
            let queries = results.browser.queries.iter();
            aggregate(
                queries.filter_map(|query| query.slow.as_ref()),
                statistic,
                value,
            )
        };
        let command_line = |statistic, value: fn(&CommandLineResult) -> f64| {
            aggregate(results.command_line.iter().flatten(), statistic, value)
        };
        match self {
            BuildTime => Some(steps.map(|step| step.usage.seconds * 1000.0).sum()),
            // The steps run one after the other.
            BuildMemory => steps
                .filter_map(|step| step.usage.peak_bytes)
                .max()
                .map(to_f64),
            Files => Some(to_f64(results.size.files)),
            DataBytes => Some(to_f64(results.size.data_bytes)),
            AllBytes => Some(to_f64(results.size.bytes)),
            PrefetchedBytes => queries(Worst, |query| to_f64(query.cold.before.bytes)),
            TenBytes(statistic) => queries(statistic, |query| to_f64(query.cold.ten.bytes)),
            TenRequests(statistic) => queries(statistic, |query| to_f64(query.cold.ten.requests)),
            FacetBytes(statistic) => queries(statistic, |query| to_f64(query.cold.facets.bytes)),
            FacetRequests(statistic) => {
                queries(statistic, |query| to_f64(query.cold.facets.requests))
            }
            TotalBytes(statistic) => queries(statistic, |query| to_f64(query.cold.all.bytes)),
            TenTime(statistic) => queries(statistic, |query| query.cold.ten.ms),
            FacetTime(statistic) => queries(statistic, |query| query.cold.facets.ms),
            SlowTenTime(statistic) => slow(statistic, |query| query.ten.ms),
            SlowFacetTime(statistic) => slow(statistic, |query| query.facets.ms),
            Rounds => slow(Worst, |query| to_f64(query.rounds)),
            WarmTime(statistic) => queries(statistic, |query| query.after_ms),
            RepeatedTime(statistic) => queries(statistic, |query| query.again_ms),
            CommandLineTime(statistic) => command_line(statistic, |query| query.ms),
            CommandLineBytes(statistic) => command_line(statistic, |query| to_f64(query.bytes)),
            CommandLineRequests(statistic) => {
                command_line(statistic, |query| to_f64(query.requests))
            }
        }
    }

    /// Formats a value.
    pub fn format(self, value: f64) -> String {
        match self.unit() {
            Unit::Milliseconds if value >= 100_000.0 => {
                format!("{} s", group_digits((value / 1000.0).round()))
            }
            Unit::Milliseconds if value >= 1000.0 => format!("{:.1} s", value / 1000.0),
            Unit::Milliseconds if value >= 10.0 => format!("{value:.0} ms"),
            Unit::Milliseconds => format!("{value:.1} ms"),
            Unit::Bytes if value >= 100_000_000.0 => {
                format!("{} MB", group_digits((value / 1e6).round()))
            }
            Unit::Bytes if value >= 1_000_000.0 => format!("{:.1} MB", value / 1e6),
            Unit::Bytes if value >= 1000.0 => format!("{:.0} KB", value / 1000.0),
            Unit::Bytes => format!("{value:.0} B"),
            Unit::Count => group_digits(value),
        }
    }
}

/// Returns the median or the maximum of the values. The median of an even number of values is the
/// mean of the two middle values.
fn aggregate<'a, T: 'a>(
    items: impl IntoIterator<Item = &'a T>,
    statistic: Statistic,
    value: fn(&T) -> f64,
) -> Option<f64> {
    let mut values: Vec<f64> = items.into_iter().map(value).collect();
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match statistic {
        Worst => values.last().copied(),
        Median if values.len() % 2 == 1 => values.get(middle).copied(),
        Median => Some(
            (values.get(middle.checked_sub(1)?).copied()? + values.get(middle).copied()?) / 2.0,
        ),
    }
}

/// Converts a count. All counts are far below 2⁵³.
fn to_f64(count: u64) -> f64 {
    count as f64
}

/// Formats an integer with thousands separators: `156,909`.
fn group_digits(value: f64) -> String {
    let plain = format!("{value:.0}");
    let mut out = String::new();
    for (index, digit) in plain.chars().enumerate() {
        if index > 0 && (plain.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calculates_median_and_maximum() {
        let aggregate_values =
            |values: &[f64], statistic| aggregate(values, statistic, |value| *value);
        assert_eq!(aggregate_values(&[3.0, 1.0, 2.0], Median), Some(2.0));
        assert_eq!(aggregate_values(&[4.0, 1.0, 2.0, 3.0], Median), Some(2.5));
        assert_eq!(aggregate_values(&[4.0, 1.0], Worst), Some(4.0));
        assert_eq!(aggregate_values(&[], Median), None);
        assert_eq!(aggregate_values(&[], Worst), None);
    }

    #[test]
    fn formats_values_with_units() {
        for (figure, value, expected) in [
            (BuildTime, 321_000.0, "321 s"),
            (BuildTime, 12_340.0, "12.3 s"),
            (TenTime(Median), 27.4, "27 ms"),
            (TenTime(Median), 2.44, "2.4 ms"),
            (BuildMemory, 12_326e6, "12,326 MB"),
            (DataBytes, 59.04e6, "59.0 MB"),
            (FacetBytes(Worst), 120_400.0, "120 KB"),
            (FacetBytes(Worst), 12.0, "12 B"),
            (Files, 156_909.0, "156,909"),
            (Files, 57.0, "57"),
        ] {
            assert_eq!(figure.format(value), expected);
        }
    }
}
