//! The name and logo of the archive, and its menu.

use khizana_model::LangTag;

use super::context::{Context, bdi};
use super::el::{El, el, nodes};
use crate::i18n;
use crate::identity::{LogoImage, MenuEntry};
use crate::route::Route;

/// Renders the link to the home page: the logo or, if there is none, the emblem, and the name of the archive.
pub fn site_name(cx: &Context) -> El {
    let title = cx.best(&cx.page.site.title, "Khizana");
    let identity = &cx.page.site.identity;
    let link = el("a").class("site-name").href(cx.href(&Route::Home));
    let Some(logo) = identity.logo(&cx.page.lang) else {
        return link.with(emblem()).with(bdi(&title));
    };
    let alt = if identity.has_name {
        title.text.as_str()
    } else {
        ""
    };
    let picture = el("picture")
        .with(logo.dark.as_ref().map(|dark| {
            el("source")
                .attr("media", "(prefers-color-scheme: dark)")
                .attr("srcset", cx.file(&dark.path))
        }))
        .with(image(cx, &logo.light, "site-logo").attr("alt", alt));
    link.with(picture)
        .with((!identity.has_name).then(|| bdi(&title)))
}

/// Renders an image of the identity.
pub fn image(cx: &Context, image: &LogoImage, class: &'static str) -> El {
    el("img")
        .class(class)
        .attr("src", cx.file(&image.path))
        .attr("width", image.width)
        .attr("height", image.height)
}

/// Renders the menu. Returns `None` if it has no entries.
pub fn menu(cx: &Context) -> Option<El> {
    let entries = &cx.page.site.identity.menu;
    let current = cx.page.view.route().address();
    let entry = |entry: &MenuEntry| {
        let label = cx.best(&entry.label, &entry.target);
        let is_current = entry.target == current;
        let link = el("a")
            .href(cx.target(&entry.target))
            .attr("aria-current", is_current.then_some("page"));
        el("li").with(link.with(bdi(&label)))
    };
    (!entries.is_empty()).then(|| {
        el("nav")
            .class("site-menu")
            .attr("aria-label", i18n::menu(cx.lang))
            .with(el("ul").with(nodes(entries.iter().map(entry))))
    })
}

/// Renders the emblem of Khizana: a niche with a shelf.
fn emblem() -> El {
    el("svg")
        .attr("viewBox", "0 0 24 30")
        .attr("width", "24")
        .attr("height", "30")
        .attr("aria-hidden", "true")
        .with(el("path").attr(
            "d",
            "M2 29V13C2 7 7.5 5.5 12 1.5 16.5 5.5 22 7 22 13v16zM2 20.5h20",
        ))
}

/// Renders the part of the footer about the institution: a sentence, partners, license and contact.
pub fn institution(cx: &Context) -> Option<El> {
    let footer = &cx.page.site.identity.footer;
    if footer.is_empty() {
        return None;
    }
    let lang = cx.lang;
    let text = (!footer.text.is_empty()).then(|| {
        let text = cx.best(&footer.text, "");
        el("p").lang_attrs(&text.lang, &text.text).with(&text.text)
    });
    let partners = footer.partners.iter().map(|partner| {
        let name = cx.best(&partner.name, "");
        let logo = partner.logo.as_ref();
        let logo = logo.map(|logo| {
            image(cx, logo, "partner-logo")
                .attr("alt", "")
                .attr("loading", "lazy")
        });
        let tag = if partner.url.is_empty() { "span" } else { "a" };
        let url = (!partner.url.is_empty()).then_some(partner.url.as_str());
        el("li").with(el(tag).attr("href", url).with(logo).with(bdi(&name)))
    });
    let partners = (!footer.partners.is_empty()).then(|| {
        el("ul")
            .class("partners")
            .attr("aria-label", i18n::partners(lang))
            .with(nodes(partners))
    });
    let license = (!footer.license.is_empty()).then(|| {
        let known = khizana_model::known_rights(&footer.license);
        let name = known.map_or_else(
            || footer.license.clone(),
            |(rights, version)| format!("{} {version}", rights.name(&cx.page.lang)),
        );
        el("p")
            .with(i18n::descriptions_license(lang))
            .with(" ")
            .with(
                el("a")
                    .attr("href", footer.license.as_str())
                    .attr("rel", "license")
                    .with(name.trim_end()),
            )
    });
    let contact = (!footer.contact.is_empty()).then(|| {
        let address = &footer.contact;
        let mut href = address.clone();
        if !address.contains("://") {
            href.insert_str(0, "mailto:");
        }
        let shown = address
            .split_once("://")
            .map_or(address.as_str(), |(_, rest)| rest);
        let shown = shown.trim_end_matches('/');
        el("p").with(i18n::contact(lang)).with(" ").with(
            el("a")
                .attr("href", href)
                .with(el("bdi").lang_attrs(&LangTag::und(), shown).with(shown)),
        )
    });
    Some(
        el("div")
            .class("institution")
            .with(text)
            .with(partners)
            .with(license)
            .with(contact),
    )
}
