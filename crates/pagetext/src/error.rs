//! What is wrong with a text in XML.

/// Why the text of a page cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PageTextError {
    /// It is not well-formed XML.
    #[error("this is not well-formed XML: {reason}")]
    Malformed {
        /// The line, from 1.
        line: u64,
        /// What the reader says.
        reason: String,
    },
    /// It brings declarations of its own, which could make it anything.
    #[error("its DOCTYPE declares entities or elements, which are not read")]
    Dtd {
        /// The line, from 1.
        line: u64,
    },
    /// An entity that nobody has declared.
    #[error("the entity `&{name};` is not known")]
    Entity {
        /// The line, from 1.
        line: u64,
        /// Its name.
        name: String,
    },
    /// Elements within one another.
    #[error("its elements are nested more than {most} deep")]
    TooDeep {
        /// The line, from 1.
        line: u64,
        /// How deep they may be.
        most: usize,
    },
    /// More than one page can have.
    #[error("it has more than {most} {what}")]
    TooLarge {
        /// The line, from 1.
        line: u64,
        /// Of what.
        what: &'static str,
        /// How many there may be.
        most: usize,
    },
    /// XML of some other kind.
    #[error("`{root}` is none of PAGE XML, ALTO, hOCR and TEI")]
    Unknown {
        /// The line, from 1.
        line: u64,
        /// The outermost element.
        root: String,
    },
    /// A whole book in one file.
    #[error("it has {count} pages, and a text is that of one page")]
    Pages {
        /// The line of the second page, from 1.
        line: u64,
        /// How many.
        count: usize,
    },
}

impl PageTextError {
    /// The stable code, documented in `docs/src/problems.md`.
    pub fn code(&self) -> &'static str {
        match self {
            PageTextError::Malformed { .. } => "text-xml-malformed",
            PageTextError::Dtd { .. } => "text-xml-dtd",
            PageTextError::Entity { .. } => "text-xml-entity",
            PageTextError::TooDeep { .. } => "text-xml-too-deep",
            PageTextError::TooLarge { .. } => "text-xml-too-large",
            PageTextError::Unknown { .. } => "text-xml-unknown",
            PageTextError::Pages { .. } => "text-xml-pages",
        }
    }

    /// The line in the file, from 1.
    pub fn line(&self) -> u64 {
        match self {
            PageTextError::Malformed { line, .. }
            | PageTextError::Dtd { line }
            | PageTextError::Entity { line, .. }
            | PageTextError::TooDeep { line, .. }
            | PageTextError::TooLarge { line, .. }
            | PageTextError::Unknown { line, .. }
            | PageTextError::Pages { line, .. } => *line,
        }
    }

    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            PageTextError::Malformed { .. } => {
                "Export it again from the program that made it, or mend that line."
            }
            PageTextError::Dtd { .. } => "Take the part in brackets out of the DOCTYPE.",
            PageTextError::Entity { .. } => "Write the character itself.",
            PageTextError::TooDeep { .. } | PageTextError::TooLarge { .. } => {
                "Check that it is the text of one page, and export it again."
            }
            PageTextError::Unknown { .. } => {
                "Export the text as PAGE XML, ALTO, hOCR or TEI, or as plain text."
            }
            PageTextError::Pages { .. } => "Export one file for each page.",
        }
    }
}
