//! Takes a source into an archive and prints the summary: `ingest ARCHIVE SOURCE`. The crash test
//! starts and kills it; it also serves to measure without the command line's own costs.

use std::path::Path;
use std::process::ExitCode;

use khizana_ingest::pipeline::{Quiet, ingest};

fn main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1);
    let (Some(archive), Some(source)) = (arguments.next(), arguments.next()) else {
        eprintln!("usage: ingest ARCHIVE SOURCE");
        return ExitCode::from(2);
    };
    match ingest(Path::new(&archive), Path::new(&source), &Quiet) {
        Ok(summary) => {
            println!("{}", serde_json::to_string(&summary).unwrap_or_default());
            ExitCode::from(u8::from(summary.has_errors()))
        }
        Err(error) => {
            eprintln!("error[{}]: {error}. {}", error.code(), error.remedy());
            ExitCode::from(2)
        }
    }
}
