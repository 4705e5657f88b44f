//! The part of Khizana that runs in the browser.
//!
//! It consists of two programs. The [`viewer`] runs in the page: it hydrates the published HTML,
//! listens to events and renders. The [`worker`] runs in a Web Worker and owns the archive: it
//! fetches, verifies, searches and decodes. They exchange the messages of [`message`].

pub mod message;
pub mod viewer;
pub mod worker;

mod zoom;
