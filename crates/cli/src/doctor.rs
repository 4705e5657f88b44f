//! `khizana doctor`: the parts of the program and the helpers that are found on this computer.

use std::path::PathBuf;

use khizana_args::Args;
use khizana_model::{Message, message};
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
    adds: Message,
    /// The way to install it.
    install: Message,
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
            adds: message!(
                "HEIC and AVIF images are displayed; without it, they are only preserved and offered for download"
            ),
            install: message!(
                "the package libheif-examples (Debian, Ubuntu), libheif-tools (Fedora) or libheif (Homebrew)"
            ),
        }],
    };
    output::result(args.json, &report, || lines(&report))?;
    Ok(report.viewer)
}

fn lines(report: &Report) -> Vec<String> {
    let commit = report
        .commit
        .map_or_else(String::new, |commit| format!(" ({commit})"));
    let viewer = match report.viewer {
        true => message!("viewer: built in"),
        false => message!(
            "viewer: missing: the program cannot publish. Build it with `cargo xtask web`, then build the program again"
        ),
    };
    let processors = message!("processors: {count}", count = report.processors);
    let mut lines = vec![
        format!("khizana {}{commit}", report.version),
        output::text(&viewer),
        output::text(&processors),
    ];
    for helper in &report.helpers {
        let name = helper.name;
        let found = match &helper.path {
            Some(path) => message!("{name}: {path}", name, path = path.display()),
            None => message!("{name}: not found", name),
        };
        lines.push(output::text(&found));
        lines.push(format!("  {}", output::text(&helper.adds)));
        if helper.path.is_none() {
            let install = helper.install.clone();
            let install = message!("To install it: {install}", install);
            lines.push(format!("  {}", output::text(&install)));
        }
    }
    lines
}
