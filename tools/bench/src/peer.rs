//! The peer: Pagefind, fed with the same records and asked the same queries.

use super::folder::{measure, pagefind_data};
use super::search::{Work, ask, removed};
use super::side::{Side, Stage};
use super::{peak, queries};
use xtask::failure::Failure;
use xtask::project::Project;
use xtask::{process, requirement};

/// Builds and asks.
pub fn run(project: &Project, work: &Work) -> Result<Side, Failure> {
    let site = work.path("pagefind");
    removed(&site)?;
    let mut build = process::program(project, "node");
    // Node would stop at 2 to 4 GB of its own; its share here is small, and must not be the limit.
    build
        .arg("--max-old-space-size=8192")
        .arg(project.path("tools/bench/browser/pagefind-build.mjs"))
        .arg(requirement::pagefind_package_dir(project))
        .arg(work.path("source/metadata.jsonl"))
        .arg(site.join("pagefind"));
    let cost = peak::run(&mut build)?;
    let held = measure(&site, pagefind_data)?;
    let asked = ask(project, "pagefind", &site, &queries::file(project), work)?;
    removed(&site)?;
    Ok(Side {
        version: requirement::PAGEFIND_VERSION.into(),
        stages: vec![Stage {
            name: "build".into(),
            cost,
        }],
        held,
        asked,
        native: Vec::new(),
    })
}
