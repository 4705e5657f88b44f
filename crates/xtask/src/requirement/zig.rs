//! The C compiler and linker of Zig, and cargo-zigbuild, which makes Cargo use them for other systems.

use std::process::Command;

use super::Requirement;
use super::python_package::PythonPackage;
use crate::process;
use crate::project::Project;

const ZIG_PACKAGE: PythonPackage = PythonPackage {
    name: "ziglang",
    version: "0.17.1",
    file: "ziglang/zig",
    with_dependencies: false,
};

/// Without its dependency, which is any version of Zig.
const ZIGBUILD_PACKAGE: PythonPackage = PythonPackage {
    name: "cargo-zigbuild",
    version: "0.24.1",
    file: "bin/cargo-zigbuild",
    with_dependencies: false,
};

/// Zig, whose C compiler and linker build for all systems.
pub const ZIG: Requirement = Requirement {
    name: "zig",
    purpose: "compile and link for other systems",
    find: |project| ZIG_PACKAGE.find(project),
    how: "python3 -m pip install ziglang, into the cache folder (100 MB)",
    install: |project| ZIG_PACKAGE.install(project),
};

/// cargo-zigbuild, with which Cargo uses Zig.
pub const ZIGBUILD: Requirement = Requirement {
    name: "cargo-zigbuild",
    purpose: "compile and link for other systems",
    find: |project| ZIGBUILD_PACKAGE.find(project),
    how: "python3 -m pip install cargo-zigbuild, into the cache folder",
    install: |project| ZIGBUILD_PACKAGE.install(project),
};

/// Returns a command that runs cargo-zigbuild. The caller appends its arguments.
pub fn zigbuild_command(project: &Project) -> Command {
    let program = ZIGBUILD_PACKAGE.dir(project).join(ZIGBUILD_PACKAGE.file);
    let mut command = process::program_with_cargo(project, program);
    let zig = ZIG_PACKAGE.dir(project).join(ZIG_PACKAGE.file);
    command.env("CARGO_ZIGBUILD_ZIG_PATH", zig);
    command
}
