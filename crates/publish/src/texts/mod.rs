//! The texts of pages: as they are where they are plain, and as lines with their places where the
//! store's original says where they stand.

pub(crate) mod line_alignment;
pub(crate) mod recordings;
pub(crate) mod rendered_text;
mod waveform;

use khizana_format::{
    FileRef, Image, PageLine, PageLines, decode_object, encode_object, hash_of, object_path,
};
use khizana_model::{Hash, Id, LangTag, TextFile};
use khizana_model::{Problem, printable};
use khizana_pagetext::{MAX_BYTES, PageText, SNIFF_LEN};
use khizana_store::Store;

use crate::PublishError;
use crate::records::originals;
use khizana_site::Site;

/// What is published of a text.
pub(crate) struct Published {
    /// The text itself, plain.
    pub(crate) text: FileRef,
    /// The object with its lines and their places, [`PageLines`].
    pub(crate) lines: Option<Hash>,
    /// Why it is published as it is, where it is XML that cannot be read.
    pub(crate) problem: Option<Problem>,
}

/// Publishes the text of a page, whose image is `image`.
pub(crate) fn publish(
    store: &Store,
    site: &Site,
    item: &Id,
    text: &TextFile,
    image: Option<&Image>,
) -> Result<Published, PublishError> {
    let language = text.language.clone();
    let as_it_is = |problem| {
        let text = originals::publish(store, site, item, text.into(), Some(language.clone()))?;
        Ok(Published {
            text,
            lines: None,
            problem,
        })
    };
    if !khizana_pagetext::is_xml(&store.read_original(item, text, SNIFF_LEN)?) {
        return as_it_is(None);
    }
    // One byte more than may be: then it is known that there are too many.
    let bytes = store.read_original(item, text, MAX_BYTES + 1)?;
    let page = match khizana_pagetext::parse(&bytes) {
        Ok(page) => page,
        // It came into the store when it was not looked at yet.
        Err(error) => {
            let problem = Problem::warning(
                error.code(),
                format!("The text of the page cannot be read: {error}. It is published unchanged."),
                error.hint(),
            );
            let problem = problem.in_file(printable(&text.name)).at_line(error.line());
            return as_it_is(Some(problem.of_item(item.as_str())));
        }
    };
    let plain = page.plain_text();
    let origin = FileRef {
        language: Some(language.clone()),
        ..originals::made(site, &originals::text_name(&text.name), plain.as_bytes())?
    };
    let lines = image
        .filter(|image| page.has_positions() && page.matches_image(image.width, image.height))
        .map(|image| write_lines(site, item, &page, &language, image))
        .transpose()?;
    Ok(Published {
        text: origin,
        lines,
        problem: None,
    })
}

/// Publishes what is written on a page of a document, of which `image` is the picture: its text, and its
/// lines where they have places. The language of either is the item's.
pub(crate) fn of_page(
    site: &Site,
    item: &Id,
    (file, number): (&str, u32),
    page: &PageText,
    image: &Image,
) -> Result<(Option<FileRef>, Option<Hash>), PublishError> {
    if page.lines.is_empty() {
        return Ok((None, None));
    }
    let (name, _) = file.rsplit_once('.').unwrap_or((file, ""));
    let name = originals::text_name(&format!("{name}-{number}.pdf"));
    let text = originals::made(site, &name, page.plain_text().as_bytes())?;
    let lines = page
        .has_positions()
        .then(|| write_lines(site, item, page, &LangTag::und(), image))
        .transpose()?;
    Ok((Some(text), lines))
}

/// Publishes the lines of a text in a language, whose places are those of an image.
pub(crate) fn write_lines(
    site: &Site,
    item: &Id,
    page: &PageText,
    language: &LangTag,
    image: &Image,
) -> Result<Hash, PublishError> {
    let json =
        serde_json::to_vec(&lines(page, language, image)).map_err(PublishError::record(item))?;
    object(site, &json)
}

/// Publishes an object.
pub(crate) fn object(site: &Site, content: &[u8]) -> Result<Hash, PublishError> {
    let packed = encode_object(content)?;
    let hash = hash_of(&packed);
    site.put_named(&object_path(&hash), &packed)?;
    Ok(hash)
}

/// The content of an object that was published.
pub(crate) fn content(site: &Site, hash: &Hash) -> Result<Vec<u8>, PublishError> {
    let path = site.path(&object_path(hash));
    let packed = std::fs::read(&path).map_err(PublishError::write(&path))?;
    decode_object(hash, &packed).map_err(PublishError::damaged(&path))
}

/// The lines of a text that were published.
pub(crate) fn read(site: &Site, hash: &Hash) -> Result<PageLines, PublishError> {
    let json = content(site, hash)?;
    khizana_json::from_slice(&json).map_err(PublishError::Reread)
}

/// The lines of a page in pixels of its image. Of language and direction what the language of the whole
/// text does not say.
fn lines(page: &PageText, language: &LangTag, image: &Image) -> PageLines {
    let lines = page.lines.iter().map(|line| {
        let own = line.language.clone().filter(|own| own != language);
        let said = own.as_ref().unwrap_or(language).direction_of(&line.text);
        PageLine {
            direction: line.direction.filter(|own| Some(*own) != said),
            language: own,
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
