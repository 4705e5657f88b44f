//! The deep-zoom view without its screen: where the reader looks, how the view moves, which tiles that
//! needs, and which are kept. Nothing here knows of a browser, so that all of it is tested natively.

pub mod address;
pub mod cache;
pub mod motion;
pub mod number;
pub mod pair;
pub mod ruler;
pub mod stage;
pub mod tiles;
