//! Publishing of archives: writes the static site of an archive from its store.
//!
//! [`publish()`] runs these stages:
//!
//! 1. `records::plan` reads the store once and numbers the items.
//! 2. `images` creates the derivatives and tile packs of images and document pages.
//! 3. `texts::line_alignment` locates the lines of page texts on their images.
//! 4. `records` publishes originals and texts, draws maps with `maps`, finds related items, and writes the
//!    records and the search index.
//! 5. `pages` writes the HTML pages, and `iiif` the IIIF manifests.

mod cache;
mod consistency;
mod discovery;
mod error;
mod example_texts;
mod host_limits;
mod identity;
mod iiif;
mod images;
mod maps;
mod pages;
mod parallel;
pub mod prepare;
mod publish;
mod reader;
mod records;
mod shown;
mod texts;
mod written;

pub use consistency::{verify_host, verify_site};
pub use error::PublishError;
pub use pages::{Documents, Draft, Drafts, NoDrafts};
pub use publish::{Options, Summary, Viewer, publish, publish_on_request};
