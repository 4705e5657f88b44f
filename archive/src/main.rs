//! Draws the demonstration archive: astrolabes, star patterns, places and sounds,
//! from facts alone. The same program draws the same bytes every time.

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

/// Draws the demonstration archive of Khizana: three folders ready to ingest.
#[derive(Debug, Parser)]
#[command(name = "khizana-demo", version)]
struct Arguments {
    /// The folder to draw into; it is made if it is not there.
    out: PathBuf,
    /// The folder of the Amiri fonts, as `npm ci` lays them down.
    #[arg(long, default_value = "node_modules/@fontsource/amiri/files")]
    fonts: PathBuf,
    /// Draws the frames of the film into that folder instead, to be encoded.
    #[arg(long)]
    film: bool,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let drawn = match arguments.film {
        true => film::frames(&arguments.out),
        false => works::draw_all(&arguments.out, &arguments.fonts),
    };
    match drawn {
        Ok(files) => {
            eprintln!("{files} files drawn into {}", arguments.out.display());
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}
