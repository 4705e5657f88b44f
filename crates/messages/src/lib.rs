//! Messages for people, and their translations.
//!
//! A [`Message`] is a text in English that remembers its template and arguments, so that it can be
//! displayed in another [`Language`]. The translations are in `translations/`, as PO files of
//! gettext, whose keys are the English templates.

mod argument;
mod catalogue;
mod message;
mod po;

pub use argument::{Argument, ToArgument};
pub use catalogue::Language;
pub use message::{Message, Piece, Template, placeholders};
