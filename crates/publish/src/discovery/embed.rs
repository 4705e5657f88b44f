//! The page that other sites embed, and its descriptions (oEmbed 1.0).

use khizana_model::Pages;
use khizana_pages::{LangText, encode};
use khizana_site::Site;
use rayon::prelude::*;
use serde_json::json;

use super::{Contents, home, read_record, xml};
use crate::PublishError;

/// Width of the frame in CSS pixels.
const WIDTH: u32 = 640;
/// Height of the caption in CSS pixels.
const CAPTION: u32 = 48;

/// Writes the description of each item with an image, in each language. Embedding reads the IIIF manifests, so it requires the same
/// configuration.
pub(super) fn write(site: &Site, contents: &Contents<'_>, url: &str) -> Result<(), PublishError> {
    if contents.root.pages != Pages::Items {
        return Ok(());
    }
    for lang in &contents.root.languages {
        write_in(site, contents, url, lang)?;
    }
    Ok(())
}

/// Writes the descriptions of the frames of a language.
fn write_in(
    site: &Site,
    contents: &Contents<'_>,
    url: &str,
    lang: &str,
) -> Result<(), PublishError> {
    let archive = home(contents, lang).site_title();
    contents.json.par_iter().try_for_each(|json| {
        let record = read_record(json)?;
        let id = record.item.id.as_str();
        let Some((image, thumb)) = record
            .cover()
            .and_then(|image| Some((image, image.derivative_for_width(WIDTH)?)))
        else {
            return Ok(());
        };
        let title = record.item.best_title(lang).1;
        let ratio = f64::from(image.height) / f64::from(image.width.max(1));
        let height = (f64::from(WIDTH) * ratio).clamp(200.0, 800.0) as u32 + CAPTION;
        let frame = format!(
            "<iframe src=\"{}\" width=\"{WIDTH}\" height=\"{height}\" title=\"{}\" loading=\"lazy\" \
             allow=\"fullscreen\" style=\"border:0;max-width:100%\"></iframe>",
            xml(&format!("{url}embed/?id={}&lang={lang}", encode(id))),
            xml(title),
        );
        let creator = record.item.field("creator").map(|values| LangText::best(values, lang, "").text);
        let document = json!({
            "version": "1.0",
            "type": "rich",
            "title": title,
            "author_name": creator,
            "provider_name": archive,
            "provider_url": url,
            "html": frame,
            "width": WIDTH,
            "height": height,
            "thumbnail_url": format!("{url}{}", image.path(thumb)),
            "thumbnail_width": thumb.width,
            "thumbnail_height": thumb.height,
        });
        Ok(site.put(&format!("oembed/{lang}/{id}.json"), document.to_string().as_bytes())?)
    })
}
