//! The store of an archive: an OCFL 1.1 storage root, and the catalogue, which is an index of the
//! storage root.
//!
//! [`ocfl`] reads and writes the storage root, [`catalogue`] implements the index, [`mod@verify`]
//! checks the fixity of all files, [`config`] reads `khizana.toml`, and [`mod@init`] creates an
//! archive.

pub mod catalogue;
pub mod config;
pub mod consistency;
pub mod damage;
pub mod disk;
pub mod init;
pub mod loss;
pub mod ocfl;
pub mod open;
pub mod rebuild;
pub mod repair;
pub mod verify;

pub use ocfl::{Store, StoreError, Writer};
