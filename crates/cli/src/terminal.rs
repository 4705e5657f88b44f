//! The terminal: colours of messages, and the message of an interrupted command.

use std::io::Write;

/// Exit status of a command that Ctrl+C has stopped: 128 and the number of SIGINT.
const INTERRUPTED: i32 = 130;

/// Colours the severity of a message, and dims hints, as escape sequences. A terminal that does not display colours, and
/// a file or pipe, receive the text without them; see [`write_line`].
fn coloured(line: &str) -> String {
    const RED: &str = "\u{1b}[1;31m";
    const YELLOW: &str = "\u{1b}[1;33m";
    const BLUE: &str = "\u{1b}[1;34m";
    const DIM: &str = "\u{1b}[2m";
    const END: &str = "\u{1b}[0m";
    let mut out = String::new();
    for (i, line) in line.split('\n').enumerate() {
        if i > 0 {
            out.push('\n');
        }
        let styles = [
            ("error", RED),
            ("warning", YELLOW),
            ("note", BLUE),
            ("  hint: ", DIM),
        ];
        let style = styles.iter().find(|(word, _)| {
            let rest = line.strip_prefix(word);
            rest.is_some_and(|rest| rest.starts_with(['[', ':']) || word.starts_with(' '))
        });
        match style {
            Some((word, style)) if word.starts_with(' ') => {
                out.push_str(&format!("{style}{line}{END}"));
            }
            Some((_, style)) => {
                let (head, rest) = line.split_once(':').unwrap_or((line, ""));
                out.push_str(&format!("{style}{head}{END}:{rest}"));
            }
            None => out.push_str(line),
        }
    }
    out
}

/// Writes a line to standard error, in colours if it is a terminal that displays them and `NO_COLOR` is not set. Errors,
/// such as a closed pipe, are ignored.
pub fn write_line(line: &str) {
    let _ = writeln!(anstream::stderr().lock(), "{}", coloured(line));
}

/// Prints a message and exits if the user presses Ctrl+C.
pub fn explain_interruption() {
    // Without a handler, the command ends without a message.
    let _ = ctrlc::set_handler(|| {
        write_line(
            "\ninterrupted: everything that was written before is intact; run the command again to continue",
        );
        std::process::exit(INTERRUPTED);
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn severities_and_hints_are_coloured() {
        let line = "warning[colour-contrast]: a.toml:3: text: more\n  hint: Do it.";
        assert_eq!(
            coloured(line),
            "\u{1b}[1;33mwarning[colour-contrast]\u{1b}[0m: a.toml:3: text: more\n\u{1b}[2m  hint: Do it.\u{1b}[0m"
        );
        for plain in ["errors: 3", "noted", "published 3 items", "  hints"] {
            assert_eq!(coloured(plain), plain);
        }
        assert_eq!(
            coloured("note: Set it."),
            "\u{1b}[1;34mnote\u{1b}[0m: Set it."
        );
    }
}
