//! The archive and its collections.

use yew::{Html, html};

use super::context::{Context, bdi, paragraph, tongue};
use super::parts::{picture_class, srcset};
use super::{cards, shell};
use crate::page::{CollectionLink, Home};
use crate::query::BrowseQuery;
use crate::route::Route;
use crate::words;

pub fn home(cx: &Context, view: &Home) -> Html {
    let lang = cx.lang;
    let title = cx.best(&cx.page.site.title, "Khizana");
    let count = u64::try_from(view.collections.len()).unwrap_or_default();
    let (title_lang, dir) = tongue(&title.lang, &title.text);
    html! {
        <>
            <div class="opening">
                <h1 tabindex="-1" lang={title_lang} {dir}>{ &title.text }</h1>
                if !view.description.is_empty() { { paragraph("lede", &cx.best(&view.description, "")) } }
                { shell::search(cx, None, true) }
                <p class="facts">
                    <span>{ words::collections_count(lang, count) }</span>
                    <span>{ words::items_count(lang, cx.page.site.items.into()) }</span>
                    <a href={cx.href(&Route::Browse(BrowseQuery::default()))}>{ words::browse_all(lang) }</a>
                </p>
            </div>
            if view.collections.is_empty() {
                <p class="empty">{ words::nothing_here(lang) }</p>
            } else {
                <section aria-labelledby="collections">
                    <h2 id="collections" class="rubric">{ words::collections(lang) }</h2>
                    <ul class="covers">
                        { for view.collections.iter().enumerate().map(|(i, link)| cover(cx, i, link)) }
                    </ul>
                </section>
            }
        </>
    }
}

fn cover(cx: &Context, i: usize, link: &CollectionLink) -> Html {
    let title = cx.best(&link.title, &link.id);
    let href = cx.href(&Route::Collection {
        id: link.id.clone(),
        page: 1,
    });
    let image = link.cover.as_ref().and_then(|image| {
        let size = image.at_least(800)?;
        Some(html! {
            <img class={picture_class(&image.tone, size.width, size.height)} src={cx.file(&image.path(size))}
                srcset={srcset(cx, image)} sizes="(min-width: 64rem) 30rem, (min-width: 40rem) 46vw, 92vw"
                width={size.width.to_string()} height={size.height.to_string()} alt=""
                loading={if i < 2 { "eager" } else { "lazy" }} decoding="async" />
        })
    });
    html! {
        <li class="cover">
            <a class="cover-link" {href}>
                <span class="cover-image">{ image.unwrap_or_else(cards::ornament) }</span>
                <h3>{ bdi(&title) }</h3>
            </a>
            if !link.description.is_empty() { { paragraph("cover-text", &cx.best(&link.description, "")) } }
            <p class="quiet">{ words::items_count(cx.lang, link.items.into()) }</p>
        </li>
    }
}
