//! Hostile blocks for the readers of the search index, one at a time.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| khizana_search::fuzzing::readers(bytes));
