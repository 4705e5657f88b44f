//! Problems with files.

use std::io;

use khizana_media::{MediaError, NotRendered, RenderingNote};
use khizana_model::{Message, Problem, RowPosition, Severity, Utf8Error, message, printable};
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
    pub fn error(
        &self,
        code: &'static str,
        message: impl Into<Message>,
        hint: impl Into<Message>,
    ) -> Problem {
        Problem::error(code, message, hint)
            .in_file(printable(self.file))
            .in_row(self.position)
            .of_item(self.item)
    }

    /// Creates a warning about the file.
    pub fn warning(
        &self,
        code: &'static str,
        message: impl Into<Message>,
        hint: impl Into<Message>,
    ) -> Problem {
        Problem {
            severity: Severity::Warning,
            ..self.error(code, message, hint)
        }
    }

    /// Creates the error for a file that cannot be read.
    pub fn unreadable(&self, error: &io::Error) -> Problem {
        self.error(
            "file-unreadable",
            message!("The file cannot be read: {error}.", error),
            "Check that the file exists and that you have permission to read it.",
        )
    }

    /// Creates the error for a text that is not UTF-8.
    pub fn not_utf8(&self, error: Utf8Error) -> Problem {
        self.error(
            "text-not-utf8",
            message!(
                "The text is not valid UTF-8: the byte at offset {offset} is invalid.",
                offset = error.offset
            ),
            "Save the text as UTF-8.",
        )
        .at(error.line, error.column)
    }

    /// Creates the warning for a rendered text that is not UTF-8.
    pub fn text_not_rendered(&self, error: Utf8Error) -> Problem {
        self.warning(
            "text-not-shown",
            message!(
                "The file is not valid UTF-8: the byte at offset {offset} is invalid.",
                offset = error.offset
            )
            .then("The file is offered for download but not displayed on the page."),
            "Save the file as UTF-8.",
        )
        .at(error.line, error.column)
    }

    /// Creates the warning for an image that is stored but not rendered.
    pub fn not_rendered(&self, media_type: &str, why: NotRendered) -> Problem {
        self.warning(
            NotRendered::CODE,
            message!(
                "The image ({media_type}) is not rendered: {reason}. The file is stored.",
                media_type,
                reason = why.reason()
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
        let sentence = error.sentence().map_values(printable);
        let message = match page {
            Some(page) => message!("Page {page}: {sentence}", page, sentence),
            None => sentence,
        };
        self.error(error.code(), message, error.hint())
    }

    /// Creates the error for a damaged recording.
    pub fn damaged_recording(&self, error: &RecordingError) -> Problem {
        self.error(
            error.code(),
            error.message().map_values(printable),
            error.hint(),
        )
    }

    /// Creates the warning for a recording that is stored although it has a flaw.
    pub fn recording_warning(&self, warning: &RecordingWarning) -> Problem {
        self.warning(
            warning.code(),
            warning.message().map_values(printable),
            warning.hint(),
        )
    }
}
