//! The benchmark of the store: verification, repeated runs, and the size of the states.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use clap::Args;
use xtask::clock::Clock;
use xtask::failure::Failure;
use xtask::project::Project;
use xtask::{files, process, requirement, setup, web};

use super::resource_usage::{self, ResourceUsage};
use super::search::remove;
use super::{khizana, machine};

/// Options of the benchmark.
#[derive(Args)]
pub struct Options {
    /// Number of items with a file, whose store is verified.
    #[arg(long, default_value_t = 20_000)]
    objects: u32,
    /// Number of items without files, which are ingested again.
    #[arg(long, default_value_t = 69_202)]
    records: u32,
    /// Number of runs that change one item each.
    #[arg(long, default_value_t = 3650)]
    runs: u32,
    /// Page to write.
    #[arg(long, default_value = "docs/src/bench-store.md")]
    out: PathBuf,
    /// Date to print on the page.
    #[arg(long)]
    date: Option<String>,
}

/// Number of repetitions of each measurement. The median is reported.
const REPETITIONS: usize = 3;
/// Number of collections to which the runs that change one item are distributed.
const COLLECTIONS: u32 = 50;

/// Measures the store and writes the results to a page of the documentation.
pub fn run(project: &Project, options: &Options) -> Result<(), Failure> {
    let mut clock = Clock::default();
    clock.stage("Set-up", || {
        setup::install_missing(project, requirement::BUILD)?;
        web::build(project)?;
        let build = "build --release --package khizana-cli";
        process::run(&mut process::cargo(project, build))
    })?;
    let folder = project.target("bench/store");
    remove(&folder)?;
    let bench = Bench { project, folder };
    let mut page = String::from(
        "# The store\n\n`cargo xtask bench store` writes this page. All sources are generated.\n\n",
    );
    for line in machine::describe(project, None) {
        let _ = writeln!(page, "- {line}");
    }
    if let Some(date) = &options.date {
        let _ = writeln!(page, "- {date}");
    }
    page.push_str("\n| | |\n|---|--:|\n");
    clock.stage("Verification", || {
        bench.verification(options.objects, &mut page)
    })?;
    clock.stage("Repeated runs", || {
        bench.repetition(options.records, &mut page)
    })?;
    clock.stage("States", || bench.states(options.runs, &mut page))?;
    page.push_str(METHOD);
    std::fs::write(&options.out, page).map_err(Failure::file(&options.out))
}

const METHOD: &str = "
## Method

Times are medians of three runs in turns; memory is the peak of the process. Both verifications hash the same files, \
which are in the cache of the system: `khizana verify` also compares them with inventories, records and states. The \
items that are ingested again have no files. In the runs that change one item each, the changes are distributed to \
fifty collections; the size is that of the objects that contain the states, as the disk allocates it.
";

struct Bench<'a> {
    project: &'a Project,
    folder: PathBuf,
}

impl Bench<'_> {
    fn khizana(&self, archive: &Path, arguments: &[&str]) -> Command {
        let mut command = khizana::command(self.project);
        command
            .args(arguments)
            .arg("--archive")
            .arg(archive)
            .arg("--json");
        command
    }

    /// Creates an archive and an empty folder for its source.
    fn archive(&self, name: &str) -> Result<(PathBuf, PathBuf), Failure> {
        let (archive, source) = (
            self.folder.join(name),
            self.folder.join(format!("{name}-source")),
        );
        std::fs::create_dir_all(&source).map_err(Failure::file(&source))?;
        process::run(
            khizana::command(self.project)
                .arg("init")
                .arg(&archive)
                .arg("--json"),
        )?;
        Ok((archive, source))
    }

    /// Runs a command several times and returns the median time with the largest memory.
    fn median(&self, command: impl Fn() -> Command) -> Result<ResourceUsage, Failure> {
        let mut usages = Vec::new();
        for _ in 0..REPETITIONS {
            usages.push(resource_usage::run(&mut command())?);
        }
        Ok(median(&usages))
    }

    /// Compares the verification of a store with `sha256sum`.
    fn verification(&self, objects: u32, page: &mut String) -> Result<(), Failure> {
        let (archive, source) = self.archive("objects")?;
        let mut table = String::from("id,title@en,file\n");
        for number in 0..objects {
            // Digits of a linear congruential generator (Knuth), so that the files differ.
            let mut state = u64::from(number) + 1;
            let text: String = (0..150)
                .map(|_| {
                    state = state
                        .wrapping_mul(6_364_136_223_846_793_005)
                        .wrapping_add(1_442_695_040_888_963_407);
                    format!("{state:x} ")
                })
                .collect();
            write(&source.join(format!("{number}.txt")), &text)?;
            let _ = writeln!(table, "item-{number},Title {number},{number}.txt");
        }
        write(&source.join("metadata.csv"), &table)?;
        process::run(
            self.khizana(&archive, &["ingest"])
                .arg(&source)
                .stdout(std::process::Stdio::null()),
        )?;
        let store = archive.join("store");
        let peer = || {
            let mut command = process::program(self.project, "sh");
            command
                .args([
                    "-c",
                    "find \"$0\" -type f -print0 | xargs -0 -P2 -n 500 sha256sum",
                ])
                .arg(&store);
            command
        };
        // The first run of each fills the cache of the system.
        resource_usage::run(&mut peer())?;
        let (mut verifications, mut sums) = (Vec::new(), Vec::new());
        for _ in 0..REPETITIONS {
            verifications.push(resource_usage::run(
                &mut self.khizana(&archive, &["verify"]),
            )?);
            sums.push(resource_usage::run(&mut peer())?);
        }
        let (verification, sum) = (median(&verifications), median(&sums));
        let _ = writeln!(
            page,
            "| `khizana verify` of {objects} items with a file | {:.2} s |",
            verification.seconds
        );
        let _ = writeln!(
            page,
            "| `xargs -P2 sha256sum` of the same files | {:.2} s |",
            sum.seconds
        );
        let _ = writeln!(
            page,
            "| ratio | {:.2} |",
            verification.seconds / sum.seconds
        );
        let memory = verification.peak_bytes.unwrap_or(0) / 1_000_000;
        let _ = writeln!(page, "| memory of `khizana verify` | {memory} MB |");
        remove(&self.folder)
    }

    /// Measures runs that change nothing or one item.
    fn repetition(&self, records: u32, page: &mut String) -> Result<(), Failure> {
        let (archive, source) = self.archive("records")?;
        let table = |changed: &str| {
            let mut table = String::from("id,title@en,creator,date\n");
            for number in 0..records {
                let title = if number == 7 { changed } else { "Title" };
                let _ = writeln!(
                    table,
                    "item-{number},{title} {number},Creator {},19{:02}",
                    number % 900,
                    number % 100
                );
            }
            table
        };
        let path = source.join("metadata.csv");
        write(&path, &table("Title"))?;
        let ingest = || {
            let mut command = self.khizana(&archive, &["ingest"]);
            command.arg(&source);
            command
        };
        let publish = || self.khizana(&archive, &["publish", "--pages", "none"]);
        let first = resource_usage::run(&mut ingest())?;
        let again = self.median(ingest)?;
        resource_usage::run(&mut publish())?;
        let mut changed = Vec::new();
        for round in 0..REPETITIONS {
            write(&path, &table(&format!("Changed {round}")))?;
            resource_usage::run(&mut ingest())?;
            changed.push(resource_usage::run(&mut publish())?);
        }
        let _ = writeln!(
            page,
            "| `khizana ingest` of {records} items without files, first | {:.2} s |",
            first.seconds
        );
        let _ = writeln!(
            page,
            "| the same again, nothing changed | {:.2} s |",
            again.seconds
        );
        let _ = writeln!(
            page,
            "| `khizana publish --pages none` after one change | {:.2} s |",
            median(&changed).seconds
        );
        remove(&self.folder)
    }

    /// Measures the size of the states after many runs.
    fn states(&self, runs: u32, page: &mut String) -> Result<(), Failure> {
        let (archive, source) = self.archive("states")?;
        for run in 0..runs {
            let collection = source.join(format!("c{}", run % COLLECTIONS));
            std::fs::create_dir_all(&collection).map_err(Failure::file(&collection))?;
            let table = format!("id,title@en\nitem-{},Title {run}\n", run % COLLECTIONS);
            write(&collection.join("metadata.csv"), &table)?;
            let mut command = self.khizana(&archive, &["ingest"]);
            command.arg(&collection).stdout(std::process::Stdio::null());
            process::run(command.stderr(std::process::Stdio::null()))?;
        }
        let mut bytes = 0;
        let mut count = 0;
        for path in files::below(&archive.join("store"), &[])? {
            if path.to_string_lossy().contains("urn%3akhizana%3astates%3a") {
                bytes += allocated(&path)?;
                count += u32::from(path.ends_with("state.json.zst"));
            }
        }
        let _ = writeln!(
            page,
            "| states after {runs} runs that changed one item each | {count} |"
        );
        let _ = writeln!(
            page,
            "| size of their objects | {:.1} MB |",
            bytes as f64 / 1e6
        );
        let verify = resource_usage::run(&mut self.khizana(&archive, &["verify"]))?;
        let _ = writeln!(
            page,
            "| `khizana verify` of that store | {:.2} s |",
            verify.seconds
        );
        remove(&self.folder)
    }
}

/// Returns the size of a file as the disk allocates it, in bytes.
fn allocated(path: &Path) -> Result<u64, Failure> {
    let length = path.metadata().map_err(Failure::file(path))?.len();
    // The block size of most file systems.
    Ok(length.next_multiple_of(4096))
}

fn median(usages: &[ResourceUsage]) -> ResourceUsage {
    let mut seconds: Vec<f64> = usages.iter().map(|usage| usage.seconds).collect();
    seconds.sort_by(f64::total_cmp);
    ResourceUsage {
        seconds: seconds.get(seconds.len() / 2).copied().unwrap_or_default(),
        peak_bytes: usages.iter().filter_map(|usage| usage.peak_bytes).max(),
    }
}

fn write(path: &Path, text: &str) -> Result<(), Failure> {
    std::fs::write(path, text).map_err(Failure::file(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_has_the_largest_memory() {
        let usage = |seconds, bytes| ResourceUsage {
            seconds,
            peak_bytes: Some(bytes),
        };
        let median = median(&[usage(3.0, 1), usage(1.0, 9), usage(2.0, 2)]);
        assert!((median.seconds - 2.0).abs() < 1e-9);
        assert_eq!(median.peak_bytes, Some(9));
    }
}
