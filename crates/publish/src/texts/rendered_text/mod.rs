//! Files that are displayed on the page of their item: Markdown files as text, CSV and TSV files as
//! tables.
//!
//! Each file is rendered to an object that contains HTML without scripts, styles or external
//! resources. The file itself is offered for download too.

mod html;
pub(crate) mod markdown;
mod table;

use khizana_format::FileRef;
use khizana_model::is_rendered_text;
use khizana_model::{Hash, Id, Media, Message, message};
use khizana_model::{Problem, printable};
use khizana_store::Store;

use crate::PublishError;
use crate::records::originals::{plain_text_name, publish_derived};
use crate::texts;
use khizana_site::Site;

/// Maximum size of a Markdown file that is rendered, in bytes.
const MAX_MARKDOWN_BYTES: u64 = 1 << 20;
/// Maximum size of a table that is rendered, in bytes.
const MAX_TABLE_BYTES: u64 = 64 << 20;
/// Maximum size of the rendered HTML, in bytes.
const MAX_HTML_BYTES: usize = 4 << 20;

/// The hint for files that are too large.
const SPLIT_HINT: &str = "To display the content on the page, split the file into smaller ones.";

/// A rendered file.
pub(crate) struct RenderedText {
    /// The hash of the object with the HTML.
    pub(crate) html: Hash,
    /// The text without markup, if the file contains markup.
    pub(crate) text: Option<FileRef>,
    /// For a table, the number of displayed rows and the total number of rows, both without the
    /// header.
    pub(crate) rows: Option<(u32, u32)>,
}

/// The return value of [`publish`].
pub(crate) enum Outcome {
    /// The file was rendered.
    Rendered(RenderedText),
    /// The file is empty or has a type that is not rendered.
    NotApplicable,
    /// The file cannot be rendered.
    Problem(Problem),
}

/// Renders a file and publishes the result.
pub(crate) fn publish(
    store: &Store,
    site: &Site,
    item: &Id,
    media: &Media,
) -> Result<Outcome, PublishError> {
    if !is_rendered_text(&media.media_type) {
        return Ok(Outcome::NotApplicable);
    }
    let is_markdown = media.media_type == "text/markdown";
    let max_bytes = if is_markdown {
        MAX_MARKDOWN_BYTES
    } else {
        MAX_TABLE_BYTES
    };
    if media.bytes > max_bytes {
        let reason = message!("The file is larger than {max} bytes.", max = max_bytes);
        return Ok(not_displayed(item, media, reason, SPLIT_HINT));
    }
    let bytes = store.read_original(item, media, max_bytes)?;
    let text = match std::str::from_utf8(&bytes) {
        Ok(text) => text.strip_prefix('\u{feff}').unwrap_or(text),
        Err(error) => {
            let reason = message!(
                "The file is not valid UTF-8: the byte at offset {offset} is invalid.",
                offset = error.valid_up_to()
            );
            return Ok(not_displayed(
                item,
                media,
                reason,
                "Save the file as UTF-8.",
            ));
        }
    };
    let name = media.name.rsplit('/').next().unwrap_or_default();
    if is_markdown {
        let document = markdown::render(text);
        if document.text.is_empty() {
            return Ok(Outcome::NotApplicable);
        }
        if document.html.len() > MAX_HTML_BYTES {
            let reason = message!(
                "The HTML of the file is larger than {max} bytes.",
                max = MAX_HTML_BYTES
            );
            return Ok(not_displayed(item, media, reason, SPLIT_HINT));
        }
        let plain = publish_derived(site, &plain_text_name(name), document.text.as_bytes())?;
        return Ok(Outcome::Rendered(RenderedText {
            html: texts::write_object(site, document.html.as_bytes())?,
            text: Some(plain),
            rows: None,
        }));
    }
    let is_tsv = media.media_type != "text/csv";
    let Some(table) = table::render(text, is_tsv, name) else {
        return Ok(Outcome::NotApplicable);
    };
    Ok(Outcome::Rendered(RenderedText {
        html: texts::write_object(site, table.html.as_bytes())?,
        text: None,
        rows: Some((table.displayed_rows, table.rows)),
    }))
}

fn not_displayed(item: &Id, media: &Media, reason: Message, hint: &'static str) -> Outcome {
    let problem = Problem::warning(
        "text-not-shown",
        reason.then("The file is offered for download but not displayed on the page."),
        hint,
    );
    Outcome::Problem(
        problem
            .in_file(printable(&media.name))
            .of_item(item.as_str()),
    )
}
