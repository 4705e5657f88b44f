//! The frame rate and the memory of the viewer while the large image is moved.

use std::path::Path;

use serde::Deserialize;

use super::khizana;
use xtask::failure::Failure;
use xtask::process;
use xtask::project::Project;

/// The frames, and the memory of the process that renders the page.
#[derive(Deserialize)]
pub struct Animation {
    /// Duration in seconds.
    pub seconds: f64,
    pub frames: f64,
    /// Number of frames that followed the previous frame within a sixtieth of a second.
    pub in_time: f64,
    /// 95th percentile of the time between two frames, in milliseconds.
    pub p95: f64,
    /// Memory after opening the view, in bytes.
    pub first_bytes: f64,
    /// Memory at the end, in bytes.
    pub last_bytes: f64,
    /// Peak memory in bytes.
    pub most_bytes: f64,
}

/// Moves the image that was published last for a number of seconds.
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
