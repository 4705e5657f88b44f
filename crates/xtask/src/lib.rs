//! Set-up, demonstration and tests for contributors.
//!
//! `cargo xtask COMMAND` runs them. A command first announces and installs what it needs and the machine
//! lacks; `cargo xtask doctor` only looks.

pub mod clock;
pub mod demo;
pub mod doctor;
pub mod failure;
pub mod files;
pub mod need;
pub mod process;
pub mod project;
pub mod setup;
pub mod test;
pub mod web;
