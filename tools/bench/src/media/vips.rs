//! Creation of tiles and derivatives with libvips.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::resource_usage::{self, ResourceUsage};
use crate::search::remove;
use xtask::failure::Failure;
use xtask::process;
use xtask::project::Project;

/// Returns a command that runs `vips`. The arguments are separated by spaces.
pub fn vips(project: &Project, arguments: &str) -> Command {
    let mut command = process::program(project, "vips");
    command.args(arguments.split_whitespace());
    command
}

/// Returns the folder of the tiles of the large image.
pub fn tiles_folder(folder: &Path) -> PathBuf {
    folder.join("vips-tiles")
}

/// Creates the tiles of an image, and measures the resource usage.
pub fn create_tiles(
    project: &Project,
    folder: &Path,
    path: &Path,
) -> Result<ResourceUsage, Failure> {
    let tiles = tiles_folder(folder);
    remove(&tiles)?;
    let mut command = vips(project, "dzsave");
    command.arg(path).arg(&tiles);
    command.args(["--layout", "iiif3", "--tile-size", "512"]);
    resource_usage::run(command.args(["--suffix", ".jpg[Q=80]"]))
}

/// Returns the folder of the tiles and derivatives of the photographs.
pub fn photographs_folder(folder: &Path) -> PathBuf {
    folder.join("vips-all")
}

/// Hashes all photographs, and creates their derivatives and tiles.
///
/// As many photographs are processed in parallel as there are processors, because a single
/// photograph does not use several processors most of the time.
pub fn process_photographs(
    project: &Project,
    folder: &Path,
    source: &Path,
) -> Result<ResourceUsage, Failure> {
    let out = photographs_folder(folder);
    remove(&out)?;
    std::fs::create_dir_all(&out).map_err(Failure::file(&out))?;
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let script = "name=$(basename \"$1\" .jpg); sha256sum \"$1\" > \"$2/$name.sha256\"; \
         for width in 400 1200 2400; do \
           vipsthumbnail \"$1\" --size ${width}x --output \"$2/$name-$width.jpg[Q=80]\"; \
         done; \
         vips dzsave \"$1\" \"$2/$name\" --layout iiif3 --tile-size 512 --suffix '.jpg[Q=80]'";
    let mut command = process::program(project, "sh");
    command.arg("-c").arg(
        "find \"$1\" -name '*.jpg' -print0 | xargs -0 -P \"$3\" -I '{}' sh -c \"$4\" sh '{}' \"$2\"",
    );
    command.arg("sh").arg(source).arg(&out);
    command.arg(cores.to_string()).arg(script);
    resource_usage::run(&mut command)
}
