//! Errors in the arguments.

use std::error::Error as _;

use clap::Error;
use clap::error::{ContextKind, ErrorKind};
use khizana_model::{Language, Message, message};

use crate::{language, output};

/// Prints an error in the arguments, or the help or the version that was requested, and exits.
///
/// The messages of clap are English. The message about a value that one of our parsers rejects is translated.
pub fn exit(error: &Error) -> ! {
    match rejected_value(error) {
        Some(message) if language::current() != Language::English => {
            output::usage_error(&message);
            std::process::exit(2);
        }
        _ => error.exit(),
    }
}

/// Returns the message about a value that one of our parsers rejects.
fn rejected_value(error: &Error) -> Option<Message> {
    let is_invalid = error.kind() == ErrorKind::ValueValidation;
    let why = error.source().filter(|_| is_invalid)?.to_string();
    let why = language::current().translate(&why)?;
    let context = |kind| Some(error.get(kind)?.to_string());
    Some(message!(
        "the value `{value}` of `{argument}` is invalid: {why}",
        value = context(ContextKind::InvalidValue)?,
        argument = context(ContextKind::InvalidArg)?,
        why = Message::from(why)
    ))
}
