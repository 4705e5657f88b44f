//! The images that are measured, drawn by libvips from a seed: noise of five sizes in each colour, which
//! has edges, smooth parts and grain as a photograph has.

use std::path::{Path, PathBuf};

use super::vips::vips;
use crate::search::removed;
use xtask::failure::Failure;
use xtask::process;
use xtask::project::Project;

const WIDTH: u32 = 12_000;
const HEIGHT: u32 = 11_667;

/// The large image, twice.
pub struct Large {
    pub jpeg: PathBuf,
    pub tiff: PathBuf,
}

fn ran(project: &Project, arguments: &str, folder: &Path) -> Result<(), Failure> {
    process::run(vips(project, arguments).current_dir(folder))
}

/// Draws the large image, unless it is there.
pub fn large(project: &Project, folder: &Path) -> Result<Large, Failure> {
    let large = Large {
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
            ran(
                project,
                &format!("perlin tmp.v {WIDTH} {HEIGHT} --cell-size {cell} --seed {seed}"),
                folder,
            )?;
            ran(project, &format!("linear tmp.v {name} {height} 0"), folder)?;
            names.push(name);
        }
        let grain =
            format!("gaussnoise noise-4.v {WIDTH} {HEIGHT} --mean 128 --sigma 3 --seed {band}");
        ran(project, &grain, folder)?;
        names.push("noise-4.v".into());
        let mut sum = vips(project, "sum");
        sum.arg(names.join(" ")).arg("tmp.v").current_dir(folder);
        process::run(&mut sum)?;
        ran(project, &format!("cast tmp.v band-{band}.v uchar"), folder)?;
        for name in names {
            removed(&folder.join(name))?;
        }
    }
    let mut join = vips(project, "bandjoin");
    join.arg("band-0.v band-1.v band-2.v").arg("joined.v");
    process::run(join.current_dir(folder))?;
    ran(
        project,
        "copy joined.v large.v --interpretation srgb",
        folder,
    )?;
    ran(project, "copy large.v large.jpg[Q=90]", folder)?;
    // The same pixels: those of the JPEG.
    ran(
        project,
        "copy large.jpg large.tif[compression=deflate,predictor=horizontal]",
        folder,
    )?;
    for name in [
        "band-0.v", "band-1.v", "band-2.v", "joined.v", "large.v", "tmp.v",
    ] {
        removed(&folder.join(name))?;
    }
    Ok(large)
}

/// A source of so many photographs of 2 to 12 megapixels, each a part of the large image.
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
    // Read by any part faster than the JPEG.
    let raw = folder.join("large.v");
    process::run(vips(project, "copy").arg(large).arg(&raw))?;
    let mut rows = String::from("id,title@en,file\n");
    for number in 0..count {
        // 2, 3, 4, … 12 megapixels, in turn upright and lying.
        let pixels = (2 + number as u64 % 11) * 1_000_000;
        let long = (pixels * 4 / 3).isqrt();
        let short = long * 3 / 4;
        let (width, height) = if number % 2 == 0 {
            (long, short)
        } else {
            (short, long)
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
    removed(&raw)?;
    std::fs::write(&table, rows).map_err(Failure::file(&table))?;
    Ok(source)
}

/// How many tiles stand side by side in the large image.
pub fn columns(tile: u32) -> u32 {
    WIDTH.div_ceil(tile)
}

/// How many stand one below the other.
pub fn rows(tile: u32) -> u32 {
    HEIGHT.div_ceil(tile)
}
