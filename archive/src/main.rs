//! Generator of the demonstration archive: astrolabes, star patterns, places and sounds.
//!
//! All content is computed. The output of a build is reproducible byte for byte.

mod abjad;
mod astrolabe;
mod book;
mod canvas;
mod error;
mod film;
mod lettering;
mod maqam;
mod names;
mod output;
mod pattern;
mod pdf;
mod places;
mod projection;
mod stars;
mod table;
mod tiling;
mod woff;
mod works;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;

/// Generates the demonstration archive of Khizana: three source folders that can be ingested.
#[derive(Debug, Parser)]
#[command(name = "khizana-demo", version)]
struct Arguments {
    /// Output folder. It is created if it does not exist.
    out: PathBuf,
    /// Folder of the Amiri fonts, which `npm ci` installs.
    #[arg(long, default_value = "node_modules/@fontsource/amiri/files")]
    fonts: PathBuf,
    /// Generate only the frames and the sound of the film, for encoding.
    #[arg(long)]
    film: bool,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let result = match arguments.film {
        true => film::write_frames(&arguments.out),
        false => works::generate_all(&arguments.out, &arguments.fonts),
    };
    match result {
        Ok(files) => {
            eprintln!("wrote {files} files to {}", arguments.out.display());
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}
