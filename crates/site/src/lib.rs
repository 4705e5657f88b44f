//! The folder of a published site.
//!
//! [`Site`] writes the folder, [`Folder`] reads it, [`headers`] defines the HTTP headers of its
//! files, and [`inspect_pack`] checks a tile pack.

mod error;
mod folder;
pub mod headers;
mod inspect;
mod site;

pub use error::SiteError;
pub use folder::Folder;
pub use inspect::{LevelReport, PackError, PackReport, inspect_pack};
pub use site::{Site, SiteTotals};
