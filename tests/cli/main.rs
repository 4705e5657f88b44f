//! The program `khizana`, end to end: what a curator types, what comes back, what is on the disk.
//!
//! A test of the crate `khizana-cli`, so that Cargo builds the program before it runs.

#![allow(clippy::unwrap_used)]

mod bad_input;
mod cannot_run;
mod compatibility;
mod configuration;
mod determinism;
mod formats;
mod iiif_tiles;
mod interrupted;
mod journey;
mod laid_over;
mod packs;
mod serving;
mod shapes;
mod support;
mod transcripts;
mod written;
