//! The benchmark of deployments: a site with many files, to a server with the interface of S3.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use clap::Args;
use xtask::clock::Clock;
use xtask::failure::Failure;
use xtask::project::Project;
use xtask::{files, process, requirement, setup, web};

use super::resource_usage::{self, ResourceUsage};
use super::search::remove;
use super::server::Server;
use super::{khizana, machine};

/// Options of the benchmark.
#[derive(Args)]
pub struct Options {
    /// Number of items, each of which has an original and is at least one more file of the site.
    #[arg(long, default_value_t = 10_000)]
    items: u32,
    /// Number of files that are uploaded at the same time.
    #[arg(long, default_value_t = 16)]
    connections: u32,
    /// Page to write.
    #[arg(long, default_value = "docs/src/bench-deploy.md")]
    out: PathBuf,
}

/// Number of repetitions of each measurement. The median is reported.
const REPETITIONS: u32 = 3;
/// The ports of the server, which SeaweedFS uses by default.
const PORT: u16 = 8333;
const ENDPOINT: &str = "http://127.0.0.1:8333";
const KEY: &str = "bench";
const SECRET: &str = "bench-secret";

/// Measures deployments and writes the results to a page of the documentation.
pub fn run(project: &Project, options: &Options) -> Result<(), Failure> {
    let mut clock = Clock::default();
    clock.stage("Set-up", || {
        setup::install_missing(project, requirement::BUILD)?;
        setup::install_missing(project, requirement::DEPLOY)?;
        web::build(project)?;
        let build = "build --release --package khizana-cli";
        process::run(&mut process::cargo(project, build))
    })?;
    let folder = project.target("bench/deploy");
    remove(&folder)?;
    let bench = Bench {
        project,
        folder,
        connections: options.connections.to_string(),
    };
    let archive = clock.stage("Publishing", || bench.publish(options.items))?;
    let page = clock.stage("Uploads", || bench.compare(&archive))?;
    std::fs::write(&options.out, page).map_err(Failure::file(&options.out))?;
    remove(&bench.folder)
}

struct Bench<'a> {
    project: &'a Project,
    folder: PathBuf,
    connections: String,
}

impl Bench<'_> {
    /// Publishes a site without pages of items, so that almost all files are immutable.
    fn publish(&self, items: u32) -> Result<PathBuf, Failure> {
        let (archive, source) = (self.folder.join("archive"), self.folder.join("source"));
        std::fs::create_dir_all(&source).map_err(Failure::file(&source))?;
        let run = |arguments: &[&str], path: &Path| {
            let mut command = khizana::command(self.project);
            command.args(arguments).arg(path).arg("--json");
            command.stdout(Stdio::null()).stderr(Stdio::null());
            command
        };
        process::run(&mut run(&["init"], &archive))?;
        let mut table = String::from("id,title@en,file,rights\n");
        for number in 0..items {
            let text = format!("Text of item {number}. ").repeat(100);
            write(&source.join(format!("{number}.txt")), &text)?;
            let _ = writeln!(
                table,
                "item-{number},Title {number},{number}.txt,https://creativecommons.org/publicdomain/mark/1.0/"
            );
        }
        write(&source.join("metadata.csv"), &table)?;
        process::run(run(&["ingest"], &source).arg("--archive").arg(&archive))?;
        process::run(&mut run(
            &["publish", "--pages", "none", "--archive"],
            &archive,
        ))?;
        Ok(archive)
    }

    fn start(&self) -> Result<Server, Failure> {
        let data = self.folder.join("data");
        std::fs::create_dir_all(&data).map_err(Failure::file(&data))?;
        let config = self.folder.join("s3.json");
        write(
            &config,
            &format!(
                r#"{{"identities":[{{"name":"bench","credentials":[{{"accessKey":"{KEY}","secretKey":"{SECRET}"}}],"actions":["Admin","Read","Write","List"]}}]}}"#
            ),
        )?;
        let mut command = requirement::seaweedfs_command(self.project);
        command
            .args(["server", "-ip=127.0.0.1", "-ip.bind=127.0.0.1", "-s3"])
            .arg(format!("-dir={}", data.display()))
            .arg(format!("-s3.config={}", config.display()));
        Server::start(command, PORT)
    }

    fn rclone(&self, arguments: &[&str]) -> Command {
        let mut command = process::program(self.project, "rclone");
        command
            .args(arguments)
            .args([
                "--transfers",
                &self.connections,
                "--checkers",
                &self.connections,
            ])
            .args(["--config", "/dev/null", "--s3-provider", "Other"])
            .args(["--s3-endpoint", ENDPOINT, "--s3-access-key-id", KEY])
            .args(["--s3-secret-access-key", SECRET, "--s3-no-check-bucket"])
            // With this variable, rclone 1.60 ignores the settings of the connection.
            .env_remove("AWS_CA_BUNDLE");
        command
    }

    fn khizana(&self, archive: &Path, bucket: &str) -> Command {
        let mut command = khizana::command(self.project);
        command
            .args(["deploy", &format!("s3://{bucket}"), "--endpoint", ENDPOINT])
            .args(["--connections", &self.connections, "--archive"])
            .arg(archive)
            .env("AWS_ACCESS_KEY_ID", KEY)
            .env("AWS_SECRET_ACCESS_KEY", SECRET);
        command
    }

    /// Uploads the site to new buckets with both programs in turns.
    fn compare(&self, archive: &Path) -> Result<String, Failure> {
        let _server = self.start()?;
        let site = archive.join("site");
        let site = site.to_string_lossy();
        let (mut first, mut peer_first) = (Vec::new(), Vec::new());
        let (mut again, mut peer_again) = (Vec::new(), Vec::new());
        for round in 0..REPETITIONS {
            let (bucket, peer) = (format!("khizana-{round}"), format!("rclone-{round}"));
            for bucket in [&bucket, &peer] {
                process::run(&mut self.rclone(&["mkdir", &format!(":s3:{bucket}")]))?;
            }
            let destination = format!(":s3:{peer}");
            let copy = || self.rclone(&["copy", &site, &destination]);
            first.push(resource_usage::run(&mut self.khizana(archive, &bucket))?);
            peer_first.push(resource_usage::run(&mut copy())?);
            again.push(resource_usage::run(&mut self.khizana(archive, &bucket))?);
            peer_again.push(resource_usage::run(&mut copy())?);
        }
        let count = files::below(&archive.join("site"), &[])?.len();
        let mut page = String::from(
            "# Deploying\n\n`cargo xtask bench deploy` writes this page. The site is generated.\n\n",
        );
        for line in machine::describe(self.project, None) {
            let _ = writeln!(page, "- {line}");
        }
        let (first, peer_first) = (median(first), median(peer_first));
        let (again, peer_again) = (median(again), median(peer_again));
        let _ = writeln!(
            page,
            "\n| {count} files to SeaweedFS, {} connections | Khizana | rclone | ratio |\n|---|--:|--:|--:|",
            self.connections
        );
        for (name, ours, peer) in [
            ("first upload", &first, &peer_first),
            ("again, nothing changed", &again, &peer_again),
        ] {
            let _ = writeln!(
                page,
                "| {name} | {:.2} s | {:.2} s | {:.2} |",
                ours.seconds,
                peer.seconds,
                ours.seconds / peer.seconds
            );
        }
        let megabytes = |usage: &ResourceUsage| usage.peak_bytes.unwrap_or(0) / 1_000_000;
        let _ = writeln!(
            page,
            "| memory of the first upload | {} MB | {} MB | |",
            megabytes(&first),
            megabytes(&peer_first)
        );
        page.push_str(METHOD);
        Ok(page)
    }
}

const METHOD: &str = "
## Method

Times are medians of three runs in turns, each to a new bucket of a server on the same machine, which needs most of the \
processor. Khizana compares the SHA-256 of each file with the manifest of the site before it sends it, and compresses \
texts. `rclone copy` sends the files as they are; it compares sizes and times, and has no order of files.
";

/// Returns the median of the times and the maximum of the memory.
fn median(mut usages: Vec<ResourceUsage>) -> ResourceUsage {
    let peak_bytes = usages.iter().filter_map(|usage| usage.peak_bytes).max();
    usages.sort_by(|a, b| a.seconds.total_cmp(&b.seconds));
    ResourceUsage {
        seconds: usages
            .get(usages.len() / 2)
            .map(|usage| usage.seconds)
            .unwrap_or_default(),
        peak_bytes,
    }
}

fn write(path: &Path, text: &str) -> Result<(), Failure> {
    std::fs::write(path, text).map_err(Failure::file(path))
}
