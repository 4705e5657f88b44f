//! The preview of a source: its site and its problems, which are updated while the source is edited.
//!
//! Nothing is written to the source or to an archive. The source is ingested into an archive in a temporary folder and
//! published there. Two threads do this:
//!
//! 1. `reader` watches the source. After a change it reads the rows, so that the problems of the table and the items
//!    that have changed ([`khizana_publish::Drafts`]) are displayed at once.
//! 2. `publisher` then ingests the source and publishes it, which reads the files that have changed.
//!
//! Pages are rendered when they are requested. The open page learns of changes from server-sent events.

mod config_files;
mod draft_images;
mod drafts;
mod error;
mod html;
mod page;
mod preview;
mod problem_list;
mod publisher;
mod reader;
mod reading;
mod server;
mod snapshot;
mod state;
mod stop;
mod texts;
mod translations;
mod watcher;
mod workspace;

pub use error::PreviewError;
pub use preview::{Options, Preview};
