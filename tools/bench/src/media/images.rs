//! The test images. libvips generates them from a seed: noise at five scales in each channel, with
//! edges, smooth areas and grain as in a photograph.

use std::path::{Path, PathBuf};

use super::vips::vips;
use crate::search::remove;
use xtask::failure::Failure;
use xtask::process;
use xtask::project::Project;

const WIDTH: u32 = 12_000;
const HEIGHT: u32 = 11_667;

/// The paths of the large image in two formats.
pub struct LargeImage {
    pub jpeg: PathBuf,
    pub tiff: PathBuf,
}

fn run_vips(project: &Project, arguments: &str, folder: &Path) -> Result<(), Failure> {
    process::run(vips(project, arguments).current_dir(folder))
}

/// Generates the large image, unless it already exists.
pub fn large(project: &Project, folder: &Path) -> Result<LargeImage, Failure> {
    let large = LargeImage {
        jpeg: folder.join("large.jpg"),
        tiff: folder.join("large.tif"),
    };
    if large.jpeg.is_file() && large.tiff.is_file() {
        return Ok(large);
    }
    for band in 0..3 {
        let cells = [(512, 60), (128, 36), (32, 18), (8, 9)];
        let mut names = Vec::new();
        for (number, (cell, height)) in cells.iter().enumerate() {
            let seed = 10 * band + number;
            let name = format!("noise-{number}.v");
            run_vips(
                project,
                &format!("perlin tmp.v {WIDTH} {HEIGHT} --cell-size {cell} --seed {seed}"),
                folder,
            )?;
            run_vips(project, &format!("linear tmp.v {name} {height} 0"), folder)?;
            names.push(name);
        }
        let grain =
            format!("gaussnoise noise-4.v {WIDTH} {HEIGHT} --mean 128 --sigma 3 --seed {band}");
        run_vips(project, &grain, folder)?;
        names.push("noise-4.v".into());
        let mut sum = vips(project, "sum");
        sum.arg(names.join(" ")).arg("tmp.v").current_dir(folder);
        process::run(&mut sum)?;
        run_vips(project, &format!("cast tmp.v band-{band}.v uchar"), folder)?;
        for name in names {
            remove(&folder.join(name))?;
        }
    }
    let mut join = vips(project, "bandjoin");
    join.arg("band-0.v band-1.v band-2.v").arg("joined.v");
    process::run(join.current_dir(folder))?;
    run_vips(
        project,
        "copy joined.v large.v --interpretation srgb",
        folder,
    )?;
    run_vips(project, "copy large.v large.jpg[Q=90]", folder)?;
    // The TIFF file has the same pixels as the JPEG file.
    run_vips(
        project,
        "copy large.jpg large.tif[compression=deflate,predictor=horizontal]",
        folder,
    )?;
    for name in [
        "band-0.v", "band-1.v", "band-2.v", "joined.v", "large.v", "tmp.v",
    ] {
        remove(&folder.join(name))?;
    }
    Ok(large)
}

/// Creates a source of photographs that have 2 to 12 megapixels and are crops of the large image.
pub fn photographs(
    project: &Project,
    folder: &Path,
    large: &Path,
    count: usize,
) -> Result<PathBuf, Failure> {
    let source = folder.join(format!("photographs-{count}"));
    let table = source.join("metadata.csv");
    if table.is_file() {
        return Ok(source);
    }
    std::fs::create_dir_all(&source).map_err(Failure::file(&source))?;
    // Crops of an uncompressed image are faster than crops of the JPEG file.
    let raw = folder.join("large.v");
    process::run(vips(project, "copy").arg(large).arg(&raw))?;
    let mut rows = String::from("id,title@en,file\n");
    for number in 0..count {
        // The sizes are 2, 3, 4, … 12 megapixels, alternately in landscape and portrait
        // orientation.
        let pixels = (2 + number as u64 % 11) * 1_000_000;
        let long_side = (pixels * 4 / 3).isqrt();
        let short_side = long_side * 3 / 4;
        let (width, height) = if number % 2 == 0 {
            (long_side, short_side)
        } else {
            (short_side, long_side)
        };
        let left = number as u64 * 7919 % (u64::from(WIDTH) - width);
        let top = number as u64 * 104_729 % (u64::from(HEIGHT) - height);
        let name = format!("{number:04}.jpg");
        let mut command = vips(project, "extract_area");
        command.arg(&raw);
        command.arg(format!("{}[Q=88]", source.join(&name).display()));
        command.args([left, top, width, height].map(|n| n.to_string()));
        process::run(&mut command)?;
        rows.push_str(&format!("p{number},Photograph {number},{name}\n"));
    }
    remove(&raw)?;
    std::fs::write(&table, rows).map_err(Failure::file(&table))?;
    Ok(source)
}

/// Number of copies of the large image in each direction that the huge image consists of.
const COPIES: u32 = 3;

/// Number of megapixels of the huge image.
pub const HUGE_MEGAPIXELS: u32 = WIDTH * HEIGHT / 1_000_000 * COPIES * COPIES;

/// The paths of the huge image in three formats.
pub struct HugeImage {
    pub jpeg: PathBuf,
    /// A TIFF with Deflate, in tiles of 256 pixels.
    pub tiles: PathBuf,
    /// A BigTIFF without compression, in strips.
    pub strips: PathBuf,
}

/// Generates the huge image from copies of the large image, unless it already exists.
pub fn huge(project: &Project, folder: &Path, large: &Path) -> Result<HugeImage, Failure> {
    let huge = HugeImage {
        jpeg: folder.join("huge.jpg"),
        tiles: folder.join("huge-tiles.tif"),
        strips: folder.join("huge-strips.tif"),
    };
    // An uncompressed image is read faster than the JPEG file.
    let raw = folder.join("large.v");
    let files = [
        (&huge.jpeg, "[Q=90]"),
        (
            &huge.tiles,
            "[tile,tile-width=256,tile-height=256,compression=deflate,predictor=horizontal]",
        ),
        (&huge.strips, "[bigtiff]"),
    ];
    for (path, options) in files.iter().filter(|(path, _)| !path.is_file()) {
        if !raw.is_file() {
            process::run(vips(project, "copy").arg(large).arg(&raw))?;
        }
        let mut replicate = vips(project, "replicate");
        replicate.arg(&raw);
        replicate.arg(format!("{}{options}", path.display()));
        process::run(replicate.args([COPIES.to_string(), COPIES.to_string()]))?;
    }
    if raw.is_file() {
        remove(&raw)?;
    }
    Ok(huge)
}
