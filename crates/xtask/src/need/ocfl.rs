//! ocfl-py, the OCFL validator from PyPI that judges our stores.

use std::process::Command;

use super::Need;
use super::pip::Package;
use crate::project::Project;

const PACKAGE: Package = Package {
    name: "ocfl-py",
    version: "2.1.0",
    file: "bin/ocfl-validate.py",
};

pub const OCFL: Need = Need {
    name: "ocfl-py",
    why: "have another program's validator judge the store",
    find: |project| PACKAGE.find(project),
    how: "python3 -m pip install ocfl-py, into a folder of its own",
    install: |project| PACKAGE.install(project),
};

/// The validator; wants the path of a storage root.
pub fn command(project: &Project) -> Command {
    let mut command = PACKAGE.python(project);
    command.arg(PACKAGE.folder(project).join(PACKAGE.file));
    command
}
