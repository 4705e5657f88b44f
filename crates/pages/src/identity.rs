//! The identity of the institution: logo, menu and footer, which every page displays.

use khizana_model::LangMap;
use serde::Serialize;

use crate::route::Route;

/// The identity of the institution.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Identity {
    /// The logos. The first one whose language is that of the page, or that has none, is displayed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub logos: Vec<Logo>,
    /// `true` if the logos contain the name of the archive.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub has_name: bool,
    /// The entries of the menu.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub menu: Vec<MenuEntry>,
    /// The footer.
    #[serde(skip_serializing_if = "Footer::is_empty")]
    pub footer: Footer,
    /// The addresses ([`Route::address`]) of home and collection pages with texts that only the published
    /// documents contain. The viewer loads these documents instead of rendering the pages.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub documents: Vec<String>,
    /// The parts of the head of documents. They are not needed after publishing.
    #[serde(skip)]
    pub head: IdentityHead,
}

khizana_json::json_object!(Identity {
    logos: optional,
    has_name: optional,
    menu: optional,
    footer: optional,
    documents: optional;
    head
});

impl Identity {
    /// Returns the logo for readers of `lang`.
    pub fn logo(&self, lang: &str) -> Option<&Logo> {
        let exact = self.logos.iter().find(|logo| logo.lang == lang);
        exact
            .or_else(|| self.logos.iter().find(|logo| logo.lang.is_empty()))
            .or_else(|| self.logos.first())
    }

    /// Returns `true` if only a published document contains all of the page of a route.
    pub fn is_document(&self, route: &Route) -> bool {
        let is_listed = || {
            let address = route.address();
            self.documents.contains(&address)
        };
        matches!(route, Route::Text(_)) || (!self.documents.is_empty() && is_listed())
    }
}

/// A logo.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Logo {
    /// Language of the interface in which the logo is displayed. Empty if it is for all languages.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub lang: String,
    /// The file for a light background.
    pub light: LogoImage,
    /// The file for a dark background, if it is another one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dark: Option<LogoImage>,
}

khizana_json::json_object!(Logo {
    lang: optional,
    light,
    dark: optional
});

/// A published image file.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct LogoImage {
    /// The path, relative to the root of the site.
    pub path: String,
    /// Width, in pixels or in units of the SVG.
    pub width: u32,
    /// Height, in the same unit.
    pub height: u32,
}

khizana_json::json_object!(LogoImage {
    path,
    width,
    height
});

/// An entry of the menu.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MenuEntry {
    /// The text.
    pub label: LangMap,
    /// The address of a route ([`Route::address`]), or the URL of another site.
    pub target: String,
}

khizana_json::json_object!(MenuEntry { label, target });

/// The contents of the footer.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Footer {
    /// A sentence about the institution.
    #[serde(skip_serializing_if = "LangMap::is_empty")]
    pub text: LangMap,
    /// An e-mail address or a URL.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub contact: String,
    /// The URI of the license of the descriptions.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub license: String,
    /// The institutions that take part.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub partners: Vec<Partner>,
}

khizana_json::json_object!(Footer {
    text: optional,
    contact: optional,
    license: optional,
    partners: optional
});

impl Footer {
    /// Returns `true` if the footer has no contents.
    pub fn is_empty(&self) -> bool {
        *self == Footer::default()
    }
}

/// An institution that takes part.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Partner {
    /// The name.
    pub name: LangMap,
    /// The URL of its site. May be empty.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub url: String,
    /// Its logo.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub logo: Option<LogoImage>,
}

khizana_json::json_object!(Partner {
    name,
    url: optional,
    logo: optional
});

/// The parts of the head of documents that depend on the identity.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct IdentityHead {
    /// The URL of the icon: a data URL, or a path relative to the root of the site. The default is that of Khizana.
    pub icon: Option<String>,
    /// The colours of the background in the light and in the dark colour scheme, as `#rrggbb`.
    pub ground: Option<(String, String)>,
    /// Custom properties for the style sheets of documents without the viewer. May be empty.
    pub style: String,
}
