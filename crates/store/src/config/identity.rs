//! The parts of `khizana.toml` that describe the institution: look, menu, home page, footer, and fields.

use std::collections::BTreeMap;

use khizana_model::{
    ColourConfig, ColourName, FooterConfig, HomeConfig, INTERFACE_LANGUAGES, IdentityConfig,
    IdentityFile, LangTag, Located, Look, MenuEntryConfig, MenuTarget, PartnerConfig, Rgb,
    TypefacesConfig, message,
};
use serde::Deserialize;
use toml::Spanned;

use super::{Invalid, Texts, texts};

/// The table `identity`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenIdentity {
    #[serde(default)]
    look: Look,
    logo: Option<Spanned<Files>>,
    logo_dark: Option<Spanned<Files>>,
    #[serde(default)]
    name_in_logo: bool,
    favicon: Option<Spanned<String>>,
    #[serde(default)]
    typefaces: WrittenTypefaces,
}

/// The table `identity.typefaces`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenTypefaces {
    text: Option<Spanned<Files>>,
    headings: Option<Spanned<Files>>,
}

/// A file, or a file for each language of the interface.
#[derive(Debug, Deserialize)]
#[serde(untagged, expecting = "expected a path, or a path for each language")]
enum Files {
    One(String),
    ByLanguage(BTreeMap<String, String>),
}

/// The table `colours`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenColours {
    accent: Option<Spanned<WrittenColour>>,
    on_accent: Option<Spanned<WrittenColour>>,
    ground: Option<Spanned<WrittenColour>>,
    wall: Option<Spanned<WrittenColour>>,
    ink: Option<Spanned<WrittenColour>>,
    quiet: Option<Spanned<WrittenColour>>,
    line: Option<Spanned<WrittenColour>>,
    edge: Option<Spanned<WrittenColour>>,
    stage: Option<Spanned<WrittenColour>>,
    on_stage: Option<Spanned<WrittenColour>>,
    mark: Option<Spanned<WrittenColour>>,
}

#[derive(Debug, Deserialize)]
#[serde(
    untagged,
    deny_unknown_fields,
    expecting = "expected a colour such as \"#a81c14\", or { light = \"#a81c14\", dark = \"#ff8d7a\" }"
)]
enum WrittenColour {
    Light(Rgb),
    Both {
        light: Option<Rgb>,
        dark: Option<Rgb>,
    },
}

/// An entry of `menu`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenMenuEntry {
    #[serde(default)]
    label: BTreeMap<LangTag, Texts>,
    page: Option<Spanned<String>>,
    collection: Option<Spanned<String>>,
    item: Option<Spanned<String>>,
    search: Option<Spanned<String>>,
    url: Option<Spanned<String>>,
}

/// The table `home`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenHome {
    #[serde(default)]
    featured: Vec<Spanned<String>>,
    #[serde(default)]
    collections: Vec<Spanned<String>>,
}

/// The table `footer`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenFooter {
    #[serde(default)]
    text: BTreeMap<LangTag, Texts>,
    contact: Option<Spanned<String>>,
    license: Option<Spanned<String>>,
    #[serde(default)]
    partners: Vec<Spanned<WrittenPartner>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenPartner {
    #[serde(default)]
    name: BTreeMap<LangTag, Texts>,
    url: Option<Spanned<String>>,
    logo: Option<Spanned<String>>,
}

/// A table in `fields`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenField {
    pub(super) label: BTreeMap<LangTag, Texts>,
}

/// Converts spans to line numbers.
pub(super) struct Lines<'a> {
    pub(super) text: &'a str,
}

impl Lines<'_> {
    /// Returns the number of the line that contains a byte, starting at 1.
    pub(super) fn number(&self, at: usize) -> u64 {
        let before = self.text.bytes().take(at);
        1 + before.filter(|byte| *byte == b'\n').count() as u64
    }

    pub(super) fn locate<T>(&self, value: Spanned<T>) -> Located<T> {
        let line = self.number(value.span().start);
        let value = value.into_inner();
        Located { value, line }
    }

    pub(super) fn locate_all<T>(&self, values: Vec<Spanned<T>>) -> Vec<Located<T>> {
        values.into_iter().map(|value| self.locate(value)).collect()
    }

    pub(super) fn identity(
        &self,
        written: WrittenIdentity,
        colours: WrittenColours,
    ) -> Result<IdentityConfig, Invalid> {
        Ok(IdentityConfig {
            look: written.look,
            logo: self.files(written.logo)?,
            logo_dark: self.files(written.logo_dark)?,
            name_in_logo: written.name_in_logo,
            favicon: written.favicon.map(|path| self.locate(path)),
            typefaces: TypefacesConfig {
                text: self.files(written.typefaces.text)?,
                headings: self.files(written.typefaces.headings)?,
            },
            colours: self.colours(colours),
        })
    }

    fn files(&self, written: Option<Spanned<Files>>) -> Result<Vec<IdentityFile>, Invalid> {
        let Some(written) = written else {
            return Ok(Vec::new());
        };
        let at = written.span().start;
        let line = self.number(at);
        let file = |language, path| IdentityFile {
            language,
            path: Located { value: path, line },
        };
        match written.into_inner() {
            Files::One(path) => Ok(vec![file(None, path)]),
            Files::ByLanguage(paths) => {
                let is_known = |language: &String| INTERFACE_LANGUAGES.contains(&&**language);
                if let Some(language) = paths.keys().find(|language| !is_known(language)) {
                    let what = message!(
                        "`{language}` is not a language of the interface: a file can be for \"ar\", \"en\" and \"fr\"",
                        language
                    );
                    return Err((at, what));
                }
                let files = paths.into_iter();
                Ok(files
                    .map(|(language, path)| file(Some(language), path))
                    .collect())
            }
        }
    }

    fn colours(&self, written: WrittenColours) -> Vec<ColourConfig> {
        let colours = [
            (ColourName::Accent, written.accent),
            (ColourName::OnAccent, written.on_accent),
            (ColourName::Ground, written.ground),
            (ColourName::Wall, written.wall),
            (ColourName::Ink, written.ink),
            (ColourName::Quiet, written.quiet),
            (ColourName::Line, written.line),
            (ColourName::Edge, written.edge),
            (ColourName::Stage, written.stage),
            (ColourName::OnStage, written.on_stage),
            (ColourName::Mark, written.mark),
        ];
        let colours = colours.into_iter().filter_map(|(name, colour)| {
            let Located { value, line } = self.locate(colour?);
            let (light, dark) = match value {
                WrittenColour::Light(light) => (Some(light), None),
                WrittenColour::Both { light, dark } => (light, dark),
            };
            let located = |value| Located { value, line };
            Some(ColourConfig {
                name,
                light: light.map(located),
                dark: dark.map(located),
            })
        });
        colours.collect()
    }

    pub(super) fn menu(
        &self,
        written: Vec<Spanned<WrittenMenuEntry>>,
    ) -> Result<Vec<MenuEntryConfig>, Invalid> {
        let entries = written.into_iter().map(|entry| {
            let at = entry.span().start;
            let entry = entry.into_inner();
            let target = |value: Option<Spanned<String>>, kind: fn(String) -> MenuTarget| {
                let Located { value, line } = self.locate(value?);
                let value = kind(value);
                Some(Located { value, line })
            };
            let targets = [
                target(entry.page, MenuTarget::Page),
                target(entry.collection, MenuTarget::Collection),
                target(entry.item, MenuTarget::Item),
                target(entry.search, MenuTarget::Search),
                target(entry.url, MenuTarget::Url),
            ];
            let targets: Vec<Located<MenuTarget>> = targets.into_iter().flatten().collect();
            let Ok([target]) = <[Located<MenuTarget>; 1]>::try_from(targets) else {
                let what = message!("an entry of `menu` must have one of `page`, `collection`, `item`, `search` and `url`");
                return Err((at, what));
            };
            if let MenuTarget::Url(url) = &target.value {
                check_url(at, url)?;
            }
            let label = texts(entry.label);
            if label.is_empty() && matches!(target.value, MenuTarget::Url(_) | MenuTarget::Search(_)) {
                let what = message!("an entry of `menu` with `url` or `search` must have a `label`, for example label.en = \"Contact\"");
                return Err((at, what));
            }
            Ok(MenuEntryConfig { label, target })
        });
        entries.collect()
    }

    pub(super) fn home(&self, written: WrittenHome) -> HomeConfig {
        HomeConfig {
            featured: self.locate_all(written.featured),
            collections: self.locate_all(written.collections),
        }
    }

    pub(super) fn footer(&self, written: WrittenFooter) -> Result<FooterConfig, Invalid> {
        if let Some(contact) = &written.contact {
            let text = contact.get_ref();
            let is_mail = text.split('@').count() == 2 && !text.contains(['/', ' ', ':', '<', '"']);
            if !is_mail && check_url(0, text).is_err() {
                let what = message!(
                    "`contact` must be an e-mail address or a URL, for example \"archive@example.org\""
                );
                return Err((contact.span().start, what));
            }
        }
        if let Some(license) = &written.license {
            check_url(license.span().start, license.get_ref())?;
        }
        let partners = written.partners.into_iter().map(|partner| {
            let at = partner.span().start;
            let partner = partner.into_inner();
            let name = texts(partner.name);
            if name.is_empty() {
                let what = message!("an entry of `footer.partners` must have a `name`, for example name.en = \"National Library\"");
                return Err((at, what));
            }
            if let Some(url) = &partner.url {
                check_url(url.span().start, url.get_ref())?;
            }
            Ok(PartnerConfig {
                name,
                url: partner.url.map(|url| self.locate(url)),
                logo: partner.logo.map(|logo| self.locate(logo)),
                line: self.number(at),
            })
        });
        Ok(FooterConfig {
            text: texts(written.text),
            contact: written.contact.map(|contact| self.locate(contact)),
            license: written.license.map(|license| self.locate(license)),
            partners: partners.collect::<Result<_, _>>()?,
        })
    }
}

fn check_url(at: usize, url: &str) -> Result<(), Invalid> {
    let rest = url
        .strip_prefix("https://")
        .or_else(|| url.strip_prefix("http://"));
    let is_valid = rest.is_some_and(|rest| {
        !rest.is_empty()
            && !rest.contains(|c: char| c.is_control() || c.is_whitespace() || "<>\"".contains(c))
    });
    if is_valid {
        Ok(())
    } else {
        let what = message!("a URL must begin with `https://` or `http://` and contain no spaces");
        Err((at, what))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::parse;
    use super::*;

    #[test]
    fn reads_a_complete_identity() {
        let config = parse(
            r##"
facets = ["type"]
field_order = ["creator", "date"]
[identity]
look = "newspaper"
logo = { ar = "identity/ar.svg", en = "identity/en.svg" }
logo_dark = "identity/dark.svg"
name_in_logo = true
favicon = "identity/icon.svg"
typefaces.text = "identity/naskh.ttf"
typefaces.headings = { ar = "identity/kufi.ttf", en = "identity/serif.otf" }
[colours]
accent = "#0b5d3b"
ground = { light = "#fefdfb", dark = "#101010" }
[home]
featured = ["plate-fez"]
collections = ["b", "a"]
[[menu]]
page = "about"
[[menu]]
label.en = "Plates"
search = "plate"
[footer]
contact = "archive@example.org"
license = "https://creativecommons.org/publicdomain/zero/1.0/"
text.en = "A house."
[[footer.partners]]
name.en = "Library"
url = "https://example.org/"
[fields.medium.label]
en = "Material"
"##,
        );
        let config = config.unwrap();
        assert_eq!(config.identity.look, Look::Newspaper);
        assert_eq!(config.identity.logo.len(), 2);
        assert_eq!(config.identity.logo_dark[0].language, None);
        assert_eq!(config.identity.logo_dark[0].path.line, 7);
        let typefaces = &config.identity.typefaces;
        assert_eq!(typefaces.text[0].path.value, "identity/naskh.ttf");
        assert_eq!(typefaces.headings[1].language.as_deref(), Some("en"));
        assert_eq!(typefaces.headings[1].path.line, 11);
        assert_eq!(config.identity.colours[0].light.as_ref().unwrap().line, 13);
        assert!(config.identity.colours[0].dark.is_none());
        assert_eq!(config.home.collections[1].value, "a");
        assert_eq!(
            config.menu[0].target.value,
            MenuTarget::Page("about".into())
        );
        assert_eq!(config.menu[1].label.get("en"), ["Plates"]);
        assert_eq!(
            config.footer.partners[0].url.as_ref().unwrap().value,
            "https://example.org/"
        );
        assert_eq!(config.labels["medium"].get("en"), ["Material"]);
        assert_eq!(config.facets[0].value, "type");
        assert_eq!(config.field_order, ["creator", "date"]);
    }

    #[test]
    fn invalid_values_are_described() {
        for (text, message) in [
            ("[colours]\naccent = \"red\"", "expected a colour"),
            ("[colours]\nink = { lihgt = \"#fff\" }", "expected a colour"),
            ("[identity]\nlook = \"modern\"", "`khizana`"),
            ("[identity]\nlogo = { de = \"x\" }", "`de`"),
            ("[identity.typefaces]\ntext = { de = \"x\" }", "`de`"),
            ("[identity.typefaces]\nheading = \"x\"", "`headings`"),
            ("[[menu]]\npage = \"a\"\nitem = \"b\"", "one of `page`"),
            ("[[menu]]\nsearch = \"\"", "must have a `label`"),
            (
                "[[menu]]\nlabel.en = \"A\"\nurl = \"javascript:alert(1)\"",
                "`https://`",
            ),
            ("[footer]\ncontact = \"javascript:x\"", "`contact`"),
            (
                "[[footer.partners]]\nurl = \"https://example.org\"",
                "`name`",
            ),
        ] {
            let (_, what) = parse(text).unwrap_err();
            assert!(what.contains(message), "{text}: {what}");
        }
    }
}
