//! Outline maps of the land around the positions of items.
//!
//! A map shows 36 degrees of latitude and, so that its shapes are true in its middle, as many degrees of
//! longitude as are 60/36 of that. The middles of the maps are points of a grid, so that items that are near
//! each other share a map, and an item is in the middle half of its map except near a pole.

mod outline;
mod window;

use std::collections::BTreeMap;

use khizana_format::{FileRef, hash_of};
use khizana_model::Location;

use crate::PublishError;
use khizana_site::Site;
use outline::Outline;
use window::Window;

/// The maps of a site.
pub(crate) struct Maps {
    /// The outline of the land. Without it, there are no maps.
    outline: Option<Outline>,
    /// The maps that are published.
    published: BTreeMap<Window, FileRef>,
}

/// A map, and the position of a location on it.
pub(crate) type Placed = (FileRef, (u32, u32));

impl Maps {
    /// Creates the maps from an outline, the text that `cargo xtask web` writes. An outline that is missing
    /// or malformed results in no maps.
    pub(crate) fn new(outline: Option<&[u8]>) -> Maps {
        Maps {
            outline: outline.and_then(Outline::parse),
            published: BTreeMap::new(),
        }
    }

    /// Returns the map of a location and the position on it, and publishes the map if no other item needed
    /// it yet. Returns `None` if there are no maps.
    pub(crate) fn around(
        &mut self,
        site: &Site,
        location: Location,
    ) -> Result<Option<Placed>, PublishError> {
        let Some(outline) = &self.outline else {
            return Ok(None);
        };
        let window = Window::around(location);
        let file = match self.published.get(&window) {
            Some(file) => file.clone(),
            None => {
                let svg = outline.svg(window);
                let file = FileRef {
                    sha256: hash_of(svg.as_bytes()),
                    name: "map.svg".to_owned(),
                    bytes: svg.len() as u64,
                    language: None,
                };
                site.put_named(&file.path(), svg.as_bytes())?;
                self.published.insert(window, file.clone());
                file
            }
        };
        Ok(Some((file, window.position(location))))
    }
}
