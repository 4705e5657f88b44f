//! Phrases that must not be used in the sources and the documents.

use std::path::Path;

use crate::failure::Failure;
use crate::files;
use crate::project::Project;

use super::tally::Tally;

/// Phrases for which there is a plainer equivalent, as lower-case words.
const PHRASES: &[(&str, &str)] = &[
    ("anew", "again"),
    ("beside", "next to, in addition to"),
    ("gone through", "processed, traversed"),
    ("hand in", "pass"),
    ("handed in", "passed"),
    ("let go of", "release, drop"),
    ("lets go of", "releases, drops"),
    ("of its own", "a separate …"),
    ("of their own", "separate …"),
    ("so many", "the number"),
    ("taken in", "ingested"),
    ("takes in", "ingests"),
    ("that is none", "invalid, missing"),
    ("told", "reported, specified"),
];

/// An identifier that does not say what it names.
const IDENTIFIER: &str = "own";

/// Words with which a doc comment must not begin, because it begins with a noun or a verb.
const QUESTION_WORDS: &[&str] = &["What", "Whether", "How", "Where"];

/// Texts that are part of a format, and legitimate uses of a phrase.
const EXCEPTIONS: &[&str] = &[
    "\"Taken in\"",
    "\"Taken in from its source\"",
    "place where it was taken, in EXIF",
    "memory that an entry takes in addition to",
    "could declare so many values",
    "written by hand in Arabic",
    "It is open at an end that is `None`",
];

/// Extensions of the files that are checked.
const EXTENSIONS: &[&str] = &["rs", "mjs", "js", "css", "md", "toml", "ftl", "html"];

/// Files and folders that are not checked, relative to the root.
const SKIPPED: &[&str] = &[
    // The list of phrases.
    "crates/xtask/src/test/wording.rs",
    // The title of an item in a test archive.
    "tests/browser/recordings.test.mjs",
];

/// Checks the text of every source file and document.
pub fn run(project: &Project) -> Result<Tally, Failure> {
    let mut failed = 0;
    for path in files::below(
        project.root(),
        &["target", "node_modules", "dist", "fixtures"],
    )? {
        let relative = path.strip_prefix(project.root()).unwrap_or(&path);
        if !is_checked(relative) {
            continue;
        }
        let text = std::fs::read_to_string(&path).map_err(Failure::file(&path))?;
        for (index, line) in text.lines().enumerate() {
            if let Some(problem) = problem(line) {
                failed += 1;
                eprintln!("{}:{}: {problem}", relative.display(), index + 1);
            }
        }
    }
    Ok(if failed == 0 {
        Tally::PASSED
    } else {
        Tally { passed: 0, failed }
    })
}

fn is_checked(path: &Path) -> bool {
    path.extension()
        .is_some_and(|extension| EXTENSIONS.iter().any(|checked| extension == *checked))
        && !SKIPPED.iter().any(|skipped| path.starts_with(skipped))
}

/// Describes the first phrase in a line that is not allowed.
fn problem(line: &str) -> Option<String> {
    let comment = line.trim_start();
    let doc = comment
        .strip_prefix("///")
        .or_else(|| comment.strip_prefix("//!"));
    // Only the first line of a comment begins a sentence, but these words are not capitalised
    // within a sentence either.
    if let Some(word) = doc.and_then(|doc| doc.split_whitespace().next())
        && QUESTION_WORDS.contains(&word)
    {
        return Some(format!(
            "a doc comment begins with `{word}`; begin with a noun or a verb"
        ));
    }
    if EXCEPTIONS.iter().any(|exception| line.contains(exception)) {
        return None;
    }
    let is_code = !comment.starts_with("//");
    let mut identifiers = line.split(|c: char| !c.is_alphanumeric() && c != '_');
    if is_code && line.contains("let ") && identifiers.any(|word| word == IDENTIFIER) {
        return Some(format!(
            "`{IDENTIFIER}` does not say what it names; use a name such as `item_dir`"
        ));
    }
    let lower = line.to_lowercase();
    let words: Vec<&str> = lower
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    PHRASES.iter().find_map(|(phrase, instead)| {
        let phrase_words: Vec<&str> = phrase.split(' ').collect();
        words
            .windows(phrase_words.len())
            .any(|window| window == phrase_words)
            .then(|| format!("`{phrase}` is not allowed; write: {instead}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phrase_is_found_as_whole_words_in_any_case() {
        assert!(problem("// Taken in twice").is_some());
        assert!(problem("let own = 1;").is_some());
        assert!(problem("/// A folder of its own.").is_some());
        assert!(problem("let owner = 1;").is_none());
        assert!(problem("// the owner is known, and so are many").is_none());
    }

    #[test]
    fn a_doc_comment_begins_with_a_noun_or_a_verb() {
        assert!(problem("    /// Whether it is there.").is_some());
        assert!(problem("//! What it holds.").is_some());
        assert!(problem("/// Returns `true` if it exists.").is_none());
        assert!(problem("// What is not a doc comment").is_none());
    }
}
