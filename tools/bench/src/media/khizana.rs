//! Creation of tiles and derivatives with Khizana.

use std::path::{Path, PathBuf};

use crate::khizana::command;
use crate::resource_usage::{self, ResourceUsage};
use crate::search::remove;
use xtask::failure::Failure;
use xtask::project::Project;
use xtask::{files, process};

/// Returns the folder of the site.
pub fn site(folder: &Path) -> PathBuf {
    folder.join("site")
}

/// Creates an archive that contains one image and has not been published. Also returns the resource
/// usage of `khizana ingest`.
pub fn create_archive(
    project: &Project,
    folder: &Path,
    image: &Path,
) -> Result<(PathBuf, ResourceUsage), Failure> {
    let source = folder.join("one");
    remove(&source)?;
    std::fs::create_dir_all(&source).map_err(Failure::file(&source))?;
    let name = image.file_name().unwrap_or_default();
    let copy = source.join(name);
    std::fs::copy(image, &copy).map_err(Failure::file(&copy))?;
    let rows = format!(
        "id,title@en,file\none,A large image,{}\n",
        name.to_string_lossy()
    );
    let table = source.join("metadata.csv");
    std::fs::write(&table, rows).map_err(Failure::file(&table))?;
    let archive = folder.join("archive");
    remove(&archive)?;
    process::run(command(project).arg("init").arg(&archive).arg("--json"))?;
    let usage = ingest(project, &archive, &source)?;
    Ok((archive, usage))
}

fn ingest(project: &Project, archive: &Path, source: &Path) -> Result<ResourceUsage, Failure> {
    let mut command = command(project);
    command.arg("ingest").arg(source);
    resource_usage::run(command.arg("--json").arg("--archive").arg(archive))
}

/// Publishes an archive to an empty folder without a cache.
pub fn publish(project: &Project, folder: &Path, archive: &Path) -> Result<ResourceUsage, Failure> {
    let site = site(folder);
    remove(&site)?;
    remove(&archive.join("cache"))?;
    publish_to(project, &site, archive)
}

fn publish_to(project: &Project, site: &Path, archive: &Path) -> Result<ResourceUsage, Failure> {
    let mut command = command(project);
    command.arg("publish").arg("--out").arg(site);
    resource_usage::run(command.arg("--json").arg("--archive").arg(archive))
}

/// Returns the path of the published tile pack.
pub fn tile_pack(folder: &Path) -> Result<PathBuf, Failure> {
    let site = site(folder);
    let mut packs = files::below(&site.join("iiif"), &[])?;
    packs.retain(|path| path.ends_with("tiles.pack"));
    packs
        .pop()
        .ok_or_else(|| Failure::malformed(&site, "the site has no tile pack"))
}

/// Ingests a source into a new archive and publishes it. Returns the total resource usage and the
/// folder of the site.
pub fn ingest_and_publish(
    project: &Project,
    folder: &Path,
    source: &Path,
) -> Result<(ResourceUsage, PathBuf), Failure> {
    let archive = folder.join("archive");
    remove(&archive)?;
    process::run(command(project).arg("init").arg(&archive).arg("--json"))?;
    let ingest = ingest(project, &archive, source)?;
    let publish = publish(project, folder, &archive)?;
    let total = ResourceUsage {
        seconds: ingest.seconds + publish.seconds,
        peak_bytes: ingest.peak_bytes.max(publish.peak_bytes),
    };
    Ok((total, site(folder)))
}

/// Changes a title and ingests the source again. Returns the duration of publishing again, in
/// seconds.
pub fn publish_again(project: &Project, folder: &Path, source: &Path) -> Result<f64, Failure> {
    let table = source.join("metadata.csv");
    let text = std::fs::read_to_string(&table).map_err(Failure::file(&table))?;
    let changed = text.replacen("Photograph 1\n", "Another title\n", 1);
    let changed = changed.replacen("Photograph 1,", "Another title,", 1);
    std::fs::write(&table, &changed).map_err(Failure::file(&table))?;
    let archive = folder.join("archive");
    ingest(project, &archive, source)?;
    let usage = publish_to(project, &site(folder), &archive)?;
    std::fs::write(&table, text).map_err(Failure::file(&table))?;
    Ok(usage.seconds)
}
