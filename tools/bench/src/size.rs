//! The benchmark of large sites: the files, the time and the memory of publishing.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use clap::Args;
use xtask::clock::Clock;
use xtask::failure::Failure;
use xtask::project::Project;
use xtask::{process, requirement, setup, web};

use super::data::{self, Record};
use super::folder::{FolderSize, is_khizana_data};
use super::recipe::Recipe;
use super::resource_usage::{self, ResourceUsage};
use super::search::remove;
use super::serving::{self, Rates};
use super::{folder, khizana, machine, source};

/// Options of the benchmark.
#[derive(Args)]
pub struct Options {
    /// Numbers of records that are published in lists, separated by commas.
    #[arg(long, value_delimiter = ',', default_value = "156000,500000")]
    sizes: Vec<usize>,
    /// File with the records as JSON Lines. The default is the value of KHIZANA_TATE.
    #[arg(long)]
    data: Option<PathBuf>,
    /// Page to write.
    #[arg(long, default_value = "docs/src/bench-size.md")]
    out: PathBuf,
    /// Date to print on the page.
    #[arg(long)]
    date: Option<String>,
}

/// The settings of the archives: three languages and an address, so that pages have structured data.
const SETTINGS: &str = "title = { en = \"Benchmark\" }\nlanguages = [\"ar\", \"en\", \"fr\"]\n\
                        url = \"https://example.org/\"\n";

/// Publishes all records in all ways, and writes the results to a page of the documentation.
pub fn run(project: &Project, options: &Options) -> Result<(), Failure> {
    let records = data::read(&data::file(options.data.as_deref())?)?;
    let mut clock = Clock::default();
    clock.stage("Set-up", || {
        setup::install_missing(project, requirement::BUILD)?;
        setup::install_missing(project, requirement::SIZE)?;
        web::build(project)?;
        let build = "build --release --package khizana-cli";
        process::run(&mut process::cargo(project, build))
    })?;
    let recipe = Recipe::new(&records);
    let mut page = String::from("# Large sites\n\n`cargo xtask bench size` writes this page.\n\n");
    for line in machine::describe(project, None) {
        let _ = writeln!(page, "- {line}");
    }
    if let Some(date) = &options.date {
        let _ = writeln!(page, "- {date}");
    }
    page.push_str(
        "\n## Pages in lists\n\n| records | `pages` | files | MB | time | times `none` | memory |\n\
         |--:|---|--:|--:|--:|--:|--:|\n",
    );
    let mut rates = None;
    for size in &options.sizes {
        let archive = Archive::create(project, &format!("{size}"))?;
        clock.stage(&format!("{size} records: ingest"), || {
            archive.ingest(&mut recipe.records(*size))
        })?;
        let none = clock.stage("without pages", || archive.publish("none"))?;
        let lists = clock.stage("in lists", || archive.publish("lists"))?;
        for (name, run) in [("none", &none), ("lists", &lists)] {
            push_row(&mut page, *size, name, run, &none);
        }
        if rates.is_none() {
            let measure = || serving::measure(project, &archive.site(), &archive.folder);
            rates = Some(clock.stage("Servers", measure)?);
        }
        remove(&archive.folder)?;
    }
    let (first, changed) =
        clock.stage("A page for each record", || own_pages(project, &records))?;
    let _ = write!(
        page,
        "\n## A page for each record\n\n| {} records | files | MB | time | memory |\n|---|--:|--:|--:|--:|\n",
        records.len()
    );
    for (name, run) in [
        ("first publication", &first),
        ("one title changed", &changed),
    ] {
        let _ = writeln!(
            page,
            "| {name} | {} | {} MB |",
            files_and_time(run),
            megabytes(&run.usage)
        );
    }
    if let Some(Rates { khizana, nginx }) = rates {
        let _ = write!(
            page,
            "\n## Servers\n\n| requests per second | `khizana serve` | nginx | ratio |\n|---|--:|--:|--:|\n\
             | files of at most 64 KiB, 16 connections | {khizana:.0} | {nginx:.0} | {:.2} |\n",
            khizana / nginx
        );
    }
    page.push_str(METHOD);
    clock.report();
    std::fs::write(&options.out, page).map_err(Failure::file(&options.out))
}

const METHOD: &str = "
## Method

The records are those of the search benchmark, in an archive with three languages of the interface and a `url`. Each \
publication writes a new site, except the last, before which the title of one record was changed and ingested. In lists, \
each page displays 100 whole records, with structured data for each. The servers send the same files in turns, without \
compression; the rates are medians of three measurements of five seconds.
";

/// An archive and its source in a folder.
struct Archive<'a> {
    project: &'a Project,
    folder: PathBuf,
}

/// The site that was published, and what that needed.
struct Publication {
    size: FolderSize,
    usage: ResourceUsage,
}

impl Archive<'_> {
    fn create<'a>(project: &'a Project, name: &str) -> Result<Archive<'a>, Failure> {
        let folder = project.target("bench/size").join(name);
        remove(&folder)?;
        std::fs::create_dir_all(&folder).map_err(Failure::file(&folder))?;
        let archive = Archive { project, folder };
        let path = archive.archive();
        process::run(
            khizana::command(project)
                .args(["init", "--quiet"])
                .arg(&path),
        )?;
        let settings = path.join("khizana.toml");
        std::fs::write(&settings, SETTINGS).map_err(Failure::file(&settings))?;
        Ok(archive)
    }

    fn archive(&self) -> PathBuf {
        self.folder.join("archive")
    }

    fn site(&self) -> PathBuf {
        self.folder.join("site")
    }

    fn ingest(&self, records: &mut dyn Iterator<Item = Record>) -> Result<(), Failure> {
        let source = self.folder.join("source");
        source::write(&source, records)?;
        let mut ingest = khizana::command(self.project);
        ingest.args(["ingest", "--quiet"]).arg(&source);
        process::run(ingest.arg("--archive").arg(self.archive()))?;
        remove(&source)
    }

    /// Publishes a new site.
    fn publish(&self, pages: &str) -> Result<Publication, Failure> {
        remove(&self.site())?;
        self.publish_again(pages)
    }

    fn publish_again(&self, pages: &str) -> Result<Publication, Failure> {
        let mut publish = khizana::command(self.project);
        publish.args(["publish", "--quiet", "--pages", pages, "--out"]);
        publish
            .arg(self.site())
            .arg("--archive")
            .arg(self.archive());
        let usage = resource_usage::run(&mut publish)?;
        let size = folder::measure(Path::new(&self.site()), is_khizana_data)?;
        Ok(Publication { size, usage })
    }
}

/// Publishes each record with its own page, and again after a change of one title.
fn own_pages(project: &Project, records: &[Record]) -> Result<(Publication, Publication), Failure> {
    let archive = Archive::create(project, "items")?;
    archive.ingest(&mut records.iter().cloned())?;
    let first = archive.publish("items")?;
    let changed = records.iter().enumerate().map(|(index, record)| {
        let mut record = record.clone();
        if index == records.len() / 2 {
            record.title.push_str(" (changed)");
        }
        record
    });
    archive.ingest(&mut { changed })?;
    let second = archive.publish_again("items")?;
    remove(&archive.folder)?;
    Ok((first, second))
}

fn push_row(page: &mut String, records: usize, pages: &str, run: &Publication, none: &Publication) {
    let _ = writeln!(
        page,
        "| {records} | `{pages}` | {} | {:.2} | {} MB |",
        files_and_time(run),
        run.usage.seconds / none.usage.seconds,
        megabytes(&run.usage)
    );
}

/// Returns the cells with the files, the megabytes and the seconds of a publication.
fn files_and_time(run: &Publication) -> String {
    format!(
        "{} | {:.1} | {:.1} s",
        run.size.files,
        run.size.bytes as f64 / 1e6,
        run.usage.seconds
    )
}

fn megabytes(usage: &ResourceUsage) -> u64 {
    usage.peak_bytes.unwrap_or_default() / 1_000_000
}
