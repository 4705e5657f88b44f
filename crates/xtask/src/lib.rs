//! Set-up, demonstration and tests for contributors.
//!
//! `cargo xtask COMMAND` runs a command. A command first announces and installs those tools that it
//! requires and that are missing; `cargo xtask doctor` only lists them.

pub mod clock;
pub mod demo;
pub mod dist;
pub mod doctor;
pub mod failure;
pub mod files;
pub mod process;
pub mod project;
pub mod requirement;
pub mod setup;
pub mod test;
pub mod torture;
pub mod web;
