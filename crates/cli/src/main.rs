//! The command-line program `khizana`: arguments, progress bars and messages.
//!
//! The commands themselves are implemented in the other crates.

mod args;
mod check_report;
mod commands;
mod doctor;
mod failure;
mod help;
mod language;
mod nearby;
mod output;
mod preview;
mod progress_bar;
mod report;
mod terminal;
mod usage;
mod verification;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches};

use crate::args::Args;

/// The files of the built viewer: their names and contents, sorted by name.
static VIEWER: &khizana_publish::Viewer<'static> = include!(concat!(env!("OUT_DIR"), "/viewer.rs"));

#[global_allocator]
static ALLOCATOR: khizana_memory::BySize = khizana_memory::BySize;

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args_os().collect();
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
    let command = help::in_language(Args::command(), language::current());
    let matches = command.try_get_matches_from(arguments);
    matches
        .and_then(|matches| Args::from_arg_matches(&matches))
        .unwrap_or_else(|error| usage::exit(&error))
}
