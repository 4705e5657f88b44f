//! Packages from PyPI, each with what it wants itself in a folder of its own.

use std::path::PathBuf;
use std::process::Command;

use super::{Found, debian};
use crate::failure::Failure;
use crate::process;
use crate::project::Project;

/// A package in the version we use.
pub struct Package {
    pub name: &'static str,
    pub version: &'static str,
    /// A file of it, below its folder.
    pub file: &'static str,
}

impl Package {
    pub fn folder(&self, project: &Project) -> PathBuf {
        project.tool(self.name, self.version)
    }

    /// Python, which finds the package.
    pub fn python(&self, project: &Project) -> Command {
        let mut command = process::program(project, "python3");
        command
            .env("PYTHONPATH", self.folder(project))
            .env("PYTHONDONTWRITEBYTECODE", "1");
        command
    }

    pub fn find(&self, project: &Project) -> Result<Found, Failure> {
        let place = self.folder(project);
        let (name, version) = (self.name.replace('-', "_"), self.version);
        let whole = place.join(self.file).is_file()
            && place
                .join(format!("{name}-{version}.dist-info/RECORD"))
                .is_file();
        Ok(if !whole {
            Found::Missing(format!("not found in version {version}"))
        } else if process::on_path("python3").is_none() {
            Found::Missing("python3 is not on PATH".into())
        } else {
            Found::Here {
                version: version.into(),
                place,
            }
        })
    }

    /// Installs it beside its place and moves it there whole, so that what is half there is not taken
    /// for the tool.
    pub fn install(&self, project: &Project) -> Result<(), Failure> {
        let pip = || {
            let mut command = process::program(project, "python3");
            command.args(["-m", "pip"]);
            command
        };
        if !pip()
            .arg("--version")
            .output()
            .is_ok_and(|output| output.status.success())
        {
            debian::install(project, "python3-pip")?;
        }
        let place = self.folder(project);
        let unfinished = project.tool(self.name, "unfinished");
        for old in [&unfinished, &place] {
            if old.exists() {
                std::fs::remove_dir_all(old).map_err(Failure::file(old))?;
            }
        }
        process::run(
            pip()
                .args([
                    "install",
                    "--quiet",
                    "--disable-pip-version-check",
                    "--no-warn-conflicts",
                    "--target",
                ])
                .arg(&unfinished)
                .arg(format!("{}=={}", self.name, self.version))
                .env("PIP_ROOT_USER_ACTION", "ignore"),
        )?;
        std::fs::rename(&unfinished, &place).map_err(Failure::file(&place))
    }
}
