//! The time that the viewer of Khizana and three other viewers take to display the large image over
//! a slow line.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

use super::{khizana, vips};
use xtask::failure::Failure;
use xtask::process;
use xtask::project::Project;

/// The times measured in one viewer, in milliseconds since the start of navigation.
#[derive(Deserialize)]
pub struct Times {
    /// Time at which an image that fills the screen is displayed. Only the page of Khizana contains
    /// such an image.
    pub visible: Option<f64>,
    /// Time at which the index of the tile pack or the first tile is requested.
    pub index: Option<f64>,
    /// Time at which the first tile is requested.
    pub first: Option<f64>,
    /// Time at which all image data for the current view has been received.
    pub sharp: Option<f64>,
    /// Number of bytes that were transferred.
    pub bytes: f64,
}

/// The result of opening the image in a viewer.
pub struct Opening {
    pub name: String,
    pub times: Times,
}

/// Opens the most recently published image, and the tiles created with libvips.
pub fn run(project: &Project, folder: &Path) -> Result<Vec<Opening>, Failure> {
    let mut node = process::program(project, "node");
    node.arg(project.path("tools/bench/browser/opening.mjs"));
    node.arg(khizana::site(folder))
        .arg(vips::tiles_folder(folder));
    let text = process::capture(&mut node)?;
    let times: BTreeMap<String, Times> = serde_json::from_str(&text).map_err(|error| {
        Failure::malformed(
            folder,
            format!("the output of opening.mjs is not valid: {error}"),
        )
    })?;
    Ok(times
        .into_iter()
        .map(|(name, times)| Opening { name, times })
        .collect())
}
