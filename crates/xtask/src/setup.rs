//! Installs what is missing, after saying so. What is there is used.

use crate::failure::Failure;
use crate::need::{Found, Need};
use crate::project::Project;

/// Makes sure of everything in `needs`.
pub fn ensure(project: &Project, needs: &[Need]) -> Result<(), Failure> {
    for need in needs {
        let Found::Missing(reason) = (need.find)(project)? else {
            continue;
        };
        eprintln!(
            "Installing {}, needed to {}: {reason}.\n  {}",
            need.name, need.why, need.how
        );
        (need.install)(project)?;
        if let Found::Missing(reason) = (need.find)(project)? {
            return Err(Failure::Missing {
                name: need.name.into(),
                remedy: format!("it was installed and is still not as it should be ({reason})."),
            });
        }
    }
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn need(find: fn(&Project) -> Result<Found, Failure>) -> Need {
        Need {
            name: "thing",
            why: "test",
            find,
            how: "do something",
            install: |project| {
                std::fs::write(project.path("installed"), "").map_err(Failure::file(project.root()))
            },
        }
    }

    #[test]
    fn what_is_there_is_not_installed() {
        let dir = tempfile::tempdir().unwrap();
        let project = Project::at(dir.path());
        let here = need(|project| {
            Ok(Found::Here {
                version: String::new(),
                place: project.root().to_owned(),
            })
        });
        ensure(&project, &[here]).unwrap();
        assert!(!project.path("installed").exists());
    }

    #[test]
    fn what_is_missing_is_installed_and_looked_at_again() {
        let dir = tempfile::tempdir().unwrap();
        let project = Project::at(dir.path());
        let failure = ensure(&project, &[need(|_| Ok(Found::Missing("gone".into())))]).unwrap_err();
        assert!(project.path("installed").exists());
        assert_eq!(failure.code(), "need-missing");
        assert!(failure.to_string().contains("thing"));
    }
}
