//! How soon the large image is seen over a slow line: in our viewer and in three others.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

use super::{own, vips};
use xtask::failure::Failure;
use xtask::process;
use xtask::project::Project;

/// What one viewer took, in milliseconds from the start.
#[derive(Deserialize)]
pub struct Times {
    /// The picture is there at the size of the screen; the page of ours alone has one.
    pub visible: Option<f64>,
    /// The index of a pack, or the first tile, is asked for.
    pub index: Option<f64>,
    /// The first tile is asked for.
    pub first: Option<f64>,
    /// The last of what the screen needs is here.
    pub sharp: Option<f64>,
    /// What went over the line, in bytes.
    pub bytes: f64,
}

/// A viewer.
pub struct Opened {
    pub name: String,
    pub times: Times,
}

/// Opens the image that was published last, and its tiles by libvips.
pub fn run(project: &Project, folder: &Path) -> Result<Vec<Opened>, Failure> {
    let mut node = process::program(project, "node");
    node.arg(project.path("tools/bench/browser/opening.mjs"));
    node.arg(own::site(folder)).arg(vips::tiles_folder(folder));
    let text = process::capture(&mut node)?;
    let times: BTreeMap<String, Times> = serde_json::from_str(&text)
        .map_err(|error| Failure::malformed(folder, format!("opening.mjs: {error}")))?;
    let opened = times.into_iter();
    Ok(opened.map(|(name, times)| Opened { name, times }).collect())
}
