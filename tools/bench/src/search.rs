//! `cargo xtask bench search`: the same records and the same queries for Khizana and for its peer.

use std::path::{Path, PathBuf};

use clap::Args;

use super::data::{self, Record};
use super::queries::{self, Query};
use super::recipe::Recipe;
use super::report::{About, Measured, page};
use super::side::{Asked, Side};
use super::{machine, own, peer, source};
use xtask::clock::Clock;
use xtask::failure::Failure;
use xtask::project::Project;
use xtask::{files, process, requirement, setup, web};

/// What is measured, and how.
#[derive(Args)]
pub struct Options {
    /// Numbers of records, separated by commas.
    #[arg(
        long,
        value_delimiter = ',',
        default_value = "10000,69202,156000,500000"
    )]
    sizes: Vec<usize>,
    /// The records, as JSON Lines; otherwise the file that KHIZANA_TATE names.
    #[arg(long)]
    data: Option<PathBuf>,
    /// Do not run Pagefind.
    #[arg(long)]
    no_peer: bool,
    /// Do not run Pagefind above this number of records: it takes an hour and 12 GB at 500,000.
    #[arg(long, value_name = "RECORDS")]
    no_peer_above: Option<usize>,
    /// Take what Pagefind took from an earlier run of this command, if nothing that it was measured
    /// with has changed.
    #[arg(long)]
    reuse_peer: bool,
    /// The page to write.
    #[arg(long, default_value = "docs/src/bench-search.md")]
    out: PathBuf,
    /// A date for the page to name.
    #[arg(long)]
    date: Option<String>,
}

/// The folder one size is measured in.
pub struct Work {
    folder: PathBuf,
}

impl Work {
    /// A path in it.
    pub fn path(&self, below: &str) -> PathBuf {
        self.folder.join(below)
    }
}

/// Measures every size and writes the page, after each size anew: the last one takes long.
pub fn run(project: &Project, options: &Options) -> Result<(), Failure> {
    let data = data::file(options.data.as_deref())?;
    let records = data::read(&data)?;
    let list = queries::read(&queries::file(project))?;
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
    let made_with = made_with(project, &data)?;
    let mut measured = Vec::new();
    for size in &options.sizes {
        let one = one_size(
            project, options, &recipe, &list, &made_with, *size, &mut clock,
        )?;
        measured.push(one);
        let text = written(project, options, &list, &measured);
        std::fs::write(&options.out, text).map_err(Failure::file(&options.out))?;
    }
    clock.report();
    println!("{}", written(project, options, &list, &measured));
    println!("The page is in {}", options.out.display());
    Ok(())
}

fn written(project: &Project, options: &Options, list: &[Query], measured: &[Measured]) -> String {
    let browser = measured.first().map(|one| one.own.asked.browser.as_str());
    let about = About {
        date: options.date.as_deref(),
        peer: requirement::PAGEFIND_VERSION,
        machine: &machine::describe(project, browser),
        queries: list,
    };
    page(&about, measured)
}

fn one_size(
    project: &Project,
    options: &Options,
    recipe: &Recipe,
    list: &[Query],
    made_with: &str,
    size: usize,
    clock: &mut Clock,
) -> Result<Measured, Failure> {
    let work = Work {
        folder: project.target(&format!("bench/search/{size}")),
    };
    clock.stage(&format!("{size} records: the source"), || {
        let records: &mut dyn Iterator<Item = Record> = &mut recipe.records(size);
        source::write(&work.path("source"), records).map(drop)
    })?;
    let own = clock.stage(&format!("{size} records: Khizana"), || {
        own::run(project, &work, list)
    })?;
    let wanted = !options.no_peer && options.no_peer_above.is_none_or(|most| size <= most);
    let peer = wanted
        .then(|| {
            clock.stage(&format!("{size} records: Pagefind"), || {
                let kept = work.path(&format!("pagefind-{made_with}.json"));
                if options.reuse_peer && kept.is_file() {
                    return read(&kept);
                }
                let side = peer::run(project, &work)?;
                let text = serde_json::to_string(&side)
                    .map_err(|error| Failure::malformed(&kept, error))?;
                std::fs::write(&kept, text).map_err(Failure::file(&kept))?;
                Ok(side)
            })
        })
        .transpose()?;
    removed(&work.path("source"))?;
    Ok(Measured { size, own, peer })
}

/// Names all that a measurement of the peer depends on: its version, the records and what is made of
/// them, the queries, and the programs that ask them.
fn made_with(project: &Project, data: &Path) -> Result<String, Failure> {
    let mut all = files::below(&project.path("tools/bench/browser"), &[])?;
    all.push(project.path("tools/bench/src/recipe.rs"));
    all.push(project.path("tools/bench/src/source.rs"));
    all.push(data.to_owned());
    let mut digest = files::digest(project.root(), &all)?;
    digest.truncate(16);
    Ok(format!("{}-{digest}", requirement::PAGEFIND_VERSION))
}

fn read(path: &Path) -> Result<Side, Failure> {
    let text = std::fs::read_to_string(path).map_err(Failure::file(path))?;
    serde_json::from_str(&text).map_err(|error| Failure::malformed(path, error))
}

/// Asks a site all queries in the browser.
pub fn ask(
    project: &Project,
    side: &str,
    site: &Path,
    list: &Path,
    work: &Work,
) -> Result<Asked, Failure> {
    let out = work.path(&format!("{side}-asked.json"));
    let mut node = process::program(project, "node");
    node.arg(project.path("tools/bench/browser/search.mjs"))
        .arg(side);
    node.arg(site).arg(list).arg(&out);
    node.env("CHROMIUM", requirement::chromium_path().unwrap_or_default());
    process::run(&mut node)?;
    let text = std::fs::read_to_string(&out).map_err(Failure::file(&out))?;
    serde_json::from_str(&text).map_err(|error| Failure::malformed(&out, error))
}

/// Removes a file or a folder that an earlier run may have left.
pub fn removed(path: &Path) -> Result<(), Failure> {
    let done = if path.is_dir() {
        std::fs::remove_dir_all(path)
    } else {
        std::fs::remove_file(path)
    };
    match done {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(Failure::file(path)(error))
        }
        _ => Ok(()),
    }
}
