//! Measurements: how long it takes, how much it costs, beside a peer. A measurement is never a test.

mod data;
mod figure;
mod folder;
mod goals;
mod machine;
mod media;
mod own;
mod peak;
mod peer;
mod queries;
mod recipe;
mod report;
mod search;
mod side;
mod source;

pub use media::{Options as MediaOptions, run as media};
pub use search::{Options, run as search};
