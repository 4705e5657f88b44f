//! What is installed, what is missing.

use crate::need::{Found, Need, TEST, WEB};
use crate::project::Project;

/// Prints a line for each need; `false` where something is missing.
pub fn run(project: &Project) -> bool {
    let mut whole = true;
    for need in WEB.iter().chain(TEST) {
        let (line, here) = line(project, need);
        println!("{line}");
        whole &= here;
    }
    if !whole {
        println!("\n`cargo xtask demo` and `cargo xtask test` install what they need of it.");
    }
    whole
}

fn line(project: &Project, need: &Need) -> (String, bool) {
    match (need.find)(project) {
        Ok(Found::Here { version, place }) => (
            format!("ok       {:<24} {version}, {}", need.name, place.display()),
            true,
        ),
        Ok(Found::Missing(reason)) => (
            format!(
                "MISSING  {:<24} {reason}. Needed to {}: {}",
                need.name, need.why, need.how
            ),
            false,
        ),
        Err(failure) => (format!("MISSING  {:<24} {failure}", need.name), false),
    }
}
