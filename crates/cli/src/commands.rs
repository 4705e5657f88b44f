//! The commands. Each command calls one library function and prints its result.

use std::collections::BTreeMap;
use std::io::IsTerminal;
use std::path::Path;
use std::time::Instant;

use khizana_args::{Args, Command, PackCommand, RemovalArg, SortArg};
use khizana_format::Archive;
use khizana_ingest::Removal;
use khizana_model::{Correction, LangTag, Problem, Progress, Severity, message, plural, printable};
use khizana_publish::Options;
use khizana_search::{Query, Sort, search};
use khizana_serve::Server;
use khizana_site::Folder;
use khizana_store::init::Table;
use serde::Serialize;

use crate::check_report::{ReportFile, is_of_source};
use crate::failure::Failure;
use crate::progress_bar::{NoBar, StageTimes, TerminalProgress};
use crate::{
    VIEWER, deployment, doctor, estimate, ingested, output, preview, sharding, terminal,
    verification,
};

/// Runs a command. Returns `false` if the command completed, but rejected items or found damaged
/// files.
///
/// # Errors
/// Returns an error if the command could not run.
pub fn run(args: &Args) -> Result<bool, Failure> {
    let terminal_progress = TerminalProgress::default();
    let stage_times = StageTimes::default();
    let progress: &dyn Progress = if args.verbose {
        &stage_times
    } else if std::io::stderr().is_terminal() && !args.quiet {
        &terminal_progress
    } else {
        &NoBar
    };
    if !matches!(
        args.command,
        Command::Serve { .. } | Command::Preview { .. }
    ) {
        terminal::explain_interruption();
    }
    match &args.command {
        Command::Doctor => doctor::run(args),
        Command::Init { dir, workbook } => init(args, dir, *workbook),
        Command::Check {
            source,
            write_table,
            fix,
            report,
        } => check(
            args,
            source,
            write_table.as_deref(),
            fix.as_deref(),
            report.as_deref(),
            progress,
        ),
        Command::Ingest {
            source,
            dry_run,
            write_table,
            fetch,
            remove,
            reread,
            accept_state,
        } => {
            let options = khizana_ingest::Options {
                dry_run: *dry_run,
                removal: remove.map(removal),
                accept_state: *accept_state,
                reread: *reread,
                fetch: fetch.then(khizana_ingest::FetchSettings::default),
            };
            ingest(args, source, &options, write_table.as_deref(), progress)
        }
        Command::Plan {
            source,
            shards,
            out,
        } => sharding::plan(args, source, *shards, out.as_deref(), progress),
        Command::Estimate { source, visits } => estimate::run(args, source, *visits, progress),
        Command::Derive { plan, shard, index } => {
            let counted_from_1 = index.map(|index| index.saturating_add(1));
            let shard = shard.or(counted_from_1).unwrap_or_default();
            sharding::derive(args, plan, shard, progress)
        }
        Command::Merge {
            plan,
            remove,
            accept_state,
        } => {
            let options = khizana_shards::MergeOptions {
                removal: remove.map(removal),
                accept_state: *accept_state,
            };
            sharding::merge(args, plan, &options, progress)
        }
        Command::Publish {
            out,
            pages,
            rehash,
            accept_state,
        } => {
            let options = Options {
                out: out.clone(),
                pages: pages.map(Into::into),
                accept_state: *accept_state,
                rehash: *rehash,
            };
            publish(args, &options, progress)
        }
        Command::Serve { site, addr } => {
            let server = Server::bind(&site_dir(args, site.as_deref()), *addr)?;
            let url = format!("http://{}/", server.address());
            output::message(&message!("Serving at {url} (press Ctrl+C to stop)", url));
            server.run()?;
            Ok(true)
        }
        Command::Preview {
            source,
            addr,
            no_open,
        } => {
            let options = khizana_preview::Options {
                source: source.clone(),
                archive: preview::archive(&args.archive),
                address: *addr,
                language: args.lang.map(|lang| lang.language().tag().to_owned()),
            };
            preview::run(options, !no_open)
        }
        Command::Deploy(options) => deployment::run(args, options, progress),
        Command::Verify(options) => verification::run(args, options, progress),
        Command::Repair { from, accept_state } => {
            repair(args, from.as_deref(), *accept_state, progress)
        }
        Command::Rebuild { accept_state } => rebuild(args, *accept_state),
        Command::Search {
            query,
            site,
            limit,
            filter,
            years,
            sort,
            typing,
            query_lang,
        } => {
            let language = query_lang.as_ref().map(LangTag::as_str);
            let query = Query {
                text: query.clone(),
                filters: filter.clone(),
                years: *years,
                sort: sort_order(*sort),
                language: language.unwrap_or_default().to_owned(),
                is_complete: !(*typing && query.ends_with(char::is_alphanumeric)),
                limit: *limit,
                ..Query::default()
            };
            run_search(args, query, &site_dir(args, site.as_deref()))
        }
        Command::Pack(PackCommand::Inspect { file }) => inspect_pack(args, file),
    }
}

fn removal(removal: RemovalArg) -> Removal {
    match removal {
        RemovalArg::Count(count) => Removal::Count(count),
        RemovalArg::All => Removal::All,
    }
}

fn sort_order(sort: SortArg) -> Sort {
    match sort {
        SortArg::Relevance => Sort::Relevance,
        SortArg::Title => Sort::Title,
        SortArg::Date => Sort::Date,
        SortArg::Newest => Sort::DateDescending,
    }
}

pub(crate) fn site_dir(args: &Args, site: Option<&Path>) -> std::path::PathBuf {
    site.map_or_else(|| args.archive.join("site"), Path::to_owned)
}

/// Returns `true` if none of the problems is an error.
fn has_no_errors(problems: &[Problem]) -> bool {
    problems
        .iter()
        .all(|problem| problem.severity != Severity::Error)
}

/// The name of the workbook in a new archive.
const WORKBOOK: &str = "metadata.xlsx";

fn init(args: &Args, dir: &Path, with_workbook: bool) -> Result<bool, Failure> {
    let workbook = if with_workbook {
        Some(khizana_source::template::create(&[])?)
    } else {
        None
    };
    let table = workbook.as_deref().map(|bytes| Table {
        name: WORKBOOK,
        bytes,
    });
    khizana_store::init::init(dir, table)?;
    let path = dir.display();
    output::result(args.json, &serde_json::json!({ "archive": dir }), || {
        let created = match with_workbook {
            true => message!(
                "Created an archive in {path}. Fill in {path}/source/{workbook}, and put the files next to it. Then run:",
                path,
                workbook = WORKBOOK
            ),
            false => message!(
                "Created an archive in {path}. To publish its example source, run:",
                path
            ),
        };
        let mut lines = vec![output::text(&created)];
        if with_workbook {
            lines.push(format!("  khizana check {path}/source"));
        }
        lines.extend([
            format!("  khizana --archive {path} ingest {path}/source"),
            format!("  khizana --archive {path} publish"),
            format!("  khizana --archive {path} serve"),
        ]);
        lines
    })?;
    Ok(true)
}

/// Writes the workbook of a folder without a table.
fn write_table(source: &Path, workbook: Option<&Path>) -> Result<(), Failure> {
    if let Some(workbook) = workbook {
        let items = khizana_ingest::write_table(source, workbook)?;
        output::message(&message!(
            "Wrote {items} to {path}",
            items = output::items(items),
            path = printable(&workbook.to_string_lossy())
        ));
    }
    Ok(())
}

fn check(
    args: &Args,
    source: &Path,
    workbook: Option<&Path>,
    copy: Option<&Path>,
    report_path: Option<&Path>,
    progress: &dyn Progress,
) -> Result<bool, Failure> {
    // A report that cannot be written is noticed before the check, which may take long.
    let report_file = report_path
        .map(|path| ReportFile::new(path, source))
        .transpose()?;
    write_table(source, workbook)?;
    let checked = khizana_ingest::check(source, &args.archive, progress);
    let report = match (checked, &report_file) {
        (Ok(report), _) => report,
        (Err(error), None) => return Err(error.into()),
        (Err(error), Some(file)) => {
            file.write_failure(source, &error)?;
            return Err(error.into());
        }
    };
    output::problems(&report.problems);
    if let Some(file) = &report_file {
        file.write(source, &report)?;
        output::message(&message!(
            "Wrote a report to {path}",
            path = file.shown_path()
        ));
    }
    if let Some(copy) = copy {
        fix(source, copy, &report.problems)?;
    }
    output::result(args.json, &report, || {
        let errors = report
            .problems
            .iter()
            .filter(|p| p.severity == Severity::Error)
            .count();
        let warnings = report.problems.len() - errors;
        let items = match report.rejected {
            0 => output::items(report.items),
            rejected => message!(
                "{items}, {rejected} left out",
                items = output::items(report.items),
                rejected
            ),
        };
        let mut lines = vec![message!(
            "{items}; {errors}, {warnings}",
            items,
            errors = plural!("{count} error", "{count} errors", count = errors),
            warnings = plural!("{count} warning", "{count} warnings", count = warnings)
        )];
        if report.remote_images > 0 {
            lines.push(plural!(
                "{count} image is only on another host",
                "{count} images are only on other hosts",
                count = report.remote_images
            ));
        }
        if let Some(missing) = report.completeness.message() {
            lines.push(message!("Of these items: {missing}", missing));
        }
        lines.iter().map(output::text).collect()
    })?;
    Ok(has_no_errors(&report.problems))
}

/// Maximum number of corrections that are listed.
const MAX_LISTED_CORRECTIONS: usize = 50;

/// Writes a copy of a table with corrections.
fn fix(source: &Path, copy: &Path, problems: &[Problem]) -> Result<(), Failure> {
    if source.is_dir() && is_of_source(copy, source) {
        return Err(Failure {
            code: "copy-in-source",
            message: message!(
                "`{path}` is in the source, which would then contain two tables",
                path = printable(&copy.to_string_lossy())
            ),
            hint: "Choose a path outside of the folder of the source.".into(),
        });
    }
    let corrections: Vec<Correction> = problems
        .iter()
        .flat_map(|problem| problem.corrections.iter().cloned())
        .collect();
    let source = khizana_source::open(source)?;
    let mut safe: Vec<&Correction> = corrections.iter().filter(|c| c.is_safe).collect();
    safe.sort_by_key(|correction| (correction.row, correction.column));
    safe.dedup();
    let corrected = khizana_source::corrected::write(&source, &corrections, copy)?;
    output::message(&plural!(
        "Wrote {count} correction to {path}:",
        "Wrote {count} corrections to {path}:",
        count = corrected.made,
        path = printable(&copy.to_string_lossy())
    ));
    for correction in safe.iter().take(MAX_LISTED_CORRECTIONS) {
        output::detail(&output::proposal(correction));
    }
    output::message(&message!(
        "Put the copy in the place of the table, and check the source again."
    ));
    if corrected.omitted > 0 {
        output::message(&plural!(
            "{count} correction left, because a cell contains a formula or the text several times",
            "{count} corrections left, because a cell contains a formula or the text several times",
            count = corrected.omitted
        ));
    }
    Ok(())
}

fn ingest(
    args: &Args,
    source: &Path,
    options: &khizana_ingest::Options,
    workbook: Option<&Path>,
    progress: &dyn Progress,
) -> Result<bool, Failure> {
    write_table(source, workbook)?;
    let summary =
        khizana_ingest::ingest(&args.archive, source, options, &ingested::report, progress)?;
    ingested::print(args, &summary)
}

fn publish(args: &Args, options: &Options, progress: &dyn Progress) -> Result<bool, Failure> {
    let summary = khizana_publish::publish(&args.archive, options, VIEWER, progress)?;
    output::problems(&summary.problems);
    output::result(args.json, &summary, || {
        let published = message!(
            "published {items}: {files}, {bytes}; {written} written to {path}",
            items = output::items(u64::from(summary.items)),
            files = output::files(summary.files),
            bytes = output::bytes(summary.bytes),
            written = output::files(summary.written),
            path = summary.site.display()
        );
        vec![output::text(&published)]
    })?;
    if !summary.has_url && !args.json {
        output::note(&message!(
            "Set `url` in khizana.toml to publish IIIF manifests, a sitemap, feeds, link previews with images, and QR codes in print."
        ));
    }
    Ok(has_no_errors(&summary.problems))
}

fn rebuild(args: &Args, accept_state: Option<u64>) -> Result<bool, Failure> {
    let report = khizana_store::rebuild::rebuild(&args.archive, accept_state)?;
    output::problems(&report.problems);
    output::result(args.json, &report, || {
        let rebuilt = message!(
            "rebuilt {items} in {collections}",
            items = output::items(report.items),
            collections = plural!(
                "{count} collection",
                "{count} collections",
                count = report.collections
            )
        );
        let rebuilt = match report.configuration_restored {
            true => message!("{rebuilt}; khizana.toml was written", rebuilt),
            false => rebuilt,
        };
        vec![output::text(&rebuilt)]
    })?;
    Ok(has_no_errors(&report.problems))
}

fn repair(
    args: &Args,
    from: Option<&Path>,
    accept_state: Option<u64>,
    progress: &dyn Progress,
) -> Result<bool, Failure> {
    let report = khizana_store::repair::repair(&args.archive, from, accept_state, progress)?;
    for file in &report.restored {
        output::message(&message!("restored {file}", file = printable(file)));
    }
    output::problems(&report.problems);
    output::result(args.json, &report, || {
        let result = match has_no_errors(&report.problems) {
            true => message!("all files are intact"),
            false => message!("damage remains"),
        };
        let files = output::files(report.restored.len() as u64);
        vec![output::text(&message!(
            "{files} restored; {result}",
            files,
            result
        ))]
    })?;
    Ok(has_no_errors(&report.problems))
}

fn inspect_pack(args: &Args, file: &Path) -> Result<bool, Failure> {
    let report = khizana_site::inspect_pack(file)?;
    output::problems(&report.problems);
    output::result(args.json, &report, || {
        let mut lines = vec![message!(
            "{width} × {height} pixels, tiles of {tile} pixels; {bytes}, including an index of {index}",
            width = report.width,
            height = report.height,
            tile = report.tile,
            bytes = output::bytes(report.bytes),
            index = output::bytes(u64::from(report.index))
        )];
        lines.extend((0..).zip(&report.levels).map(|(number, level): (u32, _)| {
            message!(
                "level {number}: {width} × {height} pixels, {columns} × {rows} = {tiles}, {bytes}",
                number,
                width = level.width,
                height = level.height,
                columns = level.columns,
                rows = level.rows,
                tiles = plural!("{count} tile", "{count} tiles", count = level.tiles),
                bytes = output::bytes(level.bytes)
            )
        }));
        lines.push(match has_no_errors(&report.problems) {
            true => message!("all tiles are intact"),
            false => message!("damage was found"),
        });
        lines.iter().map(output::text).collect()
    })?;
    Ok(has_no_errors(&report.problems))
}

/// The JSON document of `search`. Its members are stable.
#[derive(Serialize)]
struct SearchReport {
    total: u32,
    items: Vec<FoundItem>,
    facets: BTreeMap<String, Vec<FacetCount>>,
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
    /// Number of the page that matches best, counted from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    page: Option<u32>,
}

#[derive(Serialize)]
struct FacetCount {
    value: String,
    label: String,
    count: u32,
}

fn run_search(args: &Args, query: Query, site: &Path) -> Result<bool, Failure> {
    let start = Instant::now();
    let report = pollster::block_on(async {
        let archive = Archive::open(Folder::new(site)).await?;
        let languages = &archive.root().languages;
        let language = match languages.first() {
            Some(first) if query.language.is_empty() => first.clone(),
            _ => query.language.clone(),
        };
        let query = Query {
            language: language.clone(),
            ..query
        };
        let results = search(&archive, &query).await?;
        // The time of the search does not include the lookup of the best pages.
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
            let values = facet.values.iter().map(|value| FacetCount {
                value: value.key.clone(),
                label: match value.label.best(&language) {
                    Some((_, label)) => label.to_owned(),
                    None => value.key.clone(),
                },
                count: value.count,
            });
            (facet.field.clone(), values.collect())
        });
        Ok::<_, khizana_format::ReadError>(SearchReport {
            total: results.total,
            items: items.collect(),
            facets: facets.collect(),
            suggestion: results.suggestion.clone(),
            requests: stats.requests,
            bytes: stats.bytes,
            ms,
        })
    })?;
    output::result(args.json, &report, || {
        let mut lines: Vec<String> = report
            .items
            .iter()
            .map(|item| match item.page {
                Some(page) => {
                    let page = output::text(&message!("p. {page}", page));
                    format!("{}\t{}\t{page}", item.id, item.title)
                }
                None => format!("{}\t{}", item.id, item.title),
            })
            .collect();
        if let Some(suggestion) = &report.suggestion {
            lines.push(output::text(&message!(
                "Did you mean: {suggestion}",
                suggestion
            )));
        }
        let results = plural!("{count} result", "{count} results", count = report.total);
        lines.push(output::text(&results));
        lines
    })?;
    Ok(true)
}
