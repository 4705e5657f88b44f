//! The program khizana: arguments, progress, messages. No logic of its own.
fn main() {}
