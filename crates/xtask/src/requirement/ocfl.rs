//! ocfl-py from PyPI, an independent OCFL validator.

use std::process::Command;

use super::Requirement;
use super::python_package::PythonPackage;
use crate::project::Project;

const PACKAGE: PythonPackage = PythonPackage {
    name: "ocfl-py",
    version: "2.1.0",
    file: "bin/ocfl-validate.py",
    with_dependencies: true,
};

/// ocfl-py, which validates the store.
pub const OCFL: Requirement = Requirement {
    name: "ocfl-py",
    purpose: "validate the store with an independent validator",
    find: |project| PACKAGE.find(project),
    how: "python3 -m pip install ocfl-py, into the cache folder",
    install: |project| PACKAGE.install(project),
};

/// Returns a Python command that can import ocfl-py.
pub fn python_command(project: &Project) -> Command {
    PACKAGE.python(project)
}

/// Returns a command that runs the validator. The caller appends the path of a storage root.
pub fn validator_command(project: &Project) -> Command {
    let mut command = PACKAGE.python(project);
    command.arg(PACKAGE.dir(project).join(PACKAGE.file));
    command
}
