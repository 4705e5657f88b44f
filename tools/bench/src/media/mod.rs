//! `cargo xtask bench media`: compares the tiles and derivatives of Khizana and libvips.

mod animation;
mod images;
mod khizana;
mod opening;
mod report;
mod similarity;
pub mod vips;

use std::path::PathBuf;

use clap::Args;

use super::folder::measure;
use super::machine;
use super::resource_usage::ResourceUsage;
use xtask::clock::Clock;
use xtask::failure::Failure;
use xtask::project::Project;
use xtask::{process, requirement, setup, web};

/// Options of the benchmark.
#[derive(Args)]
pub struct Options {
    /// Number of runs for each large image. The median is reported.
    #[arg(long, default_value_t = 3)]
    runs: usize,
    /// Number of runs for each image of more than a gigapixel. 0 omits this measurement.
    #[arg(long, default_value_t = 1)]
    huge_runs: usize,
    /// Number of photographs. 0 omits this measurement.
    #[arg(long, default_value_t = 1000)]
    photographs: usize,
    /// Duration of the animation of the large image in seconds. 0 omits this measurement.
    #[arg(long, default_value_t = 600)]
    motion: u32,
    /// Page to write.
    #[arg(long, default_value = "docs/src/bench-media.md")]
    out: PathBuf,
    /// Date to print on the page.
    #[arg(long)]
    date: Option<String>,
}

/// The measurements of a task with one program.
pub struct TaskResult {
    pub usage: ResourceUsage,
    pub files: u64,
    pub bytes: u64,
}

/// A task that has been run with both programs.
pub struct Task {
    pub name: String,
    pub khizana: TaskResult,
    pub vips: TaskResult,
    /// Similarity of the tiles of Khizana and of libvips to the original. A value of 1 means that
    /// they are identical.
    pub similarity: Option<(f64, f64)>,
    /// Resource usage of `khizana ingest`, if it is not included in that of `khizana`.
    pub ingest: Option<ResourceUsage>,
}

/// All measurements.
#[derive(Default)]
pub struct Measurements {
    pub tasks: Vec<Task>,
    /// Time that publishing again takes after the title of one photograph has been changed, in
    /// seconds.
    pub publish_again_seconds: Option<f64>,
    pub photographs: usize,
    /// Times of opening the large image in several viewers.
    pub openings: Vec<opening::Opening>,
    pub animation: Option<animation::Animation>,
}

/// Runs the benchmark and writes the page.
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
    let large = clock.stage("The large image", || images::large(project, &folder))?;
    let mut measurements = Measurements::default();
    for (name, path) in [("JPEG", &large.jpeg), ("TIFF, Deflate", &large.tiff)] {
        let task = clock.stage(&format!("One {name}"), || {
            let name = format!("140 megapixels, {name}");
            run_large_image(project, &folder, name, path, options.runs)
        })?;
        measurements.tasks.push(task);
        if measurements.openings.is_empty() {
            // The published site contains the JPEG version of the image.
            let openings = clock.stage("Opening it", || opening::run(project, &folder))?;
            measurements.openings = openings;
            if options.motion > 0 {
                let animation = clock.stage("Animating it", || {
                    animation::run(project, &folder, options.motion)
                })?;
                measurements.animation = Some(animation);
            }
        }
        write_page(project, options, &measurements)?;
    }
    if options.huge_runs > 0 {
        let huge = clock.stage("The huge image", || {
            images::huge(project, &folder, &large.jpeg)
        })?;
        for (name, path) in [
            ("JPEG", &huge.jpeg),
            ("TIFF, Deflate, tiles", &huge.tiles),
            ("BigTIFF, strips", &huge.strips),
        ] {
            let task = clock.stage(&format!("Huge {name}"), || {
                let name = format!("{} megapixels, {name}", images::HUGE_MEGAPIXELS);
                run_large_image(project, &folder, name, path, options.huge_runs)
            })?;
            measurements.tasks.push(task);
            write_page(project, options, &measurements)?;
        }
    }
    if options.photographs > 0 {
        let source = clock.stage("The photographs", || {
            images::photographs(project, &folder, &large.jpeg, options.photographs)
        })?;
        measurements.photographs = options.photographs;
        let (task, publish_again_seconds) =
            clock.stage("Photographs", || run_photographs(project, &folder, &source))?;
        measurements.tasks.push(task);
        measurements.publish_again_seconds = Some(publish_again_seconds);
        write_page(project, options, &measurements)?;
    }
    clock.report();
    println!("{}", render_page(project, options, &measurements));
    println!("wrote {}", options.out.display());
    Ok(())
}

fn write_page(
    project: &Project,
    options: &Options,
    measurements: &Measurements,
) -> Result<(), Failure> {
    let text = render_page(project, options, measurements);
    std::fs::write(&options.out, text).map_err(Failure::file(&options.out))
}

fn render_page(project: &Project, options: &Options, measurements: &Measurements) -> String {
    let vips = process::on_path("vips").and_then(|path| process::version(&path));
    let mut machine = machine::describe(project, None);
    machine.extend(vips);
    report::page(
        &machine,
        options.date.as_deref(),
        options.runs,
        measurements,
    )
}

/// Creates the tiles of a large image, alternating between the two programs.
fn run_large_image(
    project: &Project,
    folder: &std::path::Path,
    name: String,
    path: &std::path::Path,
    runs: usize,
) -> Result<Task, Failure> {
    let (archive, ingest) = khizana::create_archive(project, folder, path)?;
    let (mut khizana_runs, mut vips_runs) = (Vec::new(), Vec::new());
    for _ in 0..runs.max(1) {
        khizana_runs.push(khizana::publish(project, folder, &archive)?);
        vips_runs.push(vips::create_tiles(project, folder, path)?);
    }
    let pack = khizana::tile_pack(folder)?;
    let pack_bytes = pack.metadata().map_err(Failure::file(&pack))?.len();
    let tiles = vips::tiles_folder(folder);
    let similarity = similarity::measure(project, folder, path, &pack, &tiles)?;
    let vips_size = measure(&tiles, |_| true)?;
    Ok(Task {
        name,
        khizana: TaskResult {
            usage: median(khizana_runs),
            files: 1,
            bytes: pack_bytes,
        },
        vips: TaskResult {
            usage: median(vips_runs),
            files: vips_size.files,
            bytes: vips_size.bytes,
        },
        similarity: Some(similarity),
        ingest: Some(ingest),
    })
}

/// Hashes photographs, and creates their derivatives and tiles, with Khizana and with libvips. Also
/// returns the time that Khizana takes to publish again after a change, in seconds.
fn run_photographs(
    project: &Project,
    folder: &std::path::Path,
    source: &std::path::Path,
) -> Result<(Task, f64), Failure> {
    let (khizana_usage, site) = khizana::ingest_and_publish(project, folder, source)?;
    let khizana_size = measure(&site.join("iiif"), |_| true)?;
    let publish_again_seconds = khizana::publish_again(project, folder, source)?;
    let vips_usage = vips::process_photographs(project, folder, source)?;
    let vips_size = measure(&vips::photographs_folder(folder), |_| true)?;
    let task = Task {
        name: "photographs".into(),
        khizana: TaskResult {
            usage: khizana_usage,
            files: khizana_size.files,
            bytes: khizana_size.bytes,
        },
        vips: TaskResult {
            usage: vips_usage,
            files: vips_size.files,
            bytes: vips_size.bytes,
        },
        similarity: None,
        ingest: None,
    };
    Ok((task, publish_again_seconds))
}

/// Returns the median time and the maximum memory use of several runs.
fn median(mut runs: Vec<ResourceUsage>) -> ResourceUsage {
    runs.sort_by(|a, b| a.seconds.total_cmp(&b.seconds));
    let peak_bytes = runs.iter().filter_map(|run| run.peak_bytes).max();
    let seconds = runs.get(runs.len() / 2).map_or(0.0, |run| run.seconds);
    ResourceUsage {
        seconds,
        peak_bytes,
    }
}
