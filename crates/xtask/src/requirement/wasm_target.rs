//! The Rust standard library for WebAssembly.

use super::{Requirement, rust_target};

/// The target of the viewer.
pub const NAME: &str = "wasm32-unknown-unknown";

pub const TARGET: Requirement = Requirement {
    name: NAME,
    purpose: "compile the viewer to WebAssembly",
    find: |project| rust_target::find(project, NAME),
    how: "rustup target add wasm32-unknown-unknown",
    install: |project| rust_target::install(project, NAME),
};
