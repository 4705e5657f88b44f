//! The commands: each calls one library function and says what it returned.

use std::io::IsTerminal;
use std::path::Path;
use std::time::Instant;

use khizana_format::Archive;
use khizana_ingest::pipeline::{self, Progress, Quiet};
use khizana_ingest::problem::{Problem, Severity};
use khizana_publish::{Folder, Options, Server};
use khizana_search::{Query, search};
use serde::Serialize;

use crate::args::{Args, Command};
use crate::bar::Bar;
use crate::failure::Failure;
use crate::{VIEWER, output};

/// Runs a command. `true` where all is done, `false` where it is done but something was rejected.
///
/// # Errors
/// Where it could not run.
pub fn run(args: &Args) -> Result<bool, Failure> {
    let bar = Bar::default();
    let progress: &dyn Progress = if std::io::stderr().is_terminal() {
        &bar
    } else {
        &Quiet
    };
    match &args.command {
        Command::Init { dir } => init(args, dir),
        Command::Check { source } => check(args, source, progress),
        Command::Ingest { source } => ingest(args, source, progress),
        Command::Publish { out, pages } => {
            let options = Options {
                out: out.clone(),
                pages: pages.map(Into::into),
            };
            publish(args, &options, progress)
        }
        Command::Serve { site, addr } => {
            let server = Server::bind(&site_of(args, site.as_deref()), *addr)?;
            output::tell(&format!(
                "Serving at http://{}/ — Ctrl+C ends it",
                server.address()
            ));
            server.run()?;
            Ok(true)
        }
        Command::Verify => verify(args, progress),
        Command::Search { query, site, limit } => {
            find(args, query, &site_of(args, site.as_deref()), *limit)
        }
    }
}

fn site_of(args: &Args, site: Option<&Path>) -> std::path::PathBuf {
    site.map_or_else(|| args.archive.join("site"), Path::to_owned)
}

/// Whether nothing was rejected.
fn clean(problems: &[Problem]) -> bool {
    problems
        .iter()
        .all(|problem| problem.severity != Severity::Error)
}

fn init(args: &Args, dir: &Path) -> Result<bool, Failure> {
    khizana_ingest::init::init(dir)?;
    let shown = dir.display();
    output::result(args.json, &serde_json::json!({ "archive": dir }), || {
        format!(
            "{shown} is ready. Next:\n  khizana --archive {shown} ingest {shown}/source\n  \
             khizana --archive {shown} publish\n  khizana --archive {shown} serve"
        )
    })?;
    Ok(true)
}

fn check(args: &Args, source: &Path, progress: &dyn Progress) -> Result<bool, Failure> {
    let report = pipeline::check(source, progress)?;
    output::problems(&report.rejected);
    output::result(args.json, &report, || {
        let errors = report
            .rejected
            .iter()
            .filter(|p| p.severity == Severity::Error)
            .count();
        let warnings = report.rejected.len() - errors;
        format!(
            "{}; {}, {}",
            output::count(report.items, "item"),
            output::count(errors as u64, "error"),
            output::count(warnings as u64, "warning"),
        )
    })?;
    Ok(clean(&report.rejected))
}

fn ingest(args: &Args, source: &Path, progress: &dyn Progress) -> Result<bool, Failure> {
    let summary = pipeline::ingest(&args.archive, source, progress)?;
    output::problems(&summary.rejected);
    output::result(args.json, &summary, || {
        format!(
            "{} held: {} added, {} changed, {} unchanged, {} removed; {} read, {} stored",
            output::count(summary.items, "item"),
            summary.added,
            summary.changed,
            summary.unchanged,
            summary.removed,
            output::bytes(summary.bytes_in),
            output::bytes(summary.bytes_stored),
        )
    })?;
    Ok(clean(&summary.rejected))
}

fn publish(args: &Args, options: &Options, progress: &dyn Progress) -> Result<bool, Failure> {
    let summary = khizana_publish::publish(&args.archive, options, VIEWER, progress)?;
    output::problems(&summary.rejected);
    output::result(args.json, &summary, || {
        format!(
            "{} in {}, {}; {} written to {}",
            output::count(u64::from(summary.items), "item"),
            output::count(summary.files, "file"),
            output::bytes(summary.bytes),
            output::count(summary.written, "file"),
            summary.site.display(),
        )
    })?;
    Ok(clean(&summary.rejected))
}

fn verify(args: &Args, progress: &dyn Progress) -> Result<bool, Failure> {
    let report = khizana_ingest::verify::verify(&args.archive, progress)?;
    output::problems(&report.problems);
    output::result(args.json, &report, || {
        format!(
            "{} of {} hashed, {}: {}",
            output::count(report.files, "file"),
            output::count(report.objects, "object"),
            output::bytes(report.bytes),
            if clean(&report.problems) {
                "all as they were stored"
            } else {
                "something is wrong"
            },
        )
    })?;
    Ok(clean(&report.problems))
}

/// `search --json`; stable.
#[derive(Serialize)]
struct Found {
    total: usize,
    items: Vec<FoundItem>,
    requests: u32,
    bytes: u64,
    ms: f64,
}

#[derive(Serialize)]
struct FoundItem {
    id: String,
    title: String,
    score: f32,
}

fn find(args: &Args, text: &str, site: &Path, limit: usize) -> Result<bool, Failure> {
    let start = Instant::now();
    let found = pollster::block_on(async {
        let archive = Archive::open(Folder::new(site)).await?;
        let language = archive
            .root()
            .languages
            .first()
            .cloned()
            .unwrap_or_default();
        let query = Query {
            text: text.to_owned(),
            complete: true,
            language: language.clone(),
            ..Query::default()
        };
        let results = search(&archive, &query).await?;
        let mut items = Vec::new();
        for hit in results.hits.iter().take(limit) {
            let Some(record) = archive.record(hit.number).await? else {
                continue;
            };
            let (_, title) = record.item.best_title(&language);
            items.push(FoundItem {
                id: record.item.id.to_string(),
                title: title.to_owned(),
                score: hit.score,
            });
        }
        let stats = archive.stats();
        Ok::<_, khizana_format::ReadError>(Found {
            total: results.hits.len(),
            items,
            requests: stats.requests,
            bytes: stats.bytes,
            ms: start.elapsed().as_secs_f64() * 1000.0,
        })
    })?;
    output::result(args.json, &found, || {
        let mut lines: Vec<String> = found
            .items
            .iter()
            .map(|item| format!("{}\t{}", item.id, item.title))
            .collect();
        lines.push(format!("{} found", found.total));
        lines.join("\n")
    })?;
    Ok(true)
}
