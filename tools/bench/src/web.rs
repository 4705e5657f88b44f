//! The benchmark of the pages: how soon they can be read and used on a slow phone.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;

use clap::Args;
use serde::Deserialize;
use xtask::clock::Clock;
use xtask::failure::Failure;
use xtask::project::Project;
use xtask::{demo, process};

use super::machine;
use super::search::remove;

/// Options of the benchmark.
#[derive(Args)]
pub struct Options {
    /// Source with a book or a journal issue, which is published together with the demonstration.
    #[arg(long)]
    source: PathBuf,
    /// Identifier of the book in the source.
    #[arg(long)]
    item: String,
    /// Page to write.
    #[arg(long, default_value = "docs/src/bench-web.md")]
    out: PathBuf,
    /// Date to print on the page.
    #[arg(long)]
    date: Option<String>,
}

/// Address of the server. The manifests contain it.
const ADDRESS: &str = "http://127.0.0.1:8179/";
/// An item of the demonstration with one image, and a query with results in it.
const PLATE: &str = "plate-fez";
const QUERY: &str = "فاس";

/// Medians of several visits, in milliseconds since the start of navigation.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Visit {
    text: f64,
    image: f64,
    ready: f64,
    all: f64,
    bytes_until_ready: f64,
    bytes: f64,
    requests: f64,
    shifts: f64,
}

/// Publishes the demonstration with the source, visits the pages, and writes a page of the documentation.
pub fn run(project: &Project, options: &Options) -> Result<(), Failure> {
    let mut clock = Clock::default();
    // Draws the sources of the demonstration, and builds the programs.
    demo::run(project, false, 0)?;
    let folder = project.target("bench/web");
    remove(&folder)?;
    let (archive, site) = (folder.join("archive"), folder.join("site"));
    let khizana = || process::program(project, project.program("khizana"));
    clock.stage("Publishing", || {
        process::run(khizana().arg("init").arg(&archive))?;
        let config = archive.join("khizana.toml");
        let text = std::fs::read_to_string(&config).map_err(Failure::file(&config))?;
        std::fs::write(&config, format!("url = \"{ADDRESS}\"\n{text}"))
            .map_err(Failure::file(&config))?;
        let drawn = project.target("demo/source");
        let mut sources = vec![options.source.clone()];
        for name in ["astrolabes", "patterns", "places"] {
            sources.push(drawn.join(name));
        }
        for source in &sources {
            let mut ingest = khizana();
            ingest
                .arg("ingest")
                .arg(source)
                .arg("--archive")
                .arg(&archive);
            process::run(&mut ingest)?;
        }
        let mut publish = khizana();
        publish
            .arg("publish")
            .arg("--archive")
            .arg(&archive)
            .arg("--out")
            .arg(&site);
        process::run(&mut publish)
    })?;
    let mut page = String::from(
        "# Pages on a slow phone\n\n`cargo xtask bench web --source FOLDER --item ID` writes this page.\n\n",
    );
    for line in machine::describe(project, None) {
        let _ = writeln!(page, "- {line}");
    }
    if let Some(date) = &options.date {
        let _ = writeln!(page, "- {date}");
    }
    let visits = clock.stage("Visits", || {
        let mut node = process::program(project, "node");
        node.arg(project.path("tools/bench/browser/web.mjs"))
            .arg(&site)
            .args([ADDRESS, &options.item, PLATE, QUERY]);
        let text = process::capture(&mut node)?;
        serde_json::from_str::<BTreeMap<String, Visit>>(&text).map_err(|error| {
            Failure::malformed(
                &site,
                format!("the output of web.mjs is not valid: {error}"),
            )
        })
    })?;
    page.push_str(
        "\n| page | text | image or results | responds | kB until then | everything | kB | requests | layout shift |\n\
         |---|--:|--:|--:|--:|--:|--:|--:|--:|\n",
    );
    for (name, visit) in &visits {
        let seconds = |milliseconds: f64| format!("{:.1} s", milliseconds / 1000.0);
        let _ = writeln!(
            page,
            "| {name} | {} | {} | {} | {:.0} | {} | {:.0} | {:.0} | {:.3} |",
            seconds(visit.text),
            seconds(visit.image),
            seconds(visit.ready),
            visit.bytes_until_ready / 1000.0,
            seconds(visit.all),
            visit.bytes / 1000.0,
            visit.requests,
            visit.shifts,
        );
    }
    page.push_str(METHOD);
    std::fs::write(&options.out, page).map_err(Failure::file(&options.out))
}

const METHOD: &str = "
## Method

The line has 400 kbit/s and a round trip of 400 ms, the processor is slowed down four times, the screen is 360 pixels \
wide with two pixels per CSS pixel, and the cache is empty. One server sends the pages, TIFY and Mirador, compressed with Brotli. \
Each figure is the median of three visits. *Text* is the first contentful paint; *image* is the main image in the \
resolution of the screen, for the other viewers the first drawing of it; *responds* is the time at which the viewer runs.
";
