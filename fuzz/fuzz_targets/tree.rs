//! Hostile nodes of trees, and hostile JSON.

#![no_main]

use khizana_json::{JsonErrorKind, Scanner};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    khizana_format::fuzzing::tree(bytes);
    if let [kind, text @ ..] = bytes
        && kind % 2 == 1
    {
        grammar(text);
    }
});

/// Our reader and serde's take the same texts for JSON, but for what ours leaves out.
fn grammar(text: &[u8]) {
    let mut scanner = Scanner::new(text);
    let own = scanner.skip_value().and_then(|()| scanner.finish());
    let theirs = serde_json::from_slice::<serde_json::Value>(text);
    match (own, theirs) {
        (Some(()), Err(error)) => panic!("only ours reads this: {error}"),
        (None, Ok(_)) if !matches!(scanner.error().kind, JsonErrorKind::TooDeep) => {
            panic!("only theirs reads this: {}", scanner.error());
        }
        _ => {}
    }
}
