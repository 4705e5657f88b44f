//! Set-up, demonstration, tests and benchmarks for people who work on Khizana.
fn main() {}
