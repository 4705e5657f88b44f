//! libvips' side.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::peak::{self, Cost};
use crate::search::removed;
use xtask::failure::Failure;
use xtask::process;
use xtask::project::Project;

/// `vips` with arguments separated by spaces.
pub fn vips(project: &Project, arguments: &str) -> Command {
    let mut command = process::program(project, "vips");
    command.args(arguments.split_whitespace());
    command
}

/// Where the tiles of the large image lie.
pub fn tiles_folder(folder: &Path) -> PathBuf {
    folder.join("vips-tiles")
}

/// Cuts an image into tiles.
pub fn tiles(project: &Project, folder: &Path, path: &Path) -> Result<Cost, Failure> {
    let tiles = tiles_folder(folder);
    removed(&tiles)?;
    let mut command = vips(project, "dzsave");
    command.arg(path).arg(&tiles);
    command.args(["--layout", "iiif3", "--tile-size", "512"]);
    peak::run(command.args(["--suffix", ".jpg[Q=80]"]))
}

/// Where what is made of the photographs lies.
pub fn all_folder(folder: &Path) -> PathBuf {
    folder.join("vips-all")
}

/// Of each photograph its hash, three widths and tiles; as many at once as there are processors. A
/// file by itself leaves the other processor idle most of the time.
pub fn all(project: &Project, folder: &Path, source: &Path) -> Result<Cost, Failure> {
    let out = all_folder(folder);
    removed(&out)?;
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
    peak::run(&mut command)
}
