//! The folder of a published site.
//!
//! [`Site`] writes the folder, [`Folder`] reads it, [`verify_site`] checks all of its files, [`verify_host`]
//! checks a site on a web server,
//! [`headers`] defines the HTTP headers, and [`inspect_pack`] checks a tile pack.

pub mod damage;
mod error;
mod folder;
pub mod headers;
mod inspect;
mod manifest;
mod site;
mod verify;

pub use error::SiteError;
pub use folder::Folder;
pub use inspect::{LevelReport, PackError, PackReport, inspect_pack};
pub use manifest::{
    SiteContents, SiteFile, SiteManifest, is_relative, read_contents, read_manifest,
};
pub use site::{Site, SiteLock, SiteTotals, lock_shared};
pub use verify::{CODES, Host, HostError, SiteReport, verify_host, verify_site};
