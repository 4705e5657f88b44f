//! The program khizana: arguments, progress, messages. No logic of its own.

mod args;
mod bar;
mod commands;
mod failure;
mod output;

use std::process::ExitCode;

use clap::Parser;

/// The built viewer: the names of its files and their content, in the order of the names.
static VIEWER: &khizana_publish::Viewer<'static> = include!(concat!(env!("OUT_DIR"), "/viewer.rs"));

#[global_allocator]
static ALLOCATOR: khizana_memory::BySize = khizana_memory::BySize;

fn main() -> ExitCode {
    let args = args::Args::parse();
    match commands::run(&args) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(failure) => {
            output::failure(&failure, args.json);
            ExitCode::from(2)
        }
    }
}
