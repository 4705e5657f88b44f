//! Draws the demonstration archive from facts.
fn main() {}
