//! Set-up, demonstration, tests and benchmarks for people who work on Khizana.
//!
//! Run as `cargo xtask COMMAND`. Whatever a command needs and the machine lacks is installed first,
//! after saying what and why; `cargo xtask doctor` only looks.

mod bench;
mod clock;
mod demo;
mod doctor;
mod failure;
mod files;
mod need;
mod process;
mod project;
mod setup;
mod test;
mod web;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::failure::Failure;
use crate::project::Project;

/// Set-up, demonstration and tests of Khizana.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Say what is installed and what is missing; install nothing.
    Doctor,
    /// Build the viewer into web/dist, where anything it is made of has changed.
    Web,
    /// Draw the demonstration archive, ingest it, publish it and serve it.
    Demo {
        /// Stop once the site is published.
        #[arg(long)]
        no_serve: bool,
        /// The port to serve on.
        #[arg(long, default_value_t = 8080)]
        port: u16,
    },
    /// Run every check and every test.
    Test,
    /// Measure, beside a peer. Takes minutes to hours; never part of the tests.
    Bench {
        #[command(subcommand)]
        what: Bench,
    },
}

#[derive(Subcommand)]
enum Bench {
    /// Index the same records with Khizana and with Pagefind, ask both the same queries in the same
    /// browser, and write the figures as a page of the documentation.
    Search(bench::Options),
    /// Make what is shown of one very large image and of many photographs, with Khizana and with
    /// libvips, and write the figures as a page of the documentation.
    Media(bench::MediaOptions),
}

fn main() -> ExitCode {
    match run(&Arguments::parse().command) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(failure) => {
            eprintln!("error[{}]: {failure}", failure.code());
            ExitCode::from(2)
        }
    }
}

/// Runs a command; `false` where it ran and found something wrong.
fn run(command: &Command) -> Result<bool, Failure> {
    let project = Project::find()?;
    match command {
        Command::Doctor => Ok(doctor::run(&project)),
        Command::Web => {
            setup::ensure(&project, need::WEB)?;
            web::build(&project)?;
            Ok(web::size::report(&project)?.fits())
        }
        Command::Demo { no_serve, port } => demo::run(&project, !no_serve, *port).map(|()| true),
        Command::Test => test::run(&project),
        Command::Bench {
            what: Bench::Search(options),
        } => bench::search(&project, options).map(|()| true),
        Command::Bench {
            what: Bench::Media(options),
        } => bench::media(&project, options).map(|()| true),
    }
}
