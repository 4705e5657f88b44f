//! The tools that are required for building and testing Khizana, and the ways in which they are
//! found and installed.

mod apt;
mod c_compiler;
mod cargo_program;
mod chromium;
mod iiif;
mod nasm;
mod npm_packages;
mod ocfl;
mod pagefind;
mod python_package;
mod rclone;
mod rust_target;
mod seaweedfs;
mod skopeo;
mod strace;
mod vips;
mod wasm_target;
mod web_servers;
mod wrk;
mod zig;

use std::path::PathBuf;

use crate::failure::Failure;
use crate::project::Project;

pub use cargo_program::{CARGO_DENY, MDBOOK, ROCFL, TRUNK, WASM_BINDGEN};
pub use chromium::CHROMIUM;
pub use iiif::{
    IIIF, test_image_command as iiif_test_image_command,
    validator_command as iiif_validator_command,
};
pub use nasm::NASM_FOR_X86;
pub use ocfl::{
    OCFL, python_command as ocfl_python_command, validator_command as ocfl_validator_command,
};
pub use pagefind::{VERSION as PAGEFIND_VERSION, package_dir as pagefind_package_dir};
pub use rust_target::install_missing as install_missing_target;
pub use seaweedfs::command as seaweedfs_command;
pub use skopeo::SKOPEO;
pub use strace::STRACE;
pub use zig::zigbuild_command;

/// A tool that must be installed.
pub struct Requirement {
    /// The name of the tool.
    pub name: &'static str,
    /// The purpose of the tool, as a completion of the phrase "needed to …".
    pub purpose: &'static str,
    /// A function that looks for the tool. It takes well under a second.
    pub find: fn(&Project) -> Result<Status, Failure>,
    /// The way in which the tool is installed, as it is announced; for example "npm ci, into
    /// node_modules".
    pub how: &'static str,
    /// A function that installs the tool.
    pub install: fn(&Project) -> Result<(), Failure>,
}

impl Requirement {
    /// Returns the path of the installed tool.
    ///
    /// # Errors
    ///
    /// Returns [`Failure::Missing`] if the tool is not installed.
    pub fn path(&self, project: &Project) -> Result<PathBuf, Failure> {
        match (self.find)(project)? {
            Status::Installed { path, .. } => Ok(path),
            Status::Missing(reason) => Err(Failure::Missing {
                name: self.name.into(),
                hint: format!("Reason: {reason}. Install it with: {}.", self.how),
            }),
        }
    }
}

/// The state of a tool on this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Status {
    /// The tool is installed.
    Installed {
        /// The version that the tool reports.
        version: String,
        /// The path of the program or the folder of the tool.
        path: PathBuf,
    },
    /// The tool is missing or has a different version. The string states which.
    Missing(String),
}

/// Requirements for building the viewer and the program.
pub const BUILD: &[Requirement] = &[
    c_compiler::C,
    nasm::NASM,
    wasm_target::TARGET,
    TRUNK,
    WASM_BINDGEN,
    npm_packages::PACKAGES,
];

/// Requirements for the tests, in addition to [`BUILD`].
pub const TEST: &[Requirement] = &[CHROMIUM, OCFL, ROCFL, IIIF, STRACE, MDBOOK, CARGO_DENY];

/// Requirements of the tests that start other servers.
pub const SERVERS: &[Requirement] = &[
    web_servers::NGINX,
    web_servers::CADDY,
    web_servers::APACHE,
    web_servers::SSHD,
];

/// Requirements for packages, in addition to [`BUILD`].
pub const DIST: &[Requirement] = &[zig::ZIG, zig::ZIGBUILD, SKOPEO];

/// Requirements for the search benchmark, in addition to [`BUILD`].
pub const BENCH: &[Requirement] = &[CHROMIUM];

/// Requirements for the peer of the search benchmark.
pub const PEER: &[Requirement] = &[pagefind::PAGEFIND];

/// Requirements for the benchmark of deployments.
pub const DEPLOY: &[Requirement] = &[seaweedfs::SEAWEEDFS, rclone::RCLONE];

/// Requirements for the benchmark of large sites.
pub const SIZE: &[Requirement] = &[web_servers::NGINX, wrk::WRK];

/// Requirements for the image benchmark.
pub const MEDIA: &[Requirement] = &[vips::VIPS, nasm::NASM];
