//! The viewer: hydrates the pages of a site, listens to events, and fetches and shows the next page.

pub mod browser;
mod zoom;

pub use zoom::first::ranges as first_tiles;
