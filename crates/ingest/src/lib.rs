//! Sources and their dialects, checks, hashing, compression, the OCFL store, the catalogue.
//!
//! [`pipeline::ingest`] takes a [`source`] into the [`store`] and the [`catalogue`];
//! [`pipeline::check`] looks at one and writes nothing.

pub mod catalogue;
pub mod config;
pub mod init;
pub mod pipeline;
pub mod problem;
pub mod source;
pub mod store;
pub mod verify;
