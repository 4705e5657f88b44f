//! The frame rate and the memory use of the viewer while the large image is moved.

use std::path::Path;

use serde::Deserialize;

use super::khizana;
use xtask::failure::Failure;
use xtask::process;
use xtask::project::Project;

/// The frame rate of the page, and the memory use of the process that renders it.
#[derive(Deserialize)]
pub struct Animation {
    /// Duration of the animation, in seconds.
    pub seconds: f64,
    pub frames: f64,
    /// Number of frames that were displayed within a sixtieth of a second after the previous frame.
    pub in_time: f64,
    /// 95th percentile of the time between two frames, in milliseconds.
    pub p95: f64,
    /// Memory use after the view has been opened, in bytes.
    pub first_bytes: f64,
    /// Memory use at the end, in bytes.
    pub last_bytes: f64,
    /// Peak memory use, in bytes.
    pub most_bytes: f64,
}

/// Moves the most recently published image for a number of seconds.
pub fn run(project: &Project, folder: &Path, seconds: u32) -> Result<Animation, Failure> {
    let mut node = process::program(project, "node");
    node.arg(project.path("tools/bench/browser/animation.mjs"));
    node.arg(khizana::site(folder)).arg(seconds.to_string());
    let text = process::capture(&mut node)?;
    serde_json::from_str(&text).map_err(|error| {
        Failure::malformed(
            folder,
            format!("the output of animation.mjs is not valid: {error}"),
        )
    })
}
