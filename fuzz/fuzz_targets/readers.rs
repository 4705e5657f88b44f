//! Untrusted blocks for the readers of the search index.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| khizana_search::fuzzing::readers(bytes));
