//! Texts of pages: their plain text, and the positions of their lines on the image.

pub(crate) mod line_alignment;
pub(crate) mod recordings;
pub(crate) mod rendered_text;
mod waveform;

use std::path::Path;

use khizana_format::{
    FileRef, Image, PageLine, PageLines, decode_object, encode_object, hash_of, object_path,
};
use khizana_model::{Hash, Id, LangTag, TextFile, message};
use khizana_model::{Problem, printable};
use khizana_pagetext::{MAX_BYTES, PageText, SNIFF_LEN};
use khizana_store::Store;

use crate::PublishError;
use crate::records::originals;
use khizana_site::Site;

/// The published text of a page.
pub(crate) struct PublishedText {
    /// The plain text.
    pub(crate) text: FileRef,
    /// The hash of the object with the positions of the lines, which is a [`PageLines`].
    pub(crate) lines: Option<Hash>,
    /// A warning if the text is XML that cannot be parsed.
    pub(crate) problem: Option<Problem>,
}

/// Publishes the text of a page. `image` is the image of the page.
pub(crate) fn publish(
    store: &Store,
    site: &Site,
    item: &Id,
    text: &TextFile,
    image: Option<&Image>,
) -> Result<PublishedText, PublishError> {
    let language = text.language.clone();
    let publish_unchanged = |problem| {
        let text = originals::publish(store, site, item, text.into(), Some(language.clone()))?;
        Ok(PublishedText {
            text,
            lines: None,
            problem,
        })
    };
    if !khizana_pagetext::is_xml(&store.read_original(item, text, SNIFF_LEN)?) {
        return publish_unchanged(None);
    }
    // One byte more than the limit is read, so that the parser rejects longer files.
    let bytes = store.read_original(item, text, MAX_BYTES + 1)?;
    let page = match khizana_pagetext::parse(&bytes) {
        Ok(page) => page,
        // `ingest` reports this error too, but the store can contain items that were ingested
        // earlier.
        Err(error) => {
            let problem = Problem::warning(
                error.code(),
                message!(
                    "The text of the page cannot be read: {error}. It is published unchanged.",
                    error = error.message()
                ),
                error.hint(),
            );
            let problem = problem.in_file(printable(&text.name)).at_line(error.line());
            return publish_unchanged(Some(problem.of_item(item.as_str())));
        }
    };
    let name = originals::plain_text_name(&text.name);
    let plain_text = FileRef {
        language: Some(language.clone()),
        ..originals::publish_derived(site, &name, page.plain_text().as_bytes())?
    };
    let lines = image
        .filter(|image| page.has_positions() && page.matches_image(image.width, image.height))
        .map(|image| write_lines(site, item, &page, &language, image))
        .transpose()?;
    Ok(PublishedText {
        text: plain_text,
        lines,
        problem: None,
    })
}

/// Publishes the text of a document page and the positions of its lines.
///
/// `image` is the image of the page. The language of the text is that of the item.
pub(crate) fn publish_document_page(
    site: &Site,
    item: &Id,
    (file_name, page_number): (&str, u32),
    page: &PageText,
    image: &Image,
) -> Result<(Option<FileRef>, Option<Hash>), PublishError> {
    if page.lines.is_empty() {
        return Ok((None, None));
    }
    let (stem, _) = file_name.rsplit_once('.').unwrap_or((file_name, ""));
    let name = originals::plain_text_name(&format!("{stem}-{page_number}.pdf"));
    let text = originals::publish_derived(site, &name, page.plain_text().as_bytes())?;
    let lines = page
        .has_positions()
        .then(|| write_lines(site, item, page, &LangTag::und(), image))
        .transpose()?;
    Ok((Some(text), lines))
}

/// Writes the object with the positions of the lines of a page. `language` is the language of the
/// text.
pub(crate) fn write_lines(
    site: &Site,
    item: &Id,
    page: &PageText,
    language: &LangTag,
    image: &Image,
) -> Result<Hash, PublishError> {
    let json = serde_json::to_vec(&page_lines(page, language, image))
        .map_err(PublishError::serialize(item))?;
    write_object(site, &json)
}

/// Writes an object and returns its hash.
pub(crate) fn write_object(site: &Site, content: &[u8]) -> Result<Hash, PublishError> {
    let object = encode_object(content)?;
    let hash = hash_of(&object);
    site.put_named(&object_path(&hash), &object)?;
    Ok(hash)
}

/// Reads the content of a published object. `folder` is that of the site.
pub(crate) fn read_object(folder: &Path, hash: &Hash) -> Result<Vec<u8>, PublishError> {
    let path = folder.join(object_path(hash));
    let object = std::fs::read(&path).map_err(PublishError::write(&path))?;
    decode_object(hash, &object).map_err(PublishError::damaged(&path))
}

/// Reads an object with the positions of lines.
pub(crate) fn read_lines(site: &Site, hash: &Hash) -> Result<PageLines, PublishError> {
    let json = read_object(&site.path(""), hash)?;
    khizana_json::from_slice(&json).map_err(PublishError::Deserialize)
}

/// Converts the positions of lines to pixels of the image. Omits the language and the direction of
/// a line if they follow from the language of the text.
fn page_lines(page: &PageText, language: &LangTag, image: &Image) -> PageLines {
    let lines = page.lines.iter().map(|line| {
        let line_language = line.language.clone().filter(|tag| tag != language);
        let default_direction = line_language
            .as_ref()
            .unwrap_or(language)
            .direction_of(&line.text);
        PageLine {
            direction: line
                .direction
                .filter(|direction| Some(*direction) != default_direction),
            language: line_language,
            text: line.text.clone(),
            starts: line.starts_paragraph,
            area: line
                .area
                .map(|area| area.to_pixels(image.width, image.height)),
            words: line
                .words
                .iter()
                .filter_map(|word| {
                    let [x, y, w, h] = word.area.to_pixels(image.width, image.height);
                    Some([
                        word.start.try_into().ok()?,
                        word.end.try_into().ok()?,
                        x,
                        y,
                        w,
                        h,
                    ])
                })
                .collect(),
        }
    });
    PageLines {
        lines: lines.collect(),
    }
}
