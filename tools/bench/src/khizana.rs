//! Building and searching of an archive with Khizana.

use std::path::Path;
use std::process::Command;

use super::folder::{is_khizana_data, measure};
use super::queries::Query;
use super::results::{BuildStep, CommandLineResult, EngineResults};
use super::search::{WorkDir, remove, run_queries};
use super::{queries, resource_usage};
use xtask::failure::Failure;
use xtask::process;
use xtask::project::Project;

/// Ingests and publishes the source, and runs the queries on the command line and in the browser.
pub fn run(
    project: &Project,
    work: &WorkDir,
    query_list: &[Query],
) -> Result<EngineResults, Failure> {
    let (archive, site) = (work.path("archive"), work.path("site"));
    remove(&archive)?;
    remove(&site)?;
    process::run(command(project).arg("init").arg(&archive).arg("--json"))?;
    let mut ingest = command(project);
    ingest.arg("ingest").arg(work.path("source"));
    let mut publish = command(project);
    publish.arg("publish").args(["--pages", "none", "--out"]);
    publish.arg(&site);
    let mut build_steps = Vec::new();
    for (name, command) in [("ingest", &mut ingest), ("publish", &mut publish)] {
        let usage = resource_usage::run(command.arg("--json").arg("--archive").arg(&archive))?;
        let name = name.to_owned();
        build_steps.push(BuildStep { name, usage });
    }
    // The archive has several files per record and is no longer needed.
    remove(&archive)?;
    let size = measure(&site, is_khizana_data)?;
    let command_line = query_list
        .iter()
        .map(|query| run_on_command_line(project, &site, query))
        .collect::<Result<_, _>>()?;
    let browser = run_queries(project, "khizana", &site, &queries::file(project), work)?;
    remove(&site)?;
    Ok(EngineResults {
        version: process::version(&project.release_program("khizana")).unwrap_or_default(),
        build_steps,
        size,
        browser,
        command_line,
    })
}

/// Returns a command that runs the release build of the program.
pub fn command(project: &Project) -> Command {
    process::program(project, project.release_program("khizana"))
}

/// Runs a query on the command line. Returns `None` if the query is rejected.
fn run_on_command_line(
    project: &Project,
    site: &Path,
    query: &Query,
) -> Result<Option<CommandLineResult>, Failure> {
    let mut command = command(project);
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
                format!(
                    "the output of `{}` is not valid: {error}",
                    process::command_line(&command)
                ),
            )
        })
}
