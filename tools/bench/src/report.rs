//! The page of the documentation with the results of the search benchmark.

use std::fmt::Write;

use super::figure::{ALL, Figure};
use super::goals::{GOALS, earlier};
use super::queries::Query;
use super::results::{EngineResults, QueryResult};

const METHOD: &str = include_str!("method.md");
/// A suffix that marks earlier measurements of Pagefind.
const EARLIER: &str = " *(measured earlier)*";
const NOT_MEASURED: &str = "–";

/// The results for one number of records.
pub struct Measurement {
    pub records: usize,
    pub khizana: EngineResults,
    /// The results of Pagefind, or `None` if it was not run.
    pub pagefind: Option<EngineResults>,
}

/// The circumstances of the measurement.
pub struct About<'a> {
    /// The date of the measurement.
    pub date: Option<&'a str>,
    pub pagefind_version: &'a str,
    /// The hardware and the versions of the programs.
    pub machine: &'a [String],
    pub queries: &'a [Query],
}

/// Returns the page as Markdown.
pub fn page(about: &About, measurements: &[Measurement]) -> String {
    let mut out = format!(
        "# Search\n\n`cargo xtask bench search` writes this page. It runs the same queries over the same \
         records with Khizana and with Pagefind {}.\n\n",
        about.pagefind_version
    );
    for line in about.machine {
        push_line(&mut out, &format!("- {line}"));
    }
    if let Some(date) = about.date {
        push_line(&mut out, &format!("- {date}"));
    }
    let slow = about.queries.iter().filter(|query| query.slow).count();
    let query_count = about.queries.len();
    let count = format!(
        "{query_count} queries, {slow} of them also over a slow line (400 kbit/s, 400 ms)\n"
    );
    push_line(&mut out, &format!("- {count}"));
    push_goals(&mut out, about, measurements);
    for measurement in measurements {
        push_figures(&mut out, about, measurement);
    }
    out.push_str(METHOD);
    for measurement in measurements {
        push_queries(&mut out, about, measurement);
    }
    out
}

fn push_line(out: &mut String, line: &str) {
    out.push_str(line);
    out.push('\n');
}

/// Appends the table of goals.
fn push_goals(out: &mut String, about: &About, measurements: &[Measurement]) {
    let version = about.pagefind_version;
    push_line(out, "## Goals\n");
    let head = format!("| records | | goal | Khizana | | Pagefind {version} |");
    push_line(out, &head);
    push_line(out, "|--:|---|--:|--:|---|--:|");
    for goal in GOALS {
        let measurement = measurements
            .iter()
            .find(|measurement| measurement.records == goal.records);
        let value = measurement.and_then(|measurement| goal.figure.value(&measurement.khizana));
        let pagefind = measurement.and_then(|measurement| measurement.pagefind.as_ref());
        let verdict = match value {
            None => "not measured".to_owned(),
            Some(value) if value <= goal.max => "reached".to_owned(),
            Some(value) => format!("**missed**, {:.1} times as much", value / goal.max),
        };
        let _ = writeln!(
            out,
            "| {} | {} | {} | {} | {verdict} | {} |",
            Figure::Files.format(goal.records as f64),
            goal.figure.name(),
            goal.figure.format(goal.max),
            format_value(goal.figure, value),
            pagefind_value(goal.records, goal.figure, pagefind).1,
        );
    }
    push_line(out, "");
}

/// Returns the value of a figure for Pagefind, as a number and as text.
fn pagefind_value(
    records: usize,
    figure: Figure,
    results: Option<&EngineResults>,
) -> (Option<f64>, String) {
    if let Some(value) = results.and_then(|results| figure.value(results)) {
        return (Some(value), figure.format(value));
    }
    match earlier(records, figure).filter(|_| results.is_none()) {
        Some(value) => (Some(value), format!("{}{EARLIER}", figure.format(value))),
        None => (None, NOT_MEASURED.into()),
    }
}

fn format_value(figure: Figure, value: Option<f64>) -> String {
    value.map_or_else(|| NOT_MEASURED.into(), |value| figure.format(value))
}

/// Appends the table of figures for one number of records.
fn push_figures(out: &mut String, about: &About, measurement: &Measurement) {
    let records = Figure::Files.format(measurement.records as f64);
    let _ = writeln!(
        out,
        "## {records} records\n\n| | Khizana | Pagefind {} | ratio |\n|---|--:|--:|--:|",
        about.pagefind_version
    );
    for figure in ALL {
        let khizana = figure.value(&measurement.khizana);
        let (pagefind, pagefind_text) =
            pagefind_value(measurement.records, *figure, measurement.pagefind.as_ref());
        if khizana.is_none() && pagefind.is_none() {
            continue;
        }
        let ratio = match (khizana, pagefind) {
            (Some(khizana), Some(pagefind)) if khizana > 0.0 => format_ratio(pagefind / khizana),
            _ => NOT_MEASURED.into(),
        };
        let _ = writeln!(
            out,
            "| {} | {} | {pagefind_text} | {ratio} |",
            figure.name(),
            format_value(*figure, khizana)
        );
    }
    let steps = measurement.khizana.build_steps.iter().map(|step| {
        let memory = step.usage.peak_bytes.map(|bytes| bytes as f64);
        format!(
            "{} {}, {}",
            step.name,
            Figure::BuildTime.format(step.usage.seconds * 1000.0),
            format_value(Figure::BuildMemory, memory)
        )
    });
    let steps: Vec<String> = steps.collect();
    let _ = writeln!(out, "\nKhizana's steps: {}.", steps.join("; "));
    let command_line = measurement.khizana.command_line.iter();
    let rejected = command_line.filter(|result| result.is_none()).count();
    if rejected > 0 {
        let _ = writeln!(
            out,
            "{rejected} queries are not among those of `khizana search`, which rejected them."
        );
    }
    push_line(out, "");
}

fn format_ratio(ratio: f64) -> String {
    if ratio >= 10.0 {
        format!("{ratio:.0}×")
    } else if ratio >= 1.0 {
        format!("{ratio:.1}×")
    } else {
        format!("{ratio:.2}×")
    }
}

/// Appends the table of queries for one number of records.
fn push_queries(out: &mut String, about: &About, measurement: &Measurement) {
    let records = Figure::Files.format(measurement.records as f64);
    let _ = writeln!(
        out,
        "\n## Each query at {records}\n\nNumber of results; bytes of a first query with facet counts; time \
         of the same query again. Khizana / Pagefind {}.\n\n\
         | kind | query | results | bytes | again |\n|---|---|--:|--:|--:|",
        about.pagefind_version
    );
    for (index, query) in about.queries.iter().enumerate() {
        let khizana = measurement.khizana.browser.queries.get(index);
        let pagefind = measurement
            .pagefind
            .as_ref()
            .and_then(|results| results.browser.queries.get(index));
        let pair = |figure: Figure, value: fn(&QueryResult) -> f64| {
            format!(
                "{} / {}",
                format_value(figure, khizana.map(value)),
                format_value(figure, pagefind.map(value))
            )
        };
        let _ = writeln!(
            out,
            "| {}{} | {} | {} | {} | {} |",
            query.kind,
            if query.slow { ", slow line too" } else { "" },
            query.label().replace('|', "\\|"),
            pair(Figure::Files, |result| result.total as f64),
            pair(Figure::DataBytes, |result| result.cold.facets.bytes as f64),
            pair(Figure::BuildTime, |result| result.again_ms),
        );
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::folder::FolderSize;
    use super::super::resource_usage::ResourceUsage;
    use super::super::results::{BrowserResults, BuildStep, ColdQuery, Transfer};
    use super::*;

    fn engine_results(bytes: u64) -> EngineResults {
        let transfer = Transfer {
            bytes,
            requests: 4,
            ms: 20.0,
        };
        let cold = ColdQuery {
            before: Transfer {
                bytes: 0,
                ..transfer
            },
            ten: transfer,
            facets: transfer,
            all: transfer,
            rounds: 2,
        };
        EngineResults {
            version: "1".into(),
            build_steps: vec![BuildStep {
                name: "ingest".into(),
                usage: ResourceUsage {
                    seconds: 1.5,
                    peak_bytes: Some(50_000_000),
                },
            }],
            size: FolderSize::default(),
            browser: BrowserResults {
                browser: "1".into(),
                queries: vec![QueryResult {
                    total: 3,
                    cold: cold.clone(),
                    slow: Some(cold),
                    after_ms: 5.0,
                    again_ms: 2.0,
                }],
            },
            command_line: vec![None],
        }
    }

    fn render(records: usize, pagefind: Option<EngineResults>) -> String {
        let queries: Vec<Query> =
            serde_json::from_str(r#"[{"kind": "word", "q": "a|b", "filter": {"type": "c"}}]"#)
                .unwrap();
        let about = About {
            date: None,
            pagefind_version: "1.6.0",
            machine: &["2 cores".into()],
            queries: &queries,
        };
        let measurement = Measurement {
            records,
            khizana: engine_results(100_000),
            pagefind,
        };
        page(&about, &[measurement])
    }

    #[test]
    fn all_rows_of_a_table_have_the_same_number_of_cells() {
        let text = render(69_202, Some(engine_results(1_053_000)));
        let mut cells = 0;
        for line in text.lines() {
            if !line.starts_with('|') {
                cells = 0;
                continue;
            }
            let count = line.replace("\\|", "").matches('|').count();
            assert!(cells == 0 || cells == count, "{line}");
            cells = count;
        }
        assert!(
            text.contains(
                "first query, with facet counts: bytes, median | 100 KB | 1.1 MB | 11× |"
            )
        );
        assert!(
            text.contains("| 120 KB | 100 KB | reached | 1.1 MB |"),
            "{text}"
        );
        assert!(text.contains("| a\\|b, type = c | 3 / 3 |"));
        let is_earlier = |line: &&str| line.starts_with("| 69,202") && line.contains("earlier");
        assert_eq!(text.lines().find(is_earlier), None);
    }

    #[test]
    fn marks_earlier_measurements() {
        let text = render(500_000, None);
        assert!(text.contains("3,486 s *(measured earlier)*"), "{text}");
        assert!(text.contains("| 156,000 | build: time | 12.0 s | – | not measured |"));
        assert!(text.contains("1 queries are not among"));
    }
}
