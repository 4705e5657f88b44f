//! Building and searching of an index with Pagefind.

use super::folder::{is_pagefind_data, measure};
use super::results::{BuildStep, EngineResults};
use super::search::{WorkDir, remove, run_queries};
use super::{queries, resource_usage};
use xtask::failure::Failure;
use xtask::project::Project;
use xtask::{process, requirement};

/// Indexes the source and runs the queries in the browser.
pub fn run(project: &Project, work: &WorkDir) -> Result<EngineResults, Failure> {
    let site = work.path("pagefind");
    remove(&site)?;
    let mut build = process::program(project, "node");
    // Raises the default heap limit of Node, which is 2 to 4 GB. The actual heap remains small.
    build
        .arg("--max-old-space-size=8192")
        .arg(project.path("tools/bench/browser/pagefind-build.mjs"))
        .arg(requirement::pagefind_package_dir(project))
        .arg(work.path("source/metadata.jsonl"))
        .arg(site.join("pagefind"));
    let usage = resource_usage::run(&mut build)?;
    let size = measure(&site, is_pagefind_data)?;
    let browser = run_queries(project, "pagefind", &site, &queries::file(project), work)?;
    remove(&site)?;
    Ok(EngineResults {
        version: requirement::PAGEFIND_VERSION.into(),
        build_steps: vec![BuildStep {
            name: "build".into(),
            usage,
        }],
        size,
        browser,
        command_line: Vec::new(),
    })
}
