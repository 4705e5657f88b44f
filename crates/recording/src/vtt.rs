//! Captions, transcripts and chapters in [WebVTT](https://www.w3.org/TR/webvtt1/).
//!
//! Browsers silently ignore any part of a file that they cannot parse. This parser therefore
//! reports the line of each problem, so that curators can fix it. For each cue, it returns the
//! start and end times and the text without markup. Cue settings and styles are ignored.

mod markup;

use khizana_messages::{Message, message};

/// Maximum size of a file in bytes.
pub const MAX_BYTES: u64 = 4 << 20;
/// Maximum number of cues in a file.
const MAX_CUES: usize = 50_000;
/// Maximum length of the text of a cue, in bytes.
const MAX_CUE_BYTES: usize = 16 << 10;
/// Maximum number of problems that are reported.
const MAX_PROBLEMS: usize = 20;

/// A text and the period of time during which it is displayed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cue {
    /// Start time in milliseconds.
    pub start_ms: u64,
    /// End time in milliseconds.
    pub end_ms: u64,
    /// Text without markup. Lines are separated by `\n`. A voice tag is replaced with the name of
    /// the speaker and a colon.
    pub text: String,
}

/// A problem in a file and its location.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VttProblem {
    /// Line number, starting at 1.
    pub line: u64,
    /// The kind of problem.
    pub kind: VttProblemKind,
}

/// The kind of a [`VttProblem`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum VttProblemKind {
    /// The file does not begin with `WEBVTT`.
    Signature,
    /// A line contains `-->` but is not a valid timing. Holds the first 80 characters of the line.
    Timing(String),
    /// A cue does not end after it starts.
    Backwards,
    /// The text of a cue contains a timing line.
    BlankLine,
    /// The file, the number of cues or the text of a cue exceeds a limit. Holds the reason, without
    /// a full stop.
    TooLarge(Message),
    /// The file has no cues.
    Empty,
    /// A block of text does not belong to a cue.
    Stray,
    /// A cue starts before the preceding cue.
    Order,
}

impl VttProblemKind {
    /// Returns the stable code of the problem.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Signature => "vtt-signature",
            Self::Timing(_) => "vtt-timing",
            Self::Backwards => "vtt-backwards",
            Self::BlankLine => "vtt-blank-line",
            Self::TooLarge(_) => "vtt-too-large",
            Self::Empty => "vtt-empty",
            Self::Stray => "vtt-stray",
            Self::Order => "vtt-order",
        }
    }

    /// Returns `true` if the file must be rejected, and `false` if the problem is a warning.
    #[must_use]
    pub fn is_error(&self) -> bool {
        !matches!(self, Self::Stray | Self::Order)
    }

    /// Returns the problem as a sentence.
    #[must_use]
    pub fn message(&self) -> Message {
        match self {
            Self::Signature => message!("The file does not begin with `WEBVTT`."),
            Self::Timing(line) => message!("`{line}` is not a valid cue timing.", line),
            Self::Backwards => {
                message!("The end time of the cue is not later than its start time.")
            }
            Self::BlankLine => message!("The text of the cue contains a timing line."),
            Self::TooLarge(reason) => message!("The file is too large: {reason}.", reason),
            Self::Empty => message!("The file has no cues."),
            Self::Stray => message!("The text does not belong to a cue and is not displayed."),
            Self::Order => message!("The cue starts before the preceding cue."),
        }
    }

    /// Returns a hint on how to resolve the problem.
    #[must_use]
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Signature => {
                "Save the file as WebVTT: the first line must be `WEBVTT`, followed by an empty line. SubRip (.srt) is a different format."
            }
            Self::Timing(_) => {
                "Write the timing as `00:00:01.000 --> 00:00:04.000`, with a full stop before the milliseconds."
            }
            Self::Backwards => "Correct the timing so that the cue ends after it starts.",
            Self::BlankLine => "Insert an empty line before each cue.",
            Self::TooLarge(_) => "Split the recording and its captions into parts.",
            Self::Empty => "Add cues, or remove the file from the table.",
            Self::Stray => {
                "Add a timing line above the text, or start the block with `NOTE` if it is a comment."
            }
            Self::Order => "Sort the cues by start time.",
        }
    }
}

/// A parsed WebVTT file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Vtt {
    /// The valid cues, sorted by start time.
    pub cues: Vec<Cue>,
    /// The problems, in the order of their lines.
    pub problems: Vec<VttProblem>,
}

impl Vtt {
    /// Returns the result for a file that is not parsed because it exceeds [`MAX_BYTES`].
    #[must_use]
    pub fn too_large() -> Vtt {
        let mut vtt = Vtt::default();
        vtt.report(
            1,
            VttProblemKind::TooLarge(message!("it is larger than 4 MiB")),
        );
        vtt
    }

    /// Parses the text of a file.
    #[must_use]
    pub fn parse(text: &str) -> Vtt {
        let mut vtt = Vtt::default();
        if text.len() as u64 > MAX_BYTES {
            return Vtt::too_large();
        }
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut lines = lines(text);
        let has_signature = lines.next().is_some_and(|(_, first)| {
            let rest = first.strip_prefix("WEBVTT");
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t']))
        });
        if !has_signature {
            vtt.report(1, VttProblemKind::Signature);
            return vtt;
        }
        let mut block: Vec<(u64, &str)> = Vec::new();
        let mut is_header = true;
        for (number, line) in lines.chain([(0, "")]) {
            if !line.is_empty() {
                // A cue may follow the signature without an empty line.
                if !is_header || line.contains("-->") {
                    is_header = false;
                    block.push((number, line));
                }
                continue;
            }
            is_header = false;
            vtt.parse_block(&block);
            block.clear();
            if vtt.cues.len() > MAX_CUES || vtt.problems.len() >= MAX_PROBLEMS {
                break;
            }
        }
        if vtt.cues.len() > MAX_CUES {
            vtt.report(
                1,
                VttProblemKind::TooLarge(message!("it has more than 50,000 cues")),
            );
        } else if vtt.cues.is_empty() && vtt.problems.is_empty() {
            vtt.report(1, VttProblemKind::Empty);
        }
        vtt.cues.sort_by_key(|cue| cue.start_ms);
        vtt
    }

    fn report(&mut self, line: u64, kind: VttProblemKind) {
        self.problems.push(VttProblem { line, kind });
    }

    /// Parses a block: consecutive lines that are not empty.
    fn parse_block(&mut self, block: &[(u64, &str)]) {
        let Some((first_number, first)) = block.first().copied() else {
            return;
        };
        let starts_with = |keyword: &str| {
            let rest = first.strip_prefix(keyword);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t']))
        };
        let (timing, text) = match block {
            [timing, text @ ..] if timing.1.contains("-->") => (timing, text),
            [_, timing, text @ ..] if timing.1.contains("-->") => (timing, text),
            _ if ["NOTE", "STYLE", "REGION"].into_iter().any(starts_with) => return,
            _ => return self.report(first_number, VttProblemKind::Stray),
        };
        let Some((start_ms, end_ms)) = parse_timing(timing.1) else {
            let line: String = timing.1.chars().take(80).collect();
            return self.report(timing.0, VttProblemKind::Timing(line));
        };
        if let Some((number, _)) = text.iter().find(|(_, line)| line.contains("-->")) {
            return self.report(*number, VttProblemKind::BlankLine);
        }
        if end_ms <= start_ms {
            return self.report(timing.0, VttProblemKind::Backwards);
        }
        if self
            .cues
            .last()
            .is_some_and(|previous| start_ms < previous.start_ms)
        {
            self.report(timing.0, VttProblemKind::Order);
        }
        let lines: Vec<&str> = text.iter().map(|(_, line)| *line).collect();
        if lines.iter().map(|line| line.len()).sum::<usize>() > MAX_CUE_BYTES {
            return self.report(
                timing.0,
                VttProblemKind::TooLarge(message!("a cue has more than 16 KiB of text")),
            );
        }
        self.cues.push(Cue {
            start_ms,
            end_ms,
            text: markup::strip(&lines.join("\n")),
        });
    }
}

/// Returns the lines of a text with their numbers. Lines end with `\r\n`, `\n` or `\r`.
fn lines(text: &str) -> impl Iterator<Item = (u64, &str)> {
    let mut rest = Some(text);
    (1..).map_while(move |number| {
        let text = rest?;
        let Some(end) = text.find(['\r', '\n']) else {
            rest = None;
            return Some((number, text));
        };
        let (line, after) = text.split_at_checked(end)?;
        rest = after.strip_prefix("\r\n").or_else(|| after.get(1..));
        Some((number, line))
    })
}

/// Parses a timing line and returns the start and end times. Ignores the cue settings.
fn parse_timing(line: &str) -> Option<(u64, u64)> {
    let (start, rest) = line.split_once("-->")?;
    let rest = rest.trim_start_matches([' ', '\t']);
    let end = rest.split([' ', '\t']).next()?;
    let start = start.trim_matches([' ', '\t']);
    Some((parse_timestamp(start)?, parse_timestamp(end)?))
}

/// Converts a timestamp, `hh:mm:ss.ttt` or `mm:ss.ttt`, to milliseconds.
fn parse_timestamp(text: &str) -> Option<u64> {
    let (clock, milliseconds) = text.split_once('.')?;
    let number = |text: &str, digits: std::ops::RangeInclusive<usize>, limit: u64| {
        let is_valid = digits.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        let number = is_valid.then(|| text.parse::<u64>().ok()).flatten()?;
        (number < limit).then_some(number)
    };
    let mut parts = clock.rsplit(':');
    let seconds = number(parts.next()?, 2..=2, 60)?;
    let minutes = number(parts.next()?, 2..=2, 60)?;
    let hours = match parts.next() {
        Some(hours) => number(hours, 2..=4, 10_000)?,
        None => 0,
    };
    if parts.next().is_some() {
        return None;
    }
    let milliseconds = number(milliseconds, 3..=3, 1_000)?;
    Some(((hours * 60 + minutes) * 60 + seconds) * 1_000 + milliseconds)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn cue(start_ms: u64, end_ms: u64, text: &str) -> Cue {
        Cue {
            start_ms,
            end_ms,
            text: text.to_owned(),
        }
    }

    fn problems(text: &str) -> Vec<(u64, &'static str)> {
        let problems = Vtt::parse(text).problems;
        problems
            .iter()
            .map(|problem| (problem.line, problem.kind.code()))
            .collect()
    }

    #[test]
    fn hours_of_a_timestamp_are_optional() {
        assert_eq!(parse_timestamp("00:00.000"), Some(0));
        assert_eq!(parse_timestamp("01:02.345"), Some(62_345));
        assert_eq!(parse_timestamp("01:00:00.001"), Some(3_600_001));
        assert_eq!(parse_timestamp("9999:59:59.999"), Some(35_999_999_999));
        for invalid in [
            "",
            "1:02.345",
            "01:02,345",
            "01:60.000",
            "60:00.000",
            "01:02.34",
            "01:02.3456",
            "01:02",
            "1:00:00.000",
            "00:01:00:00.000",
            "+1:00.000",
            "10000:00:00.000",
            "٠١:٠٢.٣٤٥",
        ] {
            assert_eq!(parse_timestamp(invalid), None, "{invalid}");
        }
    }

    #[test]
    fn splits_lines_at_crlf_lf_and_cr() {
        let lines: Vec<_> = lines("a\r\nb\rc\n\nd").collect();
        assert_eq!(lines, [(1, "a"), (2, "b"), (3, "c"), (4, ""), (5, "d")]);
    }

    #[test]
    fn parses_cues_and_skips_comments_and_styles() {
        let text = "\u{feff}WEBVTT - مقامات\nKind: captions\n\nSTYLE\n::cue { color: red }\n\n\
            NOTE a remark\nof two lines\n\n1\n00:01.000 --> 00:02.500 align:start\nسلام\nعليكم\n\n\
            00:02.500\t-->\t00:00:04.000\n<v علي>وعليكم <i>السلام</i>\n\n\
            00:04.000 --> 00:05.000\n";
        let vtt = Vtt::parse(text);
        assert_eq!(vtt.problems, []);
        assert_eq!(
            vtt.cues,
            [
                cue(1_000, 2_500, "سلام\nعليكم"),
                cue(2_500, 4_000, "علي: وعليكم السلام"),
                cue(4_000, 5_000, ""),
            ]
        );
        assert_eq!(Vtt::parse(&text.replace('\n', "\r\n")), vtt);
        assert_eq!(Vtt::parse(&text.replace('\n', "\r")), vtt);
    }

    #[test]
    fn cue_may_follow_the_signature_without_an_empty_line() {
        let vtt = Vtt::parse("WEBVTT\n00:01.000 --> 00:02.000\nx");
        assert_eq!((vtt.cues.len(), vtt.problems.len()), (1, 0));
    }

    #[test]
    fn sorts_and_reports_cues_out_of_order() {
        let text = "WEBVTT\n\n00:05.000 --> 00:06.000\nb\n\n00:01.000 --> 00:02.000\na\n";
        assert_eq!(problems(text), [(6, "vtt-order")]);
        let vtt = Vtt::parse(text);
        assert_eq!(vtt.cues, [cue(1_000, 2_000, "a"), cue(5_000, 6_000, "b")]);
        assert!(!vtt.problems[0].kind.is_error());
    }

    #[test]
    fn rejects_files_and_cues_over_the_limits() {
        let many = "00:01.000 --> 00:02.000\nx\n\n".repeat(MAX_CUES + 1);
        assert_eq!(
            problems(&format!("WEBVTT\n\n{many}")),
            [(1, "vtt-too-large")]
        );
        let long = "x".repeat(MAX_CUE_BYTES + 1);
        let long = format!("WEBVTT\n\n00:01.000 --> 00:02.000\n{long}");
        assert_eq!(problems(&long), [(3, "vtt-too-large")]);
        let large = format!("WEBVTT\n\n{}", " ".repeat(MAX_BYTES as usize));
        assert_eq!(problems(&large), [(1, "vtt-too-large")]);
        let bad = "x --> y\n\n".repeat(1_000);
        assert_eq!(problems(&format!("WEBVTT\n\n{bad}")).len(), MAX_PROBLEMS);
    }
}
