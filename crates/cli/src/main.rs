//! The command-line program `khizana`: arguments, progress bars and messages.
//!
//! The commands themselves are implemented in the other crates.

mod args;
mod check_report;
mod commands;
mod doctor;
mod failure;
mod nearby;
mod output;
mod preview;
mod progress_bar;
mod report;
mod terminal;
mod verification;

use std::process::ExitCode;

use clap::Parser;

/// The files of the built viewer: their names and contents, sorted by name.
static VIEWER: &khizana_publish::Viewer<'static> = include!(concat!(env!("OUT_DIR"), "/viewer.rs"));

#[global_allocator]
static ALLOCATOR: khizana_memory::BySize = khizana_memory::BySize;

fn main() -> ExitCode {
    let args = args::Args::parse();
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
