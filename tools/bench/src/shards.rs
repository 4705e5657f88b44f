//! The benchmark of many machines: the same scans on one and on two cores, as if these were machines.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use clap::Args;
use xtask::clock::Clock;
use xtask::failure::Failure;
use xtask::project::Project;
use xtask::{process, requirement, setup, web};

use super::media::vips::vips;
use super::search::remove;
use super::{machine, resource_usage};

/// Options of the benchmark.
#[derive(Args)]
pub struct Options {
    /// Number of scans.
    #[arg(long, default_value_t = 2000)]
    scans: u32,
    /// Page to write.
    #[arg(long, default_value = "docs/src/bench-shards.md")]
    out: PathBuf,
    /// Date to print on the page.
    #[arg(long)]
    date: Option<String>,
}

/// Number of shards. Each machine processes several of them.
const SHARDS: u32 = 8;
/// Number of scans of an item.
const SCANS_PER_ITEM: u32 = 20;

/// Processes the scans on one and on two machines, and writes the results to a page of the documentation.
pub fn run(project: &Project, options: &Options) -> Result<(), Failure> {
    let mut clock = Clock::default();
    clock.stage("Set-up", || {
        setup::install_missing(project, requirement::BUILD)?;
        setup::install_missing(project, requirement::MEDIA)?;
        web::build(project)?;
        let build = "build --release --package khizana-cli";
        process::run(&mut process::cargo(project, build))
    })?;
    let folder = project.target("bench/shards");
    remove(&folder)?;
    let source = folder.join("source");
    clock.stage("The scans", || {
        write_source(project, &source, options.scans)
    })?;
    let mut page =
        String::from("# Many machines\n\n`cargo xtask bench shards` writes this page.\n\n");
    for line in machine::describe(project, None) {
        let _ = writeln!(page, "- {line}");
    }
    if let Some(date) = &options.date {
        let _ = writeln!(page, "- {date}");
    }
    let _ = writeln!(
        page,
        "\n| {} scans | one machine | two machines |\n|---|--:|--:|",
        options.scans
    );
    let one = clock.stage("One machine", || {
        measure(project, &source, &folder.join("one"), 1)
    })?;
    let two = clock.stage("Two machines", || {
        measure(project, &source, &folder.join("two"), 2)
    })?;
    for (name, one, two) in [
        ("`derive` of all shards", one.derive, two.derive),
        ("`merge`", one.merge, two.merge),
        ("both", one.total(), two.total()),
    ] {
        let _ = writeln!(page, "| {name} | {one:.1} s | {two:.1} s |");
    }
    let _ = writeln!(page, "| ratio | | {:.2} |", one.total() / two.total());
    page.push_str(METHOD);
    std::fs::write(&options.out, page).map_err(Failure::file(&options.out))
}

const METHOD: &str = "
## Method

A machine is a core to which the processes are pinned with `taskset`. Nothing else may run on the two cores. The scans \
are grey images of 1.4 megapixels with text and noise, 20 per item, in 8 shards.
";

/// The times of a run, in seconds.
struct Times {
    derive: f64,
    merge: f64,
}

impl Times {
    fn total(&self) -> f64 {
        self.derive + self.merge
    }
}

/// Returns a command that runs the program on a core.
fn pinned(project: &Project, core: u32) -> Command {
    let mut command = process::program(project, "taskset");
    command.args(["--cpu-list", &core.to_string()]);
    command.arg(project.release_program("khizana"));
    command
}

/// Measures the work on all shards on some machines, and the merge on one of them.
fn measure(
    project: &Project,
    source: &Path,
    archive: &Path,
    machines: u32,
) -> Result<Times, Failure> {
    process::run(pinned(project, 0).args(["init", "--quiet"]).arg(archive))?;
    let mut plan = pinned(project, 0);
    plan.args(["plan", "--quiet", "--shards", &SHARDS.to_string()]);
    process::run(plan.arg(source).arg("--archive").arg(archive))?;
    let plan = archive.join("plan.json");
    let start = Instant::now();
    std::thread::scope(|scope| {
        let machines: Vec<_> = (0..machines)
            .map(|core| {
                let plan = &plan;
                scope.spawn(move || {
                    let mut shards = (1..=SHARDS).filter(|shard| shard % machines == core);
                    shards.try_for_each(|shard| {
                        let mut derive = pinned(project, core);
                        derive.args(["derive", "--quiet", "--shard", &shard.to_string()]);
                        process::run(derive.arg("--plan").arg(plan))
                    })
                })
            })
            .collect();
        machines.into_iter().try_for_each(|machine| {
            let panicked = |_| Failure::malformed(&plan, "a thread panicked".to_owned());
            machine.join().map_err(panicked)?
        })
    })?;
    let derive = start.elapsed().as_secs_f64();
    let mut merge = pinned(project, 0);
    merge.args(["merge", "--quiet", "--plan"]).arg(&plan);
    let merge = resource_usage::run(merge.arg("--archive").arg(archive))?.seconds;
    Ok(Times { derive, merge })
}

/// Writes a source with scans. They are the same page, and differ in a comment in the file.
fn write_source(project: &Project, source: &Path, scans: u32) -> Result<(), Failure> {
    std::fs::create_dir_all(source).map_err(Failure::file(source))?;
    let at = |name: &str| source.join(name);
    let text =
        "The cabinet in which a library keeps its books, on a page that was scanned. ".repeat(36);
    let text_options = ["--width", "820", "--height", "1240", "--wrap", "word"];
    process::run(
        vips(project, "text")
            .arg(at("text.v"))
            .arg(&text)
            .args(text_options),
    )?;
    process::run(
        vips(project, "embed")
            .arg(at("text.v"))
            .arg(at("page.v"))
            .args(["90", "80", "1000", "1400"]),
    )?;
    process::run(
        vips(project, "gaussnoise")
            .arg(at("noise.v"))
            .args(["1000", "1400", "--sigma", "6", "--mean", "40"]),
    )?;
    process::run(vips(project, "invert").arg(at("page.v")).arg(at("paper.v")))?;
    process::run(
        vips(project, "add")
            .arg(at("paper.v"))
            .arg(at("noise.v"))
            .arg(at("sum.v")),
    )?;
    process::run(
        vips(project, "linear")
            .arg(at("sum.v"))
            .arg(at("scan.jpg[Q=85]"))
            .args(["0.85", "0", "--uchar"]),
    )?;
    let scan = at("scan.jpg");
    let page = std::fs::read(&scan).map_err(Failure::file(&scan))?;
    let (start, rest) = page
        .split_at_checked(2)
        .ok_or_else(|| Failure::malformed(&scan, "the file is too short".to_owned()))?;
    for name in [
        "text.v", "page.v", "noise.v", "paper.v", "sum.v", "scan.jpg",
    ] {
        let path = at(name);
        std::fs::remove_file(&path).map_err(Failure::file(&path))?;
    }
    let mut table = String::from("id,title@en,file");
    for number in 0..scans {
        // A comment segment: its marker, and its length with the two bytes of the length.
        let comment = format!("{number:08}");
        let scan = [start, b"\xFF\xFE\0\x0A", comment.as_bytes(), rest].concat();
        let path = at(&format!("{number}.jpg"));
        std::fs::write(&path, scan).map_err(Failure::file(&path))?;
        if number % SCANS_PER_ITEM == 0 {
            let item = number / SCANS_PER_ITEM;
            let _ = write!(table, "\nbook-{item},Book {item},");
        } else {
            table.push('|');
        }
        let _ = write!(table, "{number}.jpg");
    }
    table.push('\n');
    let path = at("metadata.csv");
    std::fs::write(&path, table).map_err(Failure::file(&path))
}
