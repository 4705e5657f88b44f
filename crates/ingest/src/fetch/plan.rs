//! The images of a source that are fetched.

use std::collections::BTreeMap;

use khizana_model::{Problem, RemoteImage, RowPosition};
use url::{Position, Url};

use super::error::FetchError;
use crate::IngestError;
use crate::target::Target;

/// An image that is fetched, and the rows that refer to it.
pub struct Wanted {
    pub image: RemoteImage,
    /// The host of the URL, with its port.
    pub host: String,
    /// The rows, each with the identifier of its item.
    pub rows: Vec<(RowPosition, String)>,
}

impl Wanted {
    /// Returns a warning for each row.
    pub fn problems(&self, error: &FetchError) -> impl Iterator<Item = Problem> {
        let (code, message, hint) = (error.code(), error.message(&self.image.url), error.hint());
        self.rows.iter().map(move |(row, item)| {
            let problem = Problem::warning(code, message.clone(), hint);
            problem.in_row(row).of_item(item)
        })
    }
}

/// Returns the images of a source that the store does not contain, in the order of the rows.
///
/// # Errors
/// Returns an error if the source or the catalogue cannot be read.
pub fn wanted(target: &Target<'_>) -> Result<Vec<Wanted>, IngestError> {
    let mut wanted: Vec<Wanted> = Vec::new();
    let mut indexes = BTreeMap::new();
    for row in target.source.rows()?.by_ref() {
        let Ok(item) = row.item else {
            continue;
        };
        let missing = target.missing_images(&item)?;
        for image in missing {
            let index = *indexes.entry(image.url.clone()).or_insert_with(|| {
                wanted.push(Wanted {
                    host: host(&image.url),
                    image,
                    rows: Vec::new(),
                });
                wanted.len() - 1
            });
            if let Some(wanted) = wanted.get_mut(index) {
                let id = item.item.id.to_string();
                wanted.rows.push((row.position.clone(), id));
            }
        }
    }
    Ok(wanted)
}

fn host(url: &str) -> String {
    Url::parse(url).map_or_else(
        |_| String::new(),
        |url| url[Position::BeforeHost..Position::AfterPort].to_owned(),
    )
}
