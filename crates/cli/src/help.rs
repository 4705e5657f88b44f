//! The help in the language of the user.

use clap::{Arg, Command};
use khizana_model::{Language, Message, message};

/// The order of the parts of the help, with the heading of the usage in place of `USAGE`.
const TEMPLATE: &str = "{before-help}{about-with-newline}\n\u{1b}[1m\u{1b}[4mUSAGE\u{1b}[0m {usage}\n\n{all-args}{after-help}";

/// Returns the command with the texts of its help in a language.
pub fn in_language(mut command: Command, language: Language) -> Command {
    if language == Language::English {
        return command;
    }
    // This adds the options `--help` and `--version`.
    command.build();
    translate(command, language)
}

fn translate(command: Command, language: Language) -> Command {
    let before = command
        .get_before_help()
        .map(|text| text_of(text, language));
    let about = command.get_about().map(|text| text_of(text, language));
    let long_about = command.get_long_about().map(|text| text_of(text, language));
    let usage = heading(&message!("Usage"), language);
    let mut command = command
        .help_template(TEMPLATE.replace("USAGE", &format!("{usage}:")))
        .subcommand_help_heading(heading(&message!("Commands"), language))
        .mut_args(|arg| translate_argument(arg, language))
        .mut_subcommands(|command| translate(command, language));
    if let Some(before) = before {
        command = command.before_help(before);
    }
    if let Some(about) = about {
        command = command.about(about);
    }
    if let Some(about) = long_about {
        command = command.long_about(about);
    }
    command
}

fn translate_argument(arg: Arg, language: Language) -> Arg {
    let title = match arg.is_positional() {
        true => message!("Arguments"),
        false => message!("Options"),
    };
    let mut help = arg
        .get_help()
        .map_or_else(String::new, |text| text_of(text, language));
    let mut add = |part: &Message| help.push_str(&format!(" [{}]", part.in_language(language)));
    let takes_values = arg.get_action().takes_values();
    let defaults: Vec<String> = arg
        .get_default_values()
        .iter()
        .map(|value| value.to_string_lossy().into_owned())
        .collect();
    if takes_values && !defaults.is_empty() {
        add(&message!("default: {value}", value = defaults.join(", ")));
    }
    let values = match takes_values {
        true => arg.get_possible_values(),
        false => Vec::new(),
    };
    let with_values = help.clone();
    if !values.is_empty() {
        let names: Vec<&str> = values.iter().map(|value| value.get_name()).collect();
        let names = names.join(", ");
        help.push_str(&format!(
            " [{}]",
            message!("possible values: {names}", names).in_language(language)
        ));
    }
    let long_help = arg.get_long_help().map(|text| text_of(text, language));
    let mut arg = arg
        .help_heading(heading(&title, language))
        .help(help)
        .hide_default_value(true)
        .hide_possible_values(true);
    if let Some(help) = long_help {
        arg = arg.long_help(help);
    }
    if values.iter().any(|value| value.get_help().is_some()) {
        let mut long = format!("{with_values}\n");
        for value in &values {
            let help = value
                .get_help()
                .map_or_else(String::new, |text| text_of(text, language));
            long.push_str(&format!("\n- {}: {help}", value.get_name()));
        }
        arg = arg.long_help(long);
    }
    arg
}

/// Returns the heading of a section, which clap displays before a colon.
fn heading(title: &Message, language: Language) -> String {
    let title = title.in_language(language);
    match language {
        // In French, a space that does not break precedes the colon.
        Language::French => format!("{title}\u{a0}"),
        Language::Arabic | Language::English => title,
    }
}

/// Returns the translation of a text of the help, paragraph by paragraph.
fn text_of(text: &impl ToString, language: Language) -> String {
    let text = text.to_string();
    if let Some(translation) = language.translate(&text) {
        return translation.to_owned();
    }
    if let Some(message) = of_clap(&text) {
        return message.in_language(language);
    }
    let paragraphs: Vec<String> = text
        .split("\n\n")
        .map(|paragraph| {
            let (key, end) = match paragraph.strip_suffix('.') {
                Some(key) => (key, "."),
                None => (paragraph, ""),
            };
            let translation = language.translate(key).unwrap_or(key);
            format!("{translation}{end}")
        })
        .collect();
    paragraphs.join("\n\n")
}

/// Returns a text of the options and commands that clap adds.
fn of_clap(text: &str) -> Option<Message> {
    Some(match text {
        "Print help" => message!("Print help"),
        "Print help (see more with '--help')" => message!("Print help (see more with '--help')"),
        "Print help (see a summary with '-h')" => message!("Print help (see a summary with '-h')"),
        "Print version" => message!("Print version"),
        "Print this message or the help of the given subcommand(s)" => {
            message!("Print this message or the help of the given subcommand(s)")
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;
    use khizana_args::Args;

    /// Collects the texts of a command that have no translation.
    fn untranslated(command: &Command, language: Language, found: &mut Vec<String>) {
        let mut texts: Vec<String> = Vec::new();
        texts.extend(command.get_about().map(ToString::to_string));
        texts.extend(command.get_long_about().map(ToString::to_string));
        texts.extend(command.get_before_help().map(ToString::to_string));
        for arg in command.get_arguments() {
            texts.extend(arg.get_help().map(ToString::to_string));
            let values = arg.get_possible_values();
            let with_help = values.iter().filter_map(|value| value.get_help());
            texts.extend(with_help.map(ToString::to_string));
        }
        for text in texts {
            let translation = text_of(&text, language);
            let mut pairs = text.split("\n\n").zip(translation.split("\n\n"));
            if pairs.any(|(text, translation)| text == translation) {
                found.push(format!("{}: {text:?}", language.tag()));
            }
        }
        for subcommand in command.get_subcommands() {
            untranslated(subcommand, language, found);
        }
    }

    #[test]
    fn every_text_of_the_help_is_translated() {
        let mut command = Args::command();
        command.build();
        let mut found = Vec::new();
        for language in [Language::Arabic, Language::French] {
            untranslated(&command, language, &mut found);
        }
        found.sort();
        found.dedup();
        assert!(
            found.is_empty(),
            "add to the PO files, without the full stop at the end:\n{}",
            found.join("\n")
        );
    }

    #[test]
    fn headings_and_default_values_are_translated() {
        let help = |language| {
            let command = in_language(Args::command(), language);
            let mut publish = command
                .find_subcommand("publish")
                .cloned()
                .unwrap_or_default();
            publish.render_long_help().to_string()
        };
        let french = help(Language::French);
        for part in [
            "Utilisation\u{a0}: ",
            "Options\u{a0}:",
            "[valeur par défaut\u{a0}: .]",
            "- items: ",
        ] {
            assert!(french.contains(part), "{part}: {french}");
        }
        let arabic = help(Language::Arabic);
        for part in ["الاستعمال: ", "الخيارات:"] {
            assert!(arabic.contains(part), "{part}: {arabic}");
        }
        for english in ["Usage:", "Options:\n", "[default", "Possible values"] {
            assert!(
                !arabic.contains(english) && !french.contains(english),
                "{english}"
            );
        }
    }
}
