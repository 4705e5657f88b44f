//! Our side: an archive is made, published, and searched through its viewer.

use std::path::Path;
use std::process::Command;

use super::folder::{khizana_data, measure};
use super::queries::Query;
use super::search::{Work, ask, removed};
use super::side::{Native, Side, Stage};
use super::{peak, queries};
use xtask::failure::Failure;
use xtask::process;
use xtask::project::Project;

/// Builds and asks.
pub fn run(project: &Project, work: &Work, list: &[Query]) -> Result<Side, Failure> {
    let (archive, site) = (work.path("archive"), work.path("site"));
    removed(&archive)?;
    removed(&site)?;
    process::run(khizana(project).arg("init").arg(&archive).arg("--json"))?;
    let mut ingest = khizana(project);
    ingest.arg("ingest").arg(work.path("source"));
    let mut publish = khizana(project);
    publish.arg("publish").args(["--pages", "none", "--out"]);
    publish.arg(&site);
    let mut stages = Vec::new();
    for (name, command) in [("ingest", &mut ingest), ("publish", &mut publish)] {
        let cost = peak::run(command.arg("--json").arg("--archive").arg(&archive))?;
        let name = name.to_owned();
        stages.push(Stage { name, cost });
    }
    // Some files a record: not kept for the next size.
    removed(&archive)?;
    let held = measure(&site, khizana_data)?;
    let native = list.iter().map(|query| native(project, &site, query));
    let native = native.collect::<Result<_, _>>()?;
    let asked = ask(project, "khizana", &site, &queries::file(project), work)?;
    removed(&site)?;
    Ok(Side {
        version: process::version(&project.release_program("khizana")).unwrap_or_default(),
        stages,
        held,
        asked,
        native,
    })
}

/// The program, as it is measured.
pub fn khizana(project: &Project) -> Command {
    process::program(project, project.release_program("khizana"))
}

/// Asks the command line; `None` where it refuses the query.
fn native(project: &Project, site: &Path, query: &Query) -> Result<Option<Native>, Failure> {
    let mut command = khizana(project);
    command.args(["search", &query.q, "--json", "--limit", "10", "--site"]);
    command.arg(site);
    for (field, value) in &query.filter {
        command.arg("--filter").arg(format!("{field}={value}"));
    }
    let output = command.output().map_err(process::not_started(&command))?;
    if !output.status.success() {
        return Ok(None);
    }
    serde_json::from_slice(&output.stdout)
        .map(Some)
        .map_err(|error| {
            Failure::malformed(
                site,
                format!("`{}`: {error}", process::command_line(&command)),
            )
        })
}
