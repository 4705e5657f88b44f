//! The figures of the tables: what each is called, how it is taken from what was measured, how it is
//! written.

use super::side::{Answer, Cold, Native, Side};

/// A figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Figure {
    BuildTime,
    BuildMemory,
    Files,
    DataBytes,
    AllBytes,
    BeforeBytes,
    TenBytes(Of),
    TenRequests(Of),
    FacetBytes(Of),
    FacetRequests(Of),
    EverythingBytes(Of),
    TenTime(Of),
    FacetTime(Of),
    SlowTenTime(Of),
    SlowFacetTime(Of),
    Rounds,
    AfterTime(Of),
    AgainTime(Of),
    NativeTime(Of),
    NativeBytes(Of),
    NativeRequests(Of),
}

/// Which of the queries a figure stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    Median,
    Worst,
}

/// What a figure counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    Milliseconds,
    Bytes,
    Count,
}

use Figure::*;
use Of::{Median, Worst};

/// The rows of the table of one size.
pub const ALL: &[Figure] = &[
    BuildTime,
    BuildMemory,
    Files,
    DataBytes,
    AllBytes,
    BeforeBytes,
    TenBytes(Median),
    TenBytes(Worst),
    TenRequests(Median),
    TenRequests(Worst),
    FacetBytes(Median),
    FacetBytes(Worst),
    FacetRequests(Median),
    FacetRequests(Worst),
    EverythingBytes(Median),
    EverythingBytes(Worst),
    TenTime(Median),
    TenTime(Worst),
    FacetTime(Median),
    FacetTime(Worst),
    SlowTenTime(Median),
    SlowTenTime(Worst),
    SlowFacetTime(Median),
    SlowFacetTime(Worst),
    Rounds,
    AfterTime(Median),
    AfterTime(Worst),
    AgainTime(Median),
    AgainTime(Worst),
    NativeTime(Median),
    NativeTime(Worst),
    NativeBytes(Median),
    NativeBytes(Worst),
    NativeRequests(Median),
    NativeRequests(Worst),
];

impl Figure {
    /// What it is called.
    pub fn name(self) -> String {
        let (name, of) = match self {
            BuildTime => ("build: time", None),
            BuildMemory => ("build: peak memory", None),
            Files => ("files of the site", None),
            DataBytes => ("bytes of the index and the records", None),
            AllBytes => ("bytes of the site, with pages and programs", None),
            BeforeBytes => ("data fetched before the first query", None),
            TenBytes(of) => ("first query, ten results: bytes", Some(of)),
            TenRequests(of) => ("first query, ten results: requests", Some(of)),
            FacetBytes(of) => ("first query, with facet counts: bytes", Some(of)),
            FacetRequests(of) => ("first query, with facet counts: requests", Some(of)),
            EverythingBytes(of) => ("first query, and what is fetched ahead: bytes", Some(of)),
            TenTime(of) => ("first query, ten results", Some(of)),
            FacetTime(of) => ("first query, with facet counts", Some(of)),
            SlowTenTime(of) => ("first query over the slow line, ten results", Some(of)),
            SlowFacetTime(of) => (
                "first query over the slow line, with facet counts",
                Some(of),
            ),
            Rounds => ("requests that wait for each other, slow line", Some(Worst)),
            AfterTime(of) => ("warm: a query after others", Some(of)),
            AgainTime(of) => ("warm: the same query again", Some(of)),
            NativeTime(of) => ("`khizana search --limit 10`", Some(of)),
            NativeBytes(of) => ("`khizana search --limit 10`: bytes", Some(of)),
            NativeRequests(of) => ("`khizana search --limit 10`: requests", Some(of)),
        };
        match of {
            None => name.to_owned(),
            Some(Median) => format!("{name}, median"),
            Some(Worst) => format!("{name}, worst"),
        }
    }

    /// What it counts.
    pub fn unit(self) -> Unit {
        match self {
            BuildTime | TenTime(_) | FacetTime(_) | SlowTenTime(_) | SlowFacetTime(_)
            | AfterTime(_) | AgainTime(_) | NativeTime(_) => Unit::Milliseconds,
            BuildMemory | DataBytes | AllBytes | BeforeBytes | TenBytes(_) | FacetBytes(_)
            | EverythingBytes(_) | NativeBytes(_) => Unit::Bytes,
            Files | TenRequests(_) | FacetRequests(_) | Rounds | NativeRequests(_) => Unit::Count,
        }
    }

    /// Its value; `None` where it was not measured.
    pub fn of(self, side: &Side) -> Option<f64> {
        let stages = side.stages.iter();
        let answers = |of, value: fn(&Answer) -> f64| over(&side.asked.queries, of, value);
        let slow = |of, value: fn(&Cold) -> f64| {
            let slow = side.asked.queries.iter();
            over(slow.filter_map(|answer| answer.slow.as_ref()), of, value)
        };
        let native = |of, value: fn(&Native) -> f64| over(side.native.iter().flatten(), of, value);
        match self {
            BuildTime => Some(stages.map(|stage| stage.cost.seconds * 1000.0).sum()),
            // One step comes after the other: the largest counts.
            BuildMemory => stages
                .filter_map(|stage| stage.cost.peak_bytes)
                .max()
                .map(number),
            Files => Some(number(side.held.files)),
            DataBytes => Some(number(side.held.data_bytes)),
            AllBytes => Some(number(side.held.bytes)),
            BeforeBytes => answers(Worst, |one| number(one.cold.before.bytes)),
            TenBytes(of) => answers(of, |one| number(one.cold.ten.bytes)),
            TenRequests(of) => answers(of, |one| number(one.cold.ten.requests)),
            FacetBytes(of) => answers(of, |one| number(one.cold.facets.bytes)),
            FacetRequests(of) => answers(of, |one| number(one.cold.facets.requests)),
            EverythingBytes(of) => answers(of, |one| number(one.cold.all.bytes)),
            TenTime(of) => answers(of, |one| one.cold.ten.ms),
            FacetTime(of) => answers(of, |one| one.cold.facets.ms),
            SlowTenTime(of) => slow(of, |one| one.ten.ms),
            SlowFacetTime(of) => slow(of, |one| one.facets.ms),
            Rounds => slow(Worst, |one| number(one.rounds)),
            AfterTime(of) => answers(of, |one| one.after_ms),
            AgainTime(of) => answers(of, |one| one.again_ms),
            NativeTime(of) => native(of, |one| one.ms),
            NativeBytes(of) => native(of, |one| number(one.bytes)),
            NativeRequests(of) => native(of, |one| number(one.requests)),
        }
    }

    /// A value as it is written.
    pub fn shown(self, value: f64) -> String {
        match self.unit() {
            Unit::Milliseconds if value >= 100_000.0 => {
                format!("{} s", grouped((value / 1000.0).round()))
            }
            Unit::Milliseconds if value >= 1000.0 => format!("{:.1} s", value / 1000.0),
            Unit::Milliseconds if value >= 10.0 => format!("{value:.0} ms"),
            Unit::Milliseconds => format!("{value:.1} ms"),
            Unit::Bytes if value >= 100_000_000.0 => {
                format!("{} MB", grouped((value / 1e6).round()))
            }
            Unit::Bytes if value >= 1_000_000.0 => format!("{:.1} MB", value / 1e6),
            Unit::Bytes if value >= 1000.0 => format!("{:.0} KB", value / 1000.0),
            Unit::Bytes => format!("{value:.0} B"),
            Unit::Count => grouped(value),
        }
    }
}

/// The median (of an even number, the mean of the middle two) or the largest of some values.
fn over<'a, T: 'a>(
    all: impl IntoIterator<Item = &'a T>,
    of: Of,
    value: fn(&T) -> f64,
) -> Option<f64> {
    let mut values: Vec<f64> = all.into_iter().map(value).collect();
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match of {
        Worst => values.last().copied(),
        Median if values.len() % 2 == 1 => values.get(middle).copied(),
        Median => Some(
            (values.get(middle.checked_sub(1)?).copied()? + values.get(middle).copied()?) / 2.0,
        ),
    }
}

/// None of these counts comes near 2⁵³.
fn number(count: u64) -> f64 {
    count as f64
}

/// `156,909`.
fn grouped(value: f64) -> String {
    let plain = format!("{value:.0}");
    let mut out = String::new();
    for (at, digit) in plain.chars().enumerate() {
        if at > 0 && (plain.len() - at).is_multiple_of(3) {
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
    fn medians_and_worst() {
        let of = |values: &[f64], of| over(values, of, |value| *value);
        assert_eq!(of(&[3.0, 1.0, 2.0], Median), Some(2.0));
        assert_eq!(of(&[4.0, 1.0, 2.0, 3.0], Median), Some(2.5));
        assert_eq!(of(&[4.0, 1.0], Worst), Some(4.0));
        assert_eq!(of(&[], Median), None);
        assert_eq!(of(&[], Worst), None);
    }

    #[test]
    fn values_read_easily() {
        for (figure, value, shown) in [
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
            assert_eq!(figure.shown(value), shown);
        }
    }
}
