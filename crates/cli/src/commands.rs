//! The commands: each calls one library function and says what it returned.

use std::collections::BTreeMap;
use std::io::IsTerminal;
use std::path::Path;
use std::time::Instant;

use khizana_format::Archive;
use khizana_model::{NoProgress, Problem, Progress, Severity};
use khizana_publish::Options;
use khizana_search::{Query, search};
use khizana_serve::Server;
use khizana_site::Folder;
use serde::Serialize;

use crate::args::{Args, Command, PackCommand};
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
        &NoProgress
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
        Command::Search {
            query,
            site,
            limit,
            filter,
            years,
            sort,
        } => {
            let query = Query {
                text: query.clone(),
                filters: filter.clone(),
                years: *years,
                sort: (*sort).into(),
                limit: *limit,
                ..Query::default()
            };
            find(args, query, &site_of(args, site.as_deref()))
        }
        Command::Pack(PackCommand::Inspect { file }) => inspect_pack(args, file),
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
    khizana_store::init::init(dir)?;
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
    let report = khizana_ingest::check(source, progress)?;
    output::problems(&report.problems);
    output::result(args.json, &report, || {
        let errors = report
            .problems
            .iter()
            .filter(|p| p.severity == Severity::Error)
            .count();
        let warnings = report.problems.len() - errors;
        format!(
            "{}; {}, {}",
            output::count(report.items, "item"),
            output::count(errors as u64, "error"),
            output::count(warnings as u64, "warning"),
        )
    })?;
    Ok(clean(&report.problems))
}

fn ingest(args: &Args, source: &Path, progress: &dyn Progress) -> Result<bool, Failure> {
    let summary = khizana_ingest::ingest(&args.archive, source, progress)?;
    output::problems(&summary.problems);
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
    Ok(clean(&summary.problems))
}

fn publish(args: &Args, options: &Options, progress: &dyn Progress) -> Result<bool, Failure> {
    let summary = khizana_publish::publish(&args.archive, options, VIEWER, progress)?;
    output::problems(&summary.problems);
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
    Ok(clean(&summary.problems))
}

fn verify(args: &Args, progress: &dyn Progress) -> Result<bool, Failure> {
    let report = khizana_store::verify::verify(&args.archive, progress)?;
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

fn inspect_pack(args: &Args, file: &Path) -> Result<bool, Failure> {
    let report = khizana_site::inspect_pack(file)?;
    output::problems(&report.problems);
    output::result(args.json, &report, || {
        let mut lines = vec![format!(
            "{} × {} pixels in tiles of {}; {}, {} of them index",
            report.width,
            report.height,
            report.tile,
            output::bytes(report.bytes),
            output::bytes(u64::from(report.index)),
        )];
        lines.extend((0..).zip(&report.levels).map(|(number, level): (u32, _)| {
            format!(
                "level {number}: {} × {} pixels, {} × {} = {}, {}",
                level.width,
                level.height,
                level.columns,
                level.rows,
                output::count(u64::from(level.tiles), "tile"),
                output::bytes(level.bytes),
            )
        }));
        lines.push(
            if clean(&report.problems) {
                "all as it was published"
            } else {
                "something is wrong"
            }
            .to_owned(),
        );
        lines.join("\n")
    })?;
    Ok(clean(&report.problems))
}

/// `search --json`; stable.
#[derive(Serialize)]
struct Found {
    total: u32,
    items: Vec<FoundItem>,
    facets: BTreeMap<String, Vec<FoundValue>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    suggestion: Option<String>,
    requests: u32,
    bytes: u64,
    ms: f64,
}

#[derive(Serialize)]
struct FoundItem {
    id: String,
    title: String,
    score: u32,
    /// The page of its text that answers best, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    page: Option<u32>,
}

#[derive(Serialize)]
struct FoundValue {
    value: String,
    label: String,
    count: u32,
}

fn find(args: &Args, query: Query, site: &Path) -> Result<bool, Failure> {
    let start = Instant::now();
    let found = pollster::block_on(async {
        let archive = Archive::open(Folder::new(site)).await?;
        let languages = &archive.root().languages;
        let language = languages.first().cloned().unwrap_or_default();
        let query = Query {
            language: language.clone(),
            ..query
        };
        let results = search(&archive, &query).await?;
        // What the list takes; the pages are a question of their own.
        let (stats, ms) = (archive.stats(), start.elapsed().as_secs_f64() * 1000.0);
        let pages = results.best_pages(&archive).await?;
        let items = results.hits.iter().zip(pages).map(|(hit, page)| FoundItem {
            id: hit.summary.id.to_string(),
            title: match hit.summary.title.best(&language) {
                Some((_, title)) => title.to_owned(),
                None => hit.summary.id.to_string(),
            },
            score: hit.score,
            page: page.map(|page| page + 1),
        });
        let facets = results.facets.iter().map(|facet| {
            let values = facet.values.iter().map(|value| FoundValue {
                value: value.key.clone(),
                label: match value.label.best(&language) {
                    Some((_, label)) => label.to_owned(),
                    None => value.key.clone(),
                },
                count: value.count,
            });
            (facet.field.clone(), values.collect())
        });
        Ok::<_, khizana_format::ReadError>(Found {
            total: results.total,
            items: items.collect(),
            facets: facets.collect(),
            suggestion: results.suggestion.clone(),
            requests: stats.requests,
            bytes: stats.bytes,
            ms,
        })
    })?;
    output::result(args.json, &found, || {
        let mut lines: Vec<String> = found
            .items
            .iter()
            .map(|item| match item.page {
                Some(page) => format!("{}\t{}\tp. {page}", item.id, item.title),
                None => format!("{}\t{}", item.id, item.title),
            })
            .collect();
        if let Some(suggestion) = &found.suggestion {
            lines.push(format!("Did you mean: {suggestion}"));
        }
        lines.push(format!("{} found", found.total));
        lines.join("\n")
    })?;
    Ok(true)
}
