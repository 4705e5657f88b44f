//! `khizana doctor`: the parts of the program and the helpers that are found on this computer.

use std::path::PathBuf;

use khizana_args::Args;
use serde::Serialize;

use crate::failure::Failure;
use crate::{VIEWER, output};

/// The report. `doctor --json` prints it.
#[derive(Debug, Serialize)]
struct Report {
    /// Version of the program.
    version: &'static str,
    /// Commit from which the program was built, if it was stated during the build.
    commit: Option<&'static str>,
    /// `true` if the program contains the viewer, without which it cannot publish.
    viewer: bool,
    /// Number of processors that are used.
    processors: usize,
    helpers: Vec<Helper>,
}

/// A program that adds a capability.
#[derive(Debug, Serialize)]
struct Helper {
    name: &'static str,
    /// The path. `None` if it is not found.
    path: Option<PathBuf>,
    /// The capability.
    adds: &'static str,
    /// The way to install it.
    install: &'static str,
}

/// Runs the command.
///
/// # Errors
/// Returns an error if the document cannot be serialized.
pub fn run(args: &Args) -> Result<bool, Failure> {
    let report = Report {
        version: env!("CARGO_PKG_VERSION"),
        commit: option_env!("KHIZANA_COMMIT"),
        viewer: !VIEWER.is_empty(),
        processors: std::thread::available_parallelism().map_or(1, usize::from),
        helpers: vec![Helper {
            name: "libheif (heif-dec or heif-convert)",
            path: khizana_media::heif_program(),
            adds: "HEIC and AVIF images are displayed; without it, they are only preserved and offered for download",
            install: "the package libheif-examples (Debian, Ubuntu), libheif-tools (Fedora) or libheif (Homebrew)",
        }],
    };
    output::result(args.json, &report, || text(&report))?;
    Ok(report.viewer)
}

fn text(report: &Report) -> String {
    let commit = report
        .commit
        .map_or_else(String::new, |commit| format!(" ({commit})"));
    let viewer = match report.viewer {
        true => "built in",
        false => {
            "missing: the program cannot publish. Build it with `cargo xtask web`, then build the program again"
        }
    };
    let mut lines = vec![
        format!("khizana {}{commit}", report.version),
        format!("viewer: {viewer}"),
        format!("processors: {}", report.processors),
    ];
    for helper in &report.helpers {
        lines.push(match &helper.path {
            Some(path) => format!("{}: {}\n  {}", helper.name, path.display(), helper.adds),
            None => format!(
                "{}: not found\n  {}\n  To install it: {}",
                helper.name, helper.adds, helper.install
            ),
        });
    }
    lines.join("\n")
}
