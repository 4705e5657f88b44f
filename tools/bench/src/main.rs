//! Benchmarks of Khizana against other programs, run with `cargo xtask bench NAME`.
//!
//! Each benchmark runs both programs in the same session and writes the results to a page of the
//! documentation. Benchmarks are not part of the tests.

mod data;
mod deploy;
mod figure;
mod folder;
mod goals;
mod khizana;
mod machine;
mod media;
mod pagefind;
mod queries;
mod ranking;
mod recipe;
mod report;
mod resource_usage;
mod results;
mod search;
mod server;
mod serving;
mod shards;
mod size;
mod source;
mod store;
mod web;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use xtask::failure::Failure;
use xtask::project::Project;

/// Benchmarks of Khizana against other programs.
#[derive(Parser)]
#[command(name = "cargo xtask bench", bin_name = "cargo xtask bench")]
struct Arguments {
    #[command(subcommand)]
    bench: Bench,
}

#[derive(Subcommand)]
enum Bench {
    /// Index the same records with Khizana and with Pagefind, run the same queries in the same
    /// browser, and write the results to a page of the documentation.
    Search(search::Options),
    /// Create tiles and derivatives of one very large image and of many photographs with Khizana
    /// and with libvips, and write the results to a page of the documentation.
    Media(media::Options),
    /// Verify a store, ingest unchanged sources again, and measure the size of the states, and write
    /// the results to a page of the documentation.
    Store(store::Options),
    /// Process scans on one and on two pinned cores, as if these were machines, merge the results, and write the
    /// times to a page of the documentation.
    Shards(shards::Options),
    /// Publish hundreds of thousands of records with and without pages, compare the local server with nginx, and write
    /// the results to a page of the documentation.
    Size(size::Options),
    /// Compare the order of the results of judged queries with that of SQLite FTS5, and write the
    /// results to a page of the documentation.
    Ranking(ranking::Options),
    /// Upload a site with many files to a server with the interface of S3 with Khizana and with rclone, and write the
    /// results to a page of the documentation.
    Deploy(deploy::Options),
    /// Visit the pages of a site on a slow line with a slow processor, compare them with TIFY and
    /// Mirador, and write the results to a page of the documentation.
    Web(web::Options),
}

fn main() -> ExitCode {
    match run(&Arguments::parse().bench) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("error[{}]: {failure}", failure.code());
            ExitCode::from(2)
        }
    }
}

fn run(bench: &Bench) -> Result<(), Failure> {
    let project = Project::find()?;
    match bench {
        Bench::Search(options) => search::run(&project, options),
        Bench::Media(options) => media::run(&project, options),
        Bench::Store(options) => store::run(&project, options),
        Bench::Shards(options) => shards::run(&project, options),
        Bench::Size(options) => size::run(&project, options),
        Bench::Ranking(options) => ranking::run(&project, options),
        Bench::Deploy(options) => deploy::run(&project, options),
        Bench::Web(options) => web::run(&project, options),
    }
}
