//! The folder of a published site.
//!
//! [`Site`] writes it, [`Folder`] reads it, [`headers`] lists the HTTP headers its files are served
//! with, and [`inspect_pack`] checks a tile pack.

mod error;
mod folder;
pub mod headers;
mod inspect;
mod site;

pub use error::SiteError;
pub use folder::Folder;
pub use inspect::{LevelReport, PackError, PackReport, inspect_pack};
pub use site::{Site, Total};
