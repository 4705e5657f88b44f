//! How like the original tiles are: SSIM of the luminance, with a Gaussian window of σ 1.5 (Wang, Bovik,
//! Sheikh, Simoncelli 2004), the mean of some tiles of the largest level. Calculated by libvips.

use std::path::{Path, PathBuf};

use super::vips::vips;
use xtask::failure::Failure;
use xtask::process;
use xtask::project::Project;

/// How many tiles are compared.
const TILES: u32 = 8;
const TILE: u32 = 512;

/// Of ours and of theirs.
pub fn of(
    project: &Project,
    folder: &Path,
    original: &Path,
    pack: &Path,
    theirs: &Path,
) -> Result<(f64, f64), Failure> {
    let work = folder.join("likeness");
    std::fs::create_dir_all(&work).map_err(Failure::file(&work))?;
    let ours = last_level(pack)?;
    let header = |field: &str| -> Result<u32, Failure> {
        let mut command = process::program(project, "vipsheader");
        let text = process::capture(command.args(["-f", field]).arg(original))?;
        let wrong = || Failure::malformed(original, format!("its {field} is {}", text.trim()));
        text.trim().parse().map_err(|_| wrong())
    };
    let columns = header("width")?.div_ceil(TILE);
    let rows = header("height")?.div_ceil(TILE);
    let mut sums = (0.0, 0.0);
    for number in 0..TILES {
        // Whole ones: none at the right or lower edge.
        let column = number * 5 % (columns - 1);
        let row = number * 7 % (rows - 1);
        let place = (row * columns + column) as usize;
        let tile = ours
            .get(place)
            .ok_or_else(|| Failure::malformed(pack, format!("it has no tile {place}")))?;
        let own = work.join("own.jpg");
        std::fs::write(&own, tile).map_err(Failure::file(&own))?;
        let (left, top) = (column * TILE, row * TILE);
        let peer: PathBuf = theirs.join(format!(
            "{left},{top},{TILE},{TILE}/{TILE},{TILE}/0/default.jpg"
        ));
        let part = work.join("part.v");
        let mut cut = vips(project, "extract_area");
        cut.arg(original).arg(&part);
        process::run(cut.args([left, top, TILE, TILE].map(|n| n.to_string())))?;
        sums.0 += ssim(project, &work, &part, &own)?;
        sums.1 += ssim(project, &work, &part, &peer)?;
    }
    Ok((sums.0 / f64::from(TILES), sums.1 / f64::from(TILES)))
}

/// The tiles of a pack's largest level, which is its last: JPEGs one after the other.
fn last_level(pack: &Path) -> Result<Vec<Vec<u8>>, Failure> {
    let bytes = std::fs::read(pack).map_err(Failure::file(pack))?;
    // Between two tiles an end-of-image marker meets a start-of-image marker; nowhere else can these
    // four bytes stand together in a JPEG without a thumbnail.
    let mut tiles = Vec::new();
    let mut start = bytes.windows(3).position(|w| w == [0xff, 0xd8, 0xff]);
    while let Some(from) = start {
        let rest = bytes.get(from..).unwrap_or_default();
        let next = rest.windows(4).position(|w| w == [0xff, 0xd9, 0xff, 0xd8]);
        let end = next.map_or(rest.len(), |next| next + 2);
        tiles.push(rest.get(..end).unwrap_or_default().to_vec());
        start = next.map(|next| from + next + 2);
    }
    let columns = super::pictures::columns(TILE) as usize * super::pictures::rows(TILE) as usize;
    Ok(tiles.split_off(tiles.len().saturating_sub(columns)))
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
        // (Co)variances: the mean of products less the product of means.
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
    let wrong = || Failure::malformed(work, format!("the mean is {}", text.trim()));
    text.trim().parse().map_err(|_| wrong())
}
