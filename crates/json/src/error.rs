//! Error types of the JSON reader.

/// An error that occurred while reading JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("byte {offset}: {kind}")]
pub struct JsonError {
    /// Byte offset, from the start of the text, at which reading stopped.
    pub offset: usize,
    /// The kind of error found at that offset.
    pub kind: JsonErrorKind,
}

/// The kind of a [`JsonError`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum JsonErrorKind {
    /// The text is not valid JSON, or ends too early.
    #[error("invalid JSON")]
    Syntax,
    /// The value is followed by something other than white space.
    #[error("trailing characters")]
    Trailing,
    /// Arrays and objects are nested more than 64 levels deep.
    #[error("nested too deeply")]
    TooDeep,
    /// A required member is missing.
    #[error("missing member `{0}`")]
    Missing(&'static str),
    /// A member occurs more than once.
    #[error("duplicate member `{0}`")]
    Duplicate(&'static str),
    /// The value has the wrong type or is out of range.
    #[error("unexpected value")]
    UnexpectedValue,
}
