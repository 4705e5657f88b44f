//! The translations of messages that the temporary archive returns in English.

use std::collections::BTreeMap;

use khizana_model::{Message, Problem};

/// The messages that problems had when they were found. The catalogue of an archive keeps the warnings about an item as
/// texts, which cannot be translated.
#[derive(Debug, Default)]
pub(crate) struct KnownMessages(BTreeMap<String, Message>);

impl KnownMessages {
    /// Remembers new messages, and replaces the texts in `problems` with the messages that they had before.
    pub(crate) fn restore(&mut self, problems: &mut [Problem]) {
        for problem in problems {
            for message in [&mut problem.message, &mut problem.hint] {
                let known = self.0.entry(message.as_str().to_owned());
                message.clone_from(known.or_insert_with(|| message.clone()));
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use khizana_model::{Language, message};

    use super::*;

    #[test]
    fn a_text_becomes_the_message_that_it_was() {
        let text = message!("The file `{value}` does not exist.", value = "1.jpg");
        let found = Problem::error("file-missing", text, "Check the spelling of the path.");
        let json = serde_json::to_string(&found).unwrap();
        let mut problems = [found, serde_json::from_str(&json).unwrap()];
        let arabic = |problem: &Problem| problem.message.in_language(Language::Arabic);
        assert_ne!(arabic(&problems[0]), arabic(&problems[1]));
        KnownMessages::default().restore(&mut problems);
        assert_eq!(arabic(&problems[0]), arabic(&problems[1]));
    }
}
