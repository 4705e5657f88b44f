//! Packages from PyPI. Each of them is installed with its dependencies into a separate folder.

use std::path::PathBuf;
use std::process::Command;

use super::{Status, apt};
use crate::failure::Failure;
use crate::process;
use crate::project::Project;

/// A package in an exact version.
pub struct PythonPackage {
    pub name: &'static str,
    pub version: &'static str,
    /// The path of a file in the folder of the package. If the file exists, the installation is
    /// complete.
    pub file: &'static str,
    /// `true` if the dependencies of the package are installed with it.
    pub with_dependencies: bool,
}

impl PythonPackage {
    /// Returns the folder into which the package is installed.
    pub fn dir(&self, project: &Project) -> PathBuf {
        project.tool(self.name, self.version)
    }

    /// Returns a Python command that can import the package.
    pub fn python(&self, project: &Project) -> Command {
        let mut command = process::program(project, "python3");
        command
            .env("PYTHONPATH", self.dir(project))
            .env("PYTHONDONTWRITEBYTECODE", "1");
        command
    }

    pub fn find(&self, project: &Project) -> Result<Status, Failure> {
        let path = self.dir(project);
        let (name, version) = (self.name.replace('-', "_"), self.version);
        let is_complete = path.join(self.file).is_file()
            && path
                .join(format!("{name}-{version}.dist-info/RECORD"))
                .is_file();
        Ok(if !is_complete {
            Status::Missing(format!("not found in version {version}"))
        } else if process::on_path("python3").is_none() {
            Status::Missing("python3 is not on PATH".into())
        } else {
            Status::Installed {
                version: version.into(),
                path,
            }
        })
    }

    /// Installs the package into a temporary folder and then renames the folder, so that an
    /// interrupted installation is never mistaken for a complete one.
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
            apt::install(project, "python3-pip")?;
        }
        let dir = self.dir(project);
        let temporary_dir = project.tool(self.name, "unfinished");
        for stale in [&temporary_dir, &dir] {
            if stale.exists() {
                std::fs::remove_dir_all(stale).map_err(Failure::file(stale))?;
            }
        }
        let no_dependencies = (!self.with_dependencies).then_some("--no-deps");
        process::run(
            pip()
                .args([
                    "install",
                    "--quiet",
                    "--disable-pip-version-check",
                    "--no-warn-conflicts",
                ])
                .args(no_dependencies)
                .arg("--target")
                .arg(&temporary_dir)
                .arg(format!("{}=={}", self.name, self.version))
                .env("PIP_ROOT_USER_ACTION", "ignore"),
        )?;
        std::fs::rename(&temporary_dir, &dir).map_err(Failure::file(&dir))
    }
}
