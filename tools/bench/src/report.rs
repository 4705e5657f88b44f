//! The page of the documentation: tables of figures, and how they were measured.

use std::fmt::Write;

use super::figure::{ALL, Figure};
use super::goals::{GOALS, earlier};
use super::queries::Query;
use super::side::{Answer, Side};

const METHOD: &str = include_str!("method.md");
/// Where the peer was not run, and what it took is known from before.
const EARLIER: &str = " *(measured earlier)*";
const NOTHING: &str = "–";

/// What was measured at one size.
pub struct Measured {
    pub size: usize,
    pub own: Side,
    /// Absent where the peer was not run.
    pub peer: Option<Side>,
}

/// What the page says besides the figures.
pub struct About<'a> {
    /// When it was measured, if the page is to say so.
    pub date: Option<&'a str>,
    /// The peer's version.
    pub peer: &'a str,
    /// The machine and its programs.
    pub machine: &'a [String],
    pub queries: &'a [Query],
}

/// The whole page.
pub fn page(about: &About, measured: &[Measured]) -> String {
    let mut out = format!(
        "# Search\n\n`cargo xtask bench search` writes this page. It runs the same queries over the same \
         records with Khizana and with Pagefind {}.\n\n",
        about.peer
    );
    for line in about.machine {
        line_of(&mut out, &format!("- {line}"));
    }
    if let Some(date) = about.date {
        line_of(&mut out, &format!("- {date}"));
    }
    let slow = about.queries.iter().filter(|query| query.slow).count();
    let asked = about.queries.len();
    let count =
        format!("{asked} queries, {slow} of them also over a slow line (400 kbit/s, 400 ms)\n");
    line_of(&mut out, &format!("- {count}"));
    goals(&mut out, about, measured);
    for one in measured {
        size(&mut out, about, one);
    }
    out.push_str(METHOD);
    for one in measured {
        queries(&mut out, about, one);
    }
    out
}

fn line_of(out: &mut String, line: &str) {
    out.push_str(line);
    out.push('\n');
}

/// The figures to reach beside those reached.
fn goals(out: &mut String, about: &About, measured: &[Measured]) {
    let peer = about.peer;
    line_of(out, "## Goals\n");
    let head = format!("| records | | goal | Khizana | | Pagefind {peer} |");
    line_of(out, &head);
    line_of(out, "|--:|---|--:|--:|---|--:|");
    for goal in GOALS {
        let at = measured.iter().find(|one| one.size == goal.size);
        let value = at.and_then(|one| goal.figure.of(&one.own));
        let verdict = match value {
            None => "not measured".to_owned(),
            Some(value) if value <= goal.most => "reached".to_owned(),
            Some(value) => format!("**missed**, {:.1} times as much", value / goal.most),
        };
        let _ = writeln!(
            out,
            "| {} | {} | {} | {} | {verdict} | {} |",
            Figure::Files.shown(goal.size as f64),
            goal.figure.name(),
            goal.figure.shown(goal.most),
            shown(goal.figure, value),
            theirs(goal.size, goal.figure, at.and_then(|one| one.peer.as_ref())).1,
        );
    }
    line_of(out, "");
}

/// The peer's value, and how it is written.
fn theirs(size: usize, figure: Figure, peer: Option<&Side>) -> (Option<f64>, String) {
    if let Some(value) = peer.and_then(|side| figure.of(side)) {
        return (Some(value), figure.shown(value));
    }
    match earlier(size, figure).filter(|_| peer.is_none()) {
        Some(value) => (Some(value), format!("{}{EARLIER}", figure.shown(value))),
        None => (None, NOTHING.into()),
    }
}

fn shown(figure: Figure, value: Option<f64>) -> String {
    value.map_or_else(|| NOTHING.into(), |value| figure.shown(value))
}

/// All figures of one size.
fn size(out: &mut String, about: &About, one: &Measured) {
    let records = Figure::Files.shown(one.size as f64);
    let _ = writeln!(
        out,
        "## {records} records\n\n| | Khizana | Pagefind {} | ratio |\n|---|--:|--:|--:|",
        about.peer
    );
    for figure in ALL {
        let own = figure.of(&one.own);
        let (peer, peer_shown) = theirs(one.size, *figure, one.peer.as_ref());
        if own.is_none() && peer.is_none() {
            continue;
        }
        let ratio = match (own, peer) {
            (Some(own), Some(peer)) if own > 0.0 => times(peer / own),
            _ => NOTHING.into(),
        };
        let _ = writeln!(
            out,
            "| {} | {} | {peer_shown} | {ratio} |",
            figure.name(),
            shown(*figure, own)
        );
    }
    let steps = one.own.stages.iter().map(|stage| {
        let memory = stage.cost.peak_bytes.map(|bytes| bytes as f64);
        format!(
            "{} {}, {}",
            stage.name,
            Figure::BuildTime.shown(stage.cost.seconds * 1000.0),
            shown(Figure::BuildMemory, memory)
        )
    });
    let steps: Vec<String> = steps.collect();
    let _ = writeln!(out, "\nKhizana's steps: {}.", steps.join("; "));
    let unanswered = one.own.native.iter().filter(|one| one.is_none()).count();
    if unanswered > 0 {
        let _ = writeln!(
            out,
            "{unanswered} queries are not among those of `khizana search`, which rejected them."
        );
    }
    line_of(out, "");
}

fn times(ratio: f64) -> String {
    if ratio >= 10.0 {
        format!("{ratio:.0}×")
    } else if ratio >= 1.0 {
        format!("{ratio:.1}×")
    } else {
        format!("{ratio:.2}×")
    }
}

/// Each query at one size.
fn queries(out: &mut String, about: &About, one: &Measured) {
    let records = Figure::Files.shown(one.size as f64);
    let _ = writeln!(
        out,
        "\n## Each query at {records}\n\nNumber of results; bytes of a first query with facet counts; time \
         of the same query again. Khizana / Pagefind {}.\n\n\
         | kind | query | results | bytes | again |\n|---|---|--:|--:|--:|",
        about.peer
    );
    for (at, query) in about.queries.iter().enumerate() {
        let own = one.own.asked.queries.get(at);
        let peer = one
            .peer
            .as_ref()
            .and_then(|side| side.asked.queries.get(at));
        let pair = |figure: Figure, value: fn(&Answer) -> f64| {
            format!(
                "{} / {}",
                shown(figure, own.map(value)),
                shown(figure, peer.map(value))
            )
        };
        let _ = writeln!(
            out,
            "| {}{} | {} | {} | {} | {} |",
            query.kind,
            if query.slow { ", slow line too" } else { "" },
            query.shown().replace('|', "\\|"),
            pair(Figure::Files, |one| one.total as f64),
            pair(Figure::DataBytes, |one| one.cold.facets.bytes as f64),
            pair(Figure::BuildTime, |one| one.again_ms),
        );
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::folder::Held;
    use super::super::peak::Cost;
    use super::super::side::{Asked, Cold, Fetched, Stage};
    use super::*;

    fn side(bytes: u64) -> Side {
        let fetched = Fetched {
            bytes,
            requests: 4,
            ms: 20.0,
        };
        let cold = Cold {
            before: Fetched {
                bytes: 0,
                ..fetched
            },
            ten: fetched,
            facets: fetched,
            all: fetched,
            rounds: 2,
        };
        Side {
            version: "1".into(),
            stages: vec![Stage {
                name: "ingest".into(),
                cost: Cost {
                    seconds: 1.5,
                    peak_bytes: Some(50_000_000),
                },
            }],
            held: Held::default(),
            asked: Asked {
                browser: "1".into(),
                queries: vec![Answer {
                    total: 3,
                    cold: cold.clone(),
                    slow: Some(cold),
                    after_ms: 5.0,
                    again_ms: 2.0,
                }],
            },
            native: vec![None],
        }
    }

    fn rendered(size: usize, peer: Option<Side>) -> String {
        let queries: Vec<Query> =
            serde_json::from_str(r#"[{"kind": "word", "q": "a|b", "filter": {"type": "c"}}]"#)
                .unwrap();
        let about = About {
            date: None,
            peer: "1.6.0",
            machine: &["2 cores".into()],
            queries: &queries,
        };
        let own = side(100_000);
        page(&about, &[Measured { size, own, peer }])
    }

    #[test]
    fn every_row_of_a_table_has_the_cells_of_its_head() {
        let text = rendered(69_202, Some(side(1_053_000)));
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
        let own_row = |line: &&str| line.starts_with("| 69,202") && line.contains("earlier");
        assert_eq!(text.lines().find(own_row), None);
    }

    #[test]
    fn what_was_measured_earlier_is_marked_so() {
        let text = rendered(500_000, None);
        assert!(text.contains("3,486 s *(measured earlier)*"), "{text}");
        assert!(text.contains("| 156,000 | build: time | 12.0 s | – | not measured |"));
        assert!(text.contains("1 queries are not among"));
    }
}
