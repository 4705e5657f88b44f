//! Proposals for misspelt keys and values.

use khizana_model::nearest_name;

/// Appends the nearest of the expected names to the message of the TOML parser about an unknown one, such as
/// ``unknown field `titel`, expected one of `title`, `url` ``. Returns other messages unchanged.
pub(super) fn with_proposal(message: &str) -> String {
    let mut names = message.split('`').skip(1).step_by(2);
    let is_unknown = message.starts_with("unknown field") || message.starts_with("unknown variant");
    let written = names.next().filter(|_| is_unknown);
    match written.and_then(|written| nearest_name(written, names)) {
        Some(name) => format!("{message}; did you mean `{name}`?"),
        None => message.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn proposes_the_nearest_name() {
        let message = "unknown field `titel`, expected one of `title`, `url`, `pages`";
        assert_eq!(
            with_proposal(message),
            format!("{message}; did you mean `title`?")
        );
        let message = "invalid type: string \"no\", expected a boolean";
        assert_eq!(with_proposal(message), message);
    }
}
