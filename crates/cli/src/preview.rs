//! `preview`: the address, and the browser.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use khizana_model::message;
use khizana_preview::{Options, Preview};
use khizana_store::config::CONFIG_FILE;

use crate::failure::Failure;
use crate::{VIEWER, output};

/// Runs a preview until the user ends it.
///
/// # Errors
/// Returns an error if the preview cannot be started.
pub fn run(options: Options, open_browser: bool) -> Result<bool, Failure> {
    let preview = Preview::start(options, VIEWER)?;
    let url = preview.url();
    output::message(&message!("Preview at {url} (press Ctrl+C to stop)", url));
    if open_browser && open(&url).is_err() {
        output::note(&message!(
            "The browser cannot be started. Open the address in a browser."
        ));
    }
    preview.run()?;
    Ok(true)
}

/// Returns the archive that was passed. The default, the current folder, need not be an archive.
pub fn archive(passed: &Path) -> Option<PathBuf> {
    let is_passed = passed != Path::new(".") || passed.join(CONFIG_FILE).is_file();
    is_passed.then(|| passed.to_owned())
}

/// Opens a URL in the default browser.
fn open(url: &str) -> std::io::Result<()> {
    let mut command = if cfg!(target_os = "windows") {
        let mut command = Command::new("cmd");
        command.args(["/C", "start", ""]);
        command
    } else if cfg!(target_os = "macos") {
        Command::new("open")
    } else {
        Command::new("xdg-open")
    };
    command
        .arg(url)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map(drop)
}
