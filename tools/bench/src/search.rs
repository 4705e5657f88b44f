//! `cargo xtask bench search`: compares the search engines of Khizana and Pagefind.

use std::path::{Path, PathBuf};

use clap::Args;

use super::data::{self, Record};
use super::queries::{self, Query};
use super::recipe::Recipe;
use super::report::{About, Measurement, page};
use super::results::BrowserResults;
use super::{khizana, machine, pagefind, source};
use xtask::clock::Clock;
use xtask::failure::Failure;
use xtask::project::Project;
use xtask::{files, process, requirement, setup, web};

/// Options of the benchmark.
#[derive(Args)]
pub struct Options {
    /// Numbers of records, separated by commas.
    #[arg(
        long,
        value_delimiter = ',',
        default_value = "10000,69202,156000,500000"
    )]
    sizes: Vec<usize>,
    /// File with the records as JSON Lines. The default is the value of KHIZANA_TATE.
    #[arg(long)]
    data: Option<PathBuf>,
    /// Do not run Pagefind.
    #[arg(long)]
    no_peer: bool,
    /// Do not run Pagefind for more records than this. For 500,000 records it takes an hour and 12
    /// GB.
    #[arg(long, value_name = "RECORDS")]
    no_peer_above: Option<usize>,
    /// Reuse the results of Pagefind from an earlier run if nothing that they depend on has
    /// changed.
    #[arg(long)]
    reuse_peer: bool,
    /// Page to write.
    #[arg(long, default_value = "docs/src/bench-search.md")]
    out: PathBuf,
    /// Date to print on the page.
    #[arg(long)]
    date: Option<String>,
}

/// The working folder for one number of records.
pub struct WorkDir {
    folder: PathBuf,
}

impl WorkDir {
    /// Returns the path of a file or folder in the working folder.
    pub fn path(&self, relative: &str) -> PathBuf {
        self.folder.join(relative)
    }
}

/// Runs the measurements for every number of records. Writes the page after each of them, because
/// the last one takes long.
pub fn run(project: &Project, options: &Options) -> Result<(), Failure> {
    let data = data::file(options.data.as_deref())?;
    let records = data::read(&data)?;
    let query_list = queries::read(&queries::file(project))?;
    let mut clock = Clock::default();
    clock.stage("Set-up", || {
        setup::install_missing(project, requirement::BUILD)?;
        setup::install_missing(project, requirement::BENCH)?;
        if !options.no_peer {
            setup::install_missing(project, requirement::PEER)?;
        }
        web::build(project)?;
        let build = "build --release --package khizana-cli";
        process::run(&mut process::cargo(project, build))
    })?;
    let recipe = Recipe::new(&records);
    let fingerprint = pagefind_fingerprint(project, &data)?;
    let mut measurements = Vec::new();
    for size in &options.sizes {
        let measurement = measure(
            project,
            options,
            &recipe,
            &query_list,
            &fingerprint,
            *size,
            &mut clock,
        )?;
        measurements.push(measurement);
        let text = render_page(project, options, &query_list, &measurements);
        std::fs::write(&options.out, text).map_err(Failure::file(&options.out))?;
    }
    clock.report();
    println!(
        "{}",
        render_page(project, options, &query_list, &measurements)
    );
    println!("wrote {}", options.out.display());
    Ok(())
}

fn render_page(
    project: &Project,
    options: &Options,
    query_list: &[Query],
    measurements: &[Measurement],
) -> String {
    let browser = measurements
        .first()
        .map(|measurement| measurement.khizana.browser.browser.as_str());
    let about = About {
        date: options.date.as_deref(),
        pagefind_version: requirement::PAGEFIND_VERSION,
        machine: &machine::describe(project, browser),
        queries: query_list,
    };
    page(&about, measurements)
}

fn measure(
    project: &Project,
    options: &Options,
    recipe: &Recipe,
    query_list: &[Query],
    fingerprint: &str,
    size: usize,
    clock: &mut Clock,
) -> Result<Measurement, Failure> {
    let work = WorkDir {
        folder: project.target(&format!("bench/search/{size}")),
    };
    clock.stage(&format!("{size} records: the source"), || {
        let records: &mut dyn Iterator<Item = Record> = &mut recipe.records(size);
        source::write(&work.path("source"), records).map(drop)
    })?;
    let khizana = clock.stage(&format!("{size} records: Khizana"), || {
        khizana::run(project, &work, query_list)
    })?;
    let runs_pagefind = !options.no_peer && options.no_peer_above.is_none_or(|max| size <= max);
    let pagefind = runs_pagefind
        .then(|| {
            clock.stage(&format!("{size} records: Pagefind"), || {
                let cache = work.path(&format!("pagefind-results-{fingerprint}.json"));
                if options.reuse_peer && cache.is_file() {
                    return read_json(&cache);
                }
                let results = pagefind::run(project, &work)?;
                let text = serde_json::to_string(&results)
                    .map_err(|error| Failure::malformed(&cache, error))?;
                std::fs::write(&cache, text).map_err(Failure::file(&cache))?;
                Ok(results)
            })
        })
        .transpose()?;
    remove(&work.path("source"))?;
    Ok(Measurement {
        records: size,
        khizana,
        pagefind,
    })
}

/// Returns a string that changes if anything on which the results of Pagefind depend changes: its
/// version, the records, the recipe, the queries, or the programs that run them.
fn pagefind_fingerprint(project: &Project, data: &Path) -> Result<String, Failure> {
    let mut inputs = files::below(&project.path("tools/bench/browser"), &[])?;
    inputs.push(project.path("tools/bench/src/recipe.rs"));
    inputs.push(project.path("tools/bench/src/source.rs"));
    inputs.push(data.to_owned());
    let mut digest = files::digest(project.root(), &inputs)?;
    digest.truncate(16);
    Ok(format!("{}-{digest}", requirement::PAGEFIND_VERSION))
}

fn read_json<T: serde::de::DeserializeOwned>(path: &Path) -> Result<T, Failure> {
    let text = std::fs::read_to_string(path).map_err(Failure::file(path))?;
    serde_json::from_str(&text).map_err(|error| Failure::malformed(path, error))
}

/// Runs all queries on a site in the browser.
pub fn run_queries(
    project: &Project,
    engine: &str,
    site: &Path,
    query_list: &Path,
    work: &WorkDir,
) -> Result<BrowserResults, Failure> {
    let out = work.path(&format!("{engine}-browser.json"));
    let mut node = process::program(project, "node");
    node.arg(project.path("tools/bench/browser/search.mjs"))
        .arg(engine);
    node.arg(site).arg(query_list).arg(&out);
    node.env("CHROMIUM", requirement::CHROMIUM.path(project)?);
    process::run(&mut node)?;
    read_json(&out)
}

/// Removes a file or folder if it exists.
pub fn remove(path: &Path) -> Result<(), Failure> {
    let result = if path.is_dir() {
        std::fs::remove_dir_all(path)
    } else {
        std::fs::remove_file(path)
    };
    match result {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(Failure::file(path)(error))
        }
        _ => Ok(()),
    }
}
