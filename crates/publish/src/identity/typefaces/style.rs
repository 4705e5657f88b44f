//! The style sheet of the typefaces.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::faces::{Face, Rule, rules};

/// The texts for which a typeface is used.
#[derive(Debug, Clone, Copy)]
pub(super) struct Role {
    /// The beginning of the names of families.
    pub(super) family: &'static str,
    /// The custom property of the style sheet.
    pub(super) property: &'static str,
}

/// The role of the typeface of texts.
pub(super) const TEXT: Role = Role {
    family: "House text",
    property: "--text-faces",
};

/// The role of the typeface of headings.
pub(super) const HEADINGS: Role = Role {
    family: "House headings",
    property: "--house-faces",
};

/// Returns the rules for a role. `root` is the relative path from the style sheet to the root of the site.
pub(super) fn style(role: Role, faces: &[Face], languages: &[String], root: &str) -> String {
    // Languages with the same rules share a family, which keeps the style sheet short.
    let mut families: Vec<(Vec<&str>, Vec<Rule>)> = Vec::new();
    for language in languages {
        let rules = rules(faces, language);
        if rules.is_empty() {
            continue;
        }
        match families.iter_mut().find(|(_, other)| *other == rules) {
            Some((languages, _)) => languages.push(language),
            None => families.push((vec![language], rules)),
        }
    }
    let mut style = String::new();
    for (languages, rules) in families {
        let family = format!("{} {}", role.family, languages.join(" "));
        for rule in rules {
            let size = match rule.size {
                100 => String::new(),
                size => format!("size-adjust:{size}%;"),
            };
            let _ = writeln!(
                style,
                "@font-face{{font-family:\"{family}\";src:url({root}{}) format(\"woff2\");font-display:swap;{size}unicode-range:{}}}",
                rule.path,
                unicode_range(&rule.characters),
            );
        }
        let selectors: Vec<String> = languages
            .iter()
            .map(|language| format!(":root:lang({language})"))
            .collect();
        let selectors = selectors.join(",");
        let _ = writeln!(style, "{selectors}{{{}:\"{family}\",}}", role.property);
    }
    style
}

/// Returns the value of `unicode-range` for a set of characters.
fn unicode_range(characters: &BTreeSet<char>) -> String {
    let mut ranges: Vec<(u32, u32)> = Vec::new();
    for c in characters {
        let code = u32::from(*c);
        match ranges.last_mut() {
            Some((_, last)) if *last + 1 == code => *last = code,
            _ => ranges.push((code, code)),
        }
    }
    let ranges: Vec<String> = ranges
        .into_iter()
        .map(|(first, last)| match first == last {
            true => format!("U+{first:X}"),
            false => format!("U+{first:X}-{last:X}"),
        })
        .collect();
    ranges.join(",")
}

#[cfg(test)]
mod tests {
    use super::super::faces::Part;
    use super::*;

    #[test]
    fn languages_with_the_same_rules_share_a_family() {
        let faces = [Face {
            language: None,
            parts: vec![Part {
                path: "f/x.woff2".to_owned(),
                characters: "abceاب ".chars().collect(),
            }],
        }];
        let languages = ["ar", "en", "fr"].map(str::to_owned);
        let style = style(HEADINGS, &faces, &languages, "../../");
        assert_eq!(
            style,
            "@font-face{font-family:\"House headings ar en fr\";src:url(../../f/x.woff2) format(\"woff2\");\
             font-display:swap;unicode-range:U+20,U+61-63,U+65,U+627-628}\n\
             :root:lang(ar),:root:lang(en),:root:lang(fr){--house-faces:\"House headings ar en fr\",}\n"
        );
    }
}
