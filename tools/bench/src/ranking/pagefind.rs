//! Search with Pagefind.

use std::path::Path;

use serde::Serialize;
use xtask::failure::Failure;
use xtask::project::Project;
use xtask::{process, requirement};

use super::records::Record;

/// A record for `pagefind-ranking.mjs`.
#[derive(Serialize)]
struct Page<'a> {
    id: &'a str,
    title: String,
    creators: &'a [String],
    rest: Vec<String>,
}

/// Indexes the records in `folder`, and returns the identifiers of the first ten results of each query.
pub fn search(
    project: &Project,
    folder: &Path,
    language: &str,
    records: &[Record],
    queries: &[&str],
) -> Result<Vec<Vec<String>>, Failure> {
    let mut lines = String::new();
    for record in records {
        let page = Page {
            id: record.id(),
            title: record.values("title").join(" | "),
            creators: record.values("creator"),
            rest: record.rest(),
        };
        lines.push_str(&json(folder, &page)?);
        lines.push('\n');
    }
    let records_file = folder.join("records.jsonl");
    std::fs::write(&records_file, lines).map_err(Failure::file(&records_file))?;
    let queries_file = folder.join("queries.json");
    std::fs::write(&queries_file, json(folder, &queries)?).map_err(Failure::file(&queries_file))?;
    let out = folder.join("pagefind.json");
    let mut node = process::program(project, "node");
    // Raises the default heap limit of Node, as for the search benchmark.
    node.arg("--max-old-space-size=8192")
        .arg(project.path("tools/bench/browser/pagefind-ranking.mjs"))
        .arg(requirement::pagefind_package_dir(project))
        .arg(&records_file)
        .arg(language)
        .arg(&queries_file)
        .arg(folder.join("pagefind"))
        .arg(&out);
    node.env("CHROMIUM", requirement::CHROMIUM.path(project)?);
    process::run(&mut node)?;
    let results = std::fs::read(&out).map_err(Failure::file(&out))?;
    serde_json::from_slice(&results).map_err(|error| Failure::malformed(&out, error))
}

fn json(folder: &Path, value: &impl Serialize) -> Result<String, Failure> {
    serde_json::to_string(value).map_err(|error| Failure::malformed(folder, error))
}
