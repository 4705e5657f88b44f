//! Our side.

use std::path::{Path, PathBuf};

use crate::own::khizana;
use crate::peak::{self, Cost};
use crate::search::removed;
use xtask::failure::Failure;
use xtask::project::Project;
use xtask::{files, process};

/// Where it is published.
pub fn site(folder: &Path) -> PathBuf {
    folder.join("site")
}

/// An archive that holds one image, and nothing published.
pub fn archive(project: &Project, folder: &Path, image: &Path) -> Result<PathBuf, Failure> {
    let source = folder.join("one");
    removed(&source)?;
    std::fs::create_dir_all(&source).map_err(Failure::file(&source))?;
    let name = image.file_name().unwrap_or_default();
    let copy = source.join(name);
    std::fs::copy(image, &copy).map_err(Failure::file(&copy))?;
    let row = format!(
        "id,title@en,file\none,A large image,{}\n",
        name.to_string_lossy()
    );
    let table = source.join("metadata.csv");
    std::fs::write(&table, row).map_err(Failure::file(&table))?;
    let archive = folder.join("archive");
    removed(&archive)?;
    process::run(khizana(project).arg("init").arg(&archive).arg("--json"))?;
    ingest(project, &archive, &source)?;
    Ok(archive)
}

fn ingest(project: &Project, archive: &Path, source: &Path) -> Result<Cost, Failure> {
    let mut command = khizana(project);
    command.arg("ingest").arg(source);
    peak::run(command.arg("--json").arg("--archive").arg(archive))
}

/// Publishes from nothing.
pub fn publish(project: &Project, folder: &Path, archive: &Path) -> Result<Cost, Failure> {
    let site = site(folder);
    removed(&site)?;
    // What was made of images before is remembered here; without it each is made anew.
    removed(&archive.join("cache"))?;
    published(project, &site, archive)
}

fn published(project: &Project, site: &Path, archive: &Path) -> Result<Cost, Failure> {
    let mut command = khizana(project);
    command.arg("publish").arg("--out").arg(site);
    peak::run(command.arg("--json").arg("--archive").arg(archive))
}

/// The tile pack that was published.
pub fn pack(folder: &Path) -> Result<PathBuf, Failure> {
    let site = site(folder);
    let mut packs = files::below(&site.join("iiif"), &[])?;
    packs.retain(|path| path.ends_with("tiles.pack"));
    packs
        .pop()
        .ok_or_else(|| Failure::malformed(&site, "there is no tile pack"))
}

/// Ingests a source and publishes it, both from nothing; the cost of both, and the site.
pub fn all(project: &Project, folder: &Path, source: &Path) -> Result<(Cost, PathBuf), Failure> {
    let archive = folder.join("archive");
    removed(&archive)?;
    process::run(khizana(project).arg("init").arg(&archive).arg("--json"))?;
    let first = ingest(project, &archive, source)?;
    let second = publish(project, folder, &archive)?;
    let cost = Cost {
        seconds: first.seconds + second.seconds,
        peak_bytes: first.peak_bytes.max(second.peak_bytes),
    };
    Ok((cost, site(folder)))
}

/// Changes a title, ingests, and says how many seconds it takes to publish again.
pub fn again(project: &Project, folder: &Path, source: &Path) -> Result<f64, Failure> {
    let table = source.join("metadata.csv");
    let text = std::fs::read_to_string(&table).map_err(Failure::file(&table))?;
    let changed = text.replacen("Photograph 1\n", "Another title\n", 1);
    let changed = changed.replacen("Photograph 1,", "Another title,", 1);
    std::fs::write(&table, &changed).map_err(Failure::file(&table))?;
    let archive = folder.join("archive");
    ingest(project, &archive, source)?;
    let cost = published(project, &site(folder), &archive)?;
    std::fs::write(&table, text).map_err(Failure::file(&table))?;
    Ok(cost.seconds)
}
