//! Problems with files.

use std::io;

use khizana_media::{MediaError, NotRendered, RenderingNote};
use khizana_model::{Problem, RowPosition, Severity, Utf8Error, printable};
use khizana_recording::{RecordingError, RecordingWarning};

/// The file that is being inspected, and the row and the item that refer to it.
#[derive(Debug, Clone, Copy)]
pub struct FileContext<'a> {
    /// The name of the file in the source.
    pub file: &'a str,
    /// The position of the row that refers to the file.
    pub position: &'a RowPosition,
    /// The identifier of the item that refers to the file.
    pub item: &'a str,
}

impl FileContext<'_> {
    /// Creates an error about the file.
    pub fn error(&self, code: &'static str, message: String, hint: &str) -> Problem {
        Problem::error(code, message, hint)
            .in_file(printable(self.file))
            .in_row(self.position)
            .of_item(self.item)
    }

    /// Creates a warning about the file.
    pub fn warning(&self, code: &'static str, message: String, hint: &str) -> Problem {
        Problem {
            severity: Severity::Warning,
            ..self.error(code, message, hint)
        }
    }

    /// Creates the error for a file that cannot be read.
    pub fn unreadable(&self, error: &io::Error) -> Problem {
        self.error(
            "file-unreadable",
            format!("The file cannot be read: {error}."),
            "Check that the file exists and that you have permission to read it.",
        )
    }

    /// Creates the error for a text that is not UTF-8.
    pub fn not_utf8(&self, error: Utf8Error) -> Problem {
        self.error(
            "text-not-utf8",
            format!(
                "The text is not valid UTF-8: the byte at offset {} is invalid.",
                error.offset
            ),
            "Save the text as UTF-8.",
        )
        .at(error.line, error.column)
    }

    /// Creates the warning for a rendered text that is not UTF-8.
    pub fn text_not_rendered(&self, error: Utf8Error) -> Problem {
        self.warning(
            "text-not-shown",
            format!(
                "The file is not valid UTF-8: the byte at offset {} is invalid. The file is offered for download but not displayed on the page.",
                error.offset
            ),
            "Save the file as UTF-8.",
        )
        .at(error.line, error.column)
    }

    /// Creates the warning for an image that is stored but not rendered.
    pub fn not_rendered(&self, media_type: &str, why: NotRendered) -> Problem {
        self.warning(
            NotRendered::CODE,
            format!(
                "The image ({media_type}) is not rendered: {}. The file is stored.",
                why.reason()
            ),
            why.hint(),
        )
    }

    /// Creates the warning for an image of which some part is not displayed.
    pub fn note(&self, note: RenderingNote) -> Problem {
        self.warning(note.code(), note.sentence(), note.hint())
    }

    /// Creates the error for a damaged image. If the file has several pages, `page` is the number
    /// of the damaged page, counted from 1.
    pub fn damaged_image(&self, page: Option<u32>, error: &MediaError) -> Problem {
        let sentence = printable(&error.sentence());
        let message = match page {
            Some(page) => format!("Page {page}: {sentence}"),
            None => sentence,
        };
        self.error(error.code(), message, error.hint())
    }

    /// Creates the error for a damaged recording.
    pub fn damaged_recording(&self, error: &RecordingError) -> Problem {
        self.error(error.code(), printable(&error.message()), error.hint())
    }

    /// Creates the warning for a recording that is stored although it has a flaw.
    pub fn recording_warning(&self, warning: &RecordingWarning) -> Problem {
        self.warning(
            warning.code(),
            printable(&warning.message()),
            warning.hint(),
        )
    }
}
