//! Validation of WebVTT. Each test file is named after the code of the problem that it contains.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::path::Path;

use khizana_recording::vtt::Vtt;

#[test]
fn reports_each_problem_with_its_code_and_line() {
    let expected = BTreeMap::from([
        ("vtt-backwards", (3, true)),
        ("vtt-blank-line", (5, true)),
        ("vtt-empty", (1, true)),
        ("vtt-order", (6, false)),
        ("vtt-signature", (1, true)),
        ("vtt-stray", (6, false)),
        ("vtt-timing", (3, true)),
    ]);
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/vtt");
    let mut files = 0;
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        let code = path.file_stem().unwrap().to_str().unwrap();
        let vtt = Vtt::parse(&std::fs::read_to_string(&path).unwrap());
        let [problem] = &vtt.problems[..] else {
            panic!("{code}: {:?}", vtt.problems);
        };
        let actual = (problem.line, problem.kind.is_error());
        assert_eq!((problem.kind.code(), actual), (code, expected[code]));
        assert!(problem.kind.message().ends_with('.'), "{code}");
        assert!(problem.kind.hint().ends_with('.'), "{code}");
        files += 1;
    }
    assert_eq!(files, expected.len());
}
