//! Transcripts of the command line, which the documentation includes.
//!
//! Run with `TRYCMD=overwrite` to write the current output into the transcripts.

#[test]
fn the_transcripts_of_the_documentation_are_current() {
    trycmd::TestCases::new().case("../../tests/cli/transcripts/*.md");
}
