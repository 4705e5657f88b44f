//! Packages of the program for all systems.
//!
//! Each package only depends on the commit and on the versions of the compilers. Files have the date of the commit,
//! belong to root and are sorted by name.

mod apple;
mod build;
mod commit;
mod contents;
mod debian;
mod image;
mod manual;
mod notices;
mod package_file;
mod sums;
mod tarball;
mod target;
mod zipped;

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::clock::Clock;
use crate::failure::Failure;
use crate::project::Project;
use crate::{process, requirement, setup, web};
use commit::Commit;
use contents::Common;
use image::ProcessorImage;
use package_file::PackageFile;
use target::{Form, Target};

/// The version of all packages.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Builds the packages of the named targets, or of all targets, into `target/dist`. Replaces the packages there.
///
/// # Errors
///
/// Returns the error of the first step that fails.
pub fn run(project: &Project, names: &[String]) -> Result<(), Failure> {
    let targets = Target::select(names)?;
    let commit = Commit::read(project)?;
    let mut clock = Clock::default();
    clock.stage("Set-up", || set_up(project, &targets))?;
    clock.stage("Viewer", || web::build(project))?;
    let common = clock.stage("Manual and licences", || Common::make(project))?;

    let mut packages = Vec::new();
    let mut images = Vec::new();
    for target in targets {
        let program = clock.stage(target.triple, || build::program(project, target, &commit))?;
        packages.push(archive(target, &common, &program, &commit)?);
        if let Some(processor) = target.debian {
            packages.push(debian_package(processor, &common, &program, &commit)?);
        }
        if let Some(processor) = target.oci {
            let files = common.image(&program);
            images.push(ProcessorImage { processor, files });
        }
    }
    let image = (!images.is_empty())
        .then(|| container_image(&images, &commit))
        .transpose()?;
    packages.extend(image.clone());
    packages.push(PackageFile::new("SHA256SUMS", sums::sums(&packages)));

    let folder = project.target("dist");
    write(&folder, &packages)?;
    if let Some(image) = image {
        clock.stage("Check of the image", || {
            check_image(project, &folder.join(&image.path), &images)
        })?;
    }
    clock.report();
    println!("\nPackages of {} are in {}:", commit.name, folder.display());
    for package in &packages {
        println!("{:>12}  {}", package.content.len(), package.path);
    }
    Ok(())
}

fn set_up(project: &Project, targets: &[&Target]) -> Result<(), Failure> {
    setup::install_missing(project, requirement::BUILD)?;
    setup::install_missing(project, requirement::DIST)?;
    if targets.iter().any(|target| target.is_x86()) {
        setup::install_missing(project, &[requirement::NASM_FOR_X86])?;
    }
    for target in targets {
        requirement::install_missing_target(project, target.triple)?;
    }
    Ok(())
}

/// Returns the package with all files of a target.
fn archive(
    target: &Target,
    common: &Common,
    program: &[u8],
    commit: &Commit,
) -> Result<PackageFile, Failure> {
    let folder = format!("khizana-{VERSION}-{}", target.name);
    let files = common.archive(target, &folder, program);
    let (path, content) = match target.form {
        Form::TarGz => {
            let content = tarball::tar(&files, commit.date.seconds);
            let content = content.and_then(|tar| tarball::gzip(&tar));
            (format!("{folder}.tar.gz"), content)
        }
        Form::Zip => {
            let content = zipped::zip(&files, &commit.date).map_err(std::io::Error::other);
            (format!("{folder}.zip"), content)
        }
    };
    let content = content.map_err(Failure::file(Path::new(&path)))?;
    Ok(PackageFile::new(path, content))
}

fn debian_package(
    processor: &str,
    common: &Common,
    program: &[u8],
    commit: &Commit,
) -> Result<PackageFile, Failure> {
    let path = format!("khizana_{VERSION}_{processor}.deb");
    let files = common
        .debian(program)
        .map_err(Failure::file(Path::new(&path)))?;
    let content = debian::package(processor, VERSION, &files, &commit.date)
        .map_err(Failure::file(Path::new(&path)))?;
    Ok(PackageFile::new(path, content))
}

/// Returns the container image as a tar archive of an image layout.
fn container_image(images: &[ProcessorImage], commit: &Commit) -> Result<PackageFile, Failure> {
    let path = format!("khizana-{VERSION}-oci.tar");
    let content = image::layout(images, VERSION, &commit.name, &commit.date)
        .and_then(|files| tarball::tar(&files, commit.date.seconds))
        .map_err(Failure::file(Path::new(&path)))?;
    Ok(PackageFile::new(path, content))
}

/// Writes the packages into an empty folder.
fn write(folder: &Path, packages: &[PackageFile]) -> Result<(), Failure> {
    if folder.exists() {
        std::fs::remove_dir_all(folder).map_err(Failure::file(folder))?;
    }
    std::fs::create_dir_all(folder).map_err(Failure::file(folder))?;
    for package in packages {
        let path: PathBuf = folder.join(&package.path);
        std::fs::write(&path, &package.content).map_err(Failure::file(&path))?;
    }
    Ok(())
}

/// Reads the image of each processor with skopeo.
fn check_image(project: &Project, path: &Path, images: &[ProcessorImage]) -> Result<(), Failure> {
    let source = format!("oci-archive:{}:{VERSION}", path.display());
    for image in images {
        let mut skopeo = process::program(project, "skopeo");
        skopeo.args(["--override-os", "linux", "--override-arch", image.processor]);
        let report = process::capture(skopeo.args(["inspect", &source]))?;
        let report: Value =
            serde_json::from_str(&report).map_err(|error| Failure::malformed(path, error))?;
        let processor = report.get("Architecture").and_then(Value::as_str);
        if processor != Some(image.processor) {
            return Err(Failure::malformed(
                path,
                format!("skopeo finds no image for {}", image.processor),
            ));
        }
    }
    Ok(())
}
