//! Errors in the arguments.

use std::error::Error as _;

use clap::Error;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use khizana_model::{Language, Message, message};

use crate::{language, output};

/// Prints an error in the arguments, or the help or the version that was requested, and exits.
///
/// The messages of clap are in English, so in other languages the error is described by [`describe`].
pub fn exit(error: &Error) -> ! {
    match describe(error) {
        Some(usage_error) if language::current() != Language::English => {
            output::usage_error(&usage_error.message, &usage_error.hint);
            std::process::exit(2);
        }
        _ => error.exit(),
    }
}

/// An error in the arguments.
#[derive(Debug)]
struct UsageError {
    message: Message,
    hint: Message,
}

/// Describes an error. Returns `None` if the help was requested, or for errors that the arguments of this program cannot
/// have.
fn describe(error: &Error) -> Option<UsageError> {
    let message = message(error)?;
    Some(UsageError {
        message,
        hint: hint(error),
    })
}

fn message(error: &Error) -> Option<Message> {
    let context = |kind| texts(error, kind).into_iter().next();
    Some(match error.kind() {
        ErrorKind::UnknownArgument => message!(
            "this command has no argument `{argument}`",
            argument = context(ContextKind::InvalidArg)?
        ),
        ErrorKind::InvalidSubcommand => message!(
            "there is no command `{command}`",
            command = context(ContextKind::InvalidSubcommand)?
        ),
        ErrorKind::MissingRequiredArgument => message!(
            "an argument is missing: {arguments}",
            arguments = texts(error, ContextKind::InvalidArg).join(", ")
        ),
        ErrorKind::ArgumentConflict => message!(
            "`{argument}` and `{other}` cannot be combined",
            argument = context(ContextKind::InvalidArg)?,
            other = texts(error, ContextKind::PriorArg).join(", ")
        ),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            let argument = context(ContextKind::InvalidArg)?;
            let value = context(ContextKind::InvalidValue)?;
            match reason(error) {
                _ if value.is_empty() => message!("`{argument}` requires a value", argument),
                Some(why) => message!(
                    "the value `{value}` of `{argument}` is invalid: {why}",
                    value,
                    argument,
                    why = Message::from(why)
                ),
                None => message!(
                    "the value `{value}` of `{argument}` is invalid",
                    value,
                    argument
                ),
            }
        }
        _ => return None,
    })
}

/// Returns the reason for which one of our parsers rejects a value, in the language of the user. Other parsers have
/// English reasons.
fn reason(error: &Error) -> Option<String> {
    let why = error.source()?.to_string();
    language::current().translate(&why).map(Into::into)
}

/// Proposes similar or possible arguments, or else the help.
fn hint(error: &Error) -> Message {
    let suggested = [
        ContextKind::SuggestedSubcommand,
        ContextKind::SuggestedArg,
        ContextKind::SuggestedValue,
    ];
    let similar: Vec<String> = suggested
        .into_iter()
        .flat_map(|kind| texts(error, kind))
        .collect();
    let possible = texts(error, ContextKind::ValidValue);
    if !similar.is_empty() {
        message!("Similar: {names}", names = similar.join(", "))
    } else if !possible.is_empty() {
        message!("Possible values: {names}", names = possible.join(", "))
    } else {
        message!("Run the command with --help, which describes its options.")
    }
}

/// Returns the values in the context of an error.
fn texts(error: &Error, kind: ContextKind) -> Vec<String> {
    match error.get(kind) {
        Some(ContextValue::String(text)) => vec![text.clone()],
        Some(ContextValue::Strings(texts)) => texts.clone(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use clap::Parser;
    use khizana_args::Args;

    use super::*;

    fn described(arguments: &[&str]) -> (String, String) {
        let arguments = [&["khizana"], arguments].concat();
        let error = Args::try_parse_from(arguments).unwrap_err();
        let error = describe(&error).unwrap();
        (error.message.to_string(), error.hint.to_string())
    }

    #[test]
    fn every_kind_of_error_is_described() {
        let help = "Run the command with --help, which describes its options.";
        for (arguments, message, hint) in [
            (
                &["ingest", "--fooo", "x"][..],
                "this command has no argument `--fooo`",
                help,
            ),
            (
                &["ingst"],
                "there is no command `ingst`",
                "Similar: init, ingest",
            ),
            (&["search"], "an argument is missing: <QUERY>", help),
            (
                &["publish", "--pages", "foo"],
                "the value `foo` of `--pages <PAGES>` is invalid",
                "Possible values: items, lists, none",
            ),
            (
                &["publish", "--out"],
                "`--out <SITE>` requires a value",
                help,
            ),
            (
                &["--quiet", "--verbose", "check", "x"],
                "`--quiet` and `--verbose` cannot be combined",
                help,
            ),
            (
                &["deploy", "x", "--grace", "abc"],
                "the value `abc` of `--grace <DAYS>` is invalid",
                help,
            ),
        ] {
            let expected = (message.to_owned(), hint.to_owned());
            assert_eq!(described(arguments), expected, "{arguments:?}");
        }
    }

    #[test]
    fn help_is_no_error() {
        for arguments in [["khizana", "--help"], ["khizana", "--version"]] {
            let error = Args::try_parse_from(arguments).unwrap_err();
            assert!(describe(&error).is_none());
        }
    }
}
