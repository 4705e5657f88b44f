//! Conformance of the image services of a site to level 0 of the IIIF Image API 3.0, as reported by
//! iiif-validator.

use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use super::tally::Tally;
use crate::failure::Failure;
use crate::project::Project;
use crate::{files, process, requirement};

/// The summary that the validator prints if all tests of level 0 ran and passed.
const ALL_PASSED: &str = "Done (5 tests, 0 failures)";

/// Publishes the test image of the validator in two collections: without tiles, and with tiles at
/// twice the width and height. The largest derivative of the second image has the size of the first
/// image. Serves the site and runs the validator on both images.
pub fn run(project: &Project) -> Result<Tally, Failure> {
    process::run(&mut process::cargo(project, super::BUILD_KHIZANA))?;
    let work = project.target("iiif");
    if work.exists() {
        std::fs::remove_dir_all(&work).map_err(Failure::file(&work))?;
    }
    let archive = work.join("archive");
    let address = free_address()?;
    khizana(project, &["init".as_ref(), &archive])?;
    write(
        &archive.join("khizana.toml"),
        &format!("url = \"http://{address}/\"\nwidths = [320, 1000]\n"),
    )?;
    for (name, side, settings) in [
        ("plain", "100", ""),
        ("tiled", "200", "iiif.tiles = true\n"),
    ] {
        let source = work.join(name);
        std::fs::create_dir_all(&source).map_err(Failure::file(&source))?;
        process::run(
            requirement::iiif_test_image_command(project)
                .arg(source.join("squares.png"))
                .arg(side),
        )?;
        write(&source.join("collection.toml"), settings)?;
        write(
            &source.join("metadata.csv"),
            &format!("id,title@en,file\n{name},Squares,squares.png\n"),
        )?;
        khizana(
            project,
            &["ingest".as_ref(), &source, "--archive".as_ref(), &archive],
        )?;
    }
    khizana(
        project,
        &["publish".as_ref(), "--archive".as_ref(), &archive],
    )?;

    let images = archive.join("site/iiif");
    let keys = keys(&images)?;
    // An image without tiles has itself as its only tile, with the scale factor 1.
    let is_tiled = |key: &String| {
        std::fs::read_to_string(images.join(key).join("info.json"))
            .is_ok_and(|info| info.contains("\"scaleFactors\":[1,"))
    };
    let mut tally =
        Tally::of(keys.len() == 2 && keys.iter().filter(|key| is_tiled(key)).count() == 1);
    let _server = Server::start(project, &archive.join("site"), address)?;
    for key in &keys {
        let word = if is_tiled(key) {
            "with tiles"
        } else {
            "without tiles"
        };
        let is_valid = is_valid(project, address, key)?;
        eprintln!("{word}: {}", if is_valid { "valid" } else { "NOT VALID" });
        tally.add(Tally::of(is_valid));
    }
    // This check is necessary because a validator that accepts everything would pass the other
    // checks.
    if let Some(key) = keys.first() {
        let max = images.join(key).join("full/max");
        std::fs::remove_dir_all(&max).map_err(Failure::file(&max))?;
        let is_detected = !is_valid(project, address, key)?;
        if !is_detected {
            eprintln!("the validator did not detect a missing image");
        }
        tally.add(Tally::of(is_detected));
    }
    Ok(tally)
}

fn is_valid(project: &Project, address: SocketAddr, key: &str) -> Result<bool, Failure> {
    let mut command = requirement::iiif_validator_command(project);
    command
        .args(["--version", "3.0", "--level", "0", "--prefix", "iiif"])
        .args(["--server", &address.to_string(), "--identifier", key]);
    let output = command.output().map_err(process::not_started(&command))?;
    let messages = String::from_utf8_lossy(&output.stderr);
    eprint!("{messages}");
    Ok(output.status.success() && messages.contains(ALL_PASSED))
}

/// Returns the names of the image folders, sorted.
fn keys(images: &Path) -> Result<Vec<String>, Failure> {
    let mut keys: Vec<String> = files::below(images, &[])?
        .iter()
        .filter(|path| path.ends_with("info.json"))
        .filter_map(|path| Some(path.parent()?.file_name()?.to_string_lossy().into_owned()))
        .collect();
    keys.sort();
    Ok(keys)
}

fn khizana(project: &Project, arguments: &[&Path]) -> Result<(), Failure> {
    let program = project.program("khizana");
    process::run(process::program(project, program).args(arguments))
}

fn write(path: &Path, text: &str) -> Result<(), Failure> {
    std::fs::write(path, text).map_err(Failure::file(path))
}

/// Returns a free local address. The site contains its own URL, so the address must be known before
/// the site is published.
fn free_address() -> Result<SocketAddr, Failure> {
    let any = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    TcpListener::bind(any)
        .and_then(|listener| listener.local_addr())
        .map_err(|error| Failure::Usage(format!("cannot reserve a local port: {error}.")))
}

/// A running `khizana serve`, which is stopped when the value is dropped.
struct Server(Child);

impl Server {
    fn start(project: &Project, site: &Path, address: SocketAddr) -> Result<Server, Failure> {
        let mut command = process::program(project, project.program("khizana"));
        command
            .arg("serve")
            .arg(site)
            .args(["--addr", &address.to_string()])
            .stderr(Stdio::null());
        let child = command.spawn().map_err(process::not_started(&command))?;
        let server = Server(child);
        let start = Instant::now();
        while TcpStream::connect(address).is_err() {
            if start.elapsed() > Duration::from_secs(30) {
                return Err(Failure::Usage(format!(
                    "`khizana serve` does not answer at {address}."
                )));
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(server)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
