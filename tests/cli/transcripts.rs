//! Transcripts of the command line, which the documentation contains.
//!
//! Run with `TRYCMD=overwrite` to write the current output into the transcripts.

use std::fs;
use std::path::Path;

/// The transcripts, each with the page that contains its blocks.
const TRANSCRIPTS: [(&str, &str); 4] = [
    ("first-archive.md", "install.md"),
    ("language.md", "cli.md"),
    ("problems.md", "cli.md"),
    ("tutorial.md", "tutorial.md"),
];

#[test]
fn the_transcripts_are_current() {
    trycmd::TestCases::new()
        .env("LC_ALL", "C")
        .case("../../tests/cli/transcripts/*.md");
}

#[test]
fn the_documentation_contains_the_transcripts() {
    let project = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut blocks = 0;
    for (transcript, page) in TRANSCRIPTS {
        let text =
            fs::read_to_string(project.join("tests/cli/transcripts").join(transcript)).unwrap();
        let page_text = fs::read_to_string(project.join("docs/src").join(page)).unwrap();
        for block in text.split("```console\n").skip(1) {
            let block = block.split("```").next().unwrap();
            assert!(
                page_text.contains(&format!("```console\n{block}```")),
                "docs/src/{page} must contain this block of {transcript}:\n{block}"
            );
            blocks += 1;
        }
    }
    assert_eq!(blocks, 8);
}
