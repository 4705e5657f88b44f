//! Untrusted WebVTT files.

#![no_main]

use khizana_recording::vtt::Vtt;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    let vtt = Vtt::parse(&text);
    let lines = text.split(['\r', '\n']).count() as u64;
    for problem in &vtt.problems {
        assert!((1..=lines).contains(&problem.line), "{problem:?}");
        assert!(!problem.kind.code().is_empty() && !problem.kind.message().is_empty());
    }
    assert!(vtt.problems.len() <= 30, "the number of problems is limited");
    for cue in &vtt.cues {
        assert!(cue.start_ms < cue.end_ms, "{cue:?}");
        assert!(
            !cue.text.chars().any(|c| c.is_control() && c != '\n'),
            "{cue:?}"
        );
        assert!(
            !cue.text.starts_with('\n') && !cue.text.ends_with('\n'),
            "{cue:?}"
        );
    }
    assert!(vtt.cues.is_sorted_by_key(|cue| cue.start_ms));
});
