//! How evenly the large image moves in our viewer, and what memory that takes.

use std::path::Path;

use serde::Deserialize;

use super::own;
use xtask::failure::Failure;
use xtask::process;
use xtask::project::Project;

/// What was counted of the frames, and of the memory of the process that renders the page.
#[derive(Deserialize)]
pub struct Motion {
    /// For how long it moved.
    pub seconds: f64,
    pub frames: f64,
    /// Frames that came a sixtieth of a second after the one before.
    pub in_time: f64,
    /// What 95 of 100 frames came within, in milliseconds.
    pub p95: f64,
    /// When the view was open.
    pub first_bytes: f64,
    pub last_bytes: f64,
    pub most_bytes: f64,
}

/// Moves the image that was published last, for so many seconds.
pub fn run(project: &Project, folder: &Path, seconds: u32) -> Result<Motion, Failure> {
    let mut node = process::program(project, "node");
    node.arg(project.path("tools/bench/browser/motion.mjs"));
    node.arg(own::site(folder)).arg(seconds.to_string());
    let text = process::capture(&mut node)?;
    serde_json::from_str(&text)
        .map_err(|error| Failure::malformed(folder, format!("motion.mjs: {error}")))
}
