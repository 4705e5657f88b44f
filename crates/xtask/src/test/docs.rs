//! Checks of the book, the rustdoc and the links between Markdown files.

use std::path::Path;

use crate::failure::Failure;
use crate::project::Project;
use crate::{files, process, requirement};

use super::run_check;
use super::tally::Tally;

/// Builds the book with mdBook, and the rustdoc without warnings. Checks every link with
/// remark-validate-links, and checks that the table of contents lists every page.
pub fn run(project: &Project) -> Result<Tally, Failure> {
    let mut tally = run_check(
        process::program(project, requirement::MDBOOK.path(project)?)
            .args(["build", "docs", "--dest-dir"])
            .arg(project.target("book")),
    )?;
    tally.add(run_check(
        process::cargo(
            project,
            "doc --workspace --no-deps --document-private-items --quiet",
        )
        .env("RUSTDOCFLAGS", "--deny warnings"),
    )?);
    tally.add(run_check(
        process::program(project, project.path("node_modules/.bin/remark"))
            .args([".", "--frail", "--quiet", "--no-stdout"])
            .args(["--use", "remark-validate-links=repository:false"]),
    )?);
    for page in pages_missing_in_summary(&project.path("docs/src"))? {
        eprintln!("docs/src/SUMMARY.md does not list {page}");
        tally.add(Tally::FAILED);
    }
    Ok(tally)
}

/// Returns the pages in the folder of the book to which its `SUMMARY.md` does not link. mdBook
/// omits these pages.
fn pages_missing_in_summary(folder: &Path) -> Result<Vec<String>, Failure> {
    let summary_path = folder.join("SUMMARY.md");
    let summary = std::fs::read_to_string(&summary_path).map_err(Failure::file(&summary_path))?;
    Ok(files::below(folder, &[])?
        .iter()
        .filter(|path| path.extension().is_some_and(|extension| extension == "md"))
        .filter(|path| **path != summary_path)
        .map(|path| {
            let relative = path.strip_prefix(folder).unwrap_or(path);
            relative.to_string_lossy().replace('\\', "/")
        })
        .filter(|name| {
            !summary.contains(&format!("({name})")) && !summary.contains(&format!("(./{name})"))
        })
        .collect())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_page_that_the_summary_does_not_link_is_found() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir(dir.path().join("decisions")).unwrap();
        for (name, text) in [
            (
                "SUMMARY.md",
                "- [One](one.md)\n- [Two](./decisions/two.md)\n",
            ),
            ("one.md", ""),
            ("decisions/two.md", ""),
            ("three.md", ""),
        ] {
            std::fs::write(dir.path().join(name), text).unwrap();
        }
        assert_eq!(pages_missing_in_summary(dir.path()).unwrap(), ["three.md"]);
    }
}
