//! Untrusted tree nodes and JSON.

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

/// Checks that `khizana_json` accepts the same texts as `serde_json`, except for texts that exceed
/// its nesting limit.
fn grammar(text: &[u8]) {
    let mut scanner = Scanner::new(text);
    let actual = scanner.skip_value().and_then(|()| scanner.finish());
    let expected = serde_json::from_slice::<serde_json::Value>(text);
    match (actual, expected) {
        (Some(()), Err(error)) => panic!("only khizana_json accepts this: {error}"),
        (None, Ok(_)) if !matches!(scanner.error().kind, JsonErrorKind::TooDeep) => {
            panic!("only serde_json accepts this: {}", scanner.error());
        }
        _ => {}
    }
}
