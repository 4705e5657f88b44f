//! The geometry of the deep-zoom view: viewport, camera, animation, and the selection and caching
//! of tiles.
//!
//! This module does not depend on a browser, so that it can be tested natively.

pub mod address;
pub mod cache;
pub mod comparison;
pub mod motion;
pub mod number;
pub mod scale_bar;
pub mod tiles;
pub mod viewport;
