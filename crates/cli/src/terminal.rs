//! The terminal: colours of messages, and the message of an interrupted command.

use std::io::Write;

use khizana_model::{Language, message};

use crate::{language, output};

/// Exit status of a command that Ctrl+C has stopped: 128 and the number of SIGINT.
const INTERRUPTED: i32 = 130;

/// The kind of a message, which is displayed in a colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Error,
    Warning,
    Note,
    /// A hint, which follows an error or a warning.
    Hint,
}

/// Formats a message after a label such as `error[id-missing]` or `hint`, as escape sequences. Colours the label,
/// and dims a whole hint. A terminal that does not display colours, and a file or pipe, receive the text without
/// them; see [`write_labelled`].
fn coloured(language: Language, kind: Kind, label: &str, text: &str) -> String {
    const END: &str = "\u{1b}[0m";
    let style = match kind {
        Kind::Error => "\u{1b}[1;31m",
        Kind::Warning => "\u{1b}[1;33m",
        Kind::Note => "\u{1b}[1;34m",
        Kind::Hint => "\u{1b}[2m",
    };
    let colon = match language {
        // In French, a space that does not break precedes the colon.
        Language::French => "\u{a0}:",
        Language::Arabic | Language::English => ":",
    };
    match kind {
        Kind::Hint => format!("{style}  {label}{colon} {text}{END}"),
        _ => format!("{style}{label}{END}{colon} {text}"),
    }
}

/// Writes a message after a label to standard error, in colours if it is a terminal that displays them and `NO_COLOR` is
/// not set.
pub fn write_labelled(kind: Kind, label: &str, text: &str) {
    write_line(&coloured(language::current(), kind, label, text));
}

/// Writes a line to standard error. Errors, such as a closed pipe, are ignored.
pub fn write_line(line: &str) {
    let _ = writeln!(anstream::stderr().lock(), "{line}");
}

/// Prints a message and exits if the user presses Ctrl+C.
pub fn explain_interruption() {
    // Without a handler, the command ends without a message.
    let _ = ctrlc::set_handler(|| {
        let message = message!(
            "interrupted: everything that was written before is intact; run the command again to continue"
        );
        write_line(&format!("\n{}", output::text(&message)));
        std::process::exit(INTERRUPTED);
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_and_hints_are_coloured_in_each_language() {
        let warning = |language, label| coloured(language, Kind::Warning, label, "a.toml:3: text");
        assert_eq!(
            warning(Language::English, "warning[colour-contrast]"),
            "\u{1b}[1;33mwarning[colour-contrast]\u{1b}[0m: a.toml:3: text"
        );
        assert_eq!(
            warning(Language::French, "avertissement[colour-contrast]"),
            "\u{1b}[1;33mavertissement[colour-contrast]\u{1b}[0m\u{a0}: a.toml:3: text"
        );
        assert_eq!(
            warning(Language::Arabic, "تحذير[colour-contrast]"),
            "\u{1b}[1;33mتحذير[colour-contrast]\u{1b}[0m: a.toml:3: text"
        );
        assert_eq!(
            coloured(Language::English, Kind::Hint, "hint", "Do it."),
            "\u{1b}[2m  hint: Do it.\u{1b}[0m"
        );
        assert_eq!(
            coloured(Language::English, Kind::Note, "note", "Set it."),
            "\u{1b}[1;34mnote\u{1b}[0m: Set it."
        );
    }
}
