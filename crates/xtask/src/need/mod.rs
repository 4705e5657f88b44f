//! What working on Khizana needs of a machine: how each thing is found, and how it is installed.

mod cargo_tool;
mod chromium;
mod compiler;
mod debian;
mod iiif;
mod nasm;
mod npm;
mod ocfl;
mod pagefind;
mod pip;
mod vips;
mod wasm_target;

use std::path::PathBuf;

use crate::failure::Failure;
use crate::project::Project;

pub use cargo_tool::{trunk_folder, wasm_bindgen_folder};
pub use chromium::path as chromium_path;
pub use iiif::{command as iiif_validator, picture as iiif_picture};
pub use ocfl::command as ocfl_validator;
pub use pagefind::{VERSION as PAGEFIND_VERSION, package as pagefind_package};

/// One thing that is needed.
pub struct Need {
    /// Its name.
    pub name: &'static str,
    /// What it is for: completes "needed to …".
    pub why: &'static str,
    /// Looks for it, in well under a second.
    pub find: fn(&Project) -> Result<Found, Failure>,
    /// What installing it does, in the form it is announced: "run `npm ci`".
    pub how: &'static str,
    /// Installs it.
    pub install: fn(&Project) -> Result<(), Failure>,
}

/// Whether something is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// It is, in this version, there.
    Here {
        /// As it names its version itself.
        version: String,
        /// Where.
        place: PathBuf,
    },
    /// It is not, or not as it should be.
    Missing(String),
}

/// What building the viewer takes.
pub const WEB: &[Need] = &[
    compiler::C,
    nasm::NASM,
    wasm_target::TARGET,
    cargo_tool::TRUNK,
    cargo_tool::WASM_BINDGEN,
    npm::PACKAGES,
];

/// What the tests take beside that.
pub const TEST: &[Need] = &[chromium::CHROMIUM, ocfl::OCFL, iiif::IIIF];

/// What measuring the search takes beside the viewer.
pub const BENCH: &[Need] = &[chromium::CHROMIUM];

/// What measuring its peer takes.
pub const PEER: &[Need] = &[pagefind::PAGEFIND];

/// What measuring images takes.
pub const MEDIA: &[Need] = &[vips::VIPS, nasm::NASM];
