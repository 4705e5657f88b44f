//! An image in the deep-zoom view: its derivatives and tiles, and how they are drawn.

use std::cell::RefCell;
use std::rc::Rc;

use khizana_format::Image;
use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, HtmlImageElement};

use super::ZoomDialog;
use super::tiles::Tiles;
use crate::viewer::archive::ArchiveClient;
use crate::zoom::tiles::{TilePosition, is_sharp, level_for, tile_area, visible_tiles};
use crate::zoom::viewport::{Camera, Point, Viewport};
use khizana_pages::Route;

/// Number of tiles that are cached in addition to the visible ones.
const EXTRA_TILES: usize = 12;

/// The position of an image on the screen.
#[derive(Clone, Copy)]
pub struct Placement {
    pub viewport: Viewport,
    pub camera: Camera,
    /// The upper left corner of the pane, in CSS pixels.
    pub corner: Point,
    /// Pixels of the canvas per CSS pixel.
    pub pixel_ratio: f64,
}

pub struct Layer {
    pub image: Image,
    /// Widths and images of the derivatives that are loaded or pending, in ascending order of
    /// width.
    derivatives: RefCell<Vec<(u32, HtmlImageElement)>>,
    pub tiles: Rc<Tiles>,
}

impl Layer {
    /// Creates the layer for the image of a canvas. `route` leads to the canvas.
    pub fn new(client: &Rc<ArchiveClient>, route: Route, image: &Image) -> Rc<Layer> {
        Rc::new(Layer {
            tiles: Tiles::new(client, route, image),
            image: image.clone(),
            derivatives: RefCell::default(),
        })
    }

    /// Adds a derivative that is loaded or pending. `width` is in pixels.
    pub fn add_derivative(&self, dialog: &Rc<ZoomDialog>, width: u32, image: &HtmlImageElement) {
        if !image.complete() {
            let dialog = Rc::downgrade(dialog);
            let on_load = wasm_bindgen::closure::Closure::once_into_js(move || {
                if let Some(dialog) = dialog.upgrade() {
                    dialog.request_redraw();
                }
            });
            image.set_onload(Some(on_load.unchecked_ref()));
        }
        self.derivatives.borrow_mut().push((width, image.clone()));
    }

    /// Returns the visible tiles, or no tiles if the widest derivative is sharp enough.
    fn needed_tiles(&self, placement: &Placement) -> Vec<TilePosition> {
        let Placement {
            viewport,
            camera,
            pixel_ratio,
            ..
        } = placement;
        let max_width = self.image.sizes.last().map_or(0, |size| size.width);
        if is_sharp(viewport, max_width, camera, *pixel_ratio) {
            return Vec::new();
        }
        let Tiles {
            levels, tile_size, ..
        } = &*self.tiles;
        let level = level_for(levels, camera, *pixel_ratio);
        visible_tiles(viewport, camera, levels, level, *tile_size)
    }

    /// Requests the tiles that are needed to draw the image, or a derivative if no tiles are needed
    /// or a tile cannot be loaded.
    pub fn request_content(&self, dialog: &Rc<ZoomDialog>, placement: &Placement) {
        let Placement {
            viewport,
            camera,
            pixel_ratio,
            ..
        } = placement;
        // If no tiles are needed, this cancels the pending requests.
        let needed = self.needed_tiles(placement);
        self.tiles.cache.borrow_mut().touch(&needed);
        self.tiles.request(&needed, needed.len() + EXTRA_TILES);
        if !needed.is_empty() && !self.tiles.has_failed() {
            return;
        }
        let displayed_width = viewport.image.0 * camera.scale * pixel_ratio;
        let is_wider_than_all = |width| {
            let derivatives = self.derivatives.borrow();
            derivatives.iter().all(|(other, _)| *other < width)
        };
        if let Some(size) = self
            .image
            .derivative_for_width((displayed_width * 0.8) as u32)
            && is_wider_than_all(size.width)
            && let Ok(image) = HtmlImageElement::new()
        {
            image.set_src(&format!("{}{}", dialog.viewer.root, self.image.path(size)));
            self.add_derivative(dialog, size.width, &image);
        }
    }

    /// Draws the image. Returns `true` if it is sharp. Leaves the transformation of the context set
    /// to the coordinates of the image.
    pub fn draw(&self, context: &CanvasRenderingContext2d, placement: &Placement) -> bool {
        self.draw_derivative(context, placement);
        let needed = self.needed_tiles(placement);
        let cache = self.tiles.cache.borrow();
        let is_complete = needed.iter().all(|position| cache.contains(*position));
        if let Some((level, ..)) = needed.first() {
            let image = placement.viewport.image;
            let ((x, y), (w, h)) = placement.viewport.visible_area(&placement.camera);
            for (position, tile) in cache.coarse_to_fine() {
                // Finer tiles are skipped, because there would be too many. Coarser tiles replace
                // missing ones.
                if position.0 < *level || (is_complete && position.0 > *level) {
                    continue;
                }
                let (left, top, width, height) = tile_area(position, image, self.tiles.tile_size);
                if left < x + w && top < y + h && left + width > x && top + height > y {
                    let _ = context
                        .draw_image_with_image_bitmap_and_dw_and_dh(tile, left, top, width, height);
                }
            }
        }
        let derivatives = self.derivatives.borrow();
        is_complete && derivatives.iter().all(|(_, image)| image.complete())
    }

    /// Draws the widest derivative that is loaded.
    pub fn draw_derivative(&self, context: &CanvasRenderingContext2d, placement: &Placement) {
        let Placement {
            viewport,
            camera,
            corner,
            pixel_ratio,
        } = placement;
        let (first, second) = viewport.axes();
        let scale = camera.scale * pixel_ratio;
        let (x, y) = viewport.image_to_screen(camera, (0.0, 0.0));
        let _ = context.set_transform(
            first.0 * scale,
            second.0 * scale,
            first.1 * scale,
            second.1 * scale,
            (x + corner.0) * pixel_ratio,
            (y + corner.1) * pixel_ratio,
        );
        let derivatives = self.derivatives.borrow();
        let is_loaded =
            |(_, image): &&(u32, HtmlImageElement)| image.complete() && image.natural_width() > 0;
        if let Some((_, image)) = derivatives.iter().rev().find(is_loaded) {
            let (w, h) = viewport.image;
            let _ = context.draw_image_with_html_image_element_and_dw_and_dh(image, 0.0, 0.0, w, h);
        }
    }
}
