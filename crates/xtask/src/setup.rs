//! Installation of missing requirements.

use crate::failure::Failure;
use crate::project::Project;
use crate::requirement::{Requirement, Status};

/// Installs every requirement that is missing. Announces each installation first.
///
/// # Errors
///
/// Returns the error of the first installation that fails, or [`Failure::Missing`] if a tool still
/// cannot be found after its installation.
pub fn install_missing(project: &Project, requirements: &[Requirement]) -> Result<(), Failure> {
    for requirement in requirements {
        let Status::Missing(reason) = (requirement.find)(project)? else {
            continue;
        };
        eprintln!(
            "Installing {}, needed to {}: {reason}.\n  {}",
            requirement.name, requirement.purpose, requirement.how
        );
        (requirement.install)(project)?;
        if let Status::Missing(reason) = (requirement.find)(project)? {
            return Err(Failure::Missing {
                name: requirement.name.into(),
                hint: format!(
                    "The installation succeeded, but the tool still cannot be used: {reason}."
                ),
            });
        }
    }
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn requirement(find: fn(&Project) -> Result<Status, Failure>) -> Requirement {
        Requirement {
            name: "thing",
            purpose: "test",
            find,
            how: "do something",
            install: |project| {
                std::fs::write(project.path("installed"), "").map_err(Failure::file(project.root()))
            },
        }
    }

    #[test]
    fn an_installed_tool_is_not_installed_again() {
        let dir = tempfile::tempdir().unwrap();
        let project = Project::at(dir.path());
        let installed = requirement(|project| {
            Ok(Status::Installed {
                version: String::new(),
                path: project.root().to_owned(),
            })
        });
        install_missing(&project, &[installed]).unwrap();
        assert!(!project.path("installed").exists());
    }

    #[test]
    fn a_tool_that_is_missing_after_its_installation_is_an_error() {
        let dir = tempfile::tempdir().unwrap();
        let project = Project::at(dir.path());
        let missing = requirement(|_| Ok(Status::Missing("not found".into())));
        let failure = install_missing(&project, &[missing]).unwrap_err();
        assert!(project.path("installed").exists());
        assert_eq!(failure.code(), "need-missing");
        assert!(failure.to_string().contains("thing"));
    }
}
