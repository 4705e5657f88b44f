//! The images of a site before another program's validator: IIIF Image API 3.0, level 0.

use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use super::tally::Tally;
use crate::failure::Failure;
use crate::project::Project;
use crate::{files, need, process};

/// How many tests the validator has at level 0.
const TESTS: &str = "Done (5 tests, 0 failures)";

/// Publishes the validator's own test image twice: as it is, and four times as large in a collection
/// with tiles, where its largest derivative is as large as the first. Serves both, and has the validator
/// ask for them.
pub fn run(project: &Project) -> Result<Tally, Failure> {
    process::run(&mut process::cargo(project, super::KHIZANA))?;
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
            need::iiif_picture(project)
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
    let tiled = |key: &String| {
        std::fs::read_to_string(images.join(key).join("info.json"))
            .is_ok_and(|info| info.contains("scaleFactors"))
    };
    let mut tally = Tally::of(keys.len() == 2 && keys.iter().filter(|key| tiled(key)).count() == 1);
    let _server = Server::start(project, &archive.join("site"), address)?;
    for key in &keys {
        let word = if tiled(key) {
            "with tiles"
        } else {
            "without tiles"
        };
        let passed = is_valid(project, address, key)?;
        eprintln!("{word}: {}", if passed { "valid" } else { "NOT VALID" });
        tally.add(Tally::of(passed));
    }
    // Otherwise a validator that says yes to everything would pass.
    if let Some(key) = keys.first() {
        let max = images.join(key).join("full/max");
        std::fs::remove_dir_all(&max).map_err(Failure::file(&max))?;
        let noticed = !is_valid(project, address, key)?;
        if !noticed {
            eprintln!("a missing image was not noticed");
        }
        tally.add(Tally::of(noticed));
    }
    Ok(tally)
}

fn is_valid(project: &Project, address: SocketAddr, key: &str) -> Result<bool, Failure> {
    let mut command = need::iiif_validator(project);
    command
        .args(["--version", "3.0", "--level", "0", "--prefix", "iiif"])
        .args(["--server", &address.to_string(), "--identifier", key]);
    let output = command.output().map_err(process::not_started(&command))?;
    let said = String::from_utf8_lossy(&output.stderr);
    eprint!("{said}");
    Ok(output.status.success() && said.contains(TESTS))
}

/// The folders of the images, in order.
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
    let program = project.program("debug", "khizana");
    process::run(process::program(project, program).args(arguments))
}

fn write(path: &Path, text: &str) -> Result<(), Failure> {
    std::fs::write(path, text).map_err(Failure::file(path))
}

/// An address on which nobody listens: a site says its own, and so must know it before it is served.
fn free_address() -> Result<SocketAddr, Failure> {
    let any = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    TcpListener::bind(any)
        .and_then(|listener| listener.local_addr())
        .map_err(|error| Failure::Started(format!("No port can be had: {error}.")))
}

/// `khizana serve`, until it is dropped.
struct Server(Child);

impl Server {
    fn start(project: &Project, site: &Path, address: SocketAddr) -> Result<Server, Failure> {
        let mut command = process::program(project, project.program("debug", "khizana"));
        command
            .arg("serve")
            .arg(site)
            .args(["--addr", &address.to_string()])
            .stderr(Stdio::null());
        let child = command.spawn().map_err(process::not_started(&command))?;
        let server = Server(child);
        let begun = Instant::now();
        while TcpStream::connect(address).is_err() {
            if begun.elapsed() > Duration::from_secs(30) {
                return Err(Failure::Started(format!("Nobody answers at {address}.")));
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
