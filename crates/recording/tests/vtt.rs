//! A file for each rule of WebVTT, named by the code of the problem.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::path::Path;

use khizana_recording::vtt::Vtt;

#[test]
fn each_rule_is_told_with_its_code_and_line() {
    let expected = BTreeMap::from([
        ("vtt-backwards", (3, true)),
        ("vtt-blank-line", (5, true)),
        ("vtt-empty", (1, true)),
        ("vtt-order", (6, false)),
        ("vtt-signature", (1, true)),
        ("vtt-stray", (6, false)),
        ("vtt-timing", (3, true)),
    ]);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/vtt");
    let mut seen = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let code = path.file_stem().unwrap().to_str().unwrap();
        let vtt = Vtt::read(&std::fs::read_to_string(&path).unwrap());
        let [problem] = &vtt.problems[..] else {
            panic!("{code}: {:?}", vtt.problems);
        };
        let found = (problem.line, problem.flaw.is_error());
        assert_eq!((problem.flaw.code(), found), (code, expected[code]));
        assert!(problem.flaw.sentence().ends_with('.'), "{code}");
        assert!(problem.flaw.hint().ends_with('.'), "{code}");
        seen += 1;
    }
    assert_eq!(seen, expected.len());
}
