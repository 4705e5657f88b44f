//! The similarity of tiles to the original. It is the mean SSIM of the luminance of some tiles of
//! the largest level, with a Gaussian window of σ = 1.5 (Wang, Bovik, Sheikh and Simoncelli 2004),
//! and is computed with libvips.

use std::path::{Path, PathBuf};

use super::vips::vips;
use xtask::failure::Failure;
use xtask::process;
use xtask::project::Project;

/// Number of tiles that are compared.
const TILES: u32 = 8;
const TILE_SIZE: u32 = 512;

/// Returns the similarity of the tiles of Khizana and of libvips to the original.
pub fn measure(
    project: &Project,
    folder: &Path,
    original: &Path,
    pack: &Path,
    vips_tiles: &Path,
) -> Result<(f64, f64), Failure> {
    let work = folder.join("similarity");
    std::fs::create_dir_all(&work).map_err(Failure::file(&work))?;
    let header = |field: &str| -> Result<u32, Failure> {
        let mut command = process::program(project, "vipsheader");
        let text = process::capture(command.args(["-f", field]).arg(original))?;
        let malformed = || {
            Failure::malformed(
                original,
                format!("`{}` is not a valid {field}", text.trim()),
            )
        };
        text.trim().parse().map_err(|_| malformed())
    };
    let columns = header("width")?.div_ceil(TILE_SIZE);
    let rows = header("height")?.div_ceil(TILE_SIZE);
    let khizana_tiles = largest_level(pack, columns as usize * rows as usize)?;
    let mut sums = (0.0, 0.0);
    for number in 0..TILES {
        // Tiles at the right and lower edges can be smaller, so they are not compared.
        let column = number * 5 % (columns - 1);
        let row = number * 7 % (rows - 1);
        let index = (row * columns + column) as usize;
        let tile = khizana_tiles
            .get(index)
            .ok_or_else(|| Failure::malformed(pack, format!("the pack has no tile {index}")))?;
        let khizana_tile = work.join("khizana.jpg");
        std::fs::write(&khizana_tile, tile).map_err(Failure::file(&khizana_tile))?;
        let (left, top) = (column * TILE_SIZE, row * TILE_SIZE);
        let vips_tile: PathBuf = vips_tiles.join(format!(
            "{left},{top},{TILE_SIZE},{TILE_SIZE}/{TILE_SIZE},{TILE_SIZE}/0/default.jpg"
        ));
        let crop = work.join("crop.v");
        let mut extract = vips(project, "extract_area");
        extract.arg(original).arg(&crop);
        process::run(extract.args([left, top, TILE_SIZE, TILE_SIZE].map(|n| n.to_string())))?;
        sums.0 += ssim(project, &work, &crop, &khizana_tile)?;
        sums.1 += ssim(project, &work, &crop, &vips_tile)?;
    }
    Ok((sums.0 / f64::from(TILES), sums.1 / f64::from(TILES)))
}

/// Returns the tiles of the largest level of a pack, of which there are `count`. The largest level
/// is the last one.
fn largest_level(pack: &Path, count: usize) -> Result<Vec<Vec<u8>>, Failure> {
    let bytes = std::fs::read(pack).map_err(Failure::file(pack))?;
    // An end-of-image marker is followed by a start-of-image marker only between two tiles, because
    // the JPEG images have no thumbnails.
    let mut tiles = Vec::new();
    let mut start = bytes.windows(3).position(|w| w == [0xff, 0xd8, 0xff]);
    while let Some(from) = start {
        let rest = bytes.get(from..).unwrap_or_default();
        let next = rest.windows(4).position(|w| w == [0xff, 0xd9, 0xff, 0xd8]);
        let end = next.map_or(rest.len(), |next| next + 2);
        tiles.push(rest.get(..end).unwrap_or_default().to_vec());
        start = next.map(|next| from + next + 2);
    }
    Ok(tiles.split_off(tiles.len().saturating_sub(count)))
}

fn ssim(project: &Project, work: &Path, a: &Path, b: &Path) -> Result<f64, Failure> {
    let run = |arguments: &str| process::run(vips(project, arguments).current_dir(work));
    for (path, name) in [(a, "a"), (b, "b")] {
        let mut grey = vips(project, "colourspace");
        grey.arg(path).args(["g.v", "b-w"]);
        process::run(grey.current_dir(work))?;
        run(&format!("cast g.v {name}.v float"))?;
    }
    let blurred =
        |from: &str, to: &str| run(&format!("gaussblur {from} {to} 1.5 --precision float"));
    for (x, y) in [("a", "a"), ("b", "b"), ("a", "b")] {
        run(&format!("multiply {x}.v {y}.v t.v"))?;
        blurred("t.v", &format!("{x}{y}.v"))?;
    }
    blurred("a.v", "ma.v")?;
    blurred("b.v", "mb.v")?;
    for (x, y) in [("a", "a"), ("b", "b"), ("a", "b")] {
        run(&format!("multiply m{x}.v m{y}.v m{x}{y}.v"))?;
        // A variance or covariance is the mean of the products minus the product of the means.
        run(&format!("subtract {x}{y}.v m{x}{y}.v s{x}{y}.v"))?;
    }
    let (c1, c2) = (0.01_f64.powi(2) * 65_025.0, 0.03_f64.powi(2) * 65_025.0);
    run(&format!("linear mab.v n1.v 2 {c1}"))?;
    run(&format!("linear sab.v n2.v 2 {c2}"))?;
    run("add maa.v mbb.v t.v")?;
    run(&format!("linear t.v d1.v 1 {c1}"))?;
    run("add saa.v sbb.v t.v")?;
    run(&format!("linear t.v d2.v 1 {c2}"))?;
    run("multiply n1.v n2.v n.v")?;
    run("multiply d1.v d2.v d.v")?;
    run("divide n.v d.v s.v")?;
    let text = process::capture(vips(project, "avg s.v").current_dir(work))?;
    let malformed =
        || Failure::malformed(work, format!("the mean `{}` is not a number", text.trim()));
    text.trim().parse().map_err(|_| malformed())
}
