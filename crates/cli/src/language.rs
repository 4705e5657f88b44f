//! The language of the messages: that of `--lang`, or that of the locale.

use std::ffi::OsString;
use std::sync::OnceLock;

use khizana_model::Language;

static LANGUAGE: OnceLock<Language> = OnceLock::new();

/// Returns the language of the messages. It is English until [`set`] is called.
pub fn current() -> Language {
    LANGUAGE.get().copied().unwrap_or(Language::English)
}

/// Sets the language of the messages. Only the first call has an effect.
pub fn set(language: Language) {
    let _ = LANGUAGE.set(language);
}

/// Returns the language in the arguments, which are not parsed yet, or that of the locale.
pub fn find(arguments: &[OsString]) -> Language {
    let variable = |name: &str| std::env::var(name).ok();
    in_arguments(arguments).unwrap_or_else(|| of_environment(&variable, system_locale))
}

/// Returns the value of `--lang`, if it is one of the languages.
fn in_arguments(arguments: &[OsString]) -> Option<Language> {
    let mut language = None;
    let mut arguments = arguments
        .iter()
        .skip(1)
        .map_while(|argument| argument.to_str());
    while let Some(argument) = arguments.next() {
        let value = match argument {
            "--" => break,
            "--lang" => arguments.next(),
            argument => argument.strip_prefix("--lang="),
        };
        language = value.and_then(with_tag).or(language);
    }
    language
}

fn with_tag(tag: &str) -> Option<Language> {
    Language::ALL.into_iter().find(|known| known.tag() == tag)
}

/// Returns the language of the locale. The variables are those of POSIX; `system` returns the locale of a system
/// that does not set them.
fn of_environment(
    variable: &impl Fn(&str) -> Option<String>,
    system: impl Fn() -> Option<String>,
) -> Language {
    let is_set = |value: &String| !value.is_empty();
    let locale = ["LC_ALL", "LC_MESSAGES", "LANG"]
        .into_iter()
        .find_map(|name| variable(name).filter(is_set));
    let language = locale.or_else(system).and_then(|locale| of_locale(&locale));
    match language {
        Some(Language::Arabic) if !displays_arabic(variable("TERM").as_deref()) => {
            // The list of the preferred languages that gettext reads, such as `ar:fr`.
            let preferred = variable("LANGUAGE").unwrap_or_default();
            let mut others = preferred
                .split(':')
                .filter_map(of_locale)
                .filter(|language| *language != Language::Arabic);
            others.next().unwrap_or(Language::English)
        }
        language => language.unwrap_or(Language::English),
    }
}

/// Returns the language of a locale such as `ar_EG.UTF-8` or `fr-CA`.
fn of_locale(locale: &str) -> Option<Language> {
    with_tag(
        &locale
            .split(['_', '-', '.', '@'])
            .next()?
            .to_ascii_lowercase(),
    )
}

/// Returns `true` if the terminal joins Arabic letters and writes them from right to left. The console of Linux and
/// the terminals of Windows do not.
fn displays_arabic(term: Option<&str>) -> bool {
    match term {
        Some(term) => term != "linux",
        None => !cfg!(windows),
    }
}

/// Returns the language of the settings of the user.
#[cfg(any(windows, target_os = "macos"))]
fn system_locale() -> Option<String> {
    sys_locale::get_locale()
}

/// Other systems have no setting besides the variables.
#[cfg(not(any(windows, target_os = "macos")))]
fn system_locale() -> Option<String> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(variables: &[(&str, &str)], system: Option<&str>) -> &'static str {
        let variable = |name: &str| {
            let found = variables.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        of_environment(&variable, || system.map(str::to_owned)).tag()
    }

    #[test]
    fn the_locale_is_chosen_in_the_order_of_posix() {
        let term = ("TERM", "xterm-256color");
        for (variables, expected) in [
            (&[][..], "en"),
            (&[("LANG", "fr_FR.UTF-8")], "fr"),
            (&[("LANG", "fr")], "fr"),
            (
                &[("LANG", "fr_FR"), ("LC_MESSAGES", "ar_EG.UTF-8"), term],
                "ar",
            ),
            (&[("LC_MESSAGES", "fr_FR"), ("LC_ALL", "ar"), term], "ar"),
            (&[("LANG", "ar_MA"), ("LC_ALL", "C")], "en"),
            (&[("LANG", "ar_MA"), ("LC_ALL", ""), term], "ar"),
            (&[("LC_ALL", "POSIX")], "en"),
            (&[("LC_ALL", "C.UTF-8")], "en"),
            (&[("LC_ALL", "de_DE.UTF-8"), ("LANG", "fr_FR")], "en"),
            // Not Arabic, but Aragonese.
            (&[("LANG", "an_ES"), ("LANGUAGE", "fr")], "en"),
        ] {
            assert_eq!(chosen(variables, None), expected, "{variables:?}");
        }
    }

    #[test]
    fn the_settings_of_the_system_count_without_a_variable() {
        let term = ("TERM", "xterm");
        assert_eq!(chosen(&[term], Some("ar-SA")), "ar");
        assert_eq!(chosen(&[term], Some("fr-CA")), "fr");
        assert_eq!(chosen(&[("LANG", "fr_FR")], Some("ar-SA")), "fr");
    }

    #[test]
    fn a_terminal_that_cannot_display_arabic_gets_another_language() {
        let arabic = ("LANG", "ar_EG.UTF-8");
        let linux = ("TERM", "linux");
        assert_eq!(chosen(&[arabic, linux], None), "en");
        assert_eq!(
            chosen(&[arabic, linux, ("LANGUAGE", "ar:fr:en")], None),
            "fr"
        );
        assert_eq!(
            chosen(&[arabic, linux, ("LANGUAGE", "ar_EG:de:en:fr")], None),
            "en"
        );
        assert_eq!(chosen(&[("LANG", "fr_FR"), linux], None), "fr");
    }

    #[test]
    fn the_option_counts_before_it_is_parsed() {
        let find = |arguments: &[&str]| {
            let arguments: Vec<OsString> = arguments.iter().map(OsString::from).collect();
            in_arguments(&arguments).map(Language::tag)
        };
        assert_eq!(find(&["khizana", "--lang", "ar", "--help"]), Some("ar"));
        assert_eq!(find(&["khizana", "doctor", "--lang=fr"]), Some("fr"));
        assert_eq!(find(&["khizana", "search", "--", "--lang=fr"]), None);
        assert_eq!(find(&["khizana", "--lang=de"]), None);
        assert_eq!(find(&["khizana", "--lang"]), None);
        assert_eq!(find(&["--lang=fr"]), None);
    }
}
