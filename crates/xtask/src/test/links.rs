//! The documentation's links: that what they name is there.

use std::path::{Path, PathBuf};

use super::tally::Tally;
use crate::failure::Failure;
use crate::files;
use crate::project::Project;

/// Looks at every link of every Markdown file of the project; and that the book's table of contents
/// names each of its pages.
pub fn run(project: &Project) -> Result<Tally, Failure> {
    let root = project.root();
    let mut tally = Tally::default();
    for file in files::below(root, &["target", "node_modules", "dist", "site"])? {
        if file.extension().is_none_or(|ending| ending != "md") {
            continue;
        }
        let text = std::fs::read_to_string(&file).map_err(Failure::file(&file))?;
        for (line, link) in links(&text) {
            let there = resolves(&file, link)?;
            tally.add(Tally::of(there));
            if !there {
                eprintln!(
                    "{}:{line}: `{link}` leads nowhere",
                    file.strip_prefix(root).unwrap_or(&file).display()
                );
            }
        }
    }
    let pages = project.path("docs/src");
    let contents = pages.join("SUMMARY.md");
    let summary = std::fs::read_to_string(&contents).map_err(Failure::file(&contents))?;
    for page in files::below(&pages, &[])? {
        let name = page.strip_prefix(&pages).unwrap_or(&page).to_string_lossy();
        if page == contents || page.extension().is_none_or(|ending| ending != "md") {
            continue;
        }
        let named = links(&summary).any(|(_, link)| link == name || link == format!("./{name}"));
        tally.add(Tally::of(named));
        if !named {
            eprintln!("docs/src/SUMMARY.md does not name {name}");
        }
    }
    Ok(tally)
}

/// The targets of a text's inline links and images, with their lines. Code is left out.
fn links(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut fenced = false;
    text.lines()
        .enumerate()
        .filter(move |(_, line)| {
            let fence = line.trim_start().starts_with("```");
            fenced ^= fence;
            !fenced && !fence
        })
        .flat_map(|(number, line)| {
            // What stands between backquotes is code: every second part.
            line.split('`')
                .step_by(2)
                .flat_map(|part| part.split("](").skip(1))
                .filter_map(move |rest| Some((number + 1, rest.split_once(')')?.0.trim())))
        })
}

/// Whether a link leads to a file (and, where it names one, a heading) that is there. Addresses
/// elsewhere are taken as they are: tests use no network.
fn resolves(file: &Path, link: &str) -> Result<bool, Failure> {
    if link.contains("://") || link.starts_with("mailto:") {
        return Ok(true);
    }
    let (path, heading) = link.split_once('#').unwrap_or((link, ""));
    let target: PathBuf = if path.is_empty() {
        file.to_owned()
    } else {
        file.parent().unwrap_or(Path::new("")).join(path)
    };
    if heading.is_empty() || !target.is_file() {
        return Ok(target.exists());
    }
    let text = std::fs::read_to_string(&target).map_err(Failure::file(&target))?;
    Ok(text
        .lines()
        .filter(|line| line.starts_with('#'))
        .any(|line| anchor(line) == heading))
}

/// The anchor that mdBook and the usual forges make of a heading.
fn anchor(heading: &str) -> String {
    heading
        .trim_start_matches('#')
        .trim()
        .chars()
        .filter_map(|c| match c {
            ' ' => Some('-'),
            c if c.is_alphanumeric() || c == '-' || c == '_' => Some(c),
            _ => None,
        })
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn links_are_found_outside_code() {
        let text =
            "[a](one.md) ![b](two.png) `[c](no.md)` x\n```\n[d](no.md)\n```\n[e](three.md#x)";
        let found: Vec<_> = links(text).collect();
        assert_eq!(found, [(1, "one.md"), (1, "two.png"), (5, "three.md#x")]);
    }

    #[test]
    fn a_link_resolves_by_file_and_heading() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("a.md");
        std::fs::write(&file, "# One\n## What is `kept`, and why\n").unwrap();
        for (link, there) in [
            ("a.md", true),
            ("a.md#one", true),
            ("#what-is-kept-and-why", true),
            ("#two", false),
            ("b.md", false),
            ("https://example.org/b.md", true),
        ] {
            assert_eq!(resolves(&file, link).unwrap(), there, "{link}");
        }
    }
}
