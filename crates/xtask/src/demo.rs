//! The demonstration archive: drawn, ingested, published, served.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::clock::Clock;
use crate::failure::Failure;
use crate::project::Project;
use crate::{need, process, setup, web};

/// Does all of it, and serves the site until it is stopped where `serve` is set.
pub fn run(project: &Project, serve: bool, port: u16) -> Result<(), Failure> {
    let mut clock = Clock::default();
    let source = project.target("demo/source");
    let archive = project.target("demo/archive");
    let site = archive.join("site");

    clock.stage("Set-up", || setup::ensure(project, need::WEB))?;
    clock.stage("The viewer", || {
        web::build(project)?;
        web::size::report(project).map(drop)
    })?;
    clock.stage("The programs", || {
        process::run(&mut process::cargo(
            project,
            "build --release --package khizana-cli --package khizana-demo",
        ))
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
        serve_until_stopped(project, &site, port)?;
    }
    Ok(())
}

fn khizana(project: &Project) -> Command {
    process::program(project, project.program("release", "khizana"))
}

fn draw(project: &Project, source: &Path) -> Result<(), Failure> {
    std::fs::create_dir_all(source).map_err(Failure::file(source))?;
    process::run(
        process::program(project, project.program("release", "khizana-demo"))
            .arg(source)
            .arg("--fonts")
            .arg(project.path("node_modules/@fontsource/amiri/files")),
    )
}

fn ingest(project: &Project, source: &Path, archive: &Path) -> Result<(), Failure> {
    let settings = archive.join("khizana.toml");
    if !settings.is_file() {
        process::run(khizana(project).arg("init").arg(archive))?;
        let own = project.path("archive/khizana.toml");
        if own.is_file() {
            std::fs::copy(&own, &settings).map_err(Failure::file(&settings))?;
        }
    }
    for collection in collections(source)? {
        let mut ingest = khizana(project);
        ingest.arg("ingest").arg(&collection);
        process::run(ingest.arg("--archive").arg(archive))?;
    }
    Ok(())
}

/// The folders below the source that hold a collection, in order of their names.
fn collections(source: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(source).map_err(Failure::file(source))? {
        let path = entry.map_err(Failure::file(source))?.path();
        if path.join("collection.toml").is_file() {
            found.push(path);
        }
    }
    found.sort();
    if found.is_empty() {
        return Err(Failure::malformed(source, "it holds no collection"));
    }
    Ok(found)
}

/// `khizana serve` names the address itself once it listens.
fn serve_until_stopped(project: &Project, site: &Path, port: u16) -> Result<(), Failure> {
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
    fn collections_come_in_order_and_other_folders_do_not_count() {
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
    fn a_source_without_collections_is_named() {
        let dir = tempfile::tempdir().unwrap();
        let failure = collections(dir.path()).unwrap_err();
        assert_eq!(failure.code(), "file-malformed");
        assert!(failure.to_string().contains("no collection"));
    }
}
