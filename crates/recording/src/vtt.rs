//! Captions, transcripts and chapters: [WebVTT](https://www.w3.org/TR/webvtt1/).
//!
//! Browsers pass over what they do not understand, and a caption that is missing is noticed by those
//! who need it. So this reader is for the curator: it says on which line something is wrong. What it
//! gives of a cue is when it begins and ends, and its text without markup; how a browser is to place
//! and style it stays in the file.

mod markup;

/// So many bytes a file may have.
pub const MOST_BYTES: u64 = 4 << 20;
/// So many cues.
const MOST_CUES: usize = 50_000;
/// So many bytes the text of a cue.
const MOST_TEXT: usize = 16 << 10;
/// So many things that are wrong are named; who mends these sees the rest.
const MOST_PROBLEMS: usize = 20;

/// Something that is said from one moment to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cue {
    /// When it begins, in milliseconds.
    pub start_ms: u64,
    /// When it ends, in milliseconds.
    pub end_ms: u64,
    /// What is said, lines parted by `\n`; who speaks stands before it, with a colon.
    pub text: String,
}

/// What is wrong with a file, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VttProblem {
    /// The line, from 1.
    pub line: u64,
    /// What is wrong.
    pub flaw: VttFlaw,
}

/// What can be wrong with a file.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum VttFlaw {
    /// It does not begin with `WEBVTT`.
    Signature,
    /// A line has `-->` and is no timing.
    Timing(String),
    /// A cue ends before it begins, or at once.
    Backwards,
    /// A timing stands in the text of a cue.
    BlankLine,
    /// More bytes, cues, or text in a cue than is read.
    TooLarge(&'static str),
    /// There is no cue.
    Empty,
    /// Text that belongs to no cue.
    Stray,
    /// A cue begins before the one above it.
    Order,
}

impl VttFlaw {
    /// A stable name.
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

    /// Whether the file is refused; it is read as well as it can be otherwise.
    #[must_use]
    pub fn is_error(&self) -> bool {
        !matches!(self, Self::Stray | Self::Order)
    }

    /// What is wrong, as a sentence.
    #[must_use]
    pub fn sentence(&self) -> String {
        match self {
            Self::Signature => "The file does not begin with WEBVTT.".to_owned(),
            Self::Timing(line) => format!("`{line}` is not a timing."),
            Self::Backwards => "The cue ends before it begins.".to_owned(),
            Self::BlankLine => "A timing stands in the text of a cue.".to_owned(),
            Self::TooLarge(what) => format!("The file is too large: {what}."),
            Self::Empty => "There is no cue in the file.".to_owned(),
            Self::Stray => "The text belongs to no cue, and is not shown.".to_owned(),
            Self::Order => "The cue begins before the one above it.".to_owned(),
        }
    }

    /// What to do about it.
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

/// A file that was read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Vtt {
    /// Its cues, in the order in which they begin.
    pub cues: Vec<Cue>,
    /// What is wrong with it, in the order of its lines.
    pub problems: Vec<VttProblem>,
}

impl Vtt {
    /// A file of more than [`MOST_BYTES`], which is not read.
    #[must_use]
    pub fn too_large() -> Vtt {
        let mut vtt = Vtt::default();
        vtt.note(1, VttFlaw::TooLarge("it has more than 4 MiB"));
        vtt
    }

    /// Reads a file.
    #[must_use]
    pub fn read(text: &str) -> Vtt {
        let mut vtt = Vtt::default();
        if text.len() as u64 > MOST_BYTES {
            return Vtt::too_large();
        }
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut lines = lines(text);
        let signed = lines.next().is_some_and(|(_, first)| {
            let rest = first.strip_prefix("WEBVTT");
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t']))
        });
        if !signed {
            vtt.note(1, VttFlaw::Signature);
            return vtt;
        }
        let mut block: Vec<(u64, &str)> = Vec::new();
        let mut in_header = true;
        for (number, line) in lines.chain([(0, "")]) {
            if !line.is_empty() {
                // A cue may follow the signature without an empty line.
                if !in_header || line.contains("-->") {
                    in_header = false;
                    block.push((number, line));
                }
                continue;
            }
            in_header = false;
            vtt.block(&block);
            block.clear();
            if vtt.cues.len() > MOST_CUES || vtt.problems.len() >= MOST_PROBLEMS {
                break;
            }
        }
        if vtt.cues.len() > MOST_CUES {
            vtt.note(1, VttFlaw::TooLarge("it has more than 50,000 cues"));
        } else if vtt.cues.is_empty() && vtt.problems.is_empty() {
            vtt.note(1, VttFlaw::Empty);
        }
        vtt.cues.sort_by_key(|cue| cue.start_ms);
        vtt
    }

    fn note(&mut self, line: u64, flaw: VttFlaw) {
        self.problems.push(VttProblem { line, flaw });
    }

    /// Reads what stands between two empty lines.
    fn block(&mut self, block: &[(u64, &str)]) {
        let Some((number, first)) = block.first().copied() else {
            return;
        };
        let named = |name: &str| {
            let rest = first.strip_prefix(name);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t']))
        };
        let (timing, text) = match block {
            [timing, text @ ..] if timing.1.contains("-->") => (timing, text),
            [_, timing, text @ ..] if timing.1.contains("-->") => (timing, text),
            _ if ["NOTE", "STYLE", "REGION"].into_iter().any(named) => return,
            _ => return self.note(number, VttFlaw::Stray),
        };
        let Some((start_ms, end_ms)) = self::timing(timing.1) else {
            let line: String = timing.1.chars().take(80).collect();
            return self.note(timing.0, VttFlaw::Timing(line));
        };
        if let Some((number, _)) = text.iter().find(|(_, line)| line.contains("-->")) {
            return self.note(*number, VttFlaw::BlankLine);
        }
        if end_ms <= start_ms {
            return self.note(timing.0, VttFlaw::Backwards);
        }
        if self
            .cues
            .last()
            .is_some_and(|before| start_ms < before.start_ms)
        {
            self.note(timing.0, VttFlaw::Order);
        }
        let lines: Vec<&str> = text.iter().map(|(_, line)| *line).collect();
        if lines.iter().map(|line| line.len()).sum::<usize>() > MOST_TEXT {
            return self.note(
                timing.0,
                VttFlaw::TooLarge("a cue has more than 16 KiB of text"),
            );
        }
        self.cues.push(Cue {
            start_ms,
            end_ms,
            text: markup::plain(&lines.join("\n")),
        });
    }
}

/// The lines of a text with their numbers, whatever ends them.
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

/// Beginning and end of a cue. What follows them says how it is placed.
fn timing(line: &str) -> Option<(u64, u64)> {
    let (start, rest) = line.split_once("-->")?;
    let rest = rest.trim_start_matches([' ', '\t']);
    let end = rest.split([' ', '\t']).next()?;
    Some((moment(start.trim_matches([' ', '\t']))?, moment(end)?))
}

/// `hh:mm:ss.ttt` or `mm:ss.ttt`, in milliseconds.
fn moment(text: &str) -> Option<u64> {
    let (whole, thousandths) = text.split_once('.')?;
    let number = |text: &str, digits: std::ops::RangeInclusive<usize>, below: u64| {
        let plain = digits.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        let number = plain.then(|| text.parse::<u64>().ok()).flatten()?;
        (number < below).then_some(number)
    };
    let mut parts = whole.rsplit(':');
    let seconds = number(parts.next()?, 2..=2, 60)?;
    let minutes = number(parts.next()?, 2..=2, 60)?;
    let hours = match parts.next() {
        Some(hours) => number(hours, 2..=4, 10_000)?,
        None => 0,
    };
    if parts.next().is_some() {
        return None;
    }
    let thousandths = number(thousandths, 3..=3, 1_000)?;
    Some(((hours * 60 + minutes) * 60 + seconds) * 1_000 + thousandths)
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

    fn wrong(text: &str) -> Vec<(u64, &'static str)> {
        let problems = Vtt::read(text).problems;
        problems
            .iter()
            .map(|problem| (problem.line, problem.flaw.code()))
            .collect()
    }

    #[test]
    fn moments_have_hours_or_not() {
        assert_eq!(moment("00:00.000"), Some(0));
        assert_eq!(moment("01:02.345"), Some(62_345));
        assert_eq!(moment("01:00:00.001"), Some(3_600_001));
        assert_eq!(moment("9999:59:59.999"), Some(35_999_999_999));
        for wrong in [
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
            assert_eq!(moment(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn lines_end_in_any_way() {
        let all: Vec<_> = lines("a\r\nb\rc\n\nd").collect();
        assert_eq!(all, [(1, "a"), (2, "b"), (3, "c"), (4, ""), (5, "d")]);
    }

    #[test]
    fn a_whole_file_is_read() {
        let text = "\u{feff}WEBVTT - مقامات\nKind: captions\n\nSTYLE\n::cue { color: red }\n\n\
            NOTE a remark\nof two lines\n\n1\n00:01.000 --> 00:02.500 align:start\nسلام\nعليكم\n\n\
            00:02.500\t-->\t00:00:04.000\n<v علي>وعليكم <i>السلام</i>\n\n\
            00:04.000 --> 00:05.000\n";
        let vtt = Vtt::read(text);
        assert_eq!(vtt.problems, []);
        assert_eq!(
            vtt.cues,
            [
                cue(1_000, 2_500, "سلام\nعليكم"),
                cue(2_500, 4_000, "علي: وعليكم السلام"),
                cue(4_000, 5_000, ""),
            ]
        );
        assert_eq!(Vtt::read(&text.replace('\n', "\r\n")), vtt);
        assert_eq!(Vtt::read(&text.replace('\n', "\r")), vtt);
    }

    #[test]
    fn a_cue_may_follow_the_signature_at_once() {
        let vtt = Vtt::read("WEBVTT\n00:01.000 --> 00:02.000\nx");
        assert_eq!((vtt.cues.len(), vtt.problems.len()), (1, 0));
    }

    #[test]
    fn cues_out_of_order_are_put_in_order_and_named() {
        let text = "WEBVTT\n\n00:05.000 --> 00:06.000\nb\n\n00:01.000 --> 00:02.000\na\n";
        assert_eq!(wrong(text), [(6, "vtt-order")]);
        let vtt = Vtt::read(text);
        assert_eq!(vtt.cues, [cue(1_000, 2_000, "a"), cue(5_000, 6_000, "b")]);
        assert!(!vtt.problems[0].flaw.is_error());
    }

    #[test]
    fn what_has_too_much_is_refused() {
        let many = "00:01.000 --> 00:02.000\nx\n\n".repeat(MOST_CUES + 1);
        assert_eq!(wrong(&format!("WEBVTT\n\n{many}")), [(1, "vtt-too-large")]);
        let long = "x".repeat(MOST_TEXT + 1);
        let long = format!("WEBVTT\n\n00:01.000 --> 00:02.000\n{long}");
        assert_eq!(wrong(&long), [(3, "vtt-too-large")]);
        let large = format!("WEBVTT\n\n{}", " ".repeat(MOST_BYTES as usize));
        assert_eq!(wrong(&large), [(1, "vtt-too-large")]);
        let bad = "x --> y\n\n".repeat(1_000);
        assert_eq!(wrong(&format!("WEBVTT\n\n{bad}")).len(), MOST_PROBLEMS);
    }
}
