//! Files that are read on their page: Markdown as a text, CSV and TSV as a table.
//!
//! What is shown is made here, once, and is one object for each file: plain HTML without scripts, styles
//! or anything from elsewhere. The file itself is offered as before.

mod html;
mod markdown;
mod table;

use khizana_format::FileRef;
use khizana_model::is_rendered_text;
use khizana_model::{Hash, Id, Media};
use khizana_model::{Problem, printable};
use khizana_store::Store;

use crate::PublishError;
use crate::records::originals::{made, text_name};
use crate::texts;
use khizana_site::Site;

/// The longest Markdown that is shown, in bytes.
const MOST_MARKDOWN: u64 = 1 << 20;
/// The longest table that is counted, in bytes.
const MOST_TABLE: u64 = 64 << 20;
/// The longest HTML, in bytes.
const MOST_HTML: usize = 4 << 20;

/// What to do about a file that is too long.
const PART: &str = "Part it, where it is to be read on its page.";

/// What is shown of a file.
pub(crate) struct Written {
    /// The object with the HTML.
    pub(crate) html: Hash,
    /// The words of it, where they do not stand in the file as they are read.
    pub(crate) text: Option<FileRef>,
    /// Of a table, how many rows are shown, and how many there are, the names of the columns aside.
    pub(crate) rows: Option<(u32, u32)>,
}

/// What comes of a file: what is shown, if it is of such a kind and not empty; or why it is not.
pub(crate) enum Outcome {
    Shown(Written),
    Nothing,
    Problem(Problem),
}

/// Publishes what is shown of a file.
pub(crate) fn publish(
    store: &Store,
    site: &Site,
    item: &Id,
    media: &Media,
) -> Result<Outcome, PublishError> {
    if !is_rendered_text(&media.media_type) {
        return Ok(Outcome::Nothing);
    }
    let is_markdown = media.media_type == "text/markdown";
    let most = if is_markdown {
        MOST_MARKDOWN
    } else {
        MOST_TABLE
    };
    if media.bytes > most {
        let message = format!("It has more than {most} bytes");
        return Ok(not_shown(item, media, &message, PART));
    }
    let bytes = store.read_original(item, media, most)?;
    let text = match std::str::from_utf8(&bytes) {
        Ok(text) => text.strip_prefix('\u{feff}').unwrap_or(text),
        Err(error) => {
            let message = format!(
                "The file is not UTF-8: byte {} is invalid",
                error.valid_up_to()
            );
            return Ok(not_shown(item, media, &message, "Save the file as UTF-8."));
        }
    };
    let name = media.name.rsplit('/').next().unwrap_or_default();
    if is_markdown {
        let page = markdown::read(text);
        if page.text.is_empty() {
            return Ok(Outcome::Nothing);
        }
        if page.html.len() > MOST_HTML {
            let message = format!("It would be more than {MOST_HTML} bytes of HTML");
            return Ok(not_shown(item, media, &message, PART));
        }
        let plain = made(site, &text_name(name), page.text.as_bytes())?;
        return Ok(Outcome::Shown(Written {
            html: texts::object(site, page.html.as_bytes())?,
            text: Some(plain),
            rows: None,
        }));
    }
    let tabs = media.media_type != "text/csv";
    let Some(table) = table::read(text, tabs, name) else {
        return Ok(Outcome::Nothing);
    };
    Ok(Outcome::Shown(Written {
        html: texts::object(site, table.html.as_bytes())?,
        text: None,
        rows: Some((table.shown, table.rows)),
    }))
}

/// Reports a file that is offered for download and not shown on the page.
fn not_shown(item: &Id, media: &Media, why: &str, hint: &str) -> Outcome {
    let problem = Problem::warning(
        "text-not-shown",
        format!("{why}. It is offered for download and not shown on the page."),
        hint,
    );
    Outcome::Problem(
        problem
            .in_file(printable(&media.name))
            .of_item(item.as_str()),
    )
}
