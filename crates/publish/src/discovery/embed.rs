//! The page that other sites embed, and its descriptions (oEmbed 1.0).

use khizana_pages::{LangText, encode};
use khizana_site::Site;
use serde_json::json;

use super::{Contents, home, xml};
use crate::PublishError;
use crate::pages::RecordReader;

/// Width of the frame in CSS pixels.
const WIDTH: u32 = 640;
/// Height of the caption in CSS pixels.
const CAPTION: u32 = 48;

/// Writes the description of each item with an image, in each language. Embedding reads the IIIF manifests, so it requires the same
/// configuration.
pub(super) fn write(site: &Site, contents: &Contents<'_>, url: &str) -> Result<(), PublishError> {
    let Some(records) = &contents.records else {
        return Ok(());
    };
    for lang in &contents.root.languages {
        write_in(site, contents, records, (url, lang))?;
    }
    Ok(())
}

/// Writes the descriptions of the frames of a language.
fn write_in(
    site: &Site,
    contents: &Contents<'_>,
    records: &RecordReader<'_>,
    (url, lang): (&str, &str),
) -> Result<(), PublishError> {
    let frame_url = contents.info.folder_url("embed/");
    let archive = home(contents, lang).site_title();
    records.for_each(|record| {
        if !contents.info.has_page(&record) {
            return Ok(());
        }
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
            xml(&format!("{url}{frame_url}?id={}&lang={lang}", encode(id))),
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
