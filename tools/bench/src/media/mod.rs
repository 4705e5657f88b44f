//! `cargo xtask bench media`: what is shown of images, made by Khizana and by libvips from the same
//! files on the same machine.

mod likeness;
mod motion;
mod opening;
mod own;
mod pictures;
mod report;
mod vips;

use std::path::PathBuf;

use clap::Args;

use super::folder::measure;
use super::machine;
use super::peak::Cost;
use xtask::clock::Clock;
use xtask::failure::Failure;
use xtask::project::Project;
use xtask::{process, requirement, setup, web};

/// What is measured, and how.
#[derive(Args)]
pub struct Options {
    /// How often each is run; the median counts.
    #[arg(long, default_value_t = 3)]
    runs: usize,
    /// How many photographs; 0 leaves them out.
    #[arg(long, default_value_t = 1000)]
    photographs: usize,
    /// For how many seconds the large image is moved; 0 leaves it out.
    #[arg(long, default_value_t = 600)]
    motion: u32,
    /// The page to write.
    #[arg(long, default_value = "docs/src/bench-media.md")]
    out: PathBuf,
    /// A date for the page to name.
    #[arg(long)]
    date: Option<String>,
}

/// One way of doing a task, measured.
pub struct Done {
    pub cost: Cost,
    pub files: u64,
    pub bytes: u64,
}

/// A task that both did.
pub struct Task {
    pub name: String,
    pub own: Done,
    pub peer: Done,
    /// How like the original the tiles are, 1 being the same: ours, theirs.
    pub likeness: Option<(f64, f64)>,
}

/// All that was measured.
#[derive(Default)]
pub struct Measured {
    pub tasks: Vec<Task>,
    /// Publishing again after the title of one photograph has changed, in seconds.
    pub again: Option<f64>,
    pub photographs: usize,
    /// How soon the large image is seen.
    pub opened: Vec<opening::Opened>,
    /// How evenly it moves.
    pub motion: Option<motion::Motion>,
}

/// Measures and writes the page.
pub fn run(project: &Project, options: &Options) -> Result<(), Failure> {
    let mut clock = Clock::default();
    clock.stage("Set-up", || {
        setup::install_missing(project, requirement::BUILD)?;
        setup::install_missing(project, requirement::BENCH)?;
        setup::install_missing(project, requirement::MEDIA)?;
        web::build(project)?;
        let build = "build --release --package khizana-cli";
        process::run(&mut process::cargo(project, build))
    })?;
    let folder = project.target("bench/media");
    std::fs::create_dir_all(&folder).map_err(Failure::file(&folder))?;
    let large = clock.stage("The large image", || pictures::large(project, &folder))?;
    let mut measured = Measured::default();
    for (name, path) in [("JPEG", &large.jpeg), ("TIFF, Deflate", &large.tiff)] {
        let task = clock.stage(&format!("One {name}"), || {
            one(project, &folder, name, path, options.runs)
        })?;
        measured.tasks.push(task);
        if measured.opened.is_empty() {
            // The site now holds the JPEG.
            let opened = clock.stage("Opening it", || opening::run(project, &folder))?;
            measured.opened = opened;
            if options.motion > 0 {
                let moved = clock.stage("Moving it", || {
                    motion::run(project, &folder, options.motion)
                })?;
                measured.motion = Some(moved);
            }
        }
        write(project, options, &measured)?;
    }
    if options.photographs > 0 {
        let source = clock.stage("The photographs", || {
            pictures::photographs(project, &folder, &large.jpeg, options.photographs)
        })?;
        measured.photographs = options.photographs;
        let (task, again) = clock.stage("Photographs", || many(project, &folder, &source))?;
        measured.tasks.push(task);
        measured.again = Some(again);
        write(project, options, &measured)?;
    }
    clock.report();
    println!("{}", written(project, options, &measured));
    println!("The page is in {}", options.out.display());
    Ok(())
}

fn write(project: &Project, options: &Options, measured: &Measured) -> Result<(), Failure> {
    let text = written(project, options, measured);
    std::fs::write(&options.out, text).map_err(Failure::file(&options.out))
}

fn written(project: &Project, options: &Options, measured: &Measured) -> String {
    let vips = process::on_path("vips").and_then(|place| process::version(&place));
    let mut machine = machine::describe(project, None);
    machine.extend(vips);
    report::page(&machine, options.date.as_deref(), options.runs, measured)
}

/// One large image into tiles, by turns.
fn one(
    project: &Project,
    folder: &std::path::Path,
    name: &str,
    path: &std::path::Path,
    runs: usize,
) -> Result<Task, Failure> {
    let archive = own::archive(project, folder, path)?;
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..runs.max(1) {
        ours.push(own::publish(project, folder, &archive)?);
        theirs.push(vips::tiles(project, folder, path)?);
    }
    let pack = own::pack(folder)?;
    let tiles = vips::tiles_folder(folder);
    let likeness = likeness::of(project, folder, path, &pack, &tiles)?;
    let (own_files, own_bytes) = (1, pack.metadata().map_err(Failure::file(&pack))?.len());
    let (peer_files, peer_bytes) = held(&tiles)?;
    Ok(Task {
        name: format!("140 megapixels, {name}"),
        own: Done {
            cost: median(ours),
            files: own_files,
            bytes: own_bytes,
        },
        peer: Done {
            cost: median(theirs),
            files: peer_files,
            bytes: peer_bytes,
        },
        likeness: Some(likeness),
    })
}

/// Many photographs: hashed, kept, in pages' sizes and in tiles. And again, after a change.
fn many(
    project: &Project,
    folder: &std::path::Path,
    source: &std::path::Path,
) -> Result<(Task, f64), Failure> {
    let (cost, site) = own::all(project, folder, source)?;
    let (own_files, own_bytes) = held(&site.join("iiif"))?;
    let again = own::again(project, folder, source)?;
    let peer = vips::all(project, folder, source)?;
    let (peer_files, peer_bytes) = held(&vips::all_folder(folder))?;
    let task = Task {
        name: "photographs".into(),
        own: Done {
            cost,
            files: own_files,
            bytes: own_bytes,
        },
        peer: Done {
            cost: peer,
            files: peer_files,
            bytes: peer_bytes,
        },
        likeness: None,
    };
    Ok((task, again))
}

fn held(folder: &std::path::Path) -> Result<(u64, u64), Failure> {
    let held = measure(folder, |_| true)?;
    Ok((held.files, held.bytes))
}

/// The run of the middle by time, with the most memory of all.
fn median(mut costs: Vec<Cost>) -> Cost {
    costs.sort_by(|a, b| a.seconds.total_cmp(&b.seconds));
    let peak_bytes = costs.iter().filter_map(|cost| cost.peak_bytes).max();
    let seconds = costs.get(costs.len() / 2).map_or(0.0, |cost| cost.seconds);
    Cost {
        seconds,
        peak_bytes,
    }
}
