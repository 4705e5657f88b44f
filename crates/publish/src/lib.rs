//! Publishing: from the store of an archive to its site.

mod cache;
mod error;
mod iiif;
mod images;
mod pages;
mod publish;
mod records;
mod texts;
mod threads;

pub use error::PublishError;
pub use publish::{Options, Summary, Viewer, publish};
