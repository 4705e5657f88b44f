//! Messages about misspelt keys and values.

use khizana_model::{Message, message, nearest_name};

/// Returns the message of the TOML parser. A message about an unknown name, such as
/// ``unknown field `titel`, expected one of `title`, `url` ``, can be translated and proposes the nearest of
/// the expected names.
pub(super) fn with_proposal(message: &str) -> Message {
    let is_field = message.starts_with("unknown field");
    let is_unknown = is_field || message.starts_with("unknown variant");
    let mut quoted = message.split('`').skip(1).step_by(2);
    let Some(written) = quoted.next().filter(|_| is_unknown) else {
        return Message::from(message.to_owned());
    };
    let expected: Vec<&str> = quoted.collect();
    let names: Vec<String> = expected.iter().map(|name| format!("`{name}`")).collect();
    let names = names.join(", ");
    let unknown = match is_field {
        true => message!(
            "unknown field `{written}`, expected one of {names}",
            written,
            names
        ),
        false => message!(
            "unknown variant `{written}`, expected one of {names}",
            written,
            names
        ),
    };
    match nearest_name(written, expected.iter().copied()) {
        Some(name) => message!("{unknown}; did you mean `{name}`?", unknown, name),
        None => unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn proposes_the_nearest_name() {
        let message = "unknown field `titel`, expected one of `title`, `url`, `pages`";
        assert_eq!(
            with_proposal(message).as_str(),
            format!("{message}; did you mean `title`?")
        );
        assert_eq!(
            with_proposal("unknown variant `x`, expected `items` or `none`"),
            "unknown variant `x`, expected one of `items`, `none`"
        );
        let message = "invalid type: string \"no\", expected a boolean";
        assert_eq!(with_proposal(message), message);
    }
}
