//! The report of installed and missing tools.

use crate::project::Project;
use crate::requirement::{BUILD, DIST, Requirement, SERVERS, Status, TEST};

/// Prints one line for each requirement. Returns `false` if any of them is missing.
pub fn run(project: &Project) -> bool {
    let mut is_complete = true;
    for requirement in BUILD.iter().chain(TEST).chain(SERVERS).chain(DIST) {
        let (line, is_installed) = report_line(project, requirement);
        println!("{line}");
        is_complete &= is_installed;
    }
    if !is_complete {
        println!("\n`cargo xtask demo`, `test` and `dist` install the missing tools they need.");
    }
    is_complete
}

fn report_line(project: &Project, requirement: &Requirement) -> (String, bool) {
    let name = requirement.name;
    match (requirement.find)(project) {
        Ok(Status::Installed { version, path }) => (
            format!("ok       {name:<24} {version}, {}", path.display()),
            true,
        ),
        Ok(Status::Missing(reason)) => (
            format!(
                "MISSING  {name:<24} {reason}. Needed to {}. Install with: {}",
                requirement.purpose, requirement.how
            ),
            false,
        ),
        Err(failure) => (format!("MISSING  {name:<24} {failure}"), false),
    }
}
