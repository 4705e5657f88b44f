//! The command-line program `khizana`: arguments, progress bars and messages.
//!
//! The commands themselves are implemented in the other crates.

mod check_report;
mod commands;
mod deployment;
mod desktop;
mod doctor;
mod estimate;
mod failure;
mod help;
mod ingested;
mod language;
mod nearby;
mod output;
mod preview;
mod progress_bar;
mod report;
mod sharding;
mod terminal;
mod usage;
mod verification;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches};
use khizana_args::Args;

/// The files of the built viewer: their names and contents, sorted by name.
static VIEWER: &khizana_publish::Viewer<'static> = include!(concat!(env!("OUT_DIR"), "/viewer.rs"));

#[global_allocator]
static ALLOCATOR: khizana_memory::BySize = khizana_memory::BySize;

/// The version with the commit, if it was stated during the build.
const LONG_VERSION: &str = env!("KHIZANA_VERSION");

fn main() -> ExitCode {
    let Some(start) = desktop::Start::find() else {
        return run(std::env::args_os().collect());
    };
    language::set(language::find(&[]));
    let Some(arguments) = start.arguments() else {
        return ExitCode::SUCCESS;
    };
    let status = run(arguments.into());
    if status != ExitCode::SUCCESS {
        desktop::wait();
    }
    status
}

fn run(arguments: Vec<OsString>) -> ExitCode {
    language::set(language::find(&arguments));
    let args = parse(arguments);
    output::set_quiet(args.quiet);
    match commands::run(&args).map_err(|failure| nearby::advise(failure, &args.archive)) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(failure) => {
            output::failure(&failure, args.json);
            ExitCode::from(2)
        }
    }
}

/// Parses arguments, the first of which is the name of the program. Prints the problem and exits if they are invalid.
fn parse(arguments: Vec<OsString>) -> Args {
    let command = Args::command().long_version(LONG_VERSION);
    let command = help::in_language(command, language::current());
    let matches = command.try_get_matches_from(arguments);
    matches
        .and_then(|matches| Args::from_arg_matches(&matches))
        .unwrap_or_else(|error| usage::exit(&error))
}
