//! The demonstration archive: drawn, ingested, published and served.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::clock::Clock;
use crate::failure::Failure;
use crate::project::Project;
use crate::requirement;
use crate::{process, setup, web};

/// Builds the programs with the same profile and features as the tests, so that the tests do not
/// have to build them again.
const BUILD: &str = "build --workspace --bin khizana --bin khizana-demo";

/// Draws, ingests and publishes the demonstration archive. If `serve` is `true`, then serves the
/// site until the process is interrupted.
pub fn run(project: &Project, serve: bool, port: u16) -> Result<(), Failure> {
    let mut clock = Clock::default();
    let source = project.target("demo/source");
    let archive = project.target("demo/archive");
    let site = archive.join("site");

    clock.stage("Set-up", || {
        setup::install_missing(project, requirement::BUILD)
    })?;
    clock.stage("Viewer", || {
        web::build(project)?;
        web::size::report(project).map(drop)
    })?;
    clock.stage("Programs", || {
        process::run(&mut process::cargo(project, BUILD))
    })?;
    clock.stage("Drawing", || draw(project, &source))?;
    clock.stage("Ingest", || ingest(project, &source, &archive))?;
    clock.stage("Publishing", || {
        let mut publish = khizana(project);
        publish.arg("publish").arg("--out").arg(&site);
        process::run(publish.arg("--archive").arg(&archive))
    })?;
    clock.report();
    println!("\nThe site is in {}", site.display());
    if serve {
        serve_site(project, &site, port)?;
    }
    Ok(())
}

fn khizana(project: &Project) -> Command {
    process::program(project, project.program("khizana"))
}

fn draw(project: &Project, source: &Path) -> Result<(), Failure> {
    std::fs::create_dir_all(source).map_err(Failure::file(source))?;
    process::run(
        process::program(project, project.program("khizana-demo"))
            .arg(source)
            .arg("--fonts")
            .arg(project.path("node_modules/@fontsource/amiri/files")),
    )
}

fn ingest(project: &Project, source: &Path, archive: &Path) -> Result<(), Failure> {
    let config = archive.join("khizana.toml");
    if !config.is_file() {
        process::run(khizana(project).arg("init").arg(archive))?;
        let demo_config = project.path("archive/khizana.toml");
        std::fs::copy(&demo_config, &config).map_err(Failure::file(&demo_config))?;
    }
    for collection in collections(source)? {
        let mut ingest = khizana(project);
        ingest.arg("ingest").arg(&collection);
        process::run(ingest.arg("--archive").arg(archive))?;
    }
    Ok(())
}

/// Returns the folders in `source` that contain a `collection.toml`, sorted by name.
fn collections(source: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut folders = Vec::new();
    for entry in std::fs::read_dir(source).map_err(Failure::file(source))? {
        let path = entry.map_err(Failure::file(source))?.path();
        if path.join("collection.toml").is_file() {
            folders.push(path);
        }
    }
    folders.sort();
    if folders.is_empty() {
        return Err(Failure::malformed(
            source,
            "the folder contains no collection",
        ));
    }
    Ok(folders)
}

/// Serves the site. `khizana serve` prints the address as soon as it is listening.
fn serve_site(project: &Project, site: &Path, port: u16) -> Result<(), Failure> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let mut serve = khizana(project);
    serve.arg("serve").arg(site);
    process::run(serve.arg("--addr").arg(address.to_string()))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn collections_are_sorted_and_have_a_collection_toml() {
        let dir = tempfile::tempdir().unwrap();
        for name in ["patterns", "astrolabes"] {
            std::fs::create_dir(dir.path().join(name)).unwrap();
            std::fs::write(dir.path().join(name).join("collection.toml"), "").unwrap();
        }
        std::fs::create_dir(dir.path().join("other")).unwrap();
        let names: Vec<_> = collections(dir.path())
            .unwrap()
            .iter()
            .map(|path| path.file_name().unwrap().to_owned())
            .collect();
        assert_eq!(names, ["astrolabes", "patterns"]);
    }

    #[test]
    fn a_source_without_collections_is_an_error() {
        let dir = tempfile::tempdir().unwrap();
        let failure = collections(dir.path()).unwrap_err();
        assert_eq!(failure.code(), "file-malformed");
        assert!(failure.to_string().contains("no collection"));
    }
}
