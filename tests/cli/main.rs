//! End-to-end tests of the program `khizana`.
//!
//! They belong to the crate `khizana-cli`, so that Cargo builds the program first.

#![allow(clippy::unwrap_used)]

mod bilevel_images;
mod check_report;
mod command_errors;
mod compatibility;
mod configuration;
mod deploy;
mod determinism;
mod estimate;
mod hosts;
mod identity;
mod iiif_tiles;
mod interrupted_ingest;
mod invalid_sources;
mod json_output;
mod language;
mod line_alignment;
mod media_formats;
mod page_layout;
mod preview;
mod rendered_text;
mod restore;
mod sections;
mod serve;
mod shards;
mod support;
mod tile_packs;
mod transcripts;
mod trust;
mod typefaces;
mod verification;
mod workflow;
