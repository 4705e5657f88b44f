//! The institution's name, look, menu, home page and footer, as written in `khizana.toml`.
//!
//! The values refer to files and pages that are only read when the archive is published, so each has the line on
//! which it is written, for messages.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::LangMap;

/// A value and the line of `khizana.toml` on which it is written, starting at 1.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Located<T> {
    /// The value.
    pub value: T,
    /// The line.
    pub line: u64,
}

/// The look, the logos and the icon of a site.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct IdentityConfig {
    /// The look, which sets all colours, typefaces and spaces that nothing else sets.
    pub look: Look,
    /// The logo for a light background.
    pub logo: Vec<IdentityFile>,
    /// The logo for a dark background. The default is `logo`.
    pub logo_dark: Vec<IdentityFile>,
    /// `true` if the logo contains the name of the archive, which is then not displayed as text.
    pub name_in_logo: bool,
    /// The icon of the site in tabs and bookmarks, as a path relative to the archive.
    pub favicon: Option<Located<String>>,
    /// The typefaces that come before those of the look.
    pub typefaces: TypefacesConfig,
    /// The colours that replace those of the look.
    pub colours: Vec<ColourConfig>,
}

/// The font files of the institution.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TypefacesConfig {
    /// The typeface of texts.
    pub text: Vec<IdentityFile>,
    /// The typeface of headings.
    pub headings: Vec<IdentityFile>,
}

/// A logo or a font file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdentityFile {
    /// The language of the interface in which the file is used. `None` for all others.
    pub language: Option<String>,
    /// The path relative to the archive.
    pub path: Located<String>,
}

/// A set of values for the custom properties of the style sheet.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Look {
    /// The look without further properties.
    #[default]
    Khizana,
    /// Text in narrow measures between double rules, in ink on newsprint.
    Newspaper,
}

/// A colour with red, green and blue from 0 to 255, written `#rrggbb` or `#rgb`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Rgb(pub [u8; 3]);

/// An error from parsing a colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a colour must have the form \"#rrggbb\"")]
pub struct RgbError;

impl FromStr for Rgb {
    type Err = RgbError;

    fn from_str(text: &str) -> Result<Rgb, RgbError> {
        let digits = text.strip_prefix('#').ok_or(RgbError)?;
        let digits: Vec<u8> = digits
            .chars()
            .map(|c| c.to_digit(16).and_then(|digit| u8::try_from(digit).ok()))
            .collect::<Option<_>>()
            .ok_or(RgbError)?;
        match digits[..] {
            [r, g, b] => Ok(Rgb([r * 17, g * 17, b * 17])),
            [r, s, g, h, b, c] => Ok(Rgb([r * 16 + s, g * 16 + h, b * 16 + c])),
            _ => Err(RgbError),
        }
    }
}

impl TryFrom<String> for Rgb {
    type Error = RgbError;

    fn try_from(text: String) -> Result<Rgb, RgbError> {
        text.parse()
    }
}

impl From<Rgb> for String {
    fn from(colour: Rgb) -> String {
        colour.to_string()
    }
}

impl fmt::Display for Rgb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Rgb([r, g, b]) = self;
        write!(f, "#{r:02x}{g:02x}{b:02x}")
    }
}

impl Rgb {
    /// Returns the relative luminance, from 0 to 1 (WCAG 2.2).
    pub fn luminance(self) -> f64 {
        let linear = |channel: u8| {
            let value = f64::from(channel) / 255.0;
            if value <= 0.04045 {
                value / 12.92
            } else {
                ((value + 0.055) / 1.055).powf(2.4)
            }
        };
        let [r, g, b] = self.0.map(linear);
        0.2126 * r + 0.7152 * g + 0.0722 * b
    }

    /// Returns the contrast ratio to another colour, from 1 to 21 (WCAG 2.2).
    pub fn contrast(self, other: Rgb) -> f64 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    /// Returns a mixture with another colour. `share` is the share of the other colour, from 0 to 1.
    #[must_use]
    pub fn mixed(self, other: Rgb, share: f64) -> Rgb {
        let mut mixed = self.0;
        for (channel, other) in mixed.iter_mut().zip(other.0) {
            let value = f64::from(*channel) * (1.0 - share) + f64::from(other) * share;
            *channel = value.round() as u8;
        }
        Rgb(mixed)
    }
}

/// The colours of the style sheet that an institution can replace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ColourName {
    /// Headings, links under the pointer, the focus ring, and strong buttons.
    Accent,
    /// Text on strong buttons.
    OnAccent,
    /// The background of pages.
    Ground,
    /// The background of the footer and of panels.
    Wall,
    /// Text.
    Ink,
    /// Secondary text.
    Quiet,
    /// Lines that only separate.
    Line,
    /// Borders of controls.
    Edge,
    /// The background of images.
    Stage,
    /// Text on the background of images.
    OnStage,
    /// The background of found words.
    Mark,
}

impl ColourName {
    /// All names, in the order in which they are documented.
    pub const ALL: [ColourName; 11] = [
        ColourName::Accent,
        ColourName::OnAccent,
        ColourName::Ground,
        ColourName::Wall,
        ColourName::Ink,
        ColourName::Quiet,
        ColourName::Line,
        ColourName::Edge,
        ColourName::Stage,
        ColourName::OnStage,
        ColourName::Mark,
    ];

    /// Returns the key in `khizana.toml`.
    pub fn key(self) -> &'static str {
        match self {
            ColourName::Accent => "accent",
            ColourName::OnAccent => "on_accent",
            ColourName::Ground => "ground",
            ColourName::Wall => "wall",
            ColourName::Ink => "ink",
            ColourName::Quiet => "quiet",
            ColourName::Line => "line",
            ColourName::Edge => "edge",
            ColourName::Stage => "stage",
            ColourName::OnStage => "on_stage",
            ColourName::Mark => "mark",
        }
    }
}

/// A colour of the institution.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColourConfig {
    /// The colour that is replaced.
    pub name: ColourName,
    /// The value on a light background.
    pub light: Option<Located<Rgb>>,
    /// The value on a dark background.
    pub dark: Option<Located<Rgb>>,
}

/// An entry of the menu.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MenuEntryConfig {
    /// The text. The default is the title of the target.
    pub label: LangMap,
    /// The page or results to which the entry leads.
    pub target: Located<MenuTarget>,
}

/// The target of an entry of the menu.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MenuTarget {
    /// A page in the folder `pages`, by its name.
    Page(String),
    /// A collection, by its identifier.
    Collection(String),
    /// An item, by its identifier.
    Item(String),
    /// The results of a query; of all items if it is empty.
    Search(String),
    /// A URL of another site.
    Url(String),
}

/// The contents of the home page.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct HomeConfig {
    /// The identifiers of the items that the page displays, the first as the large image.
    pub featured: Vec<Located<String>>,
    /// The identifiers of the collections that come first. The others follow.
    pub collections: Vec<Located<String>>,
}

/// The footer of every page.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct FooterConfig {
    /// A sentence about the institution.
    pub text: LangMap,
    /// An e-mail address or a URL.
    pub contact: Option<Located<String>>,
    /// The URI of the license of the descriptions.
    pub license: Option<Located<String>>,
    /// The institutions that take part.
    pub partners: Vec<PartnerConfig>,
}

/// An institution that takes part.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PartnerConfig {
    /// The name.
    pub name: LangMap,
    /// The URL of its site.
    pub url: Option<Located<String>>,
    /// The path of its logo, relative to the archive.
    pub logo: Option<Located<String>>,
    /// The line on which the entry begins.
    pub line: u64,
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn parses_colours() {
        let parse = |text: &str| text.parse::<Rgb>();
        assert_eq!(parse("#A81c14"), Ok(Rgb([0xa8, 0x1c, 0x14])));
        assert_eq!(parse("#f0c"), Ok(Rgb([0xff, 0, 0xcc])));
        for wrong in [
            "",
            "a81c14",
            "#a81c1",
            "#a81c1g",
            "red",
            "#١٢٣",
            "#a81c14ff",
        ] {
            assert_eq!(parse(wrong), Err(RgbError), "{wrong}");
        }
        assert_eq!(Rgb([0xa8, 0x1c, 0x04]).to_string(), "#a81c04");
    }

    #[test]
    fn computes_contrast() {
        let rgb = |text: &str| text.parse::<Rgb>().unwrap();
        assert_eq!(rgb("#fff").contrast(rgb("#000")).round() as u32, 21);
        assert_eq!(rgb("#777").contrast(rgb("#777")).round() as u32, 1);
        // A grey with a well-known ratio to white.
        let ratio = rgb("#767676").contrast(rgb("#ffffff"));
        assert!((4.5..4.6).contains(&ratio), "{ratio}");
    }
}
